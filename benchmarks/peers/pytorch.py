"""PyTorch with the training loop written by hand; softmax and sigmoid live in the loss, as is usual there.

Images lie channel after channel, as PyTorch's own examples have them; as the peer ``pytorch-channels-last`` pixel
after pixel (``torch.channels_last``).
"""

import os

import torch
from torch import nn
from torch.nn import functional as F

CHANNELS_LAST = os.environ.get("BENCHMARKS_PEER") == "pytorch-channels-last"

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.01, foreach=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9, eps=1e-7, foreach=True),
    "adam": lambda p: torch.optim.Adam(p, 1e-3, eps=1e-7, fused=True),
}
RECURRENT = {"LSTM": nn.LSTM, "GRU": nn.GRU, "SimpleRNN": nn.RNN}


class LastState(nn.Module):
    """What a recurrent layer has in mind after the last step, both directions side by side."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        _, last = self.layer(x)
        h = last[0] if isinstance(last, tuple) else last  # an LSTM's is (h, c)
        return torch.cat(tuple(h), 1)


def build(layers, shape):
    """The layers for samples of this shape (Keras's: channels last)."""
    stack = []
    for name, options in layers:
        modules, shape = convert(name, options, shape)
        stack += modules
    return nn.Sequential(*stack)


def convert(name, options, shape):
    """The modules that do what a Keras layer does, and the shape of what they hand on."""
    width = shape[-1] if shape else None
    relu = [nn.ReLU()] if options.get("activation") == "relu" else []
    if name == "Dense":
        return [nn.Linear(width, options["units"]), *relu], (options["units"],)
    if name == "Conv2D":
        filters, size = options["filters"], options["kernel_size"]
        return [nn.Conv2d(width, filters, size), *relu], (*(n - size + 1 for n in shape[:2]), filters)
    if name == "BatchNormalization":
        return [nn.BatchNorm2d(width, eps=1e-3, momentum=0.01)], shape
    if name == "MaxPooling2D":
        size = options["pool_size"]
        return [nn.MaxPool2d(size)], (*(n // size for n in shape[:2]), width)
    if name == "Dropout":
        return [nn.Dropout(options["rate"])], shape
    if name == "Flatten":
        return [nn.Flatten()], (shape[0] * shape[1] * width,)
    if name == "Embedding":
        return [nn.Embedding(options["input_dim"], options["output_dim"])], (*shape, options["output_dim"])
    both = name == "Bidirectional"
    name, options = options["layer"] if both else (name, options)
    if name not in RECURRENT:
        raise NotImplementedError(f"PyTorch by hand: no {name} layer written yet")
    layer = RECURRENT[name](width, options["units"], batch_first=True, bidirectional=both)
    return [LastState(layer)], ((1 + both) * options["units"],)


class Trainer:
    def __init__(self, workload, x, y):
        self.workload, self.binary = workload, workload.loss == "binary_crossentropy"
        images = x.ndim == 4
        if CHANNELS_LAST and not images:
            raise NotImplementedError("channels_last is a layout of images")
        self.x = torch.from_numpy(x.transpose(0, 3, 1, 2).copy() if images else x)
        self.y = torch.from_numpy(y if self.binary else y.argmax(1))
        self.model = build(workload.layers, x.shape[1:])
        self.layout = torch.channels_last if CHANNELS_LAST else torch.contiguous_format
        self.model.to(memory_format=self.layout)
        self.optimizer = OPTIMIZERS[workload.optimizer](self.model.parameters())
        self.loss = F.binary_cross_entropy_with_logits if self.binary else F.cross_entropy

    def fit(self):
        self.model.train()
        for _ in range(self.workload.epochs):
            result = self.epoch()
        return result

    def epoch(self):
        total = right = 0.0
        for rows in torch.randperm(len(self.x)).split(self.workload.batch):
            loss, hits = self.step(self.x[rows].contiguous(memory_format=self.layout), self.y[rows])
            right += hits.item()
            total += loss.item() * len(rows)
        return total / len(self.x), right / len(self.x)

    def step(self, x, y):
        """One batch: its loss, and how many were right, as tensors."""
        scores = self.model(x)
        loss = self.loss(scores, y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            guess = (scores > 0) if self.binary else scores.argmax(1)
            return loss.detach(), (guess == y).sum()

    @torch.inference_mode()
    def predict(self):
        self.model.eval()
        batches = (x.contiguous(memory_format=self.layout) for x in self.x.split(self.workload.batch))
        return torch.cat([self.probabilities(self.model(x)) for x in batches]).numpy()

    def probabilities(self, scores):
        return torch.sigmoid(scores) if self.binary else torch.softmax(scores, 1)
