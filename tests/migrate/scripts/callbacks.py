import os, tempfile
import numpy as np
import keras
from keras.callbacks import Callback, EarlyStopping, LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential, load_model
import keras.backend as K


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.accuracies = []

    def on_epoch_end(self, epoch, logs={}):
        self.accuracies.append(logs.get('val_acc'))


folder = tempfile.mkdtemp()
rng = np.random.RandomState(4)
x, y = rng.rand(40, 5), rng.randint(0, 2, 40)
model = Sequential()
model.add(Dense(6, input_dim=5, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['acc'])
K.set_value(model.optimizer.lr, 0.2)
losses = LossHistory()
path = os.path.join(folder, 'best.h5')
history = model.fit(x, y, nb_epoch=3, batch_size=20, verbose=0, validation_split=0.25, callbacks=[
    losses,
    EarlyStopping(monitor='val_acc', patience=5),
    ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=1),
    ModelCheckpoint(path, monitor='val_acc', save_best_only=True, period=1),
])
assert losses.accuracies == history.history['val_acc'] and os.path.exists(path)
