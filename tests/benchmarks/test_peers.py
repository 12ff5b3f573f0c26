"""That the peers do the same work: the same loss and outputs as real Keras from the same weights. No timing."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.peers import keras_fit
from benchmarks.workloads import WORKLOADS
from kerastutor import keras
from tests.keras.oracle import real

FIT = [w for w in WORKLOADS if w.task == "fit"]
DENSE = [w for w in FIT if all(name == "Dense" for name, _ in w.layers)]
each = pytest.mark.parametrize("workload", FIT, ids=lambda w: w.name)


def small(workload, **changes):
    """The workload for a few samples; without dropout, whose random numbers are every library's own."""
    layers = tuple((name, {"rate": 0.0} if name == "Dropout" else options) for name, options in workload.layers)
    return replace(workload, **{"layers": layers, "batch": 8, "epochs": 1, **changes})


@pytest.mark.parametrize("workload", DENSE, ids=lambda w: w.name)
def test_dense_workloads_train_on_a_few_samples(workload):
    x, y, _ = workload.data(70)  # two batches of 32 and a rest
    trainer = keras_fit.Trainer(small(workload, batch=32), x, y)
    loss, accuracy = trainer.fit()
    assert np.isfinite(loss) and 0 <= accuracy <= 1
    assert trainer.predict().shape == y.shape


@pytest.mark.slow
@each
def test_kerastutor_loses_what_real_keras_loses(workload):
    """Two epochs of two batches: the second epoch's loss has seen the gradients and the optimizer."""
    workload = small(workload)
    x, y, _ = workload.data(16)
    theirs, ours = (keras_fit.build(module, workload, x) for module in (real(), keras))
    ours.set_weights(theirs.get_weights())
    histories = [m.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0).history for m in (theirs, ours)]
    assert histories[1]["loss"] == pytest.approx(histories[0]["loss"], rel=1e-3)
    assert histories[1]["accuracy"] == histories[0]["accuracy"]
    assert np.allclose(ours.predict(x, verbose=0), theirs.predict(x, verbose=0), atol=1e-3)


@pytest.mark.slow
@each
def test_jax_by_hand_is_the_same_net(workload):
    """From the same weights, which it keeps in Keras's order, the same loss; and the same again after a step."""
    import jax

    from benchmarks.peers import jax_jit

    workload = small(workload)
    x, y, _ = workload.data(8)
    by_hand = jax_jit.Trainer(workload, x, y)
    model = keras_fit.build(real(), workload, x)
    for variable, value in zip(model.trainable_variables, jax.tree.leaves(by_hand.state[0]), strict=True):
        variable.assign(np.array(value))  # a copy: a training step takes the memory of the old weights
    for _ in range(2):
        told, theirs = by_hand.fit(), model.train_on_batch(x, y, return_dict=True)
        model.reset_metrics()
        assert told == pytest.approx((theirs["loss"], theirs["accuracy"]), rel=1e-3)
    if "BatchNormalization" not in dict(workload.layers):  # by hand it keeps no running means
        assert np.allclose(by_hand.predict(), model.predict(x, verbose=0), atol=1e-3)


@pytest.mark.slow
@each
def test_pytorch_by_hand_has_the_same_kernels(workload):
    pytest.importorskip("torch")
    from benchmarks.peers import pytorch

    workload = small(workload)
    x, y, _ = workload.data(20)
    by_hand = pytorch.Trainer(workload, x, y)
    kernels = [p for p in by_hand.model.parameters() if p.ndim > 1]
    model = keras_fit.build(keras, workload, x)
    theirs = [w for w in model.trainable_variables if w.name != "bias" and len(w.shape) > 1]
    assert sum(p.numel() for p in kernels) == sum(int(np.prod(w.shape)) for w in theirs)
    loss, accuracy = by_hand.fit()
    assert np.isfinite(loss) and 0 <= accuracy <= 1
    assert by_hand.predict().shape == y.shape


@pytest.mark.slow
@pytest.mark.parametrize("workload", DENSE, ids=lambda w: w.name)
def test_scikit_learn_trains_and_predicts(workload):
    pytest.importorskip("sklearn")
    from benchmarks.peers import sklearn_mlp

    x, y, _ = workload.data(100)
    workload = small(workload, batch=32)
    assert len(sklearn_mlp.Trainer(workload, x, y).predict()) == 100
    loss, accuracy = sklearn_mlp.Trainer(workload, x, y).fit()
    assert np.isfinite(loss) and accuracy is None
