"""Parts, colours and edges of images; resizing and warping are in test_preprocessing_images.py."""

from .case import Case, positive, share


def image(name, *inputs, **options):
    """A case of `ops.image.name`."""
    return Case(f"image.{name}", *inputs, by=lambda ops, x, **given: getattr(ops.image, name)(x, **given), **options)


FIRST = dict(data_format="channels_first")

CASES = [
    image("extract_patches", (2, 5, 6, 2), size=2),
    image("extract_patches", (2, 5, 6, 2), size=(3, 2), strides=(1, 2)),
    image("extract_patches", (1, 2, 5, 6), size=2, **FIRST),
    image("extract_patches", (5, 6, 2), size=3, padding="same"),
    image("extract_patches", (1, 7, 6, 1), size=2, strides=1, dilation_rate=2),
    image("extract_patches", (1, 4, 5, 4, 2), size=(2, 3, 2)),
    image("extract_patches_3d", (4, 3, 4, 1), size=2, strides=1),
    image("crop_images", (2, 5, 6, 2), top_cropping=1, bottom_cropping=2, left_cropping=0, target_width=4),
    image("crop_images", (2, 5, 6), bottom_cropping=1, target_height=3, right_cropping=2, left_cropping=1, **FIRST),
    image("pad_images", (2, 5, 6, 2), top_padding=1, bottom_padding=2, left_padding=0, target_width=8),
    image("pad_images", (2, 5, 6), bottom_padding=1, target_height=9, right_padding=2, left_padding=1, **FIRST),
    image("rgb_to_hsv", share(2, 4, 5, 3)),
    image("rgb_to_hsv", share(3, 4, 5), **FIRST),
    image("hsv_to_rgb", share(2, 4, 5, 3)),
    image("hsv_to_rgb", share(3, 4, 5), **FIRST),
    image("gaussian_blur", (2, 6, 5, 2), data_format="channels_last"),  # Keras takes None for channels first
    image("gaussian_blur", (2, 6, 5), kernel_size=(3, 5), sigma=(0.7, 2.0), **FIRST),
    image("sobel_edges", positive(2, 5, 4, 3)),
    image("sobel_edges", positive(2, 3, 5, 4), **FIRST),
]
