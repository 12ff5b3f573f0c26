"""The public API of real Keras, name by name: what we lack, and what differs, is in a short list with a reason each."""

import inspect

import pytest

from kerastutor import keras
from tests.keras.oracle import real

NAMESPACES = [
    "", "activations", "backend", "callbacks", "config", "constraints", "dtype_policies", "initializers",
    "layers", "losses", "metrics",
    "models", "ops", "ops.image", "ops.linalg", "ops.nn", "optimizers", "optimizers.schedules", "preprocessing",
    "preprocessing.image", "preprocessing.sequence", "random", "regularizers", "saving", "tree", "utils",
    "wrappers",
]

GPU = "for several devices, or one that is not here: kerastutor computes on this machine's cores"
SIZES = "kerastutor computes in float32 (float64 for checks) and keeps nothing in fewer bits"
INSIDE = "a part of how Keras's backends work, which kerastutor has no use for"

MISSING = {
    "": {
        "applications": "large ready-made networks need weights from the network",
        "device": GPU, "distribution": GPU, "distillation": "a research tool", "mixed_precision": SIZES,
        "quantizers": SIZES, "Quantizer": SIZES, "export": "for serving with TensorFlow or ONNX",
        "Function": INSIDE, "Operation": INSIDE, "StatelessScope": INSIDE, "SymbolicScope": INSIDE,
        "name_scope": INSIDE, "RematScope": INSIDE, "remat": INSIDE, "legacy": INSIDE, "src": INSIDE,
        "visualization": "galleries of pictures with boxes, for object detection",
    },
    "callbacks": {
        "OrbaxCheckpoint": "writes with a library of JAX's", "RemoteMonitor": "sends to a server: nothing here does",
    },
    "config": {
        **dict.fromkeys(["enable_flash_attention", "disable_flash_attention", "is_flash_attention_enabled"], GPU),
        "is_nnx_enabled": INSIDE, "set_backend": "kerastutor.use_backend says which kernels run",
    },
    "dtype_policies": dict.fromkeys(
        ["AWQDTypePolicy", "DTypePolicyMap", "GPTQDTypePolicy", "Int4DTypePolicy", "QuantizedDTypePolicy",
         "QuantizedFloat8DTypePolicy"], SIZES,
    ),
    "layers": {
        **dict.fromkeys(
            ["AugMix", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Equalization", "MixUp", "Pipeline",
             "RandAugment", "RandomColorDegeneration", "RandomColorJitter", "RandomElasticTransform", "RandomErasing",
             "RandomGaussianBlur", "RandomPerspective", "RandomShear"],
            "beyond the usual augmentations: flip, rotate, zoom, shift, crop, and changes of colour",
        ),
        **dict.fromkeys(["FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"], "wraps another framework"),
        **dict.fromkeys(["MelSpectrogram", "STFTSpectrogram"], "sound: no lesson reaches it"),
        "HashedCrossing": "needs TensorFlow's hash", "MaxNumBoundingBoxes": "for object detection",
        "ReversibleEmbedding": "for large language models",
    },
    "models": {},
    "ops": {
        **dict.fromkeys(["eig", "polar", "view_as_complex", "view_as_real"], "complex numbers"),
        "jvp": "forward-mode gradients: the tape goes backward",
    },
    "ops.image": dict.fromkeys(
        ["elastic_transform", "map_coordinates", "perspective_transform", "scale_and_translate", "ssim"],
        "no layer here is made of it",
    ),
    "ops.linalg": {"eig": "complex numbers", "jvp": "as in ops"},
    "ops.nn": {"polar": "complex numbers"},
    "optimizers": {"LossScaleOptimizer": SIZES},
    "saving": {"KerasFileEditor": "for surgery on files"},
    "tree": {"MAP_TO_NONE": INSIDE, "map_shape_structure": INSIDE, "traverse": INSIDE},
    "utils": {
        "FeatureSpace": "tables: the preprocessing layers that it is made of are here",
        "audio_dataset_from_directory": "sound: no lesson reaches it",
        "Config": INSIDE, "bounding_boxes": "for object detection, which no lesson reaches", "legacy": INSIDE,
    },
}
"""Names that we lack: namespace -> name -> why."""

LORA = "the rest is LoRA and quantization, for fine-tuning large language models"

DIFFERENT = {
    "KerasTensor": "made by Input and by layers, not by hand",
    "Variable": "the rest is for several devices", "layers.Dense": LORA, "layers.EinsumDense": LORA,
    "layers.Embedding": LORA, "tree.assert_same_structure": "a list is as good as a tuple",
    "tree.map_structure": "None is a leaf",
}
"""Signatures that differ: "namespace.name" -> why."""


def resolve(module, namespace):
    for part in filter(None, namespace.split(".")):
        module = getattr(module, part)
    return module


def names(namespace):
    return [n for n in dir(resolve(real(), namespace)) if not n.startswith("_")]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_name_is_here_or_has_a_reason(namespace):
    ours, excused = resolve(keras, namespace), MISSING.get(namespace, {})
    lacking = [n for n in names(namespace) if not hasattr(ours, n) and n not in excused]
    assert lacking == []
    assert [n for n in excused if hasattr(ours, n)] == [], "these are here now"


def differences(ours, theirs):
    """What differs in names, order and defaults of the arguments."""
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    found, wanted = (
        {n: p for n, p in inspect.signature(f).parameters.items() if p.kind not in kinds} for f in (ours, theirs)
    )
    if list(found) != list(wanted) and set(wanted) - {"self"}:  # Keras hides some behind *args, **kwargs
        yield f"arguments {list(found)}, in Keras {list(wanted)}"
    for name in set(found) & set(wanted):
        a, b = found[name].default, wanted[name].default
        if a != b and not (callable(a) and callable(b)) and not (a is not a and b is not b):
            yield f"{name}={a!r}, in Keras {b!r}"


def signatures():
    for namespace in NAMESPACES:
        for name in names(namespace):
            theirs = getattr(resolve(real(), namespace), name)
            ours = getattr(resolve(keras, namespace), name, None)
            if ours is None or inspect.ismodule(theirs) or not callable(theirs):
                continue
            yield f"{namespace}.{name}".lstrip("."), ours, theirs


def test_arguments_are_those_of_keras():
    wrong = {}
    for name, ours, theirs in signatures():
        try:
            found = list(differences(ours, theirs))
        except ValueError:  # a builtin without a signature
            continue
        if found and name not in DIFFERENT:
            wrong[name] = found
    assert wrong == {}


CLASSES = ["Layer", "Model", "Sequential", "Optimizer", "Loss", "Metric", "Callback", "Initializer", "Regularizer"]
"""Base classes whose methods a student calls or overrides."""


METHODS_MISSING = {
    **dict.fromkeys(
        ["stateless_call", "symbolic_call", "rematerialized_call", "stateless_compute_loss", "compute_loss_and_updates",
         "get_state_tree", "set_state_tree", "jax_state_sync", "stateless_apply", "stateless_reset_state",
         "stateless_result", "stateless_update_state"], "for functional JAX code",
    ),
    **dict.fromkeys(
        ["quantize", "quantized_build", "quantized_call", "quantization_mode", "get_quantization_layer_structure"],
        SIZES,
    ),
    **dict.fromkeys(
        ["make_train_function", "make_test_function", "make_predict_function"], "a step is replayed, not compiled"
    ),
    "add_metric": "Keras 3 keeps it only to refuse it", "dtype": "an attribute that __init__ sets",
    "export": "for serving with TensorFlow or ONNX",
    "predict_step": "Keras on JAX hands `state` around", "train_step": "the same", "test_step": "the same",
}
"""Public methods that we lack, or that differ, and why."""


@pytest.mark.parametrize("name", CLASSES)
def test_methods_are_those_of_keras(name):
    ours, theirs = (getattr(k, name, None) or getattr(k.callbacks, name) for k in (keras, real()))
    wrong = {}
    for method in dir(theirs):
        if method.startswith("_") or method in METHODS_MISSING:
            continue
        if not hasattr(ours, method):
            wrong[method] = "missing"
        elif inspect.isfunction(getattr(theirs, method)):
            found = list(differences(getattr(ours, method), getattr(theirs, method)))
            if found:
                wrong[method] = found
    assert wrong == {}
