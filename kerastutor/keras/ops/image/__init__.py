"""Images: (rows, columns, channels) or a batch of such. Source: https://keras.io/api/ops/image/"""

from .colours import hsv_to_rgb, rgb_to_grayscale, rgb_to_hsv
from .filters import gaussian_blur, sobel_edges
from .geometry import FILL_MODES, affine_transform, aspect_window, crop, resize
from .windows import crop_images, extract_patches, extract_patches_3d, pad_images
