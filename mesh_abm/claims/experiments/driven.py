"""A mesh driven up and down through levels of one quantity: do the two ways differ (hysteresis), or lag?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mesh_abm.claims.experiments.series import interval
from mesh_abm.claims.lab import Lab
from mesh_abm.device_classes import DeviceClass
from mesh_abm.facts import YEAR
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import Shock

LATER = 100
"""Month of `reference` whose technology a driven mesh has: with less, members gain too little at any merit."""
STILL: dict[str, Any] = {
    "n_owners": 400,
    "efficiency_growth": 0,
    "learning_exponent": 0,
    "quality_growth": 0,
    "measure_every": 0,
}
"""No progress of its own: what changes is what the drive changes."""


@dataclass(frozen=True)
class Drive:
    """Levels in turn, up to the last and back to the first, each held for `dwell` months by a shock of a kind."""

    levels: tuple[float, ...]
    dwell: int
    kind: str = "merit"
    field: str | None = None

    @property
    def path(self) -> list[float]:
        """The levels there and back."""
        return [*self.levels, *self.levels[-2::-1]]

    @property
    def months(self) -> int:
        """How long it takes."""
        return self.dwell * len(self.path)

    def shocks(self) -> tuple[Shock, ...]:
        """Return a shock for each level of the path."""
        common = {"kind": self.kind, "field": self.field}
        return tuple(
            Shock.model_validate(
                {"month": 1 + at * self.dwell, "until": (at + 1) * self.dwell, "value": level, **common}
            )
            for at, level in enumerate(self.path)
        )


def later_classes(merit: float = 1.0) -> tuple[DeviceClass, ...]:
    """Return the classes of `reference` with the capacity and quality of month LATER, and so many times their merit."""
    start = Scenario()
    capacity, gap = math.exp(start.efficiency_growth * LATER), math.exp(-start.quality_growth * LATER)
    return tuple(
        one.model_copy(
            update={
                "capacity": one.capacity * capacity,
                "quality": 1 - (1 - one.quality) * gap,
                "merit": one.merit * merit,
            }
        )
        for one in start.classes
    )


def branches(
    lab: Lab, drive: Drive, changes: Mapping[str, Any], column: str, replicates: int
) -> pd.DataFrame:
    """Return what a column of `reference` came to at each level on the way up and on the way down.

    Columns: seed, level, up, down; each the mean of the last year at that level. The last level is left out: there the
    ways meet.
    """
    asked = {**changes, "shocks": drive.shocks()}
    runs = lab.runs("reference", replicates, months=drive.months, changes=asked)
    rows = []
    for run in runs:
        ends = [_end(run.frame[column], (at + 1) * drive.dwell) for at in range(len(drive.path))]
        ways = zip(drive.levels[:-1], ends, reversed(ends), strict=False)
        rows += [(run.seed, level, up, down) for level, up, down in ways]
    return pd.DataFrame(rows, columns=["seed", "level", "up", "down"])


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Return by level the means of both ways over seeds, their difference `gap`, and its standard error `sem`."""
    paired = table.assign(gap=table["down"] - table["up"])
    means = paired.groupby("level")[["up", "down", "gap"]].mean()
    return means.assign(sem=paired.groupby("level")["gap"].sem()).reset_index()


def widest(table: pd.DataFrame, confidence: float = 0.95) -> dict[str, float]:
    """Return the level with the widest mean difference between ways, and the difference: level, gap, low, high.

    The interval holds for all levels together (Bonferroni). `range`: how far the quantity moves on the way up.
    """
    means = gaps(table)
    level = float(means["level"].iloc[int(means["gap"].abs().argmax())])
    rows = table[table["level"] == level]
    gap, low, high = interval(rows["down"] - rows["up"], 1 - (1 - confidence) / len(means))
    moved = float(means["up"].max() - means["up"].min())
    return {"level": level, "gap": gap, "low": low, "high": high, "range": moved}


def _end(series: pd.Series, month: int) -> float:
    return float(series.iloc[month - YEAR + 1 : month + 1].mean())
