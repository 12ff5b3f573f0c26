from keras.layers import Input, Embedding, LSTM, Dense, merge
from keras.models import Model
import numpy as np

main_input = Input(shape=(6,), dtype='int32', name='main_input')
x = Embedding(output_dim=5, input_dim=20, input_length=6)(main_input)
lstm_out = LSTM(4)(x)
auxiliary_loss = Dense(1, activation='sigmoid', name='aux_output')(lstm_out)
auxiliary_input = Input(shape=(4,), name='aux_input')
x = merge([lstm_out, auxiliary_input], mode='concat')
x = Dense(8, activation='relu')(x)
y = merge([x, Dense(8)(x)], mode='sum', name='residual')
main_loss = Dense(1, activation='sigmoid', name='main_output')(y)
model = Model(input=[main_input, auxiliary_input], output=[main_loss, auxiliary_loss])
model.compile(optimizer='rmsprop', loss='binary_crossentropy', loss_weights=[1., 0.2])
rng = np.random.RandomState(5)
a, b, labels = rng.randint(0, 20, (40, 6)), rng.rand(40, 4), rng.randint(0, 2, (40, 1))
history = model.fit([a, b], [labels, labels], nb_epoch=2, batch_size=20, verbose=0)
