import numpy as np
from keras.models import Model
from keras.layers import Input, Dense, Bidirectional, CuDNNGRU, CuDNNLSTM, SpatialDropout1D, GlobalMaxPooling1D

x = Input(shape=(5, 3))
h = Bidirectional(CuDNNLSTM(4, return_sequences=True))(x)
h = CuDNNLSTM(4, return_sequences=True)(h)
h = GlobalMaxPooling1D()(h)
model = Model(inputs=x, outputs=Dense(1, activation="sigmoid")(h))
model.compile(loss="binary_crossentropy", optimizer="adam")
rng = np.random.RandomState(8)
history = model.fit(rng.rand(16, 5, 3), rng.randint(0, 2, 16), batch_size=8, epochs=1, verbose=0)
