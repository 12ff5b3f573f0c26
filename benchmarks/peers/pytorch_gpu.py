"""PyTorch by hand on a GPU: batches go there from pinned memory, and nothing waits before the end of an epoch.

As the peer ``pytorch-compiled`` the net goes through ``torch.compile``; as ``pytorch-without-cudnn`` recurrent layers
are PyTorch's own kernels.
"""

import os

import torch

from . import clocks, pytorch

PEER = os.environ.get("BENCHMARKS_PEER")


class Trainer(pytorch.Trainer):
    def __init__(self, workload, x, y):
        self.clock = clocks.of_torch()
        if PEER == "pytorch-without-cudnn":
            if not any(name in pytorch.RECURRENT for name, _ in workload.layers):
                raise NotImplementedError("cuDNN is left out for recurrent layers only")
            torch.backends.cudnn.enabled = False
        torch.backends.cudnn.allow_tf32 = False
        super().__init__(workload, x, y)
        self.model.to(clocks.DEVICE)
        if PEER == "pytorch-compiled":
            self.model = torch.compile(self.model)

    def epoch(self):
        total, right = torch.zeros(2, device=clocks.DEVICE)
        for rows in torch.randperm(len(self.x)).split(self.workload.batch):
            loss, hits = self.step(there(self.x[rows]), there(self.y[rows]))
            total += loss * len(rows)
            right += hits
        return total.item() / len(self.x), right.item() / len(self.x)


def there(batch):
    """A batch on the device; the host does not wait."""
    return batch if clocks.DEVICE == "cpu" else batch.pin_memory().to(clocks.DEVICE, non_blocking=True)
