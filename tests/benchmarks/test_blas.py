"""The limit: that the products listed for a net are those that it needs, counted by hand."""

from dataclasses import replace

import pytest

from benchmarks.peers import blas
from benchmarks.workloads import KNOWN, MLP, WORKLOADS

# Multiplications and additions a sample. Forward, and back once for the kernel and once for the input, which is not
# needed below the first layer that learns.
CONVOLUTIONS = 2 * (26 * 26 * (3 * 3 * 1) * 32 * 2 + 24 * 24 * (3 * 3 * 32) * 32 * 3)
DENSE = 2 * (12 * 12 * 32 * 128 + 128 * 10) * 3
A_SAMPLE = {
    "mlp": 2 * (784 * 512 * 2 + 512 * 10 * 3),
    "tiny-boards": 100 * 2 * (27 * 32 * 2 + 32 * 16 * 3 + 16 * 1 * 3),
    "cnn-32": CONVOLUTIONS + DENSE,
    "cnn-128": CONVOLUTIONS + DENSE,
    "cnn-bn-128": CONVOLUTIONS + DENSE,
    "lstm-a": 400 * 2 * (50 + 32) * 4 * 32 * 3 + 2 * 32 * 3,
    "gru-a": 400 * 2 * (50 + 32) * 3 * 32 * 3 + 2 * 32 * 3,
    "rnn-a": 400 * 2 * (50 + 32) * 32 * 3 + 2 * 32 * 3,
    "bidirectional-a": 2 * 400 * 2 * (50 + 32) * 4 * 32 * 3 + 2 * 64 * 3,
    "lstm-b": 100 * 2 * (128 + 128) * 4 * 128 * 3 + 2 * 128 * 3,
    "lstm-char": 40 * 2 * (60 * 2 + 128 * 3) * 4 * 128 + 2 * 128 * 60 * 3,
    "predict-mlp": 2 * (784 * 512 + 512 * 10),
    "predict-cnn": 2 * (26 * 26 * 9 * 32 + 24 * 24 * 288 * 32) + DENSE // 3,
    "predict-lstm": 400 * 2 * (50 + 32) * 4 * 32 + 2 * 32,
}


@pytest.mark.parametrize("name", A_SAMPLE)
@pytest.mark.parametrize("samples", [1, 300])
def test_arithmetic_is_that_counted_by_hand(name, samples):
    workload = KNOWN[name]
    shape = workload.data(2)[0].shape[1:]
    assert blas.arithmetic(workload, (samples, *shape)) == samples * A_SAMPLE[name]


def test_products_of_the_mlp_are_its_five():
    shapes = blas.products(MLP.layers, 128, (784,))
    assert [s[1:] for s in shapes] == [
        (128, 784, 512, 1), (784, 128, 512, 1), (128, 512, 10, 1), (512, 128, 10, 1), (128, 10, 512, 1)
    ]  # fmt: skip


def test_a_convolution_is_multiplied_in_panels():
    forward = [p for p in blas.products(KNOWN["cnn-128"].layers, 128, (28, 28, 1)) if p.what == "x @ kernel"]
    first, rest, second = forward[:3]
    assert first == ("x @ kernel", 18_432, 9, 32, 4) and rest[1:] == (128 * 26 * 26 - 4 * 18_432, 9, 32, 1)
    assert second == ("x @ kernel", 18_432, 288, 32, 4)  # 128 × 24 × 24 rows are four panels and no more


def test_a_recurrent_layer_multiplies_step_by_step_forward_and_back():
    layers = (("LSTM", {"units": 5}),)
    assert blas.products(layers, 2, (7, 3)) == [
        ("x @ kernel", 14, 3, 20, 1),
        ("x.T @ dy", 3, 14, 20, 1),
        ("h @ recurrent_kernel", 2, 5, 20, 7),
        ("ds @ recurrent_kernel.T", 2, 20, 5, 7),
        ("h.T @ ds", 5, 14, 20, 1),
    ]
    assert [p.what for p in blas.products(layers, 2, (7, 3), backward=False)] == ["x @ kernel", "h @ recurrent_kernel"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_operands_multiply_as_they_say(workload):
    shape = workload.data(2)[0].shape[1:]
    for what, m, k, n, _ in blas.products(workload.layers, 3, shape):
        a, b, out = blas.operands(what, m, k, n)
        assert a.shape == (m, k) and b.shape == (k, n) and out.shape == (m, n)
        if min(a.shape) > 1 and min(b.shape) > 1:
            assert a.flags.c_contiguous != (".T @" in what) and b.flags.c_contiguous != what.endswith(".T")


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_the_limit_does_all_of_its_products(workload, monkeypatch):
    x, y, _ = workload.data(5)
    trainer = blas.Trainer(replace(workload, batch=3, epochs=1), x, y)
    done = []
    monkeypatch.setattr(blas.np, "matmul", lambda a, b, out: done.append(2 * a.shape[0] * a.shape[1] * b.shape[1]))
    {"fit": trainer.fit, "predict": trainer.predict}[workload.task]()
    assert sum(done) == blas.arithmetic(replace(workload, epochs=1), x.shape)


def test_below_the_first_layer_that_learns_no_gradient_is_needed():
    dense = ("Dense", {"units": 4})
    whats = [p.what for p in blas.products((("Flatten", {}), dense, dense), 2, (3, 3))]
    assert whats == ["x @ kernel", "x.T @ dy", "x @ kernel", "x.T @ dy", "dy @ kernel.T"]
    assert len(blas.products((("BatchNormalization", {}), dense), 2, (3,))) == 3


def test_an_unknown_layer_is_not_counted():
    workload = replace(MLP, layers=(("Conv3D", {}),))
    assert blas.arithmetic(workload, (8, 4, 4, 4, 1)) is None
    with pytest.raises(NotImplementedError, match="Conv3D"):
        blas.products(workload.layers, 8, (4, 4, 4, 1))
