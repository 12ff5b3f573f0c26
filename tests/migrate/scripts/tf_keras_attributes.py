import tensorflow as tf
import numpy as np


class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.factor = self.add_weight(name='factor', shape=(input_shape[-1],), initializer='ones')
        super(Scale, self).build(input_shape)

    def call(self, inputs):
        return inputs * self.factor


def rmse(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean(tf.square(y_true - y_pred)))


inputs = tf.keras.Input(shape=(5,))
x = tf.keras.layers.Dense(4, activation='relu')(inputs)
x = Scale()(x)
outputs = tf.keras.layers.Dense(1)(x)
model = tf.keras.Model(inputs, outputs)
model.compile(tf.keras.optimizers.SGD(0.05), loss=rmse, metrics=['mae'])
x = np.random.RandomState(0).rand(30, 5).astype('float32')
history = model.fit(x, x.sum(axis=1, keepdims=True), epochs=2, batch_size=10, verbose=0,
                    callbacks=[tf.keras.callbacks.TerminateOnNaN()])
