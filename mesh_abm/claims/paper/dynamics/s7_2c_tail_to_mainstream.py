"""S7.2c: does the provider lose rare types first and common ones later?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import first_over, interval
from mesh_abm.facts import YEAR

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LOST = 0.10
"""Part of a type's queries, over a year, that devices serve when the provider has begun to lose it."""
FEWEST = 4
"""Types lost that an order needs."""
UNRELATED = 0.3
"""Rank correlation under which order and volume are as good as unrelated."""
SETTINGS = {"reference": ("reference", 0.0), "optimist": ("optimist", 0.0), "neglect": ("reference", 1.0)}
"""Scenario and focus of the provider: 0 serves all types alike."""


def measure(lab: Lab) -> Evidence:
    """The order in which types are lost, against the volume of each."""
    rows = []
    for name, (scenario, focus) in SETTINGS.items():
        changes = forecasts.SHARED | ({"focus": focus} if focus else {})
        for run in lab.runs(scenario, forecasts.replicates(lab), changes=changes):
            rows += [(name, run.seed, *row) for row in lost_types(run)]
    table = pd.DataFrame(rows, columns=["setting", "seed", "type", "volume", "month"])
    figures: dict[str, float] = {}
    for name in SETTINGS:
        orders = [order(one) for _, one in table[table["setting"] == name].groupby("seed")]
        figures |= dict(zip((name, f"{name}_low", f"{name}_high"), interval(orders), strict=True))
    says = (
        f"Rank correlation of volume and month of loss (1: rare types first): {figures['reference']:.2f} in reference, {figures['optimist']:.2f} in "
        f"optimist, {figures['neglect']:.2f} with a provider that neglects rare types."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Rare first whatever the provider, or only if it neglects them, or not."""
    first = {name: figures[f"{name}_low"] > 0 and figures[f"{name}_high"] > UNRELATED for name in SETTINGS}
    if first["reference"] and first["optimist"]:
        return Verdict.HOLDS
    if first["neglect"]:
        return Verdict.AS_CORRECTED
    highest = max(figures[f"{name}_high"] for name in SETTINGS)
    return Verdict.FAILS if highest < UNRELATED else Verdict.UNDECIDED


def lost_types(run: Trajectory) -> list[tuple[int, float, float]]:
    """Return type, queries in all, and the month in which devices first served LOST of it over a year (NaN: never)."""
    by_type = run.types.assign(devices=run.types["mesh"] + run.types["self"])
    rows = []
    for j, found in by_type.groupby("type"):
        asked, served = (found[name].to_numpy(float) for name in ("demand", "devices"))
        year = pd.DataFrame({"asked": asked, "served": served}).rolling(YEAR, min_periods=YEAR).sum()
        rows.append((int(str(j)), float(asked.sum()), first_over(year["served"] / year["asked"], LOST)))
    return rows


def order(table: pd.DataFrame) -> float:
    """Return Spearman's rank correlation of volume and month among types that were lost; NaN with too few, 0 if all at once."""
    lost = table.dropna()
    if len(lost) < FEWEST:
        return float("nan")
    if lost["month"].nunique() == 1:
        return 0.0
    return float(stats.spearmanr(lost["volume"], lost["month"]).statistic)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Mean month of loss of each type by its share of demand."""
    panel.axes("share of the type in demand (%)", "month in which devices serve 10 % of it", log_x=True)
    names = {"reference": "reference", "optimist": "optimist", "neglect": "reference, rare types neglected"}
    for (setting, name), role in zip(names.items(), ("first", "mesh", "second"), strict=True):
        rows = table[table["setting"] == setting]
        mean = rows.groupby("type").agg(
            volume=("volume", "mean"), month=("month", "mean"), sem=("month", "sem")
        )
        panel.points(
            100 * mean["volume"] / mean["volume"].sum(),
            mean["month"],
            name,
            role,
            2 * np.asarray(mean["sem"]),
        )


CLAIM = Claim(
    id="S7.2c",
    place="section 7.2",
    says="Centralized providers lose share type by type, from the long tail to ever more mainstream queries.",
    right="Common types go first: their calls are heard most, so devices take them up first; a provider that neglects rare types undoes this order, no more.",
    experiment="Runs of reference and optimist, whose provider serves all types alike, and of reference with a provider of focus 1.",
    statistic="Spearman's rank correlation, over types, of the volume asked and the first month in which devices served 10 % of the type over a year",
    criterion="Rare types go first if the 95 % interval of the mean over runs is above 0 and reaches .3. Holds if so in both scenarios; as corrected if only with the "
    "neglectful provider; fails if all are known to be below .3; undecided otherwise. Runs in which fewer than four types are lost do not count. Revised after the first run, in "
    "which a correlation known to be above 0 and below .3 met two conditions at once.",
    turned_by="Rare types that small models cannot serve.",
    assumption="Devices serve all types equally well; quality differs by device and provider only.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{name}{end}": 0.8 for name in SETTINGS for end in ("", "_low", "_high")},
    draw=draw,
)
