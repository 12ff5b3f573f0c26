"""Models as estimators of scikit-learn. Source: https://keras.io/api/wrappers/sklearn_wrapper/"""

from .estimators import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer

__all__ = ["SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer"]
