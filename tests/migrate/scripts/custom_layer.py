from keras import backend as K
from keras.engine.topology import Layer
from keras.models import Sequential
from keras.layers import Dense
import numpy as np


class MyLayer(Layer):

    def __init__(self, output_dim, **kwargs):
        self.output_dim = output_dim
        super(MyLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        # Create a trainable weight variable for this layer.
        self.kernel = self.add_weight(name='kernel', shape=(input_shape[1], self.output_dim),
                                      initializer='uniform', trainable=True)
        super(MyLayer, self).build(input_shape)

    def call(self, x):
        return K.tanh(K.dot(x, self.kernel)) * K.cast(K.int_shape(x)[-1], K.floatx())

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)


model = Sequential()
model.add(Dense(6, input_dim=4))
model.add(MyLayer(3))
model.compile('sgd', 'mae')
x = np.random.RandomState(3).rand(24, 4)
history = model.fit(x, x[:, :3], epochs=2, batch_size=8, verbose=0)
