"""What is alive is drawn where the axes of the figure beneath have it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mesh_abm.figures import style
from mesh_abm.laboratory.explorers import condensate, loop, loop_sheet, phase_sheets
from mesh_abm.laboratory.explorers.condensate import Point
from mesh_abm.laboratory.explorers.loop import Setting
from mesh_abm.laboratory.explorers.sheet import Live, Sheet


def sheet(log: bool = False) -> Sheet:
    """A sheet of axes from 1 to 100 across and 0 to 2 upwards."""
    _, ax = style.axes("title", "x", "y")
    ax.set_xlim(1, 100)
    ax.set_ylim(0, 2)
    if log:
        ax.set_xscale("log")
    return Sheet.of(ax, "title")


def test_points_are_placed_as_the_axes_say() -> None:
    assert sheet().place(np.array([[1, 0], [100, 2], [50.5, 1]])).tolist() == [[0, 100], [100, 0], [50, 50]]
    assert sheet(log=True).place(np.array([[10.0, 1.0]]))[0] == pytest.approx([50, 50])
    assert sheet().place(np.array([[-5.0, 99.0]])).tolist() == [[0, 0]]  # held within the axes


def test_the_box_is_that_of_the_axes_in_the_picture() -> None:
    found = sheet()
    left, top, width, height = found.box
    assert (left, width) == pytest.approx((style.LEFT / 7.6, (7.6 - style.LEFT - style.GUTTER) / 7.6))
    assert (top, height) == pytest.approx((style.TOP / 3.5, (3.5 - style.TOP - style.BOTTOM) / 3.5))
    assert found.image.startswith(b"<svg")


def test_an_overlay_holds_lines_and_marks_as_numbers_only() -> None:
    points = np.array([[1.0, 0.0], [100.0, 2.0]])
    drawn = sheet().overlay(
        [Live(points, "#000000", "a", marks=5, dash="4 2"), Live(points[:0], "#000000", "none")]
    )
    assert re.findall(r'points="([^"]*)"', drawn) == ["0.00,100.00 100.00,0.00"]
    assert drawn.count("M") == 2
    assert 'stroke-dasharray="4 2"' in drawn
    assert sheet().overlay([Live(points[:1], "#000000", "dot", line=False, marks=9)]).count("polyline") == 0


@pytest.mark.parametrize("point", [Point(), Point(population="growth"), Point(5.0, 1.5, 0.3, 0.5)])
def test_the_phase_figures_are_drawn_at_every_corner(point: Point) -> None:
    first, second = phase_sheets.over_merit(point), phase_sheets.boundaries(point)
    assert first.log_x
    assert first.x == (condensate.RANGES["merit"].low, condensate.RANGES["merit"].high)
    assert second.log_y
    assert phase_sheets.over_merit(point) is first  # drawn once


@pytest.mark.parametrize("states", [2, 6])
def test_the_loop_is_drawn_on_its_prediction(states: int) -> None:
    found = loop.begin(Setting(states=states, couplings=6))
    paper = loop_sheet.sheet(found)
    assert paper.x[0] < found.couplings[0] < found.couplings[-1] < paper.x[1]
    assert [len(one.points) for one in loop_sheet.live(found)] == [0, 0]
    found.up = [0.1, 0.2]
    assert [len(one.points) for one in loop_sheet.live(found)] == [0, 2]
