"""PRE-6: at the crossing there are devices, but fewer than the critical mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.dates import crossing
from mesh_abm.theory import equilibrium

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

MOST = 0.95


def measure(lab: Lab) -> Evidence:
    """Members at the crossing of `reference` against both critical masses."""
    runs = lab.runs("reference", lab.size(fast=4, full=12), months=120)
    rows = [at_crossing(run.frame) for run in runs if not np.isnan(crossing(run.frame))]
    table = pd.DataFrame(rows, columns=["members", "component", "capability"])
    grid = [
        float(equilibrium.critical_mass_implicit(units, 1.0, 1.0, reach, 1.0, 1.0)) * reach
        for units in (10, 300, 5_000)
        for reach in (1e-5, 1e-3, 0.1)
    ]
    figures = {
        "runs_that_cross": float(len(table)),
        "members_at_crossing": float(table["members"].median()),
        "critical_mass_of_capability": float(table["capability"].median()),
        "below_capability_mass": float((table["members"] < table["capability"]).mean()),
        "below_component_mass": float((table["component"] <= 1).mean()),
        "least_N_star_in_units_of_1_over_b": min(grid),
    }
    says = (
        f"When costs cross in `reference` there are {figures['members_at_crossing']:,.0f} members (median); the mesh matches "
        f"the provider's capability at {figures['critical_mass_of_capability']:,.0f}; a component already stands in "
        f"{1 - figures['below_component_mass']:.0%} of runs."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Below both masses; below one of them; below none; or nobody there at all."""
    if figures["runs_that_cross"] == 0:
        return Verdict.UNDECIDED
    if not figures["members_at_crossing"] > 0 or figures["least_N_star_in_units_of_1_over_b"] <= 1:
        return Verdict.FAILS
    below = (figures["below_capability_mass"] >= MOST, figures["below_component_mass"] >= MOST)
    return Verdict.HOLDS if all(below) else Verdict.AS_CORRECTED if any(below) else Verdict.FAILS


def at_crossing(frame: pd.DataFrame) -> tuple[float, float, float]:
    """Return members, the mean degree (1 is where a component begins) and N* in the month of the crossing."""
    row = frame[frame["month"] == crossing(frame)].iloc[0]
    return float(row["members"]), float(row["mean_degree"]), float(row["n_star"])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Members and critical mass in every run."""
    panel.axes("run", "devices", log_y=True)
    runs = np.arange(1, len(table) + 1)
    panel.points(runs, table["members"], "members when costs cross", "first")
    panel.points(runs, table["capability"], "N*: as capable as the provider", "provider")


CLAIM = Claim(
    id="PRE-6",
    place="section 2.2, from the predecessor",
    says="When costs cross there are some capable devices, but fewer than the critical mass.",
    right="There are two critical masses: 1/b, where a component begins, and N*, where the mesh matches the provider; N* is "
    "always the larger. Which one is meant decides.",
    experiment="Members in the month of the crossing of `reference`, 12 seeds, against N* at the component of that month and "
    "against mean degree 1; N* b by the closed form over a grid of K and b.",
    statistic="share of runs below each mass",
    criterion="Holds if 95 % of runs are below both, holds as corrected if below one of them; fails if below none, if nobody "
    "is there, or if N* <= 1/b anywhere; undecided if no run crosses.",
    turned_by="A crossing so late that the mesh is ahead of the provider already.",
    assumption="`reference`, a textbook scenario: in `baseline` and `optimist` costs by list have crossed at the start",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"members_at_crossing": 0.0},
    draw=draw,
)
