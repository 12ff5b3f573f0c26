"""SKLearnClassifier, SKLearnRegressor and SKLearnTransformer: scikit-learn's words around a model.

Source: https://keras.io/api/wrappers/sklearn_wrapper/, https://scikit-learn.org/stable/developers/develop.html
"""

import copy

import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from ..models import Model, clone_model


class Estimator(BaseEstimator):
    """What the three have in common: `fit` makes a model and trains it, `predict` asks it."""

    def __init__(self, model, warm_start=False, model_kwargs=None, fit_kwargs=None):
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def fit(self, X, y, **kwargs):
        """Train a new model on X and y; with `warm_start` train on.

        Parameters
        ----------
        X : array_like
            (n, features)
        y : array_like
            (n,); the model sees it as (n, 1), a classifier's as (n, classes), one-hot.
        **kwargs
            For the model's `fit`; they go before `fit_kwargs`.

        Raises
        ------
        RuntimeError
            If the model is not compiled.
        ValueError
            If X and y are nothing to learn from.
        """
        X, y = validate_data(self, X, y)
        y = self._encoded(y)
        model = self._new_model(X, y)
        if not isinstance(model, Model):
            raise TypeError(f"{type(self).__name__}: `model` must be a model, or a function of X and y (and of what "
                            f"`model_kwargs` names) that returns one; got {type(model).__name__}.")
        if not model.compiled or not model.loss or not model.optimizer:
            raise RuntimeError(f"{type(self).__name__}: model {model.name!r} must be compiled with a loss and an "
                               "optimizer: call model.compile(...) before, or in the function that makes it.")
        self.history_ = model.fit(X, y, **{**(self.fit_kwargs or {}), **kwargs})
        self.model_ = model
        return self

    def predict(self, X):
        """What the model says of each row of X, as `y` was written."""
        return self._decoded(self._outputs(X))

    def _outputs(self, X):
        check_is_fitted(self)
        verbose = (self.fit_kwargs or {}).get("verbose", "auto")  # who wants a quiet `fit` wants a quiet score
        return self.model_.predict(validate_data(self, X, reset=False), verbose=verbose)

    def _new_model(self, X, y):
        if self.warm_start and hasattr(self, "model_"):
            return self.model_
        if isinstance(self.model, Model):
            return self.model if self.warm_start else clone_model(self.model)
        return self.model(X=X, y=y, **(self.model_kwargs or {}))

    def _encoded(self, y):
        """Targets as the model sees them."""
        type_of_target(y, raise_unknown=True)
        return y.reshape(-1, 1)

    def _decoded(self, outputs):
        """What the model gave, in the form of the targets."""
        return outputs.squeeze(axis=1) if outputs.ndim == 2 else outputs

    @property
    def epoch_(self):
        """How many epochs the last `fit` took."""
        return len(self.history_.epoch) if hasattr(self, "history_") else 0

    def set_fit_request(self, **kwargs):
        """Which metadata `fit` wants from scikit-learn's routing, as sample_weight=True."""
        if not sklearn.get_config()["enable_metadata_routing"]:
            raise RuntimeError("set_fit_request: call sklearn.set_config(enable_metadata_routing=True) before.")
        request = self._get_metadata_request()
        for name, alias in kwargs.items():
            request.fit.add_request(param=name, alias=alias)
        self._metadata_request = request
        return self

    def __sklearn_clone__(self):
        """An untrained copy with the same parameters. A model that `warm_start` would train is copied too."""
        parameters = self.get_params(deep=False)
        if self.warm_start and isinstance(self.model, Model):
            parameters["model"] = copy.deepcopy(self.model)
        return type(self)(**parameters)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


class SKLearnClassifier(ClassifierMixin, Estimator):
    """A model as a classifier of scikit-learn. It is trained on one-hot targets: use categorical_crossentropy.

    Parameters
    ----------
    model : Model or callable
        A compiled model, of which each `fit` trains a copy with new weights; or a function of X, y (one-hot) and
        `model_kwargs` that returns a compiled model.
    warm_start : bool
        Train the model itself, and on from where the last `fit` ended.
    model_kwargs : dict, optional
        More arguments for the function.
    fit_kwargs : dict, optional
        Arguments for the model's `fit`, as epochs.

    Attributes
    ----------
    model_ : Model
        The trained model.
    history_ : History
        What its `fit` returned.
    classes_ : numpy.ndarray
        The labels.

    Examples
    --------
    >>> from kerastutor import keras
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> def net(X, y, units=8):
    ...     model = keras.Sequential([keras.Input(X.shape[1:]), keras.layers.Dense(units, "relu"),
    ...                               keras.layers.Dense(y.shape[1], "softmax")])
    ...     model.compile("adam", "categorical_crossentropy")
    ...     return model
    >>> classifier = keras.wrappers.SKLearnClassifier(net, model_kwargs={"units": 16}, fit_kwargs={"verbose": 0})
    >>> cross_val_score(classifier, *load_iris(return_X_y=True), cv=3).shape
    (3,)

    Source: https://keras.io/api/wrappers/sklearn_wrapper/
    """

    def decision_function(self, X):
        """What the model gives for each row of X, one number a class."""
        return self._outputs(X)

    def _encoded(self, y):
        kind = type_of_target(y, raise_unknown=True)
        if kind not in ("binary", "multiclass"):
            raise ValueError(f"Only binary and multiclass target types are supported. Target type: {kind}")
        encoder = OneHotEncoder(sparse_output=False).fit(y.reshape(-1, 1))
        (classes,) = encoder.categories_
        if len(classes) == 1:
            raise ValueError("Classifier can't train when only one class is present.")
        self._target_encoder, self.classes_ = encoder, classes
        return encoder.transform(y.reshape(-1, 1))

    def _decoded(self, outputs):
        return self._target_encoder.inverse_transform(outputs)[:, 0]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags


class SKLearnRegressor(RegressorMixin, Estimator):
    """A model as a regressor of scikit-learn. It is trained on targets of shape (n, 1).

    Parameters
    ----------
    model, warm_start, model_kwargs, fit_kwargs
        As of SKLearnClassifier.

    Attributes
    ----------
    model_ : Model
    history_ : History

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile("adam", "mse")
    >>> line = keras.wrappers.SKLearnRegressor(model, fit_kwargs={"verbose": 0})
    >>> line.fit(np.ones((4, 1)), np.ones(4)).model_.count_params()
    2

    Source: https://keras.io/api/wrappers/sklearn_wrapper/
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        return tags


class SKLearnTransformer(TransformerMixin, Estimator):
    """A model as a step of a pipeline, which turns X into what the model gives; no transformer of attention.

    Parameters
    ----------
    model, warm_start, model_kwargs, fit_kwargs
        As of SKLearnClassifier.

    Attributes
    ----------
    model_ : Model
    history_ : History

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    >>> model.compile("adam", "mse")
    >>> squeeze = keras.wrappers.SKLearnTransformer(model, fit_kwargs={"verbose": 0})
    >>> squeeze.fit(np.ones((4, 3)), np.ones(4)).model_.output_shape
    (None, 1)

    Source: https://keras.io/api/wrappers/sklearn_wrapper/
    """

    def transform(self, X):
        """What the model gives for each row of X."""
        return self._outputs(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags
