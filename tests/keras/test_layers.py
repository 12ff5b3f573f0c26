"""Each layer beside real Keras's on JAX, and its gradient beside finite differences.

A new layer is one line in `cases/`.
"""

import inspect
import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.cases import LAYERS, NO_CASE
from tests.keras.oracle import array, real, same_signature
from tests.keras.test_ops import differences

CLASSES = {n: c for n, c in vars(keras.layers).items() if inspect.isclass(c) and issubclass(c, keras.layers.Layer)}


def over(cases):
    """The test runs once for each case."""
    marked = [pytest.param(case, id=case.id, marks=[pytest.mark.slow] if case.slow else []) for case in cases]
    return pytest.mark.parametrize("case", marked)


every_layer = over(LAYERS)


def both(case):
    """Our layer and real Keras's, built for the case's input, with the same weights: none is 0 or 1 any more."""
    ours, theirs, x = case.make(keras), case.make(real()), case.input()
    assert ours.built == theirs.built
    ours(x, **case.call_arguments), theirs(x, **case.call_arguments)
    rng = np.random.default_rng(5)
    shifted = [w + (0.2 * rng.random(w.shape)).astype(w.dtype) if w.dtype.kind == "f" else w
               for w in ours.get_weights()]
    ours.set_weights(shifted), theirs.set_weights(shifted)
    return ours, theirs, x


def flat(outputs):
    """The tensors of a layer's output, whether it gives one, a list or a dict."""
    if isinstance(outputs, dict):
        return [y for k in sorted(outputs) for y in flat(outputs[k])]
    return [y for part in outputs for y in flat(part)] if isinstance(outputs, (list, tuple)) else [outputs]


def assert_same(found, wanted, rtol=1e-5, atol=2e-6):
    found, wanted = flat(found), [array(y) for y in flat(wanted)]
    assert [(y.shape, y.dtype) for y in found] == [(y.shape, y.dtype.name) for y in wanted]
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a.numpy(), b, rtol=rtol, atol=atol)


@every_layer
def test_forward(case, backend):
    ours, theirs, x = both(case)
    for training in (False,) if case.random else (False, True):
        options = {"training": training, **case.call_arguments}
        assert_same(ours(x, **options), theirs(x, **options))
        for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):  # moving statistics, states
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=2e-6)


@every_layer
def test_weights(case):
    """As many, in the same order, of the same names and shapes, trainable or not."""
    ours, theirs, _ = both(case)
    for attribute in ("weights", "trainable_weights", "non_trainable_weights"):
        describe = lambda layer: [(v.name, tuple(v.shape), v.dtype) for v in getattr(layer, attribute)]  # noqa: B023
        assert describe(ours) == describe(theirs)
    assert ours.count_params() == theirs.count_params()
    assert ours.trainable == theirs.trainable


@every_layer
def test_losses(case, backend):
    """What regularizers add."""
    ours, theirs, _ = both(case)
    found, wanted = ([float(loss) for loss in layer.losses] for layer in (ours, theirs))
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


@every_layer
def test_output_shape(case):
    ours, theirs = case.make(keras), case.make(real())
    wanted = shapes_of(theirs.compute_output_shape(case.any_batch))
    assert shapes_of(ours.compute_output_shape(case.any_batch)) == wanted
    found = case.make(keras)(case.symbolic_input(keras), **case.call_arguments)
    assert [y.shape for y in flat(found)] == wanted


def shapes_of(shape):
    """One shape or several, as a list of tuples."""
    if isinstance(shape, dict):
        return [s for k in sorted(shape) for s in shapes_of(shape[k])]
    one = all(n is None or isinstance(n, (int, np.integer)) for n in shape)
    return [tuple(shape)] if one else [s for part in shape for s in shapes_of(part)]


@over([case for case in LAYERS if case.config])
def test_config(case):
    """It holds what Keras's holds, survives JSON, and makes the same layer again."""
    ours, theirs, x = both(case)
    config, wanted = as_json(ours), as_json(theirs)
    for name in ("dtype", "name", "quantization_config"):  # a dtype policy; a name of its own; beyond this package
        wanted.pop(name, None)
    assert without_dtypes({k: v for k, v in config.items() if k in wanted}) == without_dtypes(wanted)
    again = type(ours).from_config(json.loads(json.dumps(ours.get_config())))
    assert again.name == ours.name
    again(x, **case.call_arguments)
    again.set_weights(ours.get_weights())
    for a, b in zip(flat(again(x, **case.call_arguments)), flat(ours(x, **case.call_arguments)), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    assert as_json(again) == config


def without_dtypes(config):
    """A config without the dtype policies of the layers inside, which Keras writes as objects, and their names."""
    if isinstance(config, dict):
        beyond = ("dtype", "quantization_config", "name", "build_config", "registered_name", "module")
        return {k: without_dtypes(v) for k, v in config.items() if k not in beyond}
    return [without_dtypes(v) for v in config] if isinstance(config, list) else config


def as_json(layer):
    """Its config as a file would keep it; floats to seven digits, because Keras rounds some to float32."""
    return json.loads(json.dumps(layer.get_config()), parse_float=lambda x: float(f"{float(x):.6g}"))


@over([case for case in LAYERS if case.gradient])
def test_gradient(case, backend, float64):
    """Of a weighted sum of the outputs and of the regularizers' cost, by every weight and every number of the input."""
    layer, x = case.make(keras), case.input("float64")
    rng = np.random.default_rng(2)
    weights = [rng.normal(size=y.shape) for y in flat(layer(x, **case.call_arguments))]
    with Tape() as tape:
        inputs = [Tensor(a, tracked=a.dtype.kind == "f") for a in (x if case.several else [x])]
        given = inputs if case.several else inputs[0]

        def loss():
            for v in layer.non_trainable_variables:  # moving statistics: every call starts from the same
                v.assign(v.numpy() * 0 + 1)
            layer._clear_losses()
            outputs = layer(given, training=not case.random, **case.call_arguments)
            parts = [ops.sum(y * w) for y, w in zip(flat(outputs), weights, strict=True)]
            return sum([*layer.losses, *parts[1:]], start=parts[0])

        result = loss()
    wanted = [*(a for a in inputs if a.tracked), *layer.trainable_variables]
    for v, found in zip(wanted, tape.gradients(result, wanted), strict=True):
        expected = differences(lambda: float(loss()), v.value)
        np.testing.assert_allclose(found if found is not None else 0 * expected, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.slow
@over([case for case in LAYERS if case.gradient and not case.random and not case.call_arguments])
def test_training(case, backend):
    """Three steps of a model that is this layer alone: the losses and the final weights are those of Keras."""
    ours, theirs, x = both(case)
    rng = np.random.default_rng(8)
    targets = [rng.normal(size=y.shape).astype("float32") for y in flat(ours(x))]
    found, wanted = [], []
    for k, layer, losses in ((keras, ours, found), (real(), theirs, wanted)):
        inputs = case.symbolic_input(k)
        model = k.Model(inputs, layer(inputs))
        model.compile(k.optimizers.SGD(0.05, momentum=0.5), "mse", run_eagerly=k is not keras)
        y = targets if len(targets) > 1 else targets[0]
        losses += [np.ravel(model.train_on_batch(x, y))[0] for _ in range(3)]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=5e-6)


@every_layer
def test_batches_of_none_and_of_one(case, backend):
    layer, x = case.make(keras), case.input()
    if case.call_arguments:
        pytest.skip("its other arguments have the batch's size")
    whole = flat(layer(x))
    part = lambda n: [a[:n] for a in x] if case.several else x[:n]
    for y, none, one in zip(whole, flat(layer(part(0))), flat(layer(part(1))), strict=True):
        assert none.shape == (0, *y.shape[1:])
        np.testing.assert_allclose(one.numpy(), y.numpy()[:1], rtol=1e-5, atol=2e-6)


def test_every_layer_has_a_case():
    assert {case.name for case in LAYERS} | set(NO_CASE) == set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_arguments_are_named_as_in_keras(name):
    assert list(same_signature(CLASSES[name].__init__, getattr(real().layers, name).__init__)) == []
