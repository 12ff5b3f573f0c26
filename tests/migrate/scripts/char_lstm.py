'''Writes like Nietzsche, given more text and more time.'''
from keras.models import Sequential
from keras.layers import Dense, Activation
from keras.layers import LSTM
from keras.optimizers import RMSprop
import numpy as np
import random, sys

text = "he who has a why to live can bear almost any how. " * 4
chars = sorted(list(set(text)))
char_indices = dict((c, i) for i, c in enumerate(chars))
maxlen, step = 10, 5
sentences, next_chars = [], []
for i in xrange(0, len(text) - maxlen, step):
    sentences.append(text[i: i + maxlen])
    next_chars.append(text[i + maxlen])
X = np.zeros((len(sentences), maxlen, len(chars)), dtype='bool')
y = np.zeros((len(sentences), len(chars)), dtype='bool')
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        X[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1

model = Sequential()
model.add(LSTM(8, input_dim=len(chars), input_length=maxlen))
model.add(Dense(len(chars)))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=RMSprop(lr=0.01))
for iteration in range(1, 3):
    history = model.fit(X, y, batch_size=16, nb_epoch=1, verbose=0)
preds = model.predict(X[:1], verbose=0)[0]
