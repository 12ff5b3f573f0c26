import numpy as np
import keras
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers.advanced_activations import LeakyReLU, PReLU
from keras.layers.normalization import BatchNormalization
from keras.regularizers import l2
from keras.utils.np_utils import to_categorical

rng = np.random.RandomState(0)
X, y = rng.rand(60, 20), rng.randint(0, 4, 60)
Y = to_categorical(y)
model = Sequential()
model.add(Dense(12, input_dim=20, W_regularizer=l2(1e-3), b_regularizer=l2(1e-3)))
model.add(LeakyReLU(alpha=0.2))
model.add(BatchNormalization(mode=0, gamma_init='one'))
model.add(Dense(6))
model.add(PReLU(init='zero'))
model.add(Dense(4, activation='softmax', init='he_normal', bias=True))
sgd = keras.optimizers.SGD(lr=0.05, decay=1e-3, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['acc'])
history = model.fit(X, Y, nb_epoch=2, batch_size=20, verbose=0)
labels = model.predict_classes(X, verbose=0)
assert labels.shape == (60,)
print(history.history['acc'])
