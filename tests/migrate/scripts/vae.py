'''A regression with a noisy code, in the manner of variational autoencoders.'''
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.layers.noise import GaussianNoise
from keras.models import Model
from keras import backend as K
from keras import objectives

x = Input(shape=(10,))
h = Dense(6, activation='relu')(x)
z_mean = Dense(2)(h)
z_log_var = Dense(2)(h)


def spread(args):
    z_mean, z_log_var = args
    return z_mean + K.exp(z_log_var / 2) * K.ones_like(z_mean)


z = Lambda(spread, output_shape=(2,))([z_mean, z_log_var])
z = GaussianNoise(sigma=0.001)(z)
decoded = Dense(10, activation='sigmoid')(z)
vae = Model(x, decoded)


def vae_loss(x, x_decoded_mean):
    xent_loss = 10 * objectives.binary_crossentropy(x, x_decoded_mean)
    return K.mean(xent_loss)


vae.compile(optimizer='rmsprop', loss=vae_loss)
data = np.random.RandomState(1).rand(32, 10).astype('float32')
history = vae.fit(data, data, shuffle=True, nb_epoch=2, batch_size=16, verbose=0)
