"""P1c: the positive root of (2) attracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

R0 = np.round(np.concatenate([np.linspace(1.02, 1.2, 10), np.linspace(1.3, 8.0, 68)]), 3)
STARTS = np.concatenate([np.logspace(-9.0, -1.0, 9), np.linspace(0.2, 1.0, 9)])
STEPS = 6_000
REACHED = 1e-9
NUDGE = 1e-6


def measure(_: Lab) -> Evidence:
    """Iterate (2) from many starts and take its slope at the root by differences."""
    ends = np.broadcast_to(STARTS[:, None], (STARTS.size, R0.size)).copy()
    for _step in range(STEPS):
        ends = step(ends)
    root = ends[-1]
    slope = (step(root + NUDGE) - step(root - NUDGE)) / (2.0 * NUDGE)
    table = pd.DataFrame(
        {
            "r0": R0,
            "root": root,
            "slope": slope,
            "theory": percolation.contraction(R0),
            "printed_minus_g_slope": 1.0 - slope,
        }
    )
    at_two = table.iloc[int(np.abs(R0 - 2.0).argmin())]
    figures = {
        "widest_spread_of_ends": float((ends.max(0) - ends.min(0)).max()),
        "smallest_root": float(root.min()),
        "steepest_slope": float(np.abs(slope).max()),
        "farthest_from_r_times_one_minus_s": float((table["slope"] - table["theory"]).abs().max()),
        "slope_at_r0_2": float(at_two["slope"]),
        "minus_g_slope_at_r0_2": float(at_two["printed_minus_g_slope"]),
    }
    says = (
        f"All {STARTS.size} starts from a billionth to 1 end at the same root at every R0; the steepest slope of the map "
        f"there is {figures['steepest_slope']:.3f}. At R0 = 2 it is {at_two['slope']:.4f}, not -g' = "
        f"{at_two['printed_minus_g_slope']:.4f} as the proof has it."
    )
    return Evidence(figures, says, table)


def step(shares: np.ndarray) -> np.ndarray:
    """Return the next shares by (2); a column for each R0."""
    return np.asarray(-np.expm1(-R0 * shares))


def judge(figures: Figures) -> Verdict:
    """One end for all starts, above 0, at which the map contracts."""
    reached = figures["widest_spread_of_ends"] <= REACHED and figures["smallest_root"] > 0.0
    return Verdict.HOLDS if reached and figures["steepest_slope"] < 1.0 else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Slope of the map at the root, and what the proof takes it for."""
    panel.axes("mean degree R0", "slope of the map of (2) at its root")
    panel.curve(table["r0"], table["theory"], "R0 (1 - S)")
    panel.curve(table["r0"], table["printed_minus_g_slope"], "-g'(S), as the proof has it", "printed")
    some = table.iloc[::4]
    panel.points(some["r0"], some["slope"], "slope by differences")
    panel.level(1.0, "unstable above")


CLAIM = Claim(
    id="P1c",
    place="section 3.2, Proposition 1 (c)",
    says="The positive root is a stable fixed point of S -> 1 - exp(-R0 S).",
    right="From every start above 0. One line of the proof is not right: R0 (1 - S) is 1 + g'(S), not -g'(S).",
    experiment="The map iterated 6,000 times from 18 starts between a billionth and 1, at 78 values of R0 from 1.02 to 8; "
    "its slope at the end by differences.",
    statistic="spread of the ends at one R0; steepest slope at the root",
    criterion="Holds if all starts end within 1e-9 of each other, above 0, and every slope is below 1 in size.",
    turned_by="A start that ends elsewhere, or a slope of 1 or more.",
    assumption="one round of joining follows another all at once; R0 does not move meanwhile",
    measure=measure,
    judge=judge,
    counter={"steepest_slope": 1.2},
    draw=draw,
)
