"""S7.2b: does specialization appear abruptly, with two states side by side?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import driven, forecasts
from mesh_abm.claims.experiments.series import half_rise, interval, rise_time, smoothed
from mesh_abm.shocks import Shock

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LEVELS = (0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Decay phi, up and down; reinforcement xi is .25, so phi/xi goes from .05 to 3.2."""
DWELL = 60
"""Months at each level: at 5 % churn only 5 % of devices remember the level before."""
GAP = 0.10
"""Difference of the index between the two ways that counts as two states."""
CONFIDENCE = 1 - 0.05 / (len(LEVELS) - 1)
GROWN: dict[str, Any] = {
    "n_owners": 600,
    "population": "fixed",
    "churn": 0.05,
    "efficiency_growth": 0,
    "learning_exponent": 0,
    "quality_growth": 0,
    "measure_every": 0,
}
STRONG = Shock.model_validate({"month": 1, "kind": "merit", "value": 4.0})
"""A mesh with all owners in it and four times the merit of reference, so that it is well connected throughout."""


def measure(lab: Lab) -> Evidence:
    """Specialization of a grown mesh whose decay rises and falls, and its rise in time in `reference`."""
    replicates = lab.size(fast=5, full=16)
    table = driven.branches(
        lab, GROWN, LEVELS, DWELL, "specialization_active", replicates, "set", "decay", extra=(STRONG,)
    )
    gaps = driven.gaps(table)
    worst = gaps["level"].iloc[int(gaps["gap"].abs().argmax())]
    rows = table[table["level"] == worst]
    gap, low, high = interval(rows["down"] - rows["up"], CONFIDENCE)
    rises = [rise(run) for run in forecasts.scenario_runs(lab, "reference")]
    figures = {
        "gap": gap,
        "gap_low": low,
        "gap_high": high,
        "at_decay": float(worst),
        "range": float(gaps["up"].max() - gaps["up"].min()),
        "largest_step": float(np.abs(np.diff(gaps["up"])).max()),
        "months_from_10_to_90": float(np.nanmedian(rises)),
    }
    says = (
        f"As decay rises and falls, the index of devices that serve moves by {figures['range']:.2f} in all; the ways differ by "
        f"{abs(gap):.3f} at most (at decay {worst:g}). In reference it takes {figures['months_from_10_to_90']:.0f} months from a tenth to nine tenths of its "
        "final value."
    )
    return Evidence(figures, says, gaps)


def judge(figures: Figures) -> Verdict:
    """Two states at some decay, or one at all."""
    if figures["gap_low"] > GAP or figures["gap_high"] < -GAP:
        return Verdict.HOLDS
    within = figures["gap_low"] > -GAP and figures["gap_high"] < GAP
    return Verdict.FAILS if within else Verdict.UNDECIDED


def rise(run: Trajectory) -> float:
    """Return the months from a tenth to nine tenths of the final specialization of members, quarterly."""
    values = smoothed(run.frame["specialization"])
    final = float(values[-12:].mean())
    return rise_time(values, 0.1 * final, 0.9 * final) if half_rise(values) > 0 else float("nan")


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Specialization on the way up and on the way down."""
    panel.axes("decay of thresholds a month", "specialization of devices that serve", log_x=True)
    error = 2 * np.asarray(table["sem"]) / np.sqrt(2)
    panel.points(table["level"] * 0.985, table["up"], "decay rising", "first", error)
    panel.points(table["level"] * 1.015, table["down"], "decay falling", "second", error)


CLAIM = Claim(
    id="S7.2b",
    place="section 7.2",
    says="The division of labor sets in abruptly, as a first-order transition of the Potts kind.",
    experiment="reference with all 600 owners as members, four times the merit, 5 % churn and no progress; decay of thresholds raised "
    "from .0125 to .8 and lowered again, 60 months at each of seven levels. And runs of reference as it is.",
    statistic="specialization of devices that serve, in the last year at each level: way down less way up, at the level where the mean "
    "difference is largest",
    criterion="Holds if the difference exceeds .10 in size at 95 % confidence for all levels together (Bonferroni); fails if it is below .10; undecided "
    "otherwise. Specialization that rises fast but on one curve is no first-order transition.",
    turned_by="Devices that align with their neighbors (`alignment`), or a global signal with scarce demand.",
    assumption="Calls are heard locally and effort follows what was served; a device's memory goes with its membership.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"gap": 0.3, "gap_low": 0.25, "gap_high": 0.35},
    draw=draw,
)
