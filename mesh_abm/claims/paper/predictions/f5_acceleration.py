"""F5: does the capability of the mesh double faster and faster?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import doubling_times, mesh_phases

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

FEWEST = 3
"""Doublings that a trend needs."""
MEASURES = ("c_mesh", "c_active")
"""Capability: what all devices of the largest component could do, (15), and what devices on a task offer."""


def measure(lab: Lab) -> Evidence:
    """Doubling times of the mesh's capability from nucleation on, in every run."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in forecasts.MECHANISM}
    times = {
        (name, run.seed, column): doublings(run, column)
        for name in runs
        for run in runs[name]
        for column in MEASURES
    }
    outcomes = {name: [shorter(times[name, run.seed, "c_mesh"]) for run in runs[name]] for name in runs}
    figures = forecasts.counts(outcomes)
    offered = {name: [shorter(times[name, run.seed, "c_active"]) for run in runs[name]] for name in runs}
    figures |= {f"offered_{key}": value for key, value in forecasts.counts(offered).items()}
    rows = [(*key, k + 1, months) for key, found in times.items() for k, months in enumerate(found)]
    table = pd.DataFrame(rows, columns=["scenario", "seed", "of", "doubling", "months"])
    capacity = table[(table["of"] == "c_mesh") & (table["scenario"] != "baseline")]
    figures |= {f"months_of_doubling_{k}": _mean(capacity, k) for k in (1, 2, 3, 4)}
    steps = ", ".join(f"{figures[f'months_of_doubling_{k}']:.0f}" for k in (1, 2, 3, 4))
    offered_in = ", ".join(
        f"{figures[f'offered_{name}_yes']:.0f} of {figures[f'offered_{name}_judged']:.0f} runs of {name}"
        for name in ("reference", "optimist")
    )
    says = (
        f"Doubling times of C_mesh that fall: {forecasts.in_words(figures)}. From nucleation on, the first doublings take {steps} months in the mean over "
        f"runs of reference and optimist. What devices on a task offer doubles faster and faster in {offered_in}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE; the prediction has no date."""
    return forecasts.verdict(figures)


def doublings(run: Trajectory, column: str) -> list[float]:
    """Return the months of each doubling from nucleation on; none if the run never nucleates."""
    month = mesh_phases(run.frame).get("nucleation")
    return [] if month is None else doubling_times(run.frame[column], month)


def shorter(times: list[float]) -> bool | None:
    """Return whether doubling times fall with their number (Kendall's tau below 0); None with fewer than FEWEST."""
    if len(times) < FEWEST:
        return None
    return bool(stats.kendalltau(np.arange(len(times)), times).statistic < 0)


def _mean(table: pd.DataFrame, k: int) -> float:
    return float(table.loc[table["doubling"] == k, "months"].mean())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The months that each doubling takes."""
    panel.axes("number of the doubling since nucleation", "months it takes")
    roles = iter(("first", "second", "mesh", "fourth", "third", "provider"))
    for (name, of), rows in table.groupby(["scenario", "of"], sort=False):
        mean = rows.groupby("doubling")["months"].agg(["mean", "sem"]).reset_index()
        label = "C_mesh" if of == "c_mesh" else "offered"
        panel.points(
            mean["doubling"], mean["mean"], f"{label}, {name}", next(roles), 2 * mean["sem"].fillna(0.0)
        )


CLAIM = Claim(
    id="F5",
    place="section 10, prediction 5",
    says="The time between successive doublings of the mesh's capability falls.",
    right="Percolation alone says the opposite: with exponential growth of members, doublings of N S(N) take longer and longer, from "
    "very little at the threshold up to the doubling time of N.",
    experiment="Runs of reference, baseline and optimist, from the first of three months with more than 5 % of members, and 30 devices, in the largest "
    "component on.",
    statistic="sign of Kendall's tau between the number of a doubling of C_mesh (15) and the months it took",
    criterion=forecasts.RULE
    + " A run shows it if tau is below 0; it is judged with three doublings or more. The 30 devices "
    "were added after the first run: in baseline a pair among nine members counted as a mesh.",
    turned_by="Capability that grows with what is already known: capacity that rises with knowledge without bound, or technology that speeds up.",
    assumption="Capacity follows technology at a constant rate (capacity_gain) and knowledge by at most knowledge_gain.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{name}_{part}": 6.0 for name in forecasts.MECHANISM for part in ("yes", "judged")},
    draw=draw,
)
