"""A mesh driven up and down through levels of one quantity: do the two ways differ (hysteresis), or lag?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mesh_abm.claims.lab import Lab
from mesh_abm.facts import YEAR
from mesh_abm.shocks import Shock


def there_and_back(levels: Sequence[float]) -> list[float]:
    """Return the levels in turn, up to the last and back to the first."""
    return [*levels, *list(levels)[-2::-1]]


def ladder(levels: Sequence[float], dwell: int, kind: str, field: str | None = None) -> tuple[Shock, ...]:
    """Return shocks that hold each level of `there_and_back` for `dwell` months; `field` for kind "set"."""
    return tuple(
        Shock.model_validate(
            {
                "month": 1 + step * dwell,
                "until": (step + 1) * dwell,
                "kind": kind,
                "field": field,
                "value": level,
            }
        )
        for step, level in enumerate(there_and_back(levels))
    )


def branches(
    lab: Lab,
    changes: Mapping[str, Any],
    levels: Sequence[float],
    dwell: int,
    column: str,
    replicates: int,
    kind: str = "merit",
    field: str | None = None,
    extra: tuple[Shock, ...] = (),
) -> pd.DataFrame:
    """Return what a column of `reference` came to at each level on the way up and on the way down.

    `extra` shocks come on top of the ladder. Columns: seed, level, up, down; each the mean of the last year at that
    level. The last level is left out: there the ways meet.
    """
    months = dwell * len(there_and_back(levels))
    shocks = (*ladder(levels, dwell, kind, field), *extra)
    runs = lab.runs("reference", replicates, months=months, changes={**changes, "shocks": shocks})
    rows = []
    for run in runs:
        ends = [_end(run.frame[column], (step + 1) * dwell) for step in range(2 * len(levels) - 1)]
        ways = zip(levels[:-1], ends, reversed(ends), strict=False)
        rows += [(run.seed, level, up, down) for level, up, down in ways]
    return pd.DataFrame(rows, columns=["seed", "level", "up", "down"])


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Return by level the means of both ways over seeds, their difference `gap`, and its standard error `sem`."""
    paired = table.assign(gap=table["down"] - table["up"])
    means = paired.groupby("level")[["up", "down", "gap"]].mean()
    return means.assign(sem=paired.groupby("level")["gap"].sem()).reset_index()


def _end(series: pd.Series, month: int) -> float:
    return float(series.iloc[month - YEAR + 1 : month + 1].mean())
