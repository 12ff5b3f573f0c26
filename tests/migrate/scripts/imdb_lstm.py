"""A recurrent network on reviews (here: made-up ones)."""
import numpy as np
from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM

max_features, maxlen = 30, 8
rng = np.random.RandomState(7)
X_train = [list(rng.randint(1, max_features, rng.randint(3, 12))) for _ in range(48)]
y_train = np.array([row[0] % 2 for row in X_train])
X_train = sequence.pad_sequences(X_train, maxlen=maxlen)

model = Sequential()
model.add(Embedding(max_features, 8, input_length=maxlen))
model.add(LSTM(6, inner_activation='hard_sigmoid', consume_less='cpu'))
model.add(Dense(1))
model.add(Activation('sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', class_mode="binary", metrics=['accuracy'])
history = model.fit(X_train, y_train, batch_size=16, nb_epoch=2, show_accuracy=True, verbose=0)
classes = model.predict_classes(X_train, batch_size=16)
proba = model.predict_proba(X_train)
assert set(np.unique(classes)) <= {0, 1} and proba.shape == (48, 1)
