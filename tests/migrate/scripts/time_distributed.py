import numpy as np
from keras.models import Sequential
from keras.layers.core import TimeDistributedDense, Activation, RepeatVector
from keras.layers.recurrent import LSTM, GRU

rng = np.random.RandomState(9)
x, y = rng.rand(24, 4, 3), np.eye(5)[rng.randint(0, 5, (24, 6))]
model = Sequential()
model.add(LSTM(6, input_shape=(4, 3)))
model.add(RepeatVector(6))
model.add(GRU(5, return_sequences=True))
model.add(TimeDistributedDense(output_dim=5))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(x, y, batch_size=12, nb_epoch=1, verbose=0)
