import numpy as np
from keras.layers import Input, AtrousConvolution2D, Deconvolution2D, ZeroPadding2D, AveragePooling2D, Cropping2D
from keras.layers import GlobalAveragePooling2D, Dense, merge
from keras.models import Model
from keras.layers.noise import GaussianNoise

inputs = Input(shape=(8, 8, 3))
x = ZeroPadding2D((1, 1), dim_ordering='tf')(inputs)
x = AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), border_mode='same', activation='relu')(x)
x = AveragePooling2D((2, 2), strides=(2, 2))(x)
a = Deconvolution2D(4, 2, 2, output_shape=(None, 10, 10, 4), subsample=(2, 2))(x)
b = Deconvolution2D(4, 2, 2, output_shape=(None, 10, 10, 4), subsample=(2, 2))(x)
x = merge([a, b], mode='mul')
x = GlobalAveragePooling2D()(GaussianNoise(sigma=0.0)(x))
model = Model(input=inputs, output=Dense(2, activation='softmax')(x))
model.compile('sgd', 'sparse_categorical_crossentropy', metrics=['acc'])
rng = np.random.RandomState(1)
history = model.fit(rng.rand(8, 8, 8, 3), rng.randint(0, 2, 8), batch_size=4, nb_epoch=1, verbose=0)
