"""The charts of the phase explorer: the condensate over merit, and where in merit and churn it dissolves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mesh_abm.figures import style
from mesh_abm.laboratory.charts import Chart, Line
from mesh_abm.laboratory.explorers import condensate
from mesh_abm.laboratory.explorers.condensate import RANGES, Point
from mesh_abm.wording import number

FINE, COARSE = 200, 61
"""Points of a curve over merit and over churn."""
TOP_MERIT = 8.0
"""Largest merit of the map."""
MERITS = (0.0, RANGES["merit"].high)
CHURNS = (RANGES["churn"].low, RANGES["churn"].high)
THEORY, MEASURED = style.COLORS["theory"], style.COLORS["provider"]

OVER_MERIT = Chart(
    "over_merit", "How much of all links the provider holds", "condensate",
    "Where the line is above 0 the provider holds a finite share of all links, however large the network.",
    (
        Line("law", "predicted, with churn and link failure", THEORY, (4, 2), theory=True),
        Line("growth", "predicted, growth only: equation (5)", style.COLORS["theory"], (2, 4), theory=True),
    ),
    kind="curve", low=0.0, high=1.0, percent=True, x_label="mean merit of devices (the provider's is 1)",
)  # fmt: skip
BOUNDARY = Chart(
    "boundary", "Where its hold dissolves", "mean merit of devices",
    "Above the line devices hold nearly all links between them (fit-get-rich); below it the provider keeps a share.",
    (Line("boundary", "the condensate dissolves; above: fit-get-rich", THEORY, (4, 2), theory=True),),
    kind="curve", low=0.0, high=TOP_MERIT, x_label="churn (per month)",
)  # fmt: skip

Curves = dict[str, list[list[float]]]
Marks = list[dict[str, Any]]


def over_merit(point: Point) -> Curves:
    """Return the curves over merit; in a growing network, where both are the same, the growth limit alone."""
    merits = np.linspace(MERITS[0] + 1e-6, MERITS[1], FINE)
    curves = {"growth": [merits.tolist(), condensate.growth_limit(merits, point).tolist()]}
    if point.population == "fixed":
        curves["law"] = [merits.tolist(), condensate.shares(merits, point).tolist()]
    return curves


def here(point: Point, measured: float) -> Marks:
    """Return the marks over merit: the boundary, what is predicted at the point, and what is measured there."""
    limit = condensate.boundary(point)
    lines: Marks = []
    if math.isfinite(limit) and limit <= MERITS[1]:
        lines.append({"x": limit, "label": f"dissolves at {number(limit, 3)}", "color": THEORY})
    predicted = {"x": point.merit, "y": condensate.predicted(point), "label": "", "color": THEORY}
    return [*lines, predicted, {"x": point.merit, "y": measured, "label": "measured", "color": MEASURED}]


def boundary(point: Point) -> Curves:
    """Return the merit at which the condensate dissolves over churn, up to the top of the map."""
    churns = np.linspace(*CHURNS, COARSE)
    needed = condensate.boundary_over_churn(point, churns)
    shown = needed <= TOP_MERIT
    return {"boundary": [churns[shown].tolist(), needed[shown].tolist()]}


def place(point: Point) -> Marks:
    """Return the mark of the point on the map."""
    return [{"x": point.rates[0], "y": point.merit, "label": "you are here", "color": MEASURED}]
