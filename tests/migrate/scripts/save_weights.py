import os, tempfile
import numpy as np
from tensorflow.python.keras.models import Sequential
from tensorflow.python.keras.layers import Dense
from tensorflow.keras.losses import mse

os.chdir(tempfile.mkdtemp())
x = np.random.RandomState(8).rand(20, 3)
model = Sequential([Dense(4, input_shape=(3,), activation='relu'), Dense(1)])
model.compile(loss=mse, optimizer='adagrad')
history = model.fit(x, x[:, 0], epochs=1, verbose=0)
before = model.predict(x)
model.save_weights('model_weights.h5')
model.load_weights('model_weights.h5')
assert np.allclose(before, model.predict(x))
