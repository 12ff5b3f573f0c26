"""Names under which older code finds what is in `keras.utils` today."""

from . import image, sequence

__all__ = ["image", "sequence"]
