import numpy as np
from keras.preprocessing.text import Tokenizer
from keras.preprocessing.sequence import pad_sequences
from keras.models import Sequential
from keras.layers import Embedding, Flatten, Dense

texts = ['Good film, good story!', 'a bad bad film', 'what a good time', 'a waste of time'] * 4
labels = np.array([1, 0, 1, 0] * 4)
maxlen, max_words = 5, 50

tokenizer = Tokenizer(num_words=max_words)
tokenizer.fit_on_texts(texts)
sequences = tokenizer.texts_to_sequences(texts)
data = pad_sequences(sequences, maxlen=maxlen)

model = Sequential()
model.add(Embedding(max_words + 2, 4, input_length=maxlen))
model.add(Flatten())
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['acc'])
history = model.fit(data, labels, epochs=2, batch_size=8, verbose=0)
acc = history.history['acc']
