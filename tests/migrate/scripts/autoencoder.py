from keras.layers import Input, Dense
from keras.models import Model
from keras import regularizers
import numpy as np

encoding_dim = 5
input_img = Input(shape=(20,))
encoded = Dense(encoding_dim, activation='relu',
                activity_regularizer=regularizers.activity_l2(1e-5))(input_img)
decoded = Dense(20, activation='sigmoid')(encoded)
autoencoder = Model(input=input_img, output=decoded)
encoder = Model(input=input_img, output=encoded)
autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
x_train = np.random.RandomState(1).rand(40, 20)
history = autoencoder.fit(x_train, x_train, nb_epoch=2, batch_size=20, shuffle=True, verbose=0)
assert encoder.predict(x_train, verbose=0).shape == (40, 5)
