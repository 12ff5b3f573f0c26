import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier
from sklearn.linear_model import LogisticRegression


def create_baseline():
    model = Sequential()
    model.add(Dense(6, input_dim=4, init='normal', activation='relu'))
    model.add(Dense(2, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model


rng = np.random.RandomState(0)
X, Y = rng.rand(30, 4), np.array(['cat', 'dog'])[rng.randint(0, 2, 30)]
estimator = KerasClassifier(build_fn=create_baseline, nb_epoch=2, batch_size=10, verbose=0)
estimator.fit(X, Y)
baseline = LogisticRegression().fit(X, Y)
assert baseline.predict_proba(X).shape == (30, 2)
assert estimator.predict(X).shape == (30,)
history = estimator.history_
