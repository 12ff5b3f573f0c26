import cPickle as pickle
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation

print "Making data..."
X = np.random.RandomState(0).rand(20, 4)
print X.shape, 'samples',
print 'of %d numbers' % X.shape[1]  # how many

model = Sequential()
model.add(Dense(3, init='glorot_uniform', input_dim=4))
model.add(Activation('tanh'))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='sgd')
for epoch in xrange(2):
    print 'Epoch', epoch
    history = model.fit(X, X[:, 0], nb_epoch=1, batch_size=10, verbose=0)
print "Done", pickle.dumps(history.history['loss'])[:0]
