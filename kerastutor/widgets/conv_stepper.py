"""A filter, or a pooling window, that walks over an image: every stop's sum written out."""

import numpy as np
import traitlets

from kerastutor.keras.naming import look_up
from kerastutor.widgets import twins
from kerastutor.widgets.base import Widget
from kerastutor.widgets.walk import KERNELS, LARGEST_KERNEL, MODES, Walk, checked_image, checked_kernel

SEVEN = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 9, 9, 9, 9, 9, 0],
    [0, 0, 0, 0, 8, 0, 0],
    [0, 0, 0, 6, 2, 0, 0],
    [0, 0, 0, 8, 0, 0, 0],
    [0, 0, 4, 4, 0, 0, 0],
    [0, 0, 8, 0, 0, 0, 0],
]


def seven():
    return np.array(SEVEN)


def digit():
    """The first digit of MNIST's test data, a 7 too, from 0 to 1."""
    from kerastutor.keras.datasets import mnist

    return mnist.load_data()[1][0][0] / 255


IMAGES = {"7 × 7": seven, "digit": digit}


class ConvStepper(Widget):
    """Let a filter walk over an image, stop by stop, and see the sum at each.

    At each stop the window's values times the kernel's, added up, and the bias, make one value of the output.
    (Keras, as all its peers, does not flip the kernel: a mathematician says cross-correlation.) The kernel's numbers
    can be edited in the page; padding, stride and dilation be changed; pooling takes the window's largest value or its
    mean instead.

    Parameters
    ----------
    image : {"7 × 7", "digit"} or array, (rows, columns)
        At most 32 x 32.
    kernel : {"edges", "vertical edge", "horizontal edge", "blur", "sharpen", "identity"} or array, (height, width)
        At most 5 x 5; of a Conv2D layer, one filter on one channel: ``layer.kernel[:, :, 0, 0]``.
    bias : float
    mode : {"convolution", "max pooling", "average pooling"}
        Pooling uses the kernel's size only.
    padding : {"valid", "same"}
    stride, dilation : int
        From 1 to 5; Keras allows only one of them above 1.
    position : int
        The first stop to show, counted along the rows from 0.

    Attributes
    ----------
    output : numpy.ndarray
        The whole output, by ``keras.ops.conv``, ``max_pool`` or ``average_pool``.
    walk : kerastutor.widgets.walk.Walk
        The walk now: its windows and sums.

    Raises
    ------
    ValueError
        If the window does not fit, or a setting is unknown or out of its range.

    Examples
    --------
    >>> from kerastutor.widgets import ConvStepper
    >>> stepper = ConvStepper([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, 1]])
    >>> stepper
    ConvStepper: convolution of 3 x 3 by 2 x 2 gives 2 x 2; stop 1 of 4: 1 × 1 + 2 × 0 + 4 × 0 + 5 × 1 = 6
    >>> stepper.output.tolist()
    [[6.0, 8.0], [12.0, 14.0]]

    Source: https://keras.io/api/layers/convolution_layers/convolution2d/;
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv 1603.07285
    """

    _script = "conv_stepper.js"
    scene = traitlets.Dict().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)

    def __init__(
        self, image="7 × 7", kernel="edges", bias=0.0, mode="convolution", padding="valid", stride=1, dilation=1,
        position=0,
    ):
        self._images = dict(IMAGES)
        if not isinstance(image, str):
            own = checked_image(image)
            self._images = {"yours": lambda: own, **IMAGES}
            image = "yours"
        self._name = image
        walk = Walk(self._image(image), kernel, bias, mode, padding, stride, dilation)
        walk.stop(position)
        self.walk = walk
        kernels = {name: checked_kernel(weights) for name, weights in KERNELS.items()}
        super().__init__(
            scene=self._scene(),
            position=position,
            choices=dict(
                images=list(self._images), modes=MODES, largest=LARGEST_KERNEL,
                kernels={name: weights.tolist() for name, weights in kernels.items()},
            ),
        )

    @property
    def output(self):
        return self.walk.output

    def change(self, **settings):
        """Change any of the arguments of `ConvStepper`; the walk starts again. Nothing changes if one does not fit."""
        walk, name = self.walk, settings.get("image", self._name)
        now = dict(
            image=walk.image, kernel=walk.kernel, bias=walk.bias, mode=walk.mode, padding=walk.padding,
            stride=walk.stride, dilation=walk.dilation,
        )
        for setting in settings:
            look_up(setting, now, "setting of ConvStepper")
        if isinstance(name, str) and "image" in settings:
            settings["image"] = self._image(name)
        elif "image" in settings:
            own = checked_image(name)
            self._images, name = {**self._images, "yours": lambda: own}, "yours"
        self.walk, self._name = Walk(**{**now, **settings}), name
        self.scene, self.position = self._scene(), 0
        self.keep()

    def do_change(self, **settings):
        if settings.get("mode", "convolution") != "convolution":
            settings["dilation"] = 1  # pooling has none
        size = settings.pop("size", None)
        if size is not None:
            settings["kernel"] = resized(self.walk.kernel, size)
        try:
            self.change(**settings)
        finally:
            self.send_state("scene")  # a page whose wish was refused shows again what holds

    def do_go(self, position):
        self.position = position

    def _image(self, name):
        return look_up(name, self._images, "image of ConvStepper")()

    def _scene(self):
        """Plain data for the page."""
        walk = self.walk
        return dict(
            image=walk.image.round(4).tolist(), kernel=walk.kernel.tolist(), output=walk.output.tolist(),
            before=walk.before, after=walk.after, bias=walk.bias, mode=walk.mode, padding=walk.padding,
            stride=walk.stride, dilation=walk.dilation, name=self._name,
        )

    @traitlets.validate("position")
    def _inside(self, proposal):
        self.walk.stop(proposal["value"])
        return proposal["value"]

    @traitlets.observe("position")
    def _moved(self, change):
        if hasattr(self, "_places"):
            self.keep()

    def figure(self):
        """Return the input with its window, the kernel, and the output as far as it is filled, with the sum."""
        return twins.conv_stepper(self.walk, self.position)

    def summary(self):
        walk = self.walk
        (rows, columns), (height, width), (down, across) = walk.image.shape, walk.kernel.shape, walk.output.shape
        return (
            f"{walk.mode} of {rows} x {columns} by {height} x {width} gives {down} x {across}; "
            f"stop {self.position + 1} of {len(walk)}: {walk.sentence(*walk.stop(self.position))}"
        )


def resized(kernel, size):
    """The kernel cut or filled with zeros around its middle to size x size."""
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LARGEST_KERNEL:
        raise ValueError(f"ConvStepper: the kernel's size must be a whole number from 1 to 5; got {size!r}.")
    found = np.zeros((size, size), "float32")
    for row in range(size):
        for column in range(size):
            r, c = (at + (old - size) // 2 for at, old in zip((row, column), kernel.shape))
            if 0 <= r < kernel.shape[0] and 0 <= c < kernel.shape[1]:
                found[row, column] = kernel[r, c]
    return found
