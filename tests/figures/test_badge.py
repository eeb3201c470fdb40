"""Badges: a verdict and its numbers for every prediction of a figure, in a strip that leaves the figure as it was."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import get_args

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import Bbox

from mesh_abm.figures import badge, style
from mesh_abm.fits import Fit, Verdict, caption, of_figure
from tests.finished_runs import RUNS, finished, finished_figures


def boxes(fig: Canvas, texts: list[str]) -> list[Bbox]:
    """Where these texts stand, in pixels."""
    FigureCanvasAgg(fig).draw()
    return [text.get_window_extent() for text in fig.texts if text.get_text() in texts]


def drawn(fits: tuple[Fit, ...]) -> Canvas:
    fig, _ = style.axes("A title", "month", "share")
    badge.under(fig, fits)
    return fig


def words(fits: tuple[Fit, ...]) -> list[str]:
    return [
        *(fit.verdict for fit in fits),
        *(line for fit in fits for line in badge._lines(fit, style.WIDE[0])),
    ]


def test_a_strip_leaves_the_figure_above_as_it_was() -> None:
    plain, _ = style.axes("A title", "month", "share")
    fits = finished("a mesh").fits[:3]
    fig = drawn(fits)
    (_, old), (_, new) = plain.get_size_inches(), fig.get_size_inches()
    assert new > old
    before, after = plain.axes[0].get_position(), fig.axes[0].get_position()
    assert after.height * new == pytest.approx(before.height * old)
    assert (1 - after.y1) * new == pytest.approx((1 - before.y1) * old)
    assert (1 - fig.texts[0].get_position()[1]) * new == pytest.approx(
        (1 - plain.texts[0].get_position()[1]) * old
    )


def test_without_predictions_there_is_no_strip() -> None:
    assert drawn(()).get_size_inches()[1] == style.WIDE[1]


def test_every_verdict_has_a_frame_of_its_own() -> None:
    assert set(badge.FRAMES) == set(get_args(Verdict))
    told = [tuple(sorted(badge.FRAMES[verdict].items())) for verdict in ("agrees", "off", "no prediction")]
    assert len(set(told)) == 3


@pytest.mark.parametrize("name", RUNS)
def test_badges_stay_within_the_figure_and_apart(name: str) -> None:
    for figure in {fit.figure for fit in finished(name).fits}:
        fits = of_figure(finished(name).fits, figure)
        fig = drawn(fits)
        width, height = fig.get_size_inches() * fig.dpi
        places = boxes(fig, words(fits))
        assert len(places) == len(words(fits))
        assert all(box.x0 > 0 and box.x1 < width and box.y0 > 0 and box.y1 < height for box in places)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(places, 2))


def test_long_comparisons_are_cut_into_lines_but_not_within_a_number() -> None:
    fit = replace(finished("a mesh").fits[0], statistic=", ".join(f"p = {k} x 10^-5" for k in range(40)))
    lines = badge._lines(fit, style.WIDE[0])
    assert len(lines) > 3
    assert all(
        not line.endswith(("p", "=", "x")) and not line.startswith(("=", "x ", "10^")) for line in lines
    )


@pytest.mark.parametrize("name", ["a mesh", "random links", "nobody", "one month"])
def test_figures_carry_their_predictions_and_say_the_verdicts(name: str) -> None:
    result = finished(name)
    for figure in finished_figures(name):
        assert figure.fits == of_figure(result.fits, figure.name)
        assert figure.sentence.endswith(caption(figure.fits))
        for fit in figure.fits:
            assert f"{fit.title}: {fit.verdict} (" in figure.sentence


def test_every_figure_with_a_prediction_is_drawn() -> None:
    result = finished("a mesh")
    shown = {fit.name for figure in finished_figures("a mesh") for fit in figure.fits}
    assert {fit.name for fit in result.fits if fit.verdict != "no prediction"} <= shown
