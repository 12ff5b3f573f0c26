"""Names that have moved, or are called otherwise today."""

import libcst as cst

from ..rule import Rule

ENGINE = {
    f"keras.engine.{module}{name}": new
    for module in ("", "topology.", "base_layer.", "training.", "network.", "input_layer.", "functional.")
    for name, new in {
        "Layer": "keras.layers.Layer", "Input": "keras.layers.Input", "InputSpec": "keras.layers.InputSpec",
        "InputLayer": "keras.layers.InputLayer", "Model": "keras.models.Model", "Container": "keras.models.Model",
        "Network": "keras.models.Model",
    }.items()
}

RENAMED = {
    **ENGINE,
    "keras.engine.topology": "keras.layers", "keras.engine.base_layer": "keras.layers",
    "keras.objectives": "keras.losses",
    "keras.regularizers.activity_l1": "keras.regularizers.l1",
    "keras.regularizers.activity_l2": "keras.regularizers.l2",
    "keras.regularizers.activity_l1l2": "keras.regularizers.l1_l2",
    "keras.regularizers.l1l2": "keras.regularizers.l1_l2",
    "keras.regularizers.WeightRegularizer": "keras.regularizers.L1L2",
    "keras.regularizers.ActivityRegularizer": "keras.regularizers.L1L2",
    "keras.constraints.maxnorm": "keras.constraints.MaxNorm",
    "keras.constraints.unitnorm": "keras.constraints.UnitNorm",
    "keras.constraints.nonneg": "keras.constraints.NonNeg",
    "keras.legacy.layers.Recurrent": "keras.layers.RNN",
    "keras.layers.Recurrent": "keras.layers.RNN",
    "keras.layers.containers.Sequential": "keras.models.Sequential",
    "keras.utils.visualize_util.plot": "keras.utils.plot_model",
    "keras.utils.vis_utils.plot_model": "keras.utils.plot_model",
    "keras.utils.generic_utils.get_custom_objects": "keras.utils.get_custom_objects",
    "keras.preprocessing.sequence.pad_sequences": "keras.utils.pad_sequences",
    "keras.preprocessing.image.load_img": "keras.utils.load_img",
    "keras.preprocessing.image.save_img": "keras.utils.save_img",
    "keras.preprocessing.image.img_to_array": "keras.utils.img_to_array",
    "keras.preprocessing.image.array_to_img": "keras.utils.array_to_img",
    "keras.preprocessing.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
    "keras.preprocessing.text_dataset_from_directory": "keras.utils.text_dataset_from_directory",
    "keras.preprocessing.timeseries_dataset_from_array": "keras.utils.timeseries_dataset_from_array",
    "keras.backend.tensorflow_backend": "keras.backend",
    "keras.initializations": "keras.initializers",
    "keras.layers.experimental.preprocessing": "keras.layers",
    "keras.layers.experimental.SyncBatchNormalization": "keras.layers.BatchNormalization",
    "keras.experimental.CosineDecay": "keras.optimizers.schedules.CosineDecay",
    "keras.mixed_precision.experimental.set_policy": "keras.mixed_precision.set_global_policy",
    "keras.mixed_precision.experimental.Policy": "keras.mixed_precision.Policy",
}

SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
         "msle": "mean_squared_logarithmic_error", "kld": "kl_divergence", "MSE": "mean_squared_error",
         "MAE": "mean_absolute_error", "kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh",
         "cosine": "cosine_similarity", "cosine_proximity": "cosine_similarity"}

for module in ("losses", "metrics", "objectives"):
    for short, name in SHORT.items():
        if name in ("log_cosh", "cosine_similarity") and module == "metrics":
            continue
        RENAMED[f"keras.{module}.{short}"] = f"keras.{'losses' if module == 'objectives' else module}.{name}"

def builtin(file, original, updated):
    """`xrange(n)` -> `range(n)`."""
    words = {"xrange": "range", "raw_input": "input"}
    name = original.func.value if isinstance(original.func, cst.Name) else None
    if name in words and name not in file.assigned and name not in file.bindings and isinstance(updated, cst.Call):
        return updated.with_changes(func=cst.Name(words[name]))
    return updated


RULES = [
    Rule(
        "module",
        "The layers, losses, tools ... of deeper modules stand one level up; keras.objectives is keras.losses.",
        "from keras.layers.core import Dense, Dropout\nfrom keras.layers.convolutional import MaxPooling2D\n"
        "from keras import objectives\nloss = objectives.mse\n",
        "from keras.layers import Dense, Dropout\nfrom keras.layers import MaxPooling2D\n"
        "from keras import losses\nloss = losses.mean_squared_error\n",
        names=RENAMED,
    ),
    Rule(
        "tf-keras",
        "Keras 3 is the package keras, not a part of TensorFlow.",
        "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n"
        "layer = layers.Dense(2)\nother = tf.keras.layers.Dense(3)\n",
        "import keras\nfrom keras import layers\nlayer = layers.Dense(2)\nother = layers.Dense(3)\n",
    ),
    Rule(
        "np-utils",
        "keras.utils.np_utils is keras.utils.",
        "from keras.utils import np_utils\ny = np_utils.to_categorical(y, 10)\n",
        "from keras.utils import to_categorical\ny = to_categorical(y, 10)\n",
    ),
    Rule(
        "python-2",
        "xrange is range, raw_input is input, cPickle is pickle.",
        "import cPickle as pickle\nimport keras\nfor epoch in xrange(3):\n    print(raw_input('next?'))\n",
        "import pickle\nimport keras\nfor epoch in range(3):\n    print(input('next?'))\n",
        nodes={"Call": builtin},
    ),
]
