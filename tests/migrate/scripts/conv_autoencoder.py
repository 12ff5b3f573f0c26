from keras.layers import Input, Dense, Convolution2D, MaxPooling2D, UpSampling2D
from keras.models import Model
import numpy as np

input_img = Input(shape=(1, 12, 12))
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(input_img)
x = MaxPooling2D((2, 2), border_mode='same')(x)
encoded = Convolution2D(3, 3, 3, activation='relu', border_mode='same')(x)
x = UpSampling2D((2, 2))(encoded)
decoded = Convolution2D(1, 3, 3, activation='sigmoid', border_mode='same')(x)
autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer='sgd', loss='binary_crossentropy')
x_train = np.random.RandomState(1).rand(16, 144)
x_train = np.reshape(x_train, (len(x_train), 1, 12, 12))
history = autoencoder.fit(x_train, x_train, nb_epoch=1, batch_size=8, verbose=0)
