'''How a stateful LSTM keeps its state between batches.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM

batch_size, lahead = 4, 3
x = np.sin(np.arange(16 * lahead) / 5.).reshape(16, lahead, 1)
y = x[:, -1] * 0.5
model = Sequential()
# the batch size is fixed
model.add(LSTM(5, batch_input_shape=(batch_size, lahead, 1), return_sequences=True, stateful=True))
model.add(LSTM(4, stateful=True))
model.add(Dense(1))
model.compile(loss='mse', optimizer='rmsprop')
for i in range(2):
    history = model.fit(x, y, batch_size=batch_size, verbose=0, nb_epoch=1, shuffle=False)
