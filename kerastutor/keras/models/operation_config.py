"""Ops between a model's layers, in the form of Keras 3's files.

Keras splits a call as `ops.mean(x, axis=1)` in two: the tensors are arguments of the call, all else belongs to an
object Mean(axis=1).
"""

import inspect

from ..naming import auto_name
from ..saving.serialization import serialize_keras_object
from ..symbolic import Operation

# where Keras keeps an op's class; those that stand nowhere here are in "numpy"
_MODULES = {
    "math": "segment_sum segment_max segment_min segment_prod top_k in_top_k logsumexp cdist extract_sequences fft "
            "fft2 ifft2 rfft irfft stft istft rsqrt erf erfc erfinv logdet",
    "nn": "relu relu6 sigmoid sparse_sigmoid softplus softsign soft_shrink sparse_plus silu squareplus log_sigmoid "
          "leaky_relu hard_sigmoid hard_silu elu selu gelu celu glu tanh_shrink hard_tanh hard_shrink threshold "
          "softmax log_softmax sparsemax max_pool adaptive_max_pool average_pool adaptive_average_pool conv "
          "depthwise_conv separable_conv conv_transpose one_hot binary_crossentropy categorical_crossentropy "
          "sparse_categorical_crossentropy multi_hot moments batch_normalization ctc_loss ctc_decode normalize psnr "
          "dot_product_attention rms_normalization layer_normalization polar unfold fold depth_to_space space_to_depth",
    "core": "cast map scan associative_scan scatter scatter_update slice slice_update switch while_loop stop_gradient "
            "fori_loop unstack",
    "linalg": "cholesky cholesky_inverse det eig eigh inv lu_factor norm qr solve solve_triangular svd lstsq "
              "matrix_rank pinv",
    "image": "rgb_to_grayscale rgb_to_hsv hsv_to_rgb resize affine_transform extract_patches map_coordinates "
             "pad_images crop_images perspective_transform gaussian_blur elastic_transform scale_and_translate "
             "sobel_edges ssim",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

# which arguments are tensors, beside the first one and those called x1 and x2
_TENSORS = {
    "average": "weights", "batch_normalization": "mean variance offset scale", "binary_crossentropy": "output",
    "bitwise_and": "y", "bitwise_left_shift": "y", "bitwise_or": "y", "bitwise_right_shift": "y", "bitwise_xor": "y",
    "categorical_crossentropy": "output", "cdist": "y", "conv": "kernel", "conv_transpose": "kernel",
    "depthwise_conv": "kernel", "digitize": "bins", "dot_product_attention": "key value bias mask scale",
    "full_like": "fill_value", "get_item": "key", "in_top_k": "predictions", "isclose": "rtol atol",
    "layer_normalization": "gamma beta", "left_shift": "y", "map_coordinates": "coordinates",
    "affine_transform": "transform", "pad": "constant_values", "percentile": "q",
    "perspective_transform": "start_points end_points", "quantile": "q",
    "right_shift": "y", "rms_normalization": "scale", "scatter": "values",
    "scatter_update": "indices updates", "searchsorted": "values", "segment_max": "segment_ids",
    "segment_min": "segment_ids", "segment_prod": "segment_ids", "segment_sum": "segment_ids",
    "select": "choicelist default", "separable_conv": "depthwise_kernel pointwise_kernel", "slice": "start_indices",
    "slice_update": "start_indices updates", "solve": "b", "solve_triangular": "b",
    "sparse_categorical_crossentropy": "output", "ssim": "image2", "take": "indices", "take_along_axis": "indices",
    "where": "x1 x2",
}
_CLASSES = {
    "allclose": "AllClose", "isin": "IsIn", "searchsorted": "SearchSorted", "cdist": "CDist", "fft": "FFT",
    "fft2": "FFT2", "ifft2": "IFFT2", "rfft": "RFFT", "irfft": "IRFFT", "stft": "STFT", "istft": "ISTFT",
    "batch_normalization": "BatchNorm", "ctc_loss": "CTCLoss", "ctc_decode": "CTCDecode", "psnr": "PSNR",
    "rms_normalization": "RMSNorm", "layer_normalization": "LayerNorm", "svd": "SVD",
    "rgb_to_grayscale": "RGBToGrayscale", "rgb_to_hsv": "RGBToHSV", "hsv_to_rgb": "HSVToRGB", "ssim": "SSIM",
}
_PUBLIC = {"getitem": "get_item"}  # what stands behind Python's operators


def _name(function):
    return _PUBLIC.get(function.__name__, function.__name__)


def _class_name(name):
    return _CLASSES.get(name) or "".join(word.capitalize() for word in name.split("_"))


def serialized(operation, calls):
    """An op of a model's graph: its dict, and the arguments (args, kwargs) of each of its calls that are tensors."""
    name = _name(operation.function)
    split = [_split(operation.function, name, node.args, node.kwargs) for node in calls]
    config = {"name": operation.name, **(split[0][1] if split else {})}
    class_name = _class_name(name)
    described = {
        "module": f"keras.src.ops.{_MODULE_OF.get(name, 'numpy')}", "class_name": class_name, "config": config,
        "registered_name": class_name,
    }
    return described, [arguments for arguments, _ in split]


def _split(function, name, args, kwargs):
    """((args, kwargs) of the call, configuration) of one call of an op."""
    signature = inspect.signature(function)
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    positional, named, config = [], {}, {}
    tensors = {"x1", "x2", *_TENSORS.get(name, "").split()}
    for i, (key, value) in enumerate(bound.arguments.items()):
        kind = signature.parameters[key].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            positional += value
        elif kind is inspect.Parameter.VAR_KEYWORD:
            config |= value
        elif key in tensors or i == 0 and name != "einsum" or name == "get_item":
            if len(positional) == i:
                positional.append(value)
            else:
                named[key] = value
        else:
            config[key] = serialize_keras_object(value)
    return (tuple(positional), named), config


def is_operation(described):
    """Whether a layer's dict is that of an op."""
    return str(described.get("module")).startswith("keras.src.ops.")


class _Configured:
    """An op with those of its arguments that are no tensors."""

    def __init__(self, function, name, options):
        self.operation, self.options = Operation(function), options
        self.operation.name = name

    @property
    def _inbound_nodes(self):
        return self.operation._inbound_nodes

    def __call__(self, *args, **kwargs):
        name = _name(self.operation.function)
        options = dict(self.options)
        if name == "einsum":
            args = (options.pop("subscripts"), *args)
        if name == "get_item":  # JSON has made a list of a tuple of places
            args = tuple(_as_tuple(a) for a in args)
            kwargs = {key: _as_tuple(a) for key, a in kwargs.items()}
        return self.operation(*args, **options, **kwargs)


def deserialized(described):
    """The op of a dict, to be called on the tensors of its calls.

    Raises
    ------
    ValueError
        If there is no such op here.
    """
    from .. import ops

    known = {_class_name(name): function for name, function in vars(ops).items()
             if callable(function) and not name.startswith("_") and hasattr(function, "__wrapped__")}
    class_name = described["class_name"]
    if class_name not in known:
        raise ValueError(f"The model uses the op {class_name!r} of {described['module']!r}, which is not offered here.")
    config = {key: _as_tuple(value) for key, value in (described["config"] or {}).items()}
    name = config.pop("name", None) or auto_name(class_name.lower())
    function = inspect.unwrap(known[class_name])
    accepted = inspect.signature(function).parameters
    return _Configured(function, name, {k: v for k, v in config.items() if k in accepted or v not in (None, False)})


def _as_tuple(value):
    return tuple(map(_as_tuple, value)) if isinstance(value, (list, tuple)) else value
