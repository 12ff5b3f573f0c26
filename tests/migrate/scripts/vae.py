'''A regression with a noisy code, in the manner of variational autoencoders.'''
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import objectives

x = Input(shape=(10,))
h = Dense(6, activation='relu')(x)
z_mean = Dense(2)(h)
z_log_var = Dense(2)(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=K.shape(z_mean), mean=0., stddev=0.001)
    return z_mean + K.exp(z_log_var / 2) * epsilon


z = Lambda(sampling, output_shape=(2,))([z_mean, z_log_var])
decoded = Dense(10, activation='sigmoid')(z)
vae = Model(x, decoded)


def vae_loss(x, x_decoded_mean):
    xent_loss = 10 * objectives.binary_crossentropy(x, x_decoded_mean)
    return K.mean(xent_loss)


vae.compile(optimizer='rmsprop', loss=vae_loss)
data = np.random.RandomState(1).rand(32, 10).astype('float32')
history = vae.fit(data, data, shuffle=True, nb_epoch=2, batch_size=16, verbose=0)
