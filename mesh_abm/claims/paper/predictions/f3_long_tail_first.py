"""F3: does the mesh win the long tail before it enters the mainstream?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import first_over, is_mesh, smoothed

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

TAIL, HEAD = 0.50, 0.20
"""The paper's shares: over TAIL of tail types while under HEAD of the most asked ones."""
WITHIN = 24
"""Months after R0 first exceeds 1."""


def measure(lab: Lab) -> Evidence:
    """Shares of the mesh in head and tail types in every run in which R0 exceeds 1."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in forecasts.SCENARIOS}
    figures = forecasts.counts({name: [shown(run) for run in runs[name]] for name in forecasts.MECHANISM})
    figures |= forecasts.counts(
        {name: [shown(run, WITHIN) for run in runs[name]] for name in forecasts.DATED}, "dated"
    )
    for name in ("reference", "optimist"):
        figures |= {f"{name}_{part}": value for part, value in extremes(runs[name]).items()}
    says = (
        f"Over 50 % of the tail while under 20 % of the head: {forecasts.in_words(figures)}; within two years of R0 > 1: "
        f"{forecasts.in_words(figures, 'dated')}. The mesh is ahead in the tail by {_points(figures, 'reference_ahead')} at most in "
        f"reference and {_points(figures, 'optimist_ahead')} in optimist, where its share of the tail ends at "
        f"{_points(figures, 'optimist_tail')}."
    )
    tables = [
        forecasts.paths(
            {name: runs[name] for name in ("reference", "optimist")}, f"share_mesh_{part}"
        ).assign(of=part)
        for part in ("tail", "head")
    ]
    return Evidence(figures, says, pd.concat(tables))


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE."""
    return forecasts.verdict(figures)


def shown(run: Trajectory, within: int | None = None) -> bool | None:
    """Return whether some month shows it, of the first `within` after R0 > 1 if given; None if R0 never is.

    R0 is that of the links, (1), as a quarterly mean, while the largest component is a mesh (LEAST_MESH devices).
    """
    began = first_over(np.where(is_mesh(run.frame), smoothed(run.frame["r0_mesh"]), 0.0), 1.0)
    if np.isnan(began):
        return None
    rows = run.frame.iloc[int(began) : None if within is None else int(began) + within + 1]
    return bool(((rows["share_mesh_tail"] > TAIL) & (rows["share_mesh_head"] < HEAD)).any())


def extremes(runs: list[Trajectory]) -> dict[str, float]:
    """Return the largest lead of the tail over the head in the mean of runs, a quarter long, and both final shares."""
    head, tail = (
        smoothed(np.nanmean([run.frame[f"share_mesh_{part}"].iloc[1:] for run in runs], axis=0))
        for part in ("head", "tail")
    )
    return {"ahead": float((tail - head).max()), "head": float(head[-1]), "tail": float(tail[-1])}


def _points(figures: Figures, name: str) -> str:
    return f"{100 * figures[name]:.0f} points"


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Mesh-served part of demand in head and tail types."""
    panel.axes("month", "demand that the mesh serves", percent=True)
    roles = iter(("first", "second", "mesh", "third"))
    for (name, part), rows in table.groupby(["scenario", "of"], sort=False):
        panel.curve(rows["month"], rows["mean"], f"{part} types, {name}", next(roles))
    panel.level(TAIL, "50 %: tail should exceed")
    panel.level(HEAD, "20 %: head should stay under")


CLAIM = Claim(
    id="F3",
    place="section 10, prediction 3",
    says="Within two years of R0 > 1 the mesh serves more than half of the long tail while it serves less than a fifth of "
    "the most asked types.",
    experiment="Runs of reference, baseline, optimist and pessimist.",
    statistic="mesh-served part of demand among the quarter of types asked most (head) and all others (tail), by month",
    criterion=forecasts.RULE
    + " A run shows it if some month has over 50 % in the tail and under 20 % in the head; it is "
    "judged if R0 of the links (1) ever exceeds 1 while the largest component has 30 devices, and for the date only the two years from then on count. "
    "The 30 devices were added after the first run: in baseline a pair among nine members counted as a mesh.",
    turned_by="A provider that serves rare types badly (`focus` > 0: see S7.1b), or tail types that ask for less quality.",
    assumption="The provider serves all types alike, as in (8) of the paper.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        **{f"{name}_{part}": 6.0 for name in forecasts.MECHANISM for part in ("yes", "judged")},
        **{f"{name}_dated_{part}": 6.0 for name in forecasts.DATED for part in ("yes", "judged")},
    },
    draw=draw,
)
