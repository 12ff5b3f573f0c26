"""scikit-learn's MLPClassifier. It has no rmsprop (adam instead) and reports no accuracy."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore", ConvergenceWarning)


class Trainer:
    def __init__(self, workload, x, y):
        if any(name != "Dense" for name, _ in workload.layers):
            raise NotImplementedError("scikit-learn trains dense layers only")
        self.x, self.y = x, y[:, 0] if y.shape[1] == 1 else y.argmax(1)
        sgd = workload.optimizer == "sgd"
        self.model = MLPClassifier(
            tuple(options["units"] for _, options in workload.layers[:-1]),
            solver="sgd" if sgd else "adam", learning_rate_init=0.01 if sgd else 1e-3, momentum=0.0,
            alpha=0.0, batch_size=workload.batch, max_iter=workload.epochs, tol=0.0, n_iter_no_change=10**6,
        )  # fmt: skip

    def fit(self):
        self.model.fit(self.x, self.y)
        return self.model.loss_, None

    def predict(self):
        if not hasattr(self.model, "coefs_"):  # it can't predict before it has seen every class
            self.model.partial_fit(self.x[:1000], self.y[:1000], classes=np.unique(self.y))
        size = self.model.batch_size
        return np.concatenate([self.model.predict_proba(self.x[i : i + size]) for i in range(0, len(self.x), size)])
