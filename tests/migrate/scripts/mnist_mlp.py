'''Trains a simple deep NN on the MNIST dataset.'''
from __future__ import absolute_import
from __future__ import print_function
import numpy as np
np.random.seed(1337)  # for reproducibility

from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import SGD, Adam, RMSprop
from keras.utils import np_utils

batch_size = 32
nb_classes = 10
nb_epoch = 2

# the data, shuffled and split between train and test sets
(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train[:96].reshape(96, 784).astype('float32') / 255
X_test = X_test[:32].reshape(32, 784).astype('float32') / 255
Y_train = np_utils.to_categorical(y_train[:96], nb_classes)
Y_test = np_utils.to_categorical(y_test[:32], nb_classes)

model = Sequential()
model.add(Dense(16, input_shape=(784,), init='uniform'))
model.add(Activation('relu'))
model.add(Dropout(p=0.0))
model.add(Dense(output_dim=10))
model.add(Activation('softmax'))

model.compile(loss='categorical_crossentropy',
              optimizer=RMSprop(lr=0.001),
              metrics=['accuracy'])
history = model.fit(X_train, Y_train,
                    batch_size=batch_size, nb_epoch=nb_epoch,
                    verbose=0, validation_data=(X_test, Y_test))
score = model.evaluate(X_test, Y_test, verbose=0)
print('Test accuracy:', history.history['val_acc'][-1], score[1])
