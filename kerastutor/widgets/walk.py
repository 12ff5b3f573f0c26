"""A window walking over an array: where it stops, what it sees there, and the sum that makes one output value."""

import numpy as np

from kerastutor.keras import ops
from kerastutor.keras.naming import look_up

KERNELS = {
    "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "vertical edge": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
MODES = ("convolution", "max pooling", "average pooling")
LARGEST = 32  # rows and columns of the image
LARGEST_KERNEL = 5


class Walk:
    """One filter, or one pooling window, on one image: the output and every stop on the way to it.

    A stop (row, column) sees the image at row * stride - padding + dilation * (0 ... size - 1), columns likewise.

    Parameters
    ----------
    image : array, (rows, columns)
    kernel : array, (height, width)
        Of a pooling window only its size counts.
    bias : float
    mode : {"convolution", "max pooling", "average pooling"}
    padding : {"valid", "same"}
    stride, dilation : int

    Attributes
    ----------
    output : numpy.ndarray
        Computed by ``keras.ops.conv``, ``max_pool`` or ``average_pool``.

    Raises
    ------
    ValueError
        If the window does not fit into the image, or stride and dilation are both above 1, which Keras refuses.

    Examples
    --------
    >>> walk = Walk([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, 1]])
    >>> walk.output.tolist()
    [[6.0, 8.0], [12.0, 14.0]]
    >>> walk.sentence(1, 0)
    '4 × 1 + 5 × 0 + 7 × 0 + 8 × 1 = 12'

    Source: https://keras.io/api/layers/convolution_layers/convolution2d/
    """

    def __init__(self, image, kernel, bias=0.0, mode="convolution", padding="valid", stride=1, dilation=1):
        self.image, self.kernel = checked_image(image), checked_kernel(kernel)
        look_up(mode, dict.fromkeys(MODES), "mode of ConvStepper")
        look_up(padding, dict.fromkeys(("valid", "same")), "padding")
        for name, value in (("stride", stride), ("dilation", dilation)):
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_KERNEL:
                raise ValueError(f"ConvStepper: {name} must be a whole number from 1 to 5; got {value!r}.")
        if stride > 1 and dilation > 1:
            raise ValueError(f"ConvStepper: stride {stride} and dilation {dilation}: Keras allows only one above 1.")
        if dilation > 1 and mode != "convolution":
            raise ValueError(f"ConvStepper: dilation is {dilation}, but {mode} has no dilation in Keras: set it to 1.")
        if not np.isfinite(bias):
            raise ValueError(f"ConvStepper: the bias must be a finite number; got {bias!r}.")
        self.bias, self.mode, self.padding = float(bias), mode, padding
        self.stride, self.dilation = stride, dilation
        self.before = [self._padding(n, k)[0] for n, k in zip(self.image.shape, self.kernel.shape, strict=True)]
        self.after = [self._padding(n, k)[1] for n, k in zip(self.image.shape, self.kernel.shape, strict=True)]
        self._check_fit()
        self.output = self._run()

    def _padding(self, n, k):
        """Zeros before and after n values: with "same" as many as make ceil(n / stride) stops."""
        if self.padding == "valid":
            return 0, 0
        reach = (k - 1) * self.dilation + 1
        total = max((-(-n // self.stride) - 1) * self.stride + reach - n, 0)
        return total // 2, total - total // 2

    def _check_fit(self):
        reach = [(k - 1) * self.dilation + 1 for k in self.kernel.shape]
        room = [n + a + b for n, a, b in zip(self.image.shape, self.before, self.after, strict=True)]
        if reach[0] > room[0] or reach[1] > room[1]:
            raise ValueError(
                f"ConvStepper: a window that reaches over {reach[0]} x {reach[1]} does not fit into an image of "
                f"{self.image.shape[0]} x {self.image.shape[1]}: take a smaller kernel or dilation, or padding='same'."
            )

    def _run(self):
        x = self.image[None, :, :, None]
        if self.mode == "convolution":
            kernel = self.kernel[:, :, None, None]
            y = ops.conv(x, kernel, strides=self.stride, padding=self.padding, dilation_rate=self.dilation)
            return np.asarray(y)[0, :, :, 0] + np.float32(self.bias)
        pool = ops.max_pool if self.mode == "max pooling" else ops.average_pool
        return np.asarray(pool(x, self.kernel.shape, strides=self.stride, padding=self.padding))[0, :, :, 0]

    def __len__(self):
        """How many stops there are."""
        return self.output.size

    def stop(self, position):
        """The (row, column) of the output that a stop fills, counted from 0 along the rows."""
        if not 0 <= position < len(self):
            raise ValueError(f"ConvStepper: position must be from 0 to {len(self) - 1}; got {position!r}.")
        return divmod(position, self.output.shape[1])

    def window(self, row, column):
        """What the window sees at a stop, (height, width); NaN in the padding."""
        padded = np.pad(self.image, list(zip(self.before, self.after, strict=True)), constant_values=np.nan)
        top, left = row * self.stride, column * self.stride
        height, width = ((k - 1) * self.dilation + 1 for k in self.kernel.shape)
        return padded[top : top + height : self.dilation, left : left + width : self.dilation]

    def sentence(self, row, column):
        """The sum, or the choice, at a stop, written out."""
        seen, result = self.window(row, column), short(self.output[row, column])
        if self.mode == "convolution":
            pairs = zip(np.nan_to_num(seen).ravel(), self.kernel.ravel(), strict=True)
            terms = [f"{short(x)} × {signed(w)}" for x, w in pairs]
            return " + ".join(terms + ([signed(self.bias)] if self.bias else [])) + f" = {result}"
        values = [short(x) for x in seen.ravel() if not np.isnan(x)]
        if self.mode == "max pooling":
            return f"max({', '.join(values)}) = {result}"
        return f"({' + '.join(values)}) / {len(values)} = {result}"


def checked_image(image):
    image = np.asarray(image)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    if image.ndim != 2 or image.dtype.kind not in "fiub" or not image.size:
        raise ValueError(
            f"ConvStepper: the image must be numbers of shape (rows, columns); got {image.dtype} of shape "
            f"{image.shape}. Take one image and one channel: x[0, :, :, 0]."
        )
    if max(image.shape) > LARGEST:
        raise ValueError(
            f"ConvStepper: the image may have {LARGEST} rows and columns at most, or the numbers can't be read; got "
            f"{image.shape[0]} x {image.shape[1]}. Take a part: image[:{LARGEST}, :{LARGEST}]."
        )
    if not np.isfinite(image).all():
        raise ValueError("ConvStepper: the image holds NaN or infinity.")
    return image.astype("float32")


def checked_kernel(kernel):
    if isinstance(kernel, str):
        kernel = look_up(kernel, KERNELS, "kernel of ConvStepper")
    kernel = np.asarray(kernel)
    if kernel.ndim == 4 and kernel.shape[2:] == (1, 1):
        kernel = kernel[:, :, 0, 0]
    if kernel.ndim != 2 or kernel.dtype.kind not in "fiub" or not 1 <= min(kernel.shape, default=0):
        raise ValueError(
            f"ConvStepper: the kernel must be numbers of shape (height, width); got {kernel.dtype} of shape "
            f"{kernel.shape}. Of a Conv2D layer take one filter on one channel: layer.kernel[:, :, 0, 0]."
        )
    if max(kernel.shape) > LARGEST_KERNEL:
        raise ValueError(f"ConvStepper: the kernel may be 5 x 5 at most; got {kernel.shape[0]} x {kernel.shape[1]}.")
    if not np.isfinite(kernel).all():
        raise ValueError("ConvStepper: the kernel holds NaN or infinity.")
    return kernel.astype("float32")


def short(value):
    """A number in at most four digits, as a person writes it: 0.1111, 12, −3.5."""
    return f"{value + 0.0:.4g}".replace("-", "−")  # + 0.0: zero has no sign


def signed(value):
    """The same, in brackets where it is negative."""
    return f"({short(value)})" if value < 0 else short(value)
