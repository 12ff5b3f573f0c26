"""The gates' view: which layer it opens, what it tells the page, and how it is looked through in a real JupyterLab."""

import re

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import GateView
from kerastutor.widgets.gates import FORMULAS

WORDS = "the film was not so bad".split()


@pytest.fixture
def model():
    keras.utils.set_random_seed(3)
    return keras.Sequential([
        keras.Input((6,)),
        keras.layers.Embedding(20, 4, mask_zero=True),
        keras.layers.Bidirectional(keras.layers.LSTM(5, return_sequences=True), name="both"),
        keras.layers.GRU(3, name="last"),
        keras.layers.Dense(1),
    ])


def test_a_models_layer_gets_what_flows_into_it(model):
    tokens = np.array([3, 4, 5, 0, 6, 0])
    view = GateView(model, tokens, WORDS, layer="last")
    h = keras.Model(model.inputs, model.layers[2].output)(tokens[None])
    np.testing.assert_allclose(view.gates.values["h"][-1], h[0], atol=1e-6)
    assert view.gates.kept.tolist() == [True, True, True, False, True, False]
    assert model.layers[2].call.__func__ is keras.layers.GRU.call  # left as it was


def test_of_a_bidirectional_layer_the_forward_direction(model):
    view = GateView(model, [[3, 4, 5, 7, 6, 8]])
    h = np.asarray(keras.Model(model.inputs, model.layers[1].output)(np.array([[3, 4, 5, 7, 6, 8]])))
    np.testing.assert_allclose(view.gates.values["h"], h[0, :, :5], atol=1e-6)
    assert view.layer is model.layers[1].forward_layer


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_the_page_gets_the_gates(kind):
    layer = getattr(keras.layers, kind)(3)
    x = np.random.default_rng(0).normal(size=(1, 4, 2)).astype("float32")
    layer(x)
    view = GateView(layer, x[0])
    sent = np.frombuffer(view.numbers, "float32").reshape(-1, 4, 3)
    n, order = len(FORMULAS[kind]), view.content["order"]
    for name, values in zip(view.gates.names, sent[:n], strict=True):
        np.testing.assert_array_equal(values, view.gates.values[name])
    for i, name in enumerate(order):
        terms = sent[n + 3 * i : n + 3 * i + 3]
        np.testing.assert_array_equal(terms[0], view.gates.from_x[name])
        np.testing.assert_array_equal(terms[1], view.gates.from_h[name])
    before = sent[n + 3 * len(order) :]
    assert len(before) == (2 if kind == "LSTM" else 1)
    np.testing.assert_array_equal(before[0, 1:], view.gates.values["h"][:-1])
    assert not before[:, 0].any()


def test_what_is_too_much_is_left_out_and_said():
    layer = keras.layers.GRU(70)
    x = np.random.default_rng(0).normal(size=(210, 2)).astype("float32")
    layer(x[None])
    view = GateView(layer, x)
    assert view.content["shown"] == "the last 200 of 210 steps and the 64 units of 70 whose output moves most"
    assert len(view.numbers) == 4 * 200 * 64 * (4 + 9 + 1)
    moves = view.gates.values["h"].std(axis=0)
    assert moves[view.units].min() >= np.delete(moves, view.units).max()
    sent = np.frombuffer(view.numbers, "float32").reshape(-1, 200, 64)
    np.testing.assert_array_equal(sent[-1, 0], view.gates.values["h"][9, view.units])
    view.figure()


def test_a_layer_that_goes_backwards_reads_the_words_backwards():
    layer = keras.layers.LSTM(2, go_backwards=True)
    layer(np.zeros((1, 6, 3), "float32"))
    assert GateView(layer, np.zeros((6, 3)), WORDS).content["words"] == WORDS[::-1]


def test_choosing_and_repr(model):
    view = GateView(model, [3, 4, 5, 7, 6, 8], WORDS)
    view.choose(unit=2, step=1, quantity="f")
    assert repr(view) == "GateView: LSTM 'forward_lstm', 6 steps of 5 units; unit 3 at step 2 (film)".replace(
        "forward_lstm", view.layer.name
    )
    for wrong in (dict(unit=5), dict(step=-1), dict(unit=1.5), dict(quantity="z")):
        with pytest.raises(ValueError, match="GateView: "):
            view.choose(**wrong)
    upper, lower = view.figure().axes[:2]
    np.testing.assert_array_equal(upper.images[0].get_array(), view.gates.values["f"].T)
    np.testing.assert_array_equal(lower.images[4].get_array()[0], view.gates.values["c"][:, 2])
    assert [text.get_text() for text in lower.get_xticklabels()] == WORDS


@pytest.mark.parametrize(
    "arguments, error, says",
    [
        (dict(x=[1, 2, 3]), ValueError, "sequences of 6 steps; got 3"),
        (dict(x=np.zeros((2, 6))), ValueError, r"got shape \(2, 6\)"),
        (dict(words=["a"]), ValueError, "6 steps need as many words; got 1"),
        (dict(layer="lost"), ValueError, "its recurrent layers are: both, last"),
        (dict(layer="dense"), TypeError, "must be an LSTM, GRU or SimpleRNN; got Dense"),
        (dict(model=keras.layers.Dense(2)), TypeError, "must be an LSTM, GRU or SimpleRNN; got Dense"),
        (dict(model=keras.layers.GRU(2), x=np.zeros((6, 2))), ValueError, "no weights yet"),
    ],
)
def test_what_cannot_be_opened_says_why(model, arguments, error, says):
    model.layers[-1].name = "dense"
    with pytest.raises(error, match=says):
        GateView(**{"model": model, "x": [3, 4, 5, 7, 6, 8], **arguments})
    with pytest.raises(ValueError, match="no LSTM, GRU or SimpleRNN among its layers: Dense"):
        GateView(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), [0, 1])


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab(lab):
    page = lab.open([
        "import numpy as np\nfrom kerastutor import keras\nfrom kerastutor.widgets import GateView\n"
        "keras.utils.set_random_seed(3)\n"
        "model = keras.Sequential([keras.Input((6,)), keras.layers.Embedding(20, 4, 'normal'), keras.layers.LSTM(5)])\n"
        f"view = GateView(model, np.arange(6), {WORDS})",
        "view",
        "v = view.gates.values\n"
        "print(view.unit, view.step, view.quantity, *(float(v[name][view.step, view.unit]) for name in 'ifgoch'))",
    ])
    page.run(0)
    page.run(1)
    says = page.locator(".kt-gates-formula")
    page.wait(lambda: "h = o" in says.inner_text(), "no formulas")

    def check(unit, step):
        page.wait_for_timeout(300)
        page.run(2)
        said = lambda: page.output(2).inner_text().split()
        page.wait(lambda: said()[:2] == [str(unit), str(step)], f"unit {unit} at step {step} is not chosen")
        chosen = said()
        lines = says.inner_text().replace("−", "-").split("\n")
        assert lines[0] == f"unit {unit + 1} at step {step + 1}, “{WORDS[step]}”"
        shown = [float(line.rpartition("= ")[2]) for line in lines[1:7]]
        assert shown == pytest.approx([float(v) for v in chosen[3:]], rel=0.01)
        terms = re.search(r"= σ\(([^)]*)\) = σ\(([^)]*)\) =", lines[1].replace("(x·Wᵢ", "").split("bᵢ)")[1])
        assert eval(terms[1]) == pytest.approx(float(terms[2]), abs=0.01)
        return chosen[2]

    assert check(0, 5) == "c"
    page.locator("canvas.kt-gates").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    check(1, 3)
    page.locator("canvas.kt-gates").hover(position={"x": 50, "y": 30})  # over the first step of the first unit
    page.wait(lambda: "unit 1 at step 1," in says.inner_text(), "the pointer shows nothing")
    page.mouse.move(5, 5)
    page.wait(lambda: "unit 2 at step 4," in says.inner_text(), "the choice is lost")
    page.get_by_role("button", name="f, forget gate").click()
    assert check(1, 3) == "f"
    page.locator("canvas.kt-gates").click(position={"x": 50, "y": 95})
    page.mouse.move(5, 5)
    check(3, 0)

    page.wait_for_timeout(1500)
    saved = page.reopen()
    assert "unit 4 at step 1 (the)" in saved.cells[1].outputs[0].metadata["image/png"]["alt"]
    page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
    assert page.locator("text=Error displaying widget").count() == 0
    assert page.complaints == []
