"""P1b: a positive root of (2), and only one, exactly above R0 = 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

R0 = np.concatenate(
    [np.linspace(0.05, 0.95, 19), [0.99, 0.999, 1.0, 1.001, 1.01], np.linspace(1.05, 12.0, 220)]
)
GRID = np.concatenate([np.logspace(-6.0, -2.0, 4_000), np.linspace(0.01, 1.0, 40_000)[1:]])
"""Shares at which the sign of (2) is taken."""


def measure(_: Lab) -> Evidence:
    """Count changes of sign of 1 - exp(-R0 s) - s over (0, 1], with no formula for the root."""
    found = [roots(r) for r in R0]
    table = pd.DataFrame(
        {"r0": R0, "roots": [x.size for x in found], "root": [x.max(initial=0.0) for x in found]}
    )
    right = table["roots"] == (table["r0"] > 1.0).astype(int)
    figures = {
        "values_tried": float(R0.size),
        "values_with_another_count": float((~right).sum()),
        "most_roots": float(table["roots"].max()),
        "farthest_from_lambert": float(
            np.abs(table["root"] - np.asarray(percolation.giant_component(R0))).max()
        ),
    }
    says = (
        f"Of {R0.size} values of R0, {int(right.sum())} have one positive root above 1 and none up to 1; the roots are "
        f"those of the closed form within {figures['farthest_from_lambert']:.1e}."
    )
    return Evidence(figures, says, table)


def roots(r0: float) -> np.ndarray:
    """Return the positive roots of (2) on the grid, by change of sign and one interpolation."""
    gap = -np.expm1(-r0 * GRID) - GRID
    at = np.flatnonzero(np.signbit(gap[:-1]) != np.signbit(gap[1:]))
    return np.asarray(GRID[at] + gap[at] * (GRID[at + 1] - GRID[at]) / (gap[at] - gap[at + 1]))


def judge(figures: Figures) -> Verdict:
    """The count must be right at every R0."""
    return Verdict.HOLDS if figures["values_with_another_count"] == 0 else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The roots found, and the closed form."""
    panel.axes("mean degree R0", "positive roots S of (2)", percent=True)
    panel.curve(table["r0"], percolation.giant_component(table["r0"].to_numpy()), "closed form (Lambert W)")
    some = table[table["roots"] > 0].iloc[::12]
    panel.points(some["r0"], some["root"], "root by change of sign")
    panel.mark(1.0, "R0 = 1")


CLAIM = Claim(
    id="P1b",
    place="section 3.2, Proposition 1 (b)",
    says="Equation (2) has one positive solution if R0 > 1 and none otherwise.",
    experiment="Changes of sign of 1 - exp(-R0 s) - s over 44,000 shares, logarithmic near 0, at 244 values of R0 from .05 "
    "to 12.",
    statistic="values of R0 at which the count is not 0 (up to 1) or 1 (above)",
    criterion="Holds if there is no such value.",
    turned_by="A map that is not concave, such as one in which joining needs several neighbors (bootstrap percolation).",
    measure=measure,
    judge=judge,
    counter={"values_with_another_count": 1.0},
    draw=draw,
)
