"""The drawing of graphs: nothing overlaps, no arrow runs through a box, arrows go where they should."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras
from kerastutor.keras.utils.diagram import Shown, describe
from kerastutor.widgets import graph
from kerastutor.widgets.layered import Arrow, layout
from tests.keras.test_plot_model import MODELS

CLOSE = 1e-9


@st.composite
def graphs(draw, circles):
    n = draw(st.integers(1, 9))
    pairs = [(a, b) for a in range(n) for b in range(n) if circles or a < b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14)) if pairs else []
    sizes = {i: (draw(st.floats(0.2, 4)), draw(st.floats(0.2, 2))) for i in range(n)}
    return sizes, [Arrow(a, b) for a, b in chosen]


def rectangles(sizes, centres):
    return {b: (x - w / 2, y - h / 2, x + w / 2, y + h / 2) for b, (x, y) in centres.items() for w, h in [sizes[b]]}


def check(sizes, arrows):
    centres, routes, (width, height) = layout(sizes, arrows)
    boxes = rectangles(sizes, centres)
    assert set(boxes) == set(sizes)
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes.values(), 2):
        assert c < e or g < a or d < f or h < b
    for x, y, u, v in boxes.values():
        assert x >= -CLOSE and y >= -CLOSE and u <= width + CLOSE and v <= height + CLOSE
    assert set(routes) == {a for a in arrows if a.start != a.end}
    for arrow, pieces in routes.items():
        (first, _), (_, last) = pieces[0], pieces[-1]
        turned = first[1] > last[1]
        for box, point, side in ((arrow.start, first, not turned), (arrow.end, last, turned)):
            x, y, u, v = boxes[box]
            assert x <= point[0] <= u and point[1] == pytest.approx(v if side else y)
        for (x, y), (u, v) in pieces:  # straight pieces: besides all boxes
            assert x == u
            for left, top, right, bottom in boxes.values():
                assert not (left + CLOSE < x < right - CLOSE and min(y, v) < bottom - CLOSE and top + CLOSE < max(y, v))
        for (_, (_, y)), ((_, v), _) in zip(pieces, pieces[1:]):  # bent ones: between the rows
            for _, top, _, bottom in boxes.values():
                assert max(y, v) <= top + CLOSE or bottom <= min(y, v) + CLOSE
    return centres, routes


@given(graphs(circles=False))
def test_boxes_stand_apart_and_arrows_go_down_around_them(case):
    centres, _ = check(*case)
    for arrow in case[1]:
        assert centres[arrow.start][1] < centres[arrow.end][1]


@given(graphs(circles=True))
def test_circles_are_drawn_too(case):
    check(*case)


def test_a_row_of_layers_is_a_straight_line_and_a_skip_goes_around_it():
    sizes = {i: (1 + i % 3, 0.5) for i in range(40)}
    centres, routes = check(sizes, [*(Arrow(i, i + 1) for i in range(39)), Arrow(3, 30)])
    assert max(x for x, _ in centres.values()) - min(x for x, _ in centres.values()) < 1e-6
    bends = {round(x, 6) for (x, _), _ in routes[Arrow(3, 30)][1:-1]}
    assert len(bends) == 1


def test_crossings_are_undone():
    """Two rows of which the second is turned round: in the best order no arrow crosses another."""
    centres, _ = check(dict.fromkeys(range(8), (1, 1)), [Arrow(i, 7 - i) for i in range(4)])
    for i in range(4):
        assert centres[i][0] == pytest.approx(centres[7 - i][0])


def placed(make, expand=False, **shown):
    diagram = describe(make(keras), Shown(show_layer_names=True, **shown), expand)
    return diagram, graph.figure(diagram)


def words(fig):
    return [text.get_text() for text in fig.axes[0].texts]


@pytest.mark.parametrize("expand", [False, True])
@pytest.mark.parametrize("make", MODELS, ids=lambda m: m.__name__)
def test_all_words_are_inside_their_boxes_and_on_the_page(make, expand):
    diagram, fig = placed(make, expand, show_shapes=True, show_dtype=True)
    ax = fig.axes[0]
    fig.draw_without_rendering()
    boxes = [p.get_window_extent() for p in ax.patches if type(p).__name__ == "FancyBboxPatch"]
    titles = [box.title for box in graph._boxes(diagram)]
    assert len(boxes) == len(titles) and set(titles) <= set(words(fig))
    for text in ax.texts:
        extent = text.get_window_extent()
        if text.get_style() == "italic":  # a frame's name
            assert not any(extent.overlaps(box) for box in boxes)
        else:
            assert sum(b.x0 <= extent.x0 and extent.x1 <= b.x1 and b.y0 <= extent.y0 and extent.y1 <= b.y1
                       for b in boxes) == 1
    page = fig.bbox
    assert all(page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1 for b in boxes)
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)


@pytest.mark.parametrize("rankdir, axis, sign", [("TB", 1, 1), ("BT", 1, -1), ("LR", 0, 1), ("RL", 0, -1)])
def test_directions(rankdir, axis, sign):
    diagram = describe(MODELS[0](keras), Shown())
    texts = graph.figure(diagram, rankdir).axes[0].texts
    along = [text.get_position()[axis] * sign for text in texts]
    assert along == sorted(along) and len(set(along)) == 3
    across = {round(text.get_position()[1 - axis], 6) for text in texts}
    assert len(across) == 1


def test_nested_models_stand_in_frames_with_their_names():
    _, fig = placed(MODELS[3], expand=True)
    frames = [p for p in fig.axes[0].patches if type(p).__name__ == "Rectangle"]
    assert len(frames) == 3 and {"inner", "encoder", "decoder"} <= set(words(fig))


def test_a_picture_too_long_is_drawn_with_fewer_dots(tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "LARGEST", 300)
    diagram = describe(MODELS[0](keras), Shown())
    with pytest.warns(UserWarning, match="dpi is lowered to"):
        graph.draw(diagram, tmp_path / "m.png")
    assert (tmp_path / "m.png").stat().st_size > 0
