"""Images with the channels first, as Theano wanted them: turned to channels last where the data flow is plain."""

import libcst as cst

from .. import syntax
from ..rule import Rule

SET = ("keras.backend.set_image_dim_ordering", "keras.backend.set_image_data_format")
CONVOLUTIONS = ("keras.layers.Conv2D", "keras.layers.MaxPooling2D", "keras.layers.ZeroPadding2D")
CHANNELS = (1, 3)


def survey(file):
    """Decide once for the whole file whether its images can be turned."""
    sets = [call for name, call in file.calls if name in SET or file.meaning(call.func) in SET]
    first = [c for c in sets if c.args and syntax.literal(c.args[0].value) in ("th", "channels_first")]
    if not first and not (_old_convolutions(file) and _shapes(file)):
        return
    if not first and any(_asks_for_ordering(file, call) for _, call in file.calls):
        return  # the file makes both forms itself
    why = _not_plain(file)
    file.theano_images = why is None
    if why is None:
        file.dropped.update(first)
        file.left.update(call.func.value.value for call in first
                         if isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name))
        file.left.update(call.func.value for call in first if isinstance(call.func, cst.Name))
    else:
        for node in first or [layer for layer, _ in _shapes(file)][:1]:
            file.say(node, f"the images have their channels first, as Theano wanted them. {why} Today's order is "
                           "(rows, columns, channels): turn the data with np.transpose(x, (0, 2, 3, 1)), the "
                           "input_shape to match, and channel axes from 1 to -1.")


def _asks_for_ordering(file, call):
    return (file.meaning(call.func) or "").startswith(("keras.backend.image_dim_ordering",
                                                       "keras.backend.image_data_format"))


def _old_convolutions(file):
    return any((file.meaning(call.func) or "").rpartition(".")[2].startswith("Convolution2D") for _, call in file.calls)


def _shapes(file):
    """Layers with an input_shape=(1 or 3, rows, columns), and that shape."""
    found = []
    for name, call in file.calls:
        for arg in call.args:
            word = arg.keyword.value if arg.keyword is not None else ""
            if name in (*CONVOLUTIONS, "keras.layers.Input", "keras.Input") and word in ("input_shape", "shape"):
                shape = syntax.elements(arg.value)
                if shape and len(shape) == 3 and syntax.literal(shape[0]) in CHANNELS:
                    if syntax.literal(shape[2]) not in CHANNELS:
                        found.append((call, shape))
    return found


def _reshapes(file):
    """Calls of reshape to (n, channels, rows, columns), and the four expressions."""
    for _, call in file.calls:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "reshape":
            sizes = [a.value for a in call.args]
            if sizes and syntax.elements(sizes[-1]):
                sizes = syntax.elements(sizes[-1])
            if len(sizes) == 4 and syntax.literal(sizes[1]) in CHANNELS and syntax.literal(sizes[3]) not in CHANNELS:
                yield call, sizes


def _not_plain(file):
    """Why the images can't simply be turned; None if they can."""
    if not _shapes(file):
        return "Where the shape of an image is said is not plain here."
    if any(syntax.literal(sizes[1]) == 3 for _, sizes in _reshapes(file)):
        return "A reshape to 3 channels puts the colours first in memory too, so it takes a transpose to change."
    colour = any(syntax.literal(shape[0]) == 3 for _, shape in _shapes(file))
    loads = any((name or "").startswith("keras.datasets.") for name, _ in file.calls)
    if colour and not loads:
        return "Where the colour images come from is not said in this file."
    if not colour and not list(_reshapes(file)):
        return "Where the data gets this shape is not said in this file."
    for name, call in file.calls:
        for arg in call.args:
            word = arg.keyword.value if arg.keyword is not None else ""
            if word in ("axis", "concat_axis") and syntax.literal(arg.value) == 1 and (name or "").startswith("keras"):
                return "An axis=1 is given, which may mean the channels."
        if name in ("keras.layers.Reshape", "keras.layers.Permute"):
            return "A Reshape or Permute inside the model goes by the old order."
    return None


def turned(shape):
    """(channels, rows, columns) -> (rows, columns, channels), after whatever stands before."""
    return [*shape[:-3], shape[-2], shape[-1], shape[-3]]


def input_shape(call):
    if not call.file.theano_images:
        return
    for word in ("input_shape", "shape"):
        shape = call.get(word)
        sizes = syntax.elements(shape)
        if sizes and len(sizes) == 3 and syntax.literal(sizes[0]) in CHANNELS:
            call.put(word, _with(shape, turned(sizes)))
    if call.literal("data_format") == "channels_first" or call.literal("dim_ordering") == "th":
        call.pop("data_format"), call.pop("dim_ordering")


def reshape(call):
    if not call.file.theano_images or call.original not in [c for c, _ in _reshapes(call.file)]:
        return
    last = call.args[-1].value
    if syntax.elements(last):
        call.put_at(len(call.args) - 1, _with(last, turned(syntax.elements(last))))
    else:
        for i, value in enumerate(turned([a.value for a in call.args])):
            call.put_at(i, value)


def _with(node, values):
    return node.with_changes(elements=[e.with_changes(value=v) for e, v in zip(node.elements, values)])


def ordering(call):
    """`set_image_dim_ordering('tf')` -> `set_image_data_format('channels_last')`."""
    if call.original in call.file.dropped:
        return
    value = call.literal("dim_ordering", 0)
    if value in ("th", "tf"):
        call.refer("keras.backend.set_image_data_format")
        order = "channels_first" if value == "th" else "channels_last"
        call.args = [call.args[0].with_changes(value=syntax.string(call.args[0].value, order), keyword=None)]


def compared(file, original, updated):
    """`K.image_dim_ordering() == 'th'` -> `K.image_data_format() == 'channels_first'`."""
    left = original.left
    if isinstance(left, cst.Call) and (file.meaning(left.func) or "") == "keras.backend.image_dim_ordering":
        target = updated.comparisons[0]
        words = {"th": "channels_first", "tf": "channels_last"}
        value = syntax.literal(target.comparator)
        if value in list(words):
            new = target.with_changes(comparator=syntax.string(target.comparator, words[value]))
            return updated.with_changes(comparisons=[new, *updated.comparisons[1:]])
    return updated


RULES = [
    Rule(
        "theano-images",
        "Images with one channel, first: reshape and input_shape put it last.",
        "from keras import backend as K\nfrom keras.layers import Convolution2D\nK.set_image_dim_ordering('th')\n"
        "x = x.reshape(x.shape[0], 1, 28, 28)\nlayer = Convolution2D(32, 3, 3, input_shape=(1, 28, 28))\n",
        "from keras.layers import Conv2D\n"
        "x = x.reshape(x.shape[0], 28, 28, 1)\nlayer = Conv2D(32, (3, 3), input_shape=(28, 28, 1))\n",
        surveys=(survey,),
        calls={**dict.fromkeys((*CONVOLUTIONS, "keras.layers.Input", "keras.Input"), input_shape),
               "numpy.reshape": reshape},
        methods={"reshape": reshape},
    ),
    Rule(
        "image-data-format",
        "'th' and 'tf' are 'channels_first' and 'channels_last'.",
        "from keras import backend as K\nK.set_image_dim_ordering('tf')\nif K.image_dim_ordering() == 'th':\n"
        "    shape = (1, 28, 28)\n",
        "from keras import backend as K\nK.set_image_data_format('channels_last')\n"
        "if K.image_data_format() == 'channels_first':\n    shape = (1, 28, 28)\n",
        calls={"keras.backend.set_image_dim_ordering": ordering},
        nodes={"Comparison": compared},
    ),
]
