"""Models. Source: https://keras.io/api/models/"""

from ..saving import load_model, save_model
from .cloning import clone_model, model_from_json
from .functional import Functional
from .model import Model
from .sequential import Sequential
