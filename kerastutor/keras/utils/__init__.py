"""Tools around models. Source: https://keras.io/api/utils/"""

from .numerical import normalize, to_categorical
from .progbar import Progbar
from .seeding import clear_session, set_random_seed

__all__ = ["Progbar", "clear_session", "normalize", "set_random_seed", "to_categorical"]
