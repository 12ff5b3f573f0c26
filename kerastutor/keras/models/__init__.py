"""Models. Source: https://keras.io/api/models/"""

from .model import Model
from .sequential import Sequential
