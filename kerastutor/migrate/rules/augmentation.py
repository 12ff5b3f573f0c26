"""ImageDataGenerator: a folder of images is image_dataset_from_directory, with Rescaling and Random* layers."""

import libcst as cst

from .. import syntax
from ..rule import Rule

OLD = ["keras.preprocessing.image.ImageDataGenerator", "keras.utils.ImageDataGenerator"]
SIMPLE = {"rescale", "horizontal_flip", "vertical_flip", "rotation_range", "zoom_range"}
FLOW = {"target_size": "image_size", "batch_size": "batch_size", "class_mode": "label_mode", "shuffle": "shuffle",
        "seed": "seed", "color_mode": "color_mode", "classes": "class_names", "interpolation": "interpolation"}


def survey(file):
    """Find the generators whose whole life is: made with simple options, then flow_from_directory."""
    file.generators = {}
    for target, values in file.values.items():
        if len(values) == 1 and isinstance(values[0], cst.Call) and file.meaning(values[0].func) in OLD:
            options = {a.keyword.value: a.value for a in values[0].args if a.keyword is not None}
            flows = [c for _, c in file.calls if isinstance(c.func, cst.Attribute)
                     and syntax.code(c.func.value) == target]
            simple = set(options) <= SIMPLE and all(
                isinstance(syntax.literal(v, "?"), (int, float, bool)) or name == "rescale" and "/" in syntax.code(v)
                for name, v in options.items())
            if simple and flows and all(_is_simple_flow(c) for c in flows):
                file.generators[target] = (values[0], options)


def _is_simple_flow(call):
    return call.func.attr.value == "flow_from_directory" and all(
        a.keyword is not None and a.keyword.value in FLOW or a.keyword is None and i == 0
        for i, a in enumerate(call.args))


def made(call):
    """The generator becomes the layers that it applied to each image."""
    for generated, options in call.file.generators.values():
        if generated is call.original:
            call.replace(_layers(call, options))
            return
    call.say("ImageDataGenerator is gone: load with keras.utils.image_dataset_from_directory and put Rescaling, "
             "RandomFlip, RandomRotation, RandomZoom, RandomTranslation into the model; for arrays in memory, give "
             "them to fit and put these layers first in the model. This call is not simple enough to do so here "
             "(arrays, other options, or a generator that is handed around).")


def _layers(call, options):
    """Source text of a Sequential of preprocessing layers."""
    named = lambda name: call.file.named(f"keras.{name}", "ImageDataGenerator")  # noqa: E731
    layers = []
    if "rescale" in options:
        layers.append(f"{named('layers.Rescaling')}({syntax.code(options['rescale'])})")
    flips = [w for w, o in (("horizontal", "horizontal_flip"), ("vertical", "vertical_flip"))
             if syntax.literal(options.get(o)) is True]
    if flips:
        layers.append(f'{named("layers.RandomFlip")}("{"_and_".join(flips)}")')
    degrees = syntax.literal(options.get("rotation_range"), 0)
    if degrees:
        layers.append(f"{named('layers.RandomRotation')}({degrees} / 360)")
    zoom = syntax.literal(options.get("zoom_range"), 0)
    if zoom:
        layers.append(f"{named('layers.RandomZoom')}({zoom})")
    return f"{named('models.Sequential')}([{', '.join(layers)}])"


def flow(call):
    """`data.flow_from_directory(folder, ...)` -> `image_dataset_from_directory(folder, ...).map(...)`."""
    target = syntax.code(call.receiver)
    if target not in call.file.generators:
        return
    loader = call.file.named("keras.utils.image_dataset_from_directory", "ImageDataGenerator")
    if call.index("target_size") is None:
        call.put("target_size", "(256, 256)")
    if call.index("class_mode") is None:
        call.put("class_mode", "'categorical'")
    value = call.literal("class_mode")
    words = {"sparse": "int"}
    if value in list(words):
        call.put("class_mode", syntax.string(call.get("class_mode"), words[value]))
    for old, new in FLOW.items():
        call.rename(old, new)
    arguments = ", ".join(syntax.code(a.with_changes(comma=cst.MaybeSentinel.DEFAULT)).rstrip(", ") for a in call.args)
    random = any(o.endswith(("flip", "range")) for o in call.file.generators[target][1])
    extra = ", training=True" if random else ""
    call.replace(f"{loader}({arguments}).map(lambda x, y: ({target}(x{extra}), y))")
    call.say("image_dataset_from_directory gives a tf.data.Dataset (pip install tensorflow), or a grain one with "
             "format='grain'. Drop steps_per_epoch: a dataset ends by itself after every image.")


RULES = [
    Rule(
        "image-folders",
        "A generator on a folder is image_dataset_from_directory and a few layers.",
        "from keras.preprocessing.image import ImageDataGenerator\n"
        "train = ImageDataGenerator(rescale=1. / 255, horizontal_flip=True)\n"
        "batches = train.flow_from_directory('data', target_size=(64, 64), class_mode='binary')\n",
        "from keras.layers import Rescaling, RandomFlip\nfrom keras.models import Sequential\n"
        "from keras.utils import image_dataset_from_directory\n"
        "train = Sequential([Rescaling(1. / 255), RandomFlip(\"horizontal\")])\n"
        "batches = image_dataset_from_directory('data', image_size=(64, 64), label_mode='binary')"
        ".map(lambda x, y: (train(x, training=True), y))\n",
        surveys=(survey,),
        calls=dict.fromkeys(OLD, made),
        methods={"flow_from_directory": flow},
        finds=("a dataset ends by itself",),
    ),
    Rule(
        "image-arrays",
        "Other generators are explained.",
        "from keras.preprocessing.image import ImageDataGenerator\ndata = ImageDataGenerator(zca_whitening=True)\n",
        "from keras.preprocessing.image import ImageDataGenerator\ndata = ImageDataGenerator(zca_whitening=True)\n",
        finds=("ImageDataGenerator is gone",),
    ),
]
