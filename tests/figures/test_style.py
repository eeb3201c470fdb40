"""The visual language: colors that survive, labels that do not overlap, files that repeat."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from mesh_abm.figures import style

WHITE = "#FFFFFF"


def contrast(one: str, other: str) -> float:
    """Contrast of two colors, 1 to 21 (WCAG 2.1)."""
    light, dark = sorted((style.luminance(one), style.luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen_by_red_blind(color: str) -> np.ndarray:
    """The color as a person without red cones sees it (Vienot, Brettel and Mollon 1999), linear RGB."""
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]) ** 2.2
    return np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]) @ rgb


def test_text_in_any_color_can_be_read_on_white() -> None:
    for color in (*style.COLORS.values(), *style.TASK_COLORS, *style.CLASS_COLORS):
        assert contrast(style.readable(color), WHITE) >= 4.5


def test_text_that_is_dark_enough_keeps_its_color() -> None:
    assert style.readable(style.INK) == style.INK


def test_areas_differ_in_lightness_so_that_they_survive_a_black_and_white_print() -> None:
    stacked = [style.FILLS[name] for name in ("mesh", "self", "provider", "unserved")]
    for below, above in itertools.pairwise(stacked):
        assert contrast(below, above) > 1.12


def test_no_two_lines_of_a_figure_share_both_color_and_dashes() -> None:
    looks = [
        (style.COLORS[name], str(style.DASHES[name]))
        for name in ("mesh", "self", "provider", "unserved", "theory", "head", "tail")
    ]
    assert len(set(looks)) == len(looks)
    assert style.DASHES["mesh"] != style.DASHES["provider"]
    assert style.DASHES["theory"] != "-"


def test_mesh_and_provider_are_told_apart_without_red_cones() -> None:
    apart = seen_by_red_blind(style.COLORS["mesh"]) - seen_by_red_blind(style.COLORS["provider"])
    assert np.abs(apart).max() > 0.05


def test_every_type_of_task_has_a_color_of_its_own() -> None:
    assert len(set(style.TASK_COLORS)) == len(style.TASK_COLORS) >= 22


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.02, 0.12))
def test_labels_are_moved_apart_and_stay_in_order_and_inside(places: list[float], size: float) -> None:
    got = style.spread(sorted(places), [size] * len(places))
    assert all(b - a >= size - 1e-9 for a, b in itertools.pairwise(got))
    assert got[-1] <= 1 - size / 2 + 1e-9
    assert got[0] >= size / 2 - 1e-9


def test_labels_that_do_not_overlap_stay_where_they_are() -> None:
    assert style.spread([0.2, 0.5, 0.9], [0.1, 0.1, 0.1]) == [0.2, 0.5, 0.9]


def test_end_labels_do_not_overlap_on_the_page() -> None:
    fig, ax = style.axes("title", "month", "share")
    ax.plot([0, 1], [0, 1])
    style.end_labels(
        ax, [(0.5, "one", "#000000"), (0.5, "two\nlines", "#000000"), (0.51, "three", "#000000")]
    )
    fig.draw_without_rendering()
    boxes = sorted(
        (Text.get_window_extent(text) for text in ax.texts), key=lambda box: box.y0
    )  # without leaders
    assert len(boxes) == 3
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))


def test_a_line_that_ends_in_nothing_has_no_label() -> None:
    _, ax = style.axes("title", "month", "share")
    style.end_labels(ax, [(float("nan"), "gone", "#000000")])
    assert not ax.texts


def test_month_ticks_carry_the_calendar_year() -> None:
    fig, ax = style.axes("title", "month", "share")
    style.month_axis(ax, 120, "2026-01")
    fig.draw_without_rendering()
    assert ax.get_xticklabels()[-1].get_text() == "120\n2036"  # the end of month 120 is the start of 2036
    style.month_axis(ax, 6, "2026-07")
    fig.draw_without_rendering()
    assert "2026-07" in [label.get_text().partition("\n")[2] for label in ax.get_xticklabels()]


def test_axes_stand_at_the_same_place_in_every_figure() -> None:
    (one, a), (other, b) = (
        style.axes("a", "x", "y"),
        style.axes("b", "x", "a long label\nof two lines", size=(7.6, 5.0)),
    )
    left = [ax.get_position().x0 * fig.get_size_inches()[0] for fig, ax in ((one, a), (other, b))]
    assert left[0] == left[1]


def test_the_same_figure_gives_the_same_bytes_and_carries_no_date() -> None:
    def made() -> str:
        fig, ax = style.axes("title", "x", "y")
        ax.plot([1, 2, 3], [1, 3, 2], **style.line("mesh"))
        return style.to_svg(fig)

    assert made() == made()
    assert "dc:date" not in made()


def test_an_svg_needs_no_font_and_nothing_from_elsewhere() -> None:
    fig, _ = style.axes("title", "x", "y")
    root = ET.fromstring(style.to_svg(fig))
    assert not root.findall(".//{http://www.w3.org/2000/svg}text")
    links = [value for node in root.iter() for name, value in node.items() if name.endswith("href")]
    assert links
    assert all(link.startswith("#") for link in links)
