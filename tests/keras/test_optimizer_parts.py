"""What all optimizers share: the learning rate, limits and averages, state, and rules of one's own."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import TracingError
from tests.keras.optimizer_cases import BOTH, CLASSES, NO_DECAY, RULES, close, gradients, variables
from tests.keras.oracle import array, real

# learning rate ---------------------------------------------------------------------------------


@BOTH
def test_the_learning_rate_is_read_and_set(k):
    k = k or real()
    optimizer, v = k.optimizers.SGD(0.5), k.Variable([1.0])
    assert float(optimizer.learning_rate) == 0.5
    for value in (0.25, np.float32(0.25), k.ops.convert_to_tensor(0.25)):
        optimizer.learning_rate = 1
        optimizer.learning_rate = value
        assert float(optimizer.learning_rate) == 0.25
    optimizer.learning_rate.assign(0.125)
    optimizer.apply([k.ops.convert_to_tensor([2.0])], [v])
    assert float(np.asarray(v)[0]) == 0.75
    assert optimizer.get_config()["learning_rate"] == 0.125


@BOTH
def test_a_scheduled_rate_can_not_be_set_and_is_no_variable(k):
    k = k or real()
    optimizer = k.optimizers.SGD(k.optimizers.schedules.InverseTimeDecay(1.0, 1, 1.0))
    assert [v.name for v in optimizer.variables] == ["iteration"]
    with pytest.raises(TypeError):
        optimizer.learning_rate = 0.1
    v = k.Variable([1.0])
    for rate in (1, 1 / 2, 1 / 3):
        assert float(optimizer.learning_rate) == pytest.approx(rate)
        optimizer.apply([k.ops.convert_to_tensor([1.0])], [v])
    assert float(np.asarray(v)[0]) == pytest.approx(1 - 1 - 1 / 2 - 1 / 3)
    plain = k.optimizers.SGD(0.1)
    plain.learning_rate = k.optimizers.schedules.InverseTimeDecay(1.0, 1, 1.0)
    assert [v.name for v in plain.variables] == ["iteration"]


@BOTH
def test_a_function_is_asked_before_each_step(k):
    k, rates = k or real(), iter([0.5, 0.25, 0.125])
    optimizer, v = k.optimizers.SGD(lambda: next(rates)), k.Variable([1.0])
    for expected in (0.5, 0.25, 0.125):
        optimizer.apply([k.ops.convert_to_tensor([1.0])], [v])
        assert float(np.asarray(v)[0]) == expected


def test_a_schedule_of_ones_own_is_asked_at_every_replayed_step():
    asked = []

    class Falling(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            asked.append(int(step))
            return 0.1 * 0.5 ** ops.cast(step, "float32")

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(Falling()), "mse")
    model.fit(np.ones((6, 2)), np.ones((6, 1)), batch_size=2, epochs=2, verbose=0)
    assert model._replays() and asked == [0, 1, 2, 3, 4, 5]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.1 * 0.5**6)


# parts of a step -------------------------------------------------------------------------------


@BOTH
def test_variables_left_out_of_weight_decay(k):
    k = k or real()
    names = ["kernel", "bias", "gamma"]
    made = [k.Variable(np.ones(2, "float32"), name=name) for name in names]
    optimizer = k.optimizers.AdamW(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_list=[made[2]], var_names=["bia"])
    optimizer.apply([k.ops.zeros(2)] * 3, made)
    assert [float(np.asarray(v)[0]) for v in made] == [0.75, 1.0, 1.0]


@pytest.mark.parametrize("bad", [np.inf, np.nan])
@pytest.mark.parametrize("limit", ["clipnorm", "global_clipnorm", "clipvalue"])
def test_gradients_that_are_not_finite_are_limited_as_in_keras(limit, bad, backend):
    found = []
    for k in (keras, real()):
        made = [k.Variable(np.ones(3, "float32")) for _ in range(2)]
        grads = [np.array([1, bad, -2], "float32"), np.ones(3, "float32")]
        with np.errstate(all="ignore"):
            k.optimizers.SGD(1.0, **{limit: 0.5}).apply([k.ops.convert_to_tensor(g) for g in grads], made)
        found.append([np.asarray(v) for v in made])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_averages_are_written_at_the_end_of_fit():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 3)).astype("float32"), rng.normal(size=(12, 1)).astype("float32")
    weights = []
    start = rng.normal(size=(3, 1)).astype("float32")
    for k in (keras, real()):
        model = k.Sequential([k.Input((3,)), k.layers.Dense(1, use_bias=False)])
        model.set_weights([start])
        model.compile(k.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse", run_eagerly=k is not keras)
        history = model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0).history["loss"]
        weights.append([model.get_weights()[0], history])
    np.testing.assert_allclose(weights[0][0], weights[1][0], rtol=1e-5)
    np.testing.assert_allclose(weights[0][1], weights[1][1], rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Adam", "Nadam", "Ftrl"])
def test_fit_gives_the_weights_of_keras(name, backend):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 6)).astype("float32"), rng.normal(size=(50, 2)).astype("float32")
    start, found = None, []
    for k in (real(), keras):
        model = k.Sequential([k.Input((6,)), k.layers.Dense(5, activation="tanh"), k.layers.Dense(2)])
        start = start or model.get_weights()
        model.set_weights(start)
        schedule = k.optimizers.schedules.PolynomialDecay(0.05, 7, cycle=True)
        options = dict(gradient_accumulation_steps=2, use_ema=True, ema_overwrite_frequency=3)
        optimizer = getattr(k.optimizers, name)(schedule, weight_decay=0.01, clipnorm=1.0, **options)
        model.compile(optimizer, "mse", run_eagerly=k is not keras)
        model.fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0)
        found.append([*model.get_weights(), *map(array, optimizer.variables)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("eagerly", [True, False])
def test_scaling_the_loss_changes_no_step(eagerly):
    """`train_step` multiplies the loss, the optimizer divides the gradients; by a power of 2, nothing is rounded."""
    weights = []
    for factor in (None, 8.0):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1, loss_scale_factor=factor), "mse", run_eagerly=eagerly)
        loss = model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=4, epochs=2, verbose=0).history["loss"]
        weights.append([*model.get_weights(), np.array(loss)])
    for a, b in zip(*weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_variables_without_a_gradient_are_named_and_stay():
    used, unused, optimizer = keras.Variable([1.0], name="used"), keras.Variable([1.0], name="idle"), \
        keras.optimizers.Adam(0.1)
    with pytest.warns(UserWarning, match="idle"):
        optimizer.apply([np.ones(1), None], [used, unused])
    assert unused.numpy() == [1.0] and used.numpy() < 1 and int(optimizer.iterations) == 1
    assert optimizer.apply([], []) is None and int(optimizer.iterations) == 1


def test_apply_gradients_takes_pairs_and_gives_the_counter():
    v, optimizer = keras.Variable([1.0]), keras.optimizers.SGD(0.5)
    assert int(optimizer.apply_gradients([(ops.ones(1), v)])) == 1
    assert v.numpy() == [0.5]


def test_a_variable_that_the_optimizer_does_not_know_is_refused():
    v, optimizer = keras.Variable([1.0]), keras.optimizers.SGD(0.5)
    optimizer.build([v])
    with pytest.raises(ValueError, match="another model"):
        optimizer.apply([np.ones(1)], [keras.Variable([1.0])])
    with pytest.raises(ValueError, match="2 gradients came for 1"):
        optimizer.apply([np.ones(1), np.ones(1)])


@pytest.mark.parametrize("name", RULES)
def test_what_fades_away_becomes_0(name):
    """Denormal numbers, which are slow to compute with, don't stay in running means that nothing feeds any more."""
    v, optimizer = keras.Variable(np.ones(4, "float32")), getattr(keras.optimizers, name)()
    optimizer.build([v])
    fading = [s for s in optimizer.variables if s.name.endswith(("momentum", "velocity", "norm", "grad", "delta_var"))]
    if name in ("Adafactor", "Muon", "ScheduleFreeAdamW"):
        fading = [s for s in fading if s.name.endswith("velocity") and name != "Adafactor"]
    for s in fading:
        s.assign(np.full(4, 5e-31))
    optimizer.apply([np.zeros(4)], [v])
    for s in fading:
        assert not s.numpy().any(), s.name


# state -----------------------------------------------------------------------------------------


def test_state_is_saved_and_loaded_by_number():
    v, optimizer, store = keras.Variable(np.ones(2, "float32")), keras.optimizers.Adam(0.1), {}
    optimizer.apply([np.ones(2)], [v])
    optimizer.save_own_variables(store)
    assert list(store) == list("0123")
    other = keras.optimizers.Adam()
    with pytest.warns(UserWarning, match="2 variables.*4.*not been built"):
        other.load_own_variables(store)
    other.build([v])
    other.load_own_variables(store)
    for a, b in zip(optimizer.variables, other.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    other.set_weights([np.zeros_like(a) for a in store.values()])
    assert int(other.iterations) == 0
    with pytest.raises(ValueError, match=r"\(2,\).*\(3,\)"):
        other.set_weights([0, 0.1, np.zeros(3), np.zeros(2)])


# an optimizer of one's own ---------------------------------------------------------------------


def own_momentum(k):
    """As Keras's documentation writes one."""
    ops = k.ops

    class Momentum(k.optimizers.Optimizer):
        def __init__(self, learning_rate=0.1, momentum=0.9, name="mine", **kwargs):
            super().__init__(learning_rate=learning_rate, name=name, **kwargs)
            self.momentum = momentum

        def build(self, variables):
            super().build(variables)
            self.momentums = [self.add_variable_from_reference(reference_variable=v, name="momentum")
                              for v in variables]
            self.seen = k.Variable(0.0, trainable=False)

        def update_step(self, gradient, variable, learning_rate):
            lr = ops.cast(learning_rate, variable.dtype) / ops.cast(self.iterations + 1, variable.dtype)
            m = self.momentums[self._get_variable_index(variable)]
            self.assign(m, ops.subtract(ops.multiply(m, ops.cast(self.momentum, variable.dtype)), gradient * lr))
            self.assign_add(variable, m)
            self.assign_add(self.seen, 1.0)

        def get_config(self):
            return {**super().get_config(), "momentum": self.momentum}

    return Momentum


@pytest.mark.parametrize("options", [{}, dict(weight_decay=0.1, clipnorm=1.0),
                                     dict(use_ema=True, gradient_accumulation_steps=2)], ids=str)
def test_an_optimizer_of_ones_own_does_what_it_does_in_keras(options, backend):
    k = real()
    ours, theirs = variables(keras), variables(k)
    mine, keras_ = own_momentum(keras)(**options), own_momentum(k)(**options)
    for step in range(4):
        mine.apply(gradients(step), ours)
        keras_.apply([k.ops.convert_to_tensor(g) for g in gradients(step)], theirs)
    for a, b in zip([*ours, *mine.variables], [*theirs, *keras_.variables], strict=True):
        close(a, b, 4)
    assert mine.get_config() == keras_.get_config()


@pytest.mark.parametrize("jit", [True, False])
def test_an_optimizer_of_ones_own_trains(jit):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(own_momentum(keras)(0.01), "mse", jit_compile=jit or "auto")
    history = model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=4, epochs=3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    assert int(model.optimizer.iterations) == 6 and float(model.optimizer.seen) == 12


def test_an_optimizer_of_ones_own_among_several_runs_at_each_step():
    steps = []

    class Counting(keras.optimizers.SGD):
        def update_step(self, gradient, variable, learning_rate):
            steps.append(variable.name)
            super().update_step(gradient, variable, learning_rate)

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    optimizers = keras.optimizers.OptimizerMap(keras.optimizers.Adam(), {".*bias": Counting()})
    model.compile(keras.optimizers.MultiOptimizer(optimizers), "mse")
    model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=4, epochs=3, verbose=0)
    assert steps == ["bias"] * 6


@BOTH
def test_which_of_several_optimizers_changes_a_variable(k):
    k = k or real()
    adam, sgd, lion = k.optimizers.Adam(), k.optimizers.SGD(), k.optimizers.Lion()
    chosen = k.optimizers.OptimizerMap(adam, {"a/.*": sgd})
    chosen["a/b"] = lion
    assert (chosen["a/b"], chosen["a/c"], chosen["c"]) == (lion, sgd, adam)
    assert list(chosen) == ["a/.*", "a/b"] and len(chosen) == 2
    optimizer = k.optimizers.MultiOptimizer(chosen)
    for key, value in (("a/b", sgd), (3, sgd), ("c", "sgd"), ("c", optimizer)):
        with pytest.raises(ValueError):
            chosen[key] = value
    chosen["a/c.*"] = lion
    with pytest.raises(ValueError, match="a/c"):
        chosen["a/c"]
    with pytest.raises(AttributeError, match="(?i)learning rate"):
        float(optimizer.learning_rate)
    with pytest.raises(AttributeError, match="(?i)learning rate"):
        optimizer.learning_rate = 0.1
    assert optimizer.optimizers == [sgd, lion, adam]
    with pytest.raises(TypeError):
        k.optimizers.OptimizerMap("adam")


@pytest.mark.parametrize("name", RULES)
def test_a_part_of_the_rate_may_go_to_the_rule_below(name):
    """As a student's optimizer with another rate for each layer does."""

    class Slower(CLASSES[name]):
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient, variable, learning_rate * 0.5)

    slower, other = Slower(0.1, **NO_DECAY.get(name, {})), CLASSES[name](0.05, **NO_DECAY.get(name, {}))
    found, wanted = variables(keras), variables(keras)
    for step in range(3):
        slower.apply(gradients(step), found)
        other.apply(gradients(step), wanted)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", RULES)
def test_single_variables_may_have_more_digits(name, backend):
    """A layer with dtype="float64" in a model of float32."""
    rng = np.random.default_rng(0)
    start, g = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    made = [keras.Variable(start, dtype=dtype) for dtype in ("float32", "float64")]
    optimizer = CLASSES[name](0.1)
    for _ in range(3):
        optimizer.apply([g, g], made)
    assert made[1].dtype == "float64"
    np.testing.assert_allclose(made[0].numpy(), made[1].numpy(), rtol=1e-5, atol=1e-6)


@BOTH
def test_super_init_comes_first(k):
    class Early((k or real()).optimizers.Optimizer):
        def __init__(self):
            self.momentum = 0.9

    with pytest.raises(RuntimeError, match="super"):
        Early()


@BOTH
def test_without_a_rule_there_is_no_step(k):
    k = k or real()
    with pytest.raises(NotImplementedError):
        k.optimizers.Optimizer(0.1).apply([k.ops.ones(1)], [k.Variable([1.0])])


def test_values_are_not_read_while_a_step_is_recorded():
    class Curious(keras.optimizers.SGD):
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient, variable, float(learning_rate))

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(Curious(), "mse", jit_compile=True)
    with pytest.raises(TracingError):
        model.fit(np.ones((8, 2)), np.ones((8, 1)), verbose=0)
