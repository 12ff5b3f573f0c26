"""One case for each metric, each of its main arguments, and each kind of shape that it takes.

    Case("Accuracy", classes("int32"), classes("float32"))     its class; what draws n targets, and n predictions
    Case("Precision", ..., thresholds=[0.2, 0.7])              its arguments
    Case("IoU", ..., weights=each_pixel)                       weights that are not one a sample
    Case(..., slow=True)                                       real Keras needs a second or more
"""

import numpy as np

K = 6


def numbers(rng, n):
    return rng.normal(0, 2, (n, K)).astype("float32")


def shares(rng, n):
    return rng.uniform(0.02, 0.98, (n, K)).astype("float32")


def hundredths(rng, n):
    """Round numbers, the ends included, which lie on round thresholds."""
    return (rng.integers(0, 101, (n, K)) / 100).astype("float32")


def often_nothing(rng, n):
    """Some rows are all zeros: none is the largest."""
    return shares(rng, n) * (rng.random((n, 1)) < 0.5).astype("float32")


def zeros_and_ones(rng, n):
    return rng.integers(0, 2, (n, K)).astype("float32")


def distributions(rng, n):
    p = shares(rng, n)
    return p / p.sum(-1, keepdims=True)


def one_hot(rng, n):
    return np.eye(K, dtype="float32")[rng.integers(0, K, n)]


def sorted_ids(rng, n):
    """Class numbers from the likeliest on."""
    return np.stack([rng.permutation(K) for _ in range(n)]).astype("float32")


def classes(dtype, *last, k=K):
    return lambda rng, n: rng.integers(0, k, (n, *last)).astype(dtype)


def column(draw, *last):
    """The first column of `draw`, of shape (n, *last)."""
    return lambda rng, n: draw(rng, n)[:, 0].reshape(n, *last)


def steps(draw):
    """Three time steps of `draw`: (n, 3, ...)."""
    return lambda rng, n: draw(rng, 3 * n).reshape(n, 3, *draw(rng, 1).shape[1:])


def each_sample(rng, y):
    return rng.uniform(0, 2, len(y)).astype("float32")


def each_pixel(rng, y):
    return rng.uniform(0, 2, y.shape).astype("float32")


def whole(rng, y):
    return rng.integers(0, 4, y.shape).astype("int32")


def of_one_column(rng, y):
    return rng.uniform(0, 2, (len(y), 1)).astype("float32")


class Case:
    def __init__(self, name, targets, predictions, weights=each_sample, slow=False, **options):
        self.name, self.targets, self.predictions, self.weights = name, targets, predictions, weights
        self.slow, self.options = slow, options

    def make(self, metrics):
        """The metric, of real Keras or of ours."""
        return getattr(metrics, self.name)(**self.options)

    def batch(self, rng, n):
        """Targets, predictions and weights of n samples."""
        y = self.targets(rng, n)
        return y, self.predictions(rng, n), self.weights(rng, y)

    def __repr__(self):
        return f"{self.name}({', '.join(f'{k}={v}' for k, v in self.options.items())})"


CASES = [
    Case("Accuracy", classes("int32"), classes("float32")),
    Case("Accuracy", classes("int32", 1), classes("int32")),
    Case("BinaryAccuracy", zeros_and_ones, shares),
    Case("BinaryAccuracy", column(zeros_and_ones), column(shares, 1)),
    Case("BinaryAccuracy", column(zeros_and_ones, 1), column(shares, 1), threshold=0.3),
    Case("BinaryAccuracy", column(zeros_and_ones), column(shares)),
    Case("BinaryAccuracy", steps(zeros_and_ones), steps(shares)),
    Case("CategoricalAccuracy", one_hot, distributions),
    Case("CategoricalAccuracy", steps(one_hot), steps(distributions)),
    Case("SparseCategoricalAccuracy", classes("int64"), distributions),
    Case("SparseCategoricalAccuracy", classes("float32"), distributions),
    Case("SparseCategoricalAccuracy", classes("uint8", 1), distributions),
    Case("SparseCategoricalAccuracy", steps(classes("int32")), steps(distributions)),
    Case("TopKCategoricalAccuracy", one_hot, distributions, k=2),
    Case("TopKCategoricalAccuracy", one_hot, distributions),
    Case("SparseTopKCategoricalAccuracy", classes("int32"), distributions, k=3),
    Case("SparseTopKCategoricalAccuracy", steps(classes("int32")), steps(distributions), k=3),
    Case("MeanSquaredError", numbers, numbers),
    Case("MeanSquaredError", column(numbers), column(numbers, 1)),
    Case("MeanSquaredError", column(numbers, 1), column(numbers)),
    Case("MeanSquaredError", steps(numbers), steps(numbers)),
    Case("RootMeanSquaredError", numbers, numbers),
    Case("RootMeanSquaredError", column(numbers), column(numbers, 1)),
    Case("MeanAbsoluteError", numbers, numbers),
    Case("MeanAbsolutePercentageError", numbers, numbers),
    Case("MeanSquaredLogarithmicError", shares, shares),
    Case("LogCoshError", numbers, numbers),
    Case("CosineSimilarity", numbers, numbers),
    Case("R2Score", numbers, numbers),
    Case("R2Score", numbers, numbers, class_aggregation="variance_weighted_average"),
    Case("R2Score", numbers, numbers, class_aggregation=None, num_regressors=2),
    Case("R2Score", column(numbers, 1), column(numbers, 1)),
    Case("BinaryCrossentropy", zeros_and_ones, shares),
    Case("BinaryCrossentropy", zeros_and_ones, numbers, from_logits=True, label_smoothing=0.1),
    Case("CategoricalCrossentropy", one_hot, distributions),
    Case("SparseCategoricalCrossentropy", classes("int32"), distributions),
    Case("KLDivergence", distributions, distributions),
    Case("Poisson", shares, shares),
    Case("Hinge", zeros_and_ones, numbers),
    Case("SquaredHinge", zeros_and_ones, numbers),
    Case("CategoricalHinge", one_hot, numbers),
    Case("Precision", zeros_and_ones, shares),
    Case("Precision", column(zeros_and_ones), column(shares, 1)),
    Case("Precision", zeros_and_ones, shares, thresholds=[0.2, 0.7]),
    Case("Precision", zeros_and_ones, shares, class_id=2),
    Case("Recall", zeros_and_ones, shares),
    Case("Recall", column(zeros_and_ones, 1), column(shares, 1), thresholds=[0.0, 0.5, 1.0]),
    Case("TruePositives", zeros_and_ones, shares),
    Case("FalsePositives", zeros_and_ones, shares, thresholds=0.2),
    Case("TrueNegatives", zeros_and_ones, shares, thresholds=[0.2, 0.4]),
    Case("FalseNegatives", column(zeros_and_ones), column(shares)),
    Case("TopKCategoricalAccuracy", steps(one_hot), steps(distributions), k=2),
    Case("SparseTopKCategoricalAccuracy", classes("int32"), sorted_ids, k=3, from_sorted_ids=True),
    Case("CosineSimilarity", numbers, numbers, axis=0, weights=lambda rng, y: each_sample(rng, y[0])),
    Case("SparseCategoricalCrossentropy", classes("int32"), numbers, from_logits=True, ignore_class=2),
    Case("CategoricalCrossentropy", one_hot, numbers, from_logits=True, label_smoothing=0.1),
    Case("PearsonCorrelation", numbers, numbers),
    Case("PearsonCorrelation", numbers, shares, axis=0, weights=lambda rng, y: each_sample(rng, y[0])),
    Case("ConcordanceCorrelation", numbers, numbers),
    Case("ConcordanceCorrelation", numbers, shares, axis=0, weights=lambda rng, y: each_sample(rng, y[0])),
    Case("Precision", zeros_and_ones, shares, thresholds=[0.7, 0.2, 0.4]),
    Case("Precision", zeros_and_ones, hundredths, thresholds=[0, 0.25, 0.5, 0.75, 1], slow=True),
    Case("Precision", zeros_and_ones, numbers, thresholds=[0.5, 1.0]),
    Case("Precision", zeros_and_ones, hundredths, top_k=2),
    Case("Precision", zeros_and_ones, hundredths, top_k=3, thresholds=0.4, class_id=1),
    Case("Recall", steps(zeros_and_ones), steps(hundredths), top_k=2, weights=lambda rng, y: np.float32(1.5)),
    Case("Recall", one_hot, distributions, top_k=2, class_id=-1, slow=True),
    Case("TruePositives", zeros_and_ones, numbers, thresholds=[0, 0.5, 1]),
    Case("FalseNegatives", zeros_and_ones, hundredths, thresholds=[i / 100 for i in range(101)],
         weights=lambda rng, y: whole(rng, y[:, 0])),
    Case("SensitivityAtSpecificity", column(zeros_and_ones), column(shares), specificity=0.5),
    Case("SensitivityAtSpecificity", zeros_and_ones, hundredths, specificity=0.8, num_thresholds=101, class_id=1),
    Case("SensitivityAtSpecificity", zeros_and_ones, shares, specificity=0.4, num_thresholds=1),
    Case("SpecificityAtSensitivity", zeros_and_ones, shares, sensitivity=0.6),
    Case("SpecificityAtSensitivity", zeros_and_ones, numbers, sensitivity=0.6, num_thresholds=2, slow=True),
    Case("PrecisionAtRecall", zeros_and_ones, shares, recall=0.5),
    Case("RecallAtPrecision", zeros_and_ones, shares, precision=0.6, num_thresholds=50),
    Case("AUC", zeros_and_ones, shares),
    Case("AUC", column(zeros_and_ones), column(shares, 1)),
    Case("AUC", column(zeros_and_ones, 1), column(hundredths, 1), num_thresholds=101),
    Case("AUC", zeros_and_ones, numbers, slow=True),
    Case("AUC", zeros_and_ones, numbers, from_logits=True),
    Case("AUC", zeros_and_ones, shares, curve="PR"),
    Case("AUC", zeros_and_ones, shares, curve="PRGAIN"),
    *(Case("AUC", zeros_and_ones, shares, curve=curve, summation_method=method, num_thresholds=20, slow=True)
      for curve in ("ROC", "PR", "PRGAIN") for method in ("minoring", "majoring")),
    Case("AUC", zeros_and_ones, hundredths, thresholds=[0.8, 0.1, 0.25, 0.5], slow=True),
    Case("AUC", zeros_and_ones, numbers, thresholds=[0.3, 0.7]),
    Case("AUC", zeros_and_ones, hundredths, thresholds=[0.2, 0.4, 0.6, 0.8], slow=True),
    Case("AUC", zeros_and_ones, shares, num_thresholds=2, slow=True),
    Case("AUC", zeros_and_ones, shares, multi_label=True, slow=True),
    Case("AUC", zeros_and_ones, shares, multi_label=True, num_labels=K, label_weights=[1, 2, 0.5, 1, 0, 3]),
    Case("AUC", zeros_and_ones, shares, multi_label=True, curve="PR", num_thresholds=30, weights=of_one_column,
         slow=True),
    Case("AUC", zeros_and_ones, shares, multi_label=True, thresholds=[0.2, 0.7], slow=True),
    Case("AUC", zeros_and_ones, shares, label_weights=[1, 2, 0.5, 1, 0, 3]),
    Case("F1Score", one_hot, distributions),
    Case("F1Score", one_hot, often_nothing),
    Case("F1Score", zeros_and_ones, shares, threshold=0.4),
    Case("F1Score", one_hot, distributions, average="macro"),
    Case("F1Score", column(zeros_and_ones, 1), column(shares, 1), threshold=0.5),
    Case("FBetaScore", zeros_and_ones, shares, average="micro", beta=2.0, threshold=0.6),
    Case("FBetaScore", one_hot, distributions, average="weighted", beta=0.5),
    Case("IoU", classes("int32", k=3), classes("int32", k=3), num_classes=3, target_class_ids=[0, 2], weights=whole),
    Case("IoU", classes("int32", 4, 4, k=5), classes("float32", 4, 4, k=5), num_classes=4, target_class_ids=[1],
         weights=each_pixel, dtype="float32", slow=True),
    Case("IoU", one_hot, distributions, num_classes=K, target_class_ids=[1, 2], sparse_y_true=False,
         sparse_y_pred=False, weights=lambda rng, y: whole(rng, y[:, 0]), slow=True),
    Case("MeanIoU", classes("int32", 4, 4, k=3), classes("int32", 4, 4, k=3), num_classes=3, weights=whole),
    Case("MeanIoU", classes("int32", 4, k=3), classes("int32", 4, k=3), num_classes=4, ignore_class=1, weights=whole,
         slow=True),
    Case("MeanIoU", classes("int32", 3), steps(distributions), num_classes=K, sparse_y_pred=False, weights=whole,
         slow=True),
    Case("BinaryIoU", zeros_and_ones, shares, weights=whole),
    Case("BinaryIoU", zeros_and_ones, hundredths, target_class_ids=[1], threshold=0.25, weights=whole, slow=True),
    Case("OneHotIoU", steps(one_hot), steps(distributions), num_classes=K, target_class_ids=[0, 3], ignore_class=2,
         weights=lambda rng, y: whole(rng, y[..., 0])),
    Case("OneHotMeanIoU", one_hot, classes("int32"), num_classes=K, sparse_y_pred=True,
         weights=lambda rng, y: whole(rng, y[:, 0])),
]
