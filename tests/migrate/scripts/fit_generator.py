import numpy as np
from keras.models import Sequential
from keras.layers import Dense


def batches(n=16):
    rng = np.random.RandomState(0)
    while True:
        x = rng.rand(n, 6).astype('float32')
        yield x, x[:, :1]


model = Sequential([Dense(4, activation='tanh', input_dim=6), Dense(1)])
model.compile('sgd', 'mse')
history = model.fit_generator(batches(), steps_per_epoch=3, epochs=2, verbose=0, workers=1,
                              max_q_size=4, validation_data=batches(8), validation_steps=2)
score = model.evaluate_generator(batches(), 2)
predicted = model.predict_generator(batches(), 2)
assert predicted.shape == (32, 1)
