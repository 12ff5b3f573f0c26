import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Embedding, LSTM, Convolution1D, MaxPooling1D

rng = np.random.RandomState(3)
X = rng.randint(0, 25, (48, 12))
y = (X.sum(axis=1) % 2).astype('float32')

model = Sequential()
model.add(Embedding(25, 8, init='uniform', input_length=12))
model.add(Convolution1D(nb_filter=5, filter_length=3, border_mode='valid', activation='relu', subsample_length=1))
model.add(MaxPooling1D(pool_length=2))
model.add(LSTM(output_dim=4, inner_init='orthogonal', forget_bias_init='one', dropout_W=0.0, dropout_U=0.0))
model.add(Dense(1, activation='sigmoid'))
model.compile('rmsprop', 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, batch_size=16, nb_epoch=2, verbose=0, validation_split=0.25)
