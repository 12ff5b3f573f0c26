"""Colours that can be told apart and seen, and figures that say what they show."""

import struct

import pytest

from kerastutor.widgets import figure, style


def luminance(colour):
    """Relative luminance after WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("series", ["training", "validation"])
@pytest.mark.parametrize(("theme", "page"), [(0, "#FFFFFF"), (1, "#111111")])
def test_lines_stand_out_from_the_page(series, theme, page):
    bright, dark = sorted([luminance(style.CANVAS[series][theme]), luminance(page)], reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 3  # WCAG's least contrast for graphics


def test_a_figure_in_a_terminal_prints_its_alternative_text(capsys):
    with figure("Two lines.", 1, 2) as axes:
        axes[0].plot([0, 1])
    assert capsys.readouterr().out == "[figure: Two lines.]\n"


def test_lines_of_a_figure_take_the_colours_of_the_series():
    with figure("Two lines.") as ax:
        drawn = [ax.plot([0, 1])[0].get_color() for _ in range(2)]
    assert drawn == style.SERIES[:2]


def test_a_figure_that_fails_is_not_shown(capsys):
    with pytest.raises(ZeroDivisionError), figure("Nothing."):
        1 / 0  # noqa: B018
    assert capsys.readouterr().out == ""


def test_a_picture_carries_alternative_text_and_its_size_on_the_page():
    data, metadata = style.bundle(style.new_figure(width=5, height=2), "An empty page.")
    width, height = struct.unpack(">II", data["image/png"][16:24])
    assert (width, height) == (5 * style.DOTS, 2 * style.DOTS)
    assert data["text/plain"] == metadata["image/png"]["alt"] == "An empty page."
    assert metadata["image/png"]["width"] == 5 * 96


def test_the_house_style_stays_in_the_house():
    import matplotlib

    before = dict(matplotlib.rcParams)
    with figure("A line.") as ax:
        ax.plot([0, 1])
    assert dict(matplotlib.rcParams) == before
