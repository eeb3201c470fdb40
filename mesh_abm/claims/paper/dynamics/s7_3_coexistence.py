"""S7.3: does the mesh saturate beside a provider that keeps the frontier?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import interval, over_runs
from mesh_abm.facts import YEAR

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LONG = 300
"""Months of every run: as long as those calibrated on data."""
STEADY = 0.02
"""Change of market share over the last two years below which growth has saturated."""
GONE, ALL = 0.01, 0.95
"""Provider shares, beyond the frontier queries, at which it is gone, and at which there is no mesh to coexist with."""
HALF = 0.5
"""Share of queries with which devices dominate."""
SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "reference": ("reference", {}),
    "optimist": ("optimist", {}),
    "reference_open": ("reference", {"frontier_share": 0.0}),
}
"""Scenario and changes; `open`: no query is reserved to the provider (none is in optimist as it is)."""


def measure(lab: Lab) -> Evidence:
    """Shares at the end of long runs, with and without queries that only the provider can serve."""
    figures: dict[str, float] = {}
    paths = []
    for name, (scenario, more) in SETTINGS.items():
        runs = lab.runs(scenario, forecasts.replicates(lab), months=LONG, changes=forecasts.SHARED | more)
        ends = pd.DataFrame([at_the_end(run) for run in runs])
        for what in ends:
            names = (f"{name}_{what}", f"{name}_{what}_low", f"{name}_{what}_high")
            figures |= dict(zip(names, interval(ends[what]), strict=True))
        paths.append(over_runs(runs, "share_provider").assign(setting=name))
    says = (
        f"In reference the provider ends with {100 * figures['reference_provider']:.0f} % of queries, {100 * figures['reference_open_provider']:.0f} % if none is reserved to it; in "
        f"optimist, where none is, with {100 * figures['optimist_provider']:.0f} %. In the last two years the devices' share moved by "
        f"{100 * figures['reference_moved']:.1f} and {100 * figures['optimist_moved']:.1f} points."
    )
    return Evidence(figures, says, pd.concat(paths))


def judge(figures: Figures) -> Verdict:
    """Steady and both there; as printed, if devices dominate and the frontier is what keeps the provider."""
    names = ("reference", "optimist")
    steady = all(max(-figures[f"{n}_moved_low"], figures[f"{n}_moved_high"]) < STEADY for n in names)
    moving = any(max(figures[f"{n}_moved_low"], -figures[f"{n}_moved_high"]) > STEADY for n in names)
    there = all(figures[f"{n}_provider_high"] < ALL and figures[f"{n}_provider_low"] > GONE for n in names)
    if not there or moving:
        return Verdict.FAILS
    if not steady:
        return Verdict.UNDECIDED
    dominant = all(figures[f"{n}_devices_low"] > HALF for n in names)
    by_frontier = figures["reference_open_provider_high"] < HALF * figures["reference_provider_low"]
    return Verdict.HOLDS if dominant and by_frontier else Verdict.AS_CORRECTED


def at_the_end(run: Trajectory) -> dict[str, float]:
    """Return shares of the last year, the change over two years, and C_eff over what even coverage would give."""
    frame = run.frame
    last = frame.iloc[-YEAR:]
    before = frame["market_share"].iloc[-3 * YEAR : -2 * YEAR].mean()
    return {
        "provider": float(last["share_provider"].mean()),
        "devices": float((last["share_mesh"] + last["share_self"]).mean()),
        "moved": float(last["market_share"].mean() - before),
        "coverage": float(
            np.mean(last["c_eff"] * last["n_star"] * last["s_inf"] / (last["c_cent"] * last["members"]))
        ),
    }


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The provider's share of queries over 25 years."""
    panel.axes("month", "queries that the provider serves", percent=True)
    roles = {"reference": "first", "optimist": "mesh", "reference_open": "second"}
    for name, rows in table.groupby("setting", sort=False):
        label = str(name).replace("_open", ", no frontier")
        panel.curve(rows["month"], rows["mean"], label, roles[str(name)])


CLAIM = Claim(
    id="S7.3",
    place="section 7.3",
    says="The mesh saturates once all task types are covered and coexists with centralized providers, which keep the frontier while the mesh "
    "dominates the rest.",
    right="Both stay, but the frontier is not what keeps the provider: taste, distance and links that churn leaves with it do.",
    experiment="Runs of reference and optimist over 300 months, and of reference with no query reserved to the provider (in optimist none is).",
    statistic="provider's and devices' share of all queries in the last year; change of market share from the year that ended two years before; "
    "C_eff over the C_eff of even coverage",
    criterion="Fails if the provider ends under 1 % or over 95 % at 95 % confidence in reference or optimist, or if market share moved by more than "
    "2 points in two years. Else, if it moved by less: holds if devices serve over half of all queries and the provider in reference has less than half of its share "
    "if no frontier is reserved to it; as corrected otherwise.",
    turned_by="A frontier share that grows, quality of devices above the provider's, or no churn.",
    assumption="Frontier queries are 8 % in reference and none in optimist; choice is a logit with much noise.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        **{f"{n}_moved{end}": 0.2 for n in ("reference", "optimist") for end in ("", "_low", "_high")},
        **{
            f"{n}_{what}{end}": 0.5
            for n in SETTINGS
            for what in ("provider", "devices")
            for end in ("", "_low", "_high")
        },
    },
    draw=draw,
)
