import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Input, Lambda
from keras.optimizers import RMSprop
from keras import backend as K


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.maximum(K.sum(K.square(x - y), axis=1, keepdims=True), K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    '''Hadsell-et-al.'06'''
    margin = 1
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0)))


def create_base_network(input_dim):
    seq = Sequential()
    seq.add(Dense(8, input_shape=(input_dim,), activation='relu'))
    seq.add(Dense(6, activation='relu'))
    return seq


base_network = create_base_network(10)
input_a, input_b = Input(shape=(10,)), Input(shape=(10,))
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)(
    [base_network(input_a), base_network(input_b)])
model = Model(input=[input_a, input_b], output=distance)
model.compile(loss=contrastive_loss, optimizer=RMSprop())
rng = np.random.RandomState(2)
a, b = rng.rand(32, 10).astype('float32'), rng.rand(32, 10).astype('float32')
y = rng.randint(0, 2, (32, 1)).astype('float32')
history = model.fit([a, b], y, batch_size=16, nb_epoch=2, verbose=0)
