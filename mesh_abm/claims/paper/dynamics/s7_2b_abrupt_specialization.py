"""S7.2b: does specialization appear abruptly, with two states side by side?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import driven, forecasts
from mesh_abm.claims.experiments.series import half_rise, rise_time, smoothed

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LEVELS = (0.05, 0.3, 2.0)
"""Reinforcement xi, up and down; decay phi is .05, so phi/xi goes from 1 to .025."""
DWELL = 84
"""Months at each level: at 5 % churn, about one device in a hundred remembers the level before."""
GAP, MOVES = 0.05, 0.05
"""Difference of the index between the two ways that counts as two states, and the least that the drive must move it."""
SIGNALS = ("local", "global")
GROWN: dict[str, Any] = driven.STILL | {
    "classes": driven.later_classes(8.0),
    "population": "fixed",
    "churn": 0.05,
}
"""The technology of month 100 of reference, eight times its merit, all owners members: a well connected, busy mesh."""


def measure(lab: Lab) -> Evidence:
    """Specialization of a grown mesh whose reinforcement rises and falls, and its rise in time in `reference`."""
    drive = driven.Drive(LEVELS, DWELL, "set", "reinforcement")
    replicates = lab.size(fast=5, full=20)
    tables = {
        signal: driven.branches(lab, drive, GROWN | {"signal": signal}, "specialization_active", replicates)
        for signal in SIGNALS
    }
    figures = {
        f"{signal}_{what}": value
        for signal, table in tables.items()
        for what, value in driven.widest(table, 1 - 0.05 / len(SIGNALS)).items()
    }
    figures["months_from_10_to_90"] = float(
        np.nanmedian([rise(run) for run in forecasts.scenario_runs(lab, "reference")])
    )
    says = (
        "As reinforcement rises and falls, the index of devices that serve moves by "
        + " and by ".join(
            f"{figures[f'{s}_range']:.2f} ({s} signal; ways differ by {abs(figures[f'{s}_gap']):.3f} at most)"
            for s in SIGNALS
        )
        + f". In reference it takes {figures['months_from_10_to_90']:.0f} months from a tenth to nine tenths of its final value."
    )
    return Evidence(
        figures, says, pd.concat([driven.gaps(table).assign(signal=name) for name, table in tables.items()])
    )


def judge(figures: Figures) -> Verdict:
    """Two states with either signal, or one with both; undecided if the drive does not move the index."""
    if any(figures[f"{s}_low"] > GAP or figures[f"{s}_high"] < -GAP for s in SIGNALS):
        return Verdict.HOLDS
    one = all(figures[f"{s}_low"] > -GAP and figures[f"{s}_high"] < GAP for s in SIGNALS)
    moved = all(figures[f"{s}_range"] > MOVES for s in SIGNALS)
    return Verdict.FAILS if one and moved else Verdict.UNDECIDED


def rise(run: Trajectory) -> float:
    """Return the months from a tenth to nine tenths of the final specialization of members, quarterly."""
    values = smoothed(run.frame["specialization"])
    final = float(values[-12:].mean())
    return rise_time(values, 0.1 * final, 0.9 * final) if half_rise(values) > 0 else float("nan")


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Specialization on the way up and on the way down."""
    panel.axes("reinforcement of thresholds a month", "specialization of devices that serve")
    roles = iter(("first", "second", "third", "fourth"))
    for signal, rows in table.groupby("signal", sort=False):
        error = np.asarray(rows["sem"]) * np.sqrt(2)
        panel.points(rows["level"] - 0.004, rows["up"], f"{signal} signal, rising", next(roles), error)
        panel.points(rows["level"] + 0.004, rows["down"], f"{signal} signal, falling", next(roles), error)


CLAIM = Claim(
    id="S7.2b",
    place="section 7.2",
    says="The division of labor sets in abruptly, as a first-order transition of the Potts kind.",
    experiment="reference with the technology of its month 100 and no progress, eight times the merit, all 400 owners members and 5 % churn; reinforcement raised "
    "from .05 to 2 and lowered again, 84 months at each of three levels, with local and global signal. And runs of reference as it is.",
    statistic="specialization of devices that serve, in the last year at each level: way down less way up, at the level where the mean "
    "difference is largest",
    criterion="Holds if the difference exceeds .05 in size at 95 % confidence for all levels and both signals together (Bonferroni); fails if it is below .05 although the "
    "drive moves the index by .05; undecided otherwise. Specialization that rises on one curve is no first-order transition. Revised after the first run, whose drive, decay at the "
    "technology of month 1, hardly moved the index; a second, 48 months at each of four levels with five runs, was too short and too coarse to decide.",
    turned_by="Devices that do what their neighbors do (`alignment`), which is the Potts coupling; nothing in (9) and (10) is one.",
    assumption="Calls are heard locally and effort follows what was served; a device's memory goes with its membership.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{s}_{what}": 0.3 for s in SIGNALS for what in ("gap", "low", "high", "range")},
    draw=draw,
)
