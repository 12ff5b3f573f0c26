"""What older Keras called things, and what Keras 3 calls them: data only, for messages and for `kerastutor migrate`."""

MODULES = {  # modules of older Keras, and what to write instead
    "keras.layers.core": "from keras.layers import Dense",
    "keras.layers.convolutional": "from keras.layers import Conv2D",
    "keras.layers.normalization": "from keras.layers import BatchNormalization",
    "keras.layers.recurrent": "from keras.layers import LSTM",
    "keras.layers.embeddings": "from keras.layers import Embedding",
    "keras.layers.advanced_activations": "from keras.layers import LeakyReLU",
    "keras.utils.np_utils": "from keras.utils import to_categorical",
    "keras.utils.vis_utils": "from keras.utils import plot_model",
    "keras.preprocessing.text": "keras.layers.TextVectorization",
    "keras.engine": "from keras.layers import Layer, Input and from keras.models import Model",
    "keras.objectives": "from keras import losses",
    "keras.wrappers.scikit_learn": "from keras.wrappers import SKLearnClassifier",
}

ARGUMENTS = {  # of Keras 1's layers
    "output_dim": "units", "init": "kernel_initializer", "bias": "use_bias", "p": "rate",
    "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer", "W_constraint": "kernel_constraint", "b_constraint": "bias_constraint",
    "U_constraint": "recurrent_constraint", "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation", "dropout_W": "dropout", "dropout_U": "recurrent_dropout",
    "nb_filter": "filters", "filter_length": "kernel_size", "border_mode": "padding", "subsample": "strides",
    "subsample_length": "strides", "dim_ordering": "data_format", "atrous_rate": "dilation_rate",
    "pool_length": "pool_size", "stride": "strides", "sigma": "stddev",
}
