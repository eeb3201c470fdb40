"""Settlement capped and released again, on the random numbers of the runs without a cap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mesh_abm.claims.experiments.forecasts import SHARED, replicates, scenario_runs
from mesh_abm.claims.experiments.series import first_over, smoothed
from mesh_abm.claims.lab import Lab, Trajectory
from mesh_abm.facts import YEAR

CAPS = (0.25, 0.5, 1.0, 1.5)
"""Caps tried, as parts of the deliveries a month that the runs without a cap settle in the year before the release."""
REACHED = 0.75
"""The cap is lifted when the mesh without a cap has reached this part of its final share of queries."""
BEFORE, AFTER = 24, 36
"""Months of growth compared before the release, and months run after it."""
FORMED = 0.01
"""A mesh that serves less of all queries than this at the end has not formed, and there is nothing to cap."""
OBSTACLES = {
    "settlement": ("reason_settlement",),
    "connectivity": ("reason_no_path", "reason_no_specialist"),
    "device capacity": ("reason_no_capacity",),
    "model quality": ("reason_quality",),
}
"""What may bind a mesh, and the reasons of queries not served by it that tell of each."""


def formed(run: Trajectory) -> bool:
    """Return whether a mesh serves queries at the end of a run."""
    return float(run.frame["share_mesh"].iloc[-YEAR:].mean()) >= FORMED


def release(runs: Sequence[Trajectory]) -> int:
    """Return the month in which the cap is lifted, from runs without one: see REACHED; at least BEFORE + 1."""
    share = smoothed(np.mean([run.frame["share_mesh"] for run in runs], axis=0))
    return max(int(first_over(share, REACHED * float(share[-YEAR:].mean()))), BEFORE + 1)


def scan(lab: Lab, name: str) -> pd.DataFrame:
    """Return what caps do to a scenario, a row for each cap and seed; empty if no mesh forms in most of its runs.

    Columns: cap (part of the need), seed, month of release; growth of the devices' market share in the two years
    before, with the cap and without (`capped`, `free`); how far it was `behind` at the release, and how much it rose in
    the years `after`; part of members' queries turned away by each of OBSTACLES in the year before; and `first`, the
    first month in which settlement was the largest of them (NaN: never).
    """
    free = scenario_runs(lab, name)
    if np.mean([formed(run) for run in free]) <= 0.5:
        return pd.DataFrame()
    month = release(free)
    need = float(np.mean([_year(run.frame["settled"], month) for run in free]))
    rows = []
    for cap in CAPS:
        changes = SHARED | {"settlement_capacity": cap * need, "shocks": [_lifted(month)]}
        capped = lab.runs(name, replicates(lab), months=month + AFTER, changes=changes)
        rows += [
            {"cap": cap, "seed": one.seed, "month": month, **_compared(one.frame, other.frame, month)}
            for one, other in zip(capped, free, strict=True)
        ]
    return pd.DataFrame(rows)


def obstacles(frame: pd.DataFrame) -> pd.DataFrame:
    """Return by month the part of members' queries that each of OBSTACLES turned away from the mesh."""
    return pd.DataFrame({name: frame[list(reasons)].sum(axis=1) for name, reasons in OBSTACLES.items()})


def _lifted(month: int) -> dict[str, object]:
    return {"month": month + 1, "kind": "set", "field": "settlement_capacity", "value": float("inf")}


def _compared(capped: pd.DataFrame, free: pd.DataFrame, month: int) -> dict[str, float]:
    with_cap, without = (smoothed(frame["market_share"]) for frame in (capped, free))
    turned_away = obstacles(capped)
    smooth = turned_away.rolling(3, min_periods=1).mean().iloc[: month + 1]
    largest = smooth.idxmax(axis=1) == "settlement"
    held = largest & (smooth["settlement"] > 0)
    return {
        "capped": float(with_cap[month] - with_cap[month - BEFORE]),
        "free": float(without[month] - without[month - BEFORE]),
        "behind": float(without[month] - with_cap[month]),
        "after": float(with_cap[month + AFTER] - with_cap[month]),
        "first": first_over(held, 0.5),
        **{name: _year(turned_away[name], month) for name in OBSTACLES},
    }


def _year(series: pd.Series, month: int) -> float:
    """Return the mean of the year that ends with a month."""
    return float(series.iloc[month - YEAR + 1 : month + 1].mean())
