"""S7.1b: a young mesh is ahead in the long tail that the provider neglects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import interval, mesh_phases

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

FOCUS = (0.0, 0.25, 0.5, 1.0)
"""How much the provider favors what is asked often; 0 is (8) of the paper."""
AHEAD = 1.10
"""Ratio of the mesh's share in the tail to that in the head that counts as ahead."""
YOUNG = 24
"""Months from nucleation on that are looked at."""


def measure(lab: Lab) -> Evidence:
    """The mesh's lead in tail types by the provider's neglect of them."""
    rows = []
    for focus in FOCUS:
        changes = forecasts.SHARED | ({"focus": focus} if focus else {})
        runs = lab.runs("reference", forecasts.replicates(lab), changes=changes)
        rows += [(focus, run.seed, *young(run)) for run in runs]
    table = pd.DataFrame(rows, columns=["focus", "seed", "tail", "head"])
    figures: dict[str, float] = {}
    for focus in FOCUS:
        found = table[table["focus"] == focus]
        names = (f"lead_at_{focus:g}", f"low_at_{focus:g}", f"high_at_{focus:g}")
        figures |= dict(zip(names, exp_interval(found["tail"] / found["head"]), strict=True))
    leads = ", ".join(f"{figures[f'lead_at_{focus:g}']:.2f} at {focus:g}" for focus in FOCUS)
    says = f"Share of a young mesh in tail types over that in the head, by the provider's focus: {leads}; it serves {100 * table['head'].mean():.1f} % of the head."
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Ahead whatever the provider, ahead of one that neglects the tail, or not."""
    if figures["low_at_0"] > AHEAD:
        return Verdict.HOLDS
    if any(figures[f"low_at_{focus:g}"] > AHEAD for focus in FOCUS[1:]):
        return Verdict.AS_CORRECTED
    return (
        Verdict.FAILS if all(figures[f"high_at_{focus:g}"] < AHEAD for focus in FOCUS) else Verdict.UNDECIDED
    )


def young(run: Trajectory) -> tuple[float, float]:
    """Return the mesh's share in the tail and in the head over the YOUNG months; NaN if the run never nucleates."""
    month = mesh_phases(run.frame).get("nucleation")
    if month is None:
        return float("nan"), float("nan")
    rows = run.frame.iloc[month : month + YOUNG]
    tail, head = (float(rows[f"share_mesh_{part}"].mean()) for part in ("tail", "head"))
    return tail, head


def exp_interval(ratios: pd.Series) -> tuple[float, float, float]:
    """Return the geometric mean of ratios with its 95 % interval."""
    mean, low, high = (float(np.exp(end)) for end in interval(np.log(ratios)))
    return mean, low, high


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The lead of the tail over the head by the provider's focus."""
    panel.axes("focus of the provider (0: all types alike)", "mesh's share in the tail / in the head")
    found = [exp_interval(rows["tail"] / rows["head"]) for _, rows in table.groupby("focus")]
    means, highs = (np.array([one[part] for one in found]) for part in (0, 2))
    panel.points(sorted(table["focus"].unique()), means, "young mesh, 95 % interval", "first", highs - means)
    panel.level(1.0, "as much in both")
    panel.level(AHEAD, "ahead in the tail")


CLAIM = Claim(
    id="S7.1b",
    place="section 7.1",
    says="The mesh first gets ahead in the long tail of rare queries, which centralized providers underserve.",
    right="Ahead only of a provider that really serves rare types worse; the provider of (8) spreads evenly and leaves no such gap.",
    experiment="Runs of reference with a provider of focus 0 (all types alike), .25, .5 and 1.",
    statistic="mesh-served part of demand in tail types over that in head types, in the two years from nucleation (with 30 devices) on; geometric mean over runs",
    criterion="Holds if the ratio exceeds 1.1 at focus 0 (95 % interval over runs); as corrected if it does so at some other focus; "
    "fails if it is below 1.1 at all. Revised after the first run, which asked for a lead of 2 points of demand: a young mesh serves less than that in all.",
    turned_by="Rare types that are harder for small devices, or a provider that neglects nothing.",
    assumption="How providers treat rare types: no source says; focus is a scan, not a measurement.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{end}_at_{focus:g}": 0.5 for end in ("lead", "low", "high") for focus in FOCUS},
    draw=draw,
)
