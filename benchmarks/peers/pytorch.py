"""PyTorch with the training loop written by hand; softmax and sigmoid live in the loss, as is usual there."""

import torch
from torch import nn
from torch.nn import functional as F

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.01, foreach=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9, eps=1e-7, foreach=True),
    "adam": lambda p: torch.optim.Adam(p, 1e-3, eps=1e-7, fused=True),
}


def build(layers, width):
    stack = []
    for name, options in layers:
        if name != "Dense":
            raise NotImplementedError(f"PyTorch by hand: no {name} layer written yet")
        stack.append(nn.Linear(width, options["units"]))
        if options["activation"] == "relu":
            stack.append(nn.ReLU())
        width = options["units"]
    return nn.Sequential(*stack)


class Trainer:
    def __init__(self, workload, x, y):
        self.workload, self.binary = workload, workload.loss == "binary_crossentropy"
        self.x = torch.from_numpy(x)
        self.y = torch.from_numpy(y if self.binary else y.argmax(1))
        self.model = build(workload.layers, x.shape[1])
        self.optimizer = OPTIMIZERS[workload.optimizer](self.model.parameters())
        self.loss = F.binary_cross_entropy_with_logits if self.binary else F.cross_entropy

    def fit(self):
        for _ in range(self.workload.epochs):
            result = self.epoch()
        return result

    def epoch(self):
        total = right = 0.0
        for rows in torch.randperm(len(self.x)).split(self.workload.batch):
            x, y = self.x[rows], self.y[rows]
            scores = self.model(x)
            loss = self.loss(scores, y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            with torch.no_grad():
                guess = (scores > 0) if self.binary else scores.argmax(1)
                right += (guess == y).sum().item()
                total += loss.item() * len(rows)
        return total / len(self.x), right / len(self.x)
