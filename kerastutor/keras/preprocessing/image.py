"""Pictures and arrays. Source: https://keras.io/api/data_loading/image/"""

from ..utils.images import array_to_img, img_to_array, load_img, save_img, smart_resize
from .older import what_to_write_today

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"]

LAYERS = "the layers RandomFlip, RandomRotation, RandomZoom and RandomTranslation"
__getattr__ = what_to_write_today(__name__, {
    "ImageDataGenerator": f"keras.utils.image_dataset_from_directory for folders, and {LAYERS} for changing pictures",
    "DirectoryIterator": "keras.utils.image_dataset_from_directory",
    **dict.fromkeys(["random_rotation", "random_shift", "random_zoom", "apply_affine_transform"], LAYERS),
})
