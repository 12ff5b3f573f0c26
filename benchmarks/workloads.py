"""The work that is measured: plain descriptions that every peer reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .data import boards, characters, digits, images, made_digits, made_images, reviews, table
from .targets import of_blas, of_fused, of_keras, of_keras_jax, of_peer, of_pytorch, of_unfused


@dataclass(frozen=True)
class Workload:
    """One job: everything a peer needs to do the same work.

    ``layers`` holds pairs (Keras layer name, its arguments); optimizer and loss are Keras's names, with Keras's
    defaults. ``data(n)`` gives x, y and where they come from. Where ``whole`` is given, the title speaks of that
    many samples, of which only ``samples`` are worked on, and the seconds are told for the whole.
    """

    name: str
    title: str
    data: Callable
    layers: tuple
    optimizer: str
    loss: str
    batch: int
    samples: int
    whole: int | None = None
    epochs: int = 1
    task: str = "fit"  # or "predict"
    targets: tuple = ()

    @property
    def scale(self):
        """What the seconds of the samples are multiplied by."""
        return (self.whole or self.samples) / self.samples

    def only(self, samples):
        """The same with at most so many samples."""
        samples = min(samples, self.samples)
        return self if samples == self.samples else replace(self, samples=samples, whole=self.whole or self.samples)


CATEGORICAL, BINARY = "categorical_crossentropy", "binary_crossentropy"


def dense(units, activation):
    return "Dense", {"units": units, "activation": activation}


def cnn(filters=32, normalized=False):
    convolution = "Conv2D", {"filters": filters, "kernel_size": 3, "activation": "relu"}
    block = (convolution, ("BatchNormalization", {})) if normalized else (convolution,)
    return (
        *block, *block, ("MaxPooling2D", {"pool_size": 2}), ("Dropout", {"rate": 0.25}), ("Flatten", {}),
        dense(128, "relu"), ("Dropout", {"rate": 0.5}), dense(10, "softmax"),
    )  # fmt: skip


def on_tokens(words, width, recurrent):
    return ("Embedding", {"input_dim": words, "output_dim": width}), recurrent, dense(1, "sigmoid")


def tiny(name, title, data, layers, optimizer, loss, batch, samples, epochs):
    targets = of_keras(0.15), of_keras(0.12)
    return Workload(name, title, data, layers, optimizer, loss, batch, samples, epochs=epochs, targets=targets)


def digit_images(name, batch, layers, more="", targets=()):
    net = f"CNN: Conv32 3×3 – Conv32 3×3 – MaxPool – Dropout – Dense128 – Dropout – Dense10{more}"
    title = f"{net}, adam, batch {batch}, 60,000 digits of 28×28, 1 epoch"
    return Workload(name, title, images, layers, "adam", CATEGORICAL, batch, 6000, 60_000, targets=targets)


def texts(name, title, recurrent, most):
    title = f"Embedding(5000, 50) – {title} – Dense1, adam, batch 128, 25,000 texts of 400 tokens, 1 epoch"
    return Workload(
        name, title, reviews(5000, 400), on_tokens(5000, 50, recurrent), "adam", BINARY, 128, 2560, 25_000,
        targets=(of_peer(most),),
    )  # fmt: skip


LSTM, GRU, SIMPLE = (("LSTM", {"units": 32}), ("GRU", {"units": 32}), ("SimpleRNN", {"units": 32}))
CNN_TARGETS = of_peer(0.65), of_blas(0.65)

MLP = Workload(
    "mlp", "MLP 784–512–10, relu and softmax, rmsprop, batch 128, 60,000 digits, 1 epoch", digits,
    (dense(512, "relu"), dense(10, "softmax")), "rmsprop", CATEGORICAL, 128, 60_000,
    targets=(of_keras(0.65), of_peer(0.62), of_blas(0.75)),
)  # fmt: skip
CNN = digit_images("cnn-128", 128, cnn(), targets=CNN_TARGETS)
LSTM_A = texts("lstm-a", "LSTM 32", LSTM, 0.33)

WORKLOADS = (
    MLP,
    tiny("tiny-boards", "27–32–16–1, adam, batch 32, 958 boards, 100 epochs", boards,
         (dense(32, "relu"), dense(16, "relu"), dense(1, "sigmoid")), "adam", BINARY, 32, 958, 100),
    tiny("tiny-table", "32–16–5, adam, batch 128, 5,000 rows, 10 epochs", table(32, 5),
         (dense(16, "relu"), dense(5, "softmax")), "adam", CATEGORICAL, 128, 5000, 10),
    tiny("tiny-softmax-32", "93–9 softmax, sgd, batch 32, 61,878 rows, 1 epoch", table(93, 9),
         (dense(9, "softmax"),), "sgd", CATEGORICAL, 32, 61_878, 1),
    tiny("tiny-softmax-128", "93–9 softmax, sgd, batch 128, 61,878 rows, 1 epoch", table(93, 9),
         (dense(9, "softmax"),), "sgd", CATEGORICAL, 128, 61_878, 1),
    digit_images("cnn-32", 32, cnn(), targets=CNN_TARGETS),
    CNN,
    digit_images("cnn-bn-128", 128, cnn(normalized=True), ", BatchNormalization after each convolution"),
    LSTM_A,
    texts("gru-a", "GRU 32", GRU, 0.45),
    texts("rnn-a", "SimpleRNN 32", SIMPLE, 0.45),
    texts("bidirectional-a", "Bidirectional(LSTM 32)", ("Bidirectional", {"layer": LSTM}), 0.45),
    Workload("lstm-b",
             "Embedding(1000, 128) – LSTM 128 – Dense1, adam, batch 1000, 25,000 texts of 100 tokens, 1 epoch",
             reviews(1000, 100), on_tokens(1000, 128, ("LSTM", {"units": 128})), "adam", BINARY, 1000, 4000, 25_000,
             targets=(of_peer(0.45), of_blas(0.5))),
    Workload("lstm-char",
             "LSTM 128 – Dense60 softmax, rmsprop, batch 128, 20,000 windows of 40 one-hot letters, 1 epoch",
             characters, (("LSTM", {"units": 128}), dense(60, "softmax")), "rmsprop", CATEGORICAL, 128, 5120, 20_000,
             targets=(of_peer(0.45),)),
    replace(MLP, name="predict-mlp", title="predict of the mlp, batch 32, 10,000 digits", batch=32, samples=10_000,
            task="predict", targets=()),
    replace(CNN, name="predict-cnn", title="predict of the CNN, batch 32, 10,000 digits", batch=32, samples=10_000,
            whole=None, task="predict", targets=()),
    replace(LSTM_A, name="predict-lstm", title="predict of lstm-a, batch 32, 10,000 texts", batch=32, samples=2500,
            whole=10_000, task="predict", targets=()),
)  # fmt: skip

# A fresh process up to its first fit: of ten batches, where what comes before the training is all that is asked for.
STARTS = (
    replace(MLP, name="startup-mlp"),
    replace(CNN, name="startup-cnn", samples=1280),
    replace(LSTM_A, name="startup-lstm", samples=1280),
)


@dataclass(frozen=True)
class Growth:
    """How the time of a sample grows: the same workload with one number changed from step to step."""

    name: str
    title: str
    steps: dict  # that number -> Workload

    def only(self, samples):
        return replace(self, steps={number: step.only(samples) for number, step in self.steps.items()})


def growth(name, title, numbers, change):
    steps = {number: replace(change(number), name=f"{name}-{number}", whole=None) for number in numbers}
    return Growth(name, title, steps)


BATCHES, LENGTHS, CHANNELS = (1, 4, 16, 64, 256, 1024), (50, 100, 200, 400, 800, 1600), (8, 16, 32, 64, 128)

GROWTHS = (
    growth("growth-batch-mlp", "batch size of the mlp", BATCHES,
           lambda n: replace(MLP, batch=n, samples=max(512, 4 * n))),
    growth("growth-batch-cnn", "batch size of the CNN", BATCHES,
           lambda n: replace(CNN, batch=n, samples=max(512, 2 * n))),
    growth("growth-batch-lstm", "batch size of lstm-a", BATCHES,
           lambda n: replace(LSTM_A, batch=n, samples=max(128, 2 * n))),
    growth("growth-sequence", "tokens in a text of lstm-a", LENGTHS,
           lambda n: replace(LSTM_A, data=reviews(5000, n), samples=512)),
    growth("growth-channels", "channels of both convolutions of the CNN, batch 128", CHANNELS,
           lambda n: replace(CNN, layers=cnn(n), samples=512)),
)  # fmt: skip

def on_gpu(name, net, samples, each=(), at_128=(), data=None):
    """A net at both batches, without a rest: targets `each` at both, and `at_128`."""
    what = net.title.split(", adam")[0].split(", sgd")[0].split(", rmsprop")[0]
    return tuple(
        replace(net, name=f"gpu-{name}-{batch}", title=f"{what}, {net.optimizer}, batch {batch}, {samples:,} samples",
                data=data or net.data, batch=batch, samples=samples, whole=None, epochs=1,
                targets=(*each, *at_128) if batch == 128 else each)
        for batch in (128, 1024))  # fmt: skip


BOARDS, TABLE, SOFTMAX = (w for w in WORKLOADS if w.name in ("tiny-boards", "tiny-table", "tiny-softmax-128"))
LAUNCH_BOUND = (of_pytorch(0.5),)

GPU_WORKLOADS = (
    *on_gpu("mlp", MLP, 61_440, at_128=(of_pytorch(1), of_keras_jax(1)), data=made_digits),
    *on_gpu("cnn", CNN, 61_440, at_128=(of_pytorch(1), of_keras_jax(1)), data=made_images),
    *on_gpu("lstm-a", LSTM_A, 25_600, each=(of_unfused(1), of_fused(2))),
    *on_gpu("tiny-boards", BOARDS, 61_440, each=LAUNCH_BOUND),
    *on_gpu("tiny-table", TABLE, 61_440, each=LAUNCH_BOUND),
    *on_gpu("tiny-softmax", SOFTMAX, 61_440, each=LAUNCH_BOUND),
)

STEPS = tuple(step for g in GROWTHS for step in g.steps.values())
KNOWN = {w.name: w for w in (*WORKLOADS, *STARTS, *STEPS, *GPU_WORKLOADS)}
RUNS = (*WORKLOADS, *STARTS, *GROWTHS)  # what can be asked for by name


def select(words, among=RUNS, known=RUNS):
    """Those whose name is, or begins with, one of the words; all of them for no words."""
    for word in words:
        if not any(run.name.startswith(word) for run in known):
            raise ValueError(f"nothing begins with {word!r}; there are {', '.join(run.name for run in known)}")
    return [run for run in among if not words or any(run.name.startswith(word) for word in words)]
