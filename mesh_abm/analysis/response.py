"""How a measure responds to one field: its mean with an interval for each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.analysis.intervals import of_mean, of_strata
from mesh_abm.analysis.reading import Reading, numbers_of, per_run
from mesh_abm.sweeps import Store

DRAWN = ("latin-hypercube", "sobol", "saltelli")
PARTS, IN_A_PART = 12, 8
"""A field that was sampled is cut into at most so many parts, of at least so many points."""


def response(
    store: Store, x: str, measure: str | Reading, *, fixed: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Return a row a value of the field `x`: x, mean, low, high (95 % t interval), sd of runs, count of runs.

    What else varies is averaged over, or held at `fixed`. On a grid the interval is that of replicates within points:
    what other chosen fields do is no noise. Where `x` was sampled, its values are cut into parts (told by their mean),
    and points, each drawn with its other fields, are what varies. NaN where there is nothing to tell spread from.
    """
    runs = per_run(store, measure, fixed)
    values = runs[numbers_of(store, x, "x")].astype(float)
    if store.plan.get("sampler") in DRAWN and values.nunique() > PARTS:
        return _sampled(runs.assign(part=_parts(values)), x)
    rows = [_row(float(str(value)), *_strata(group), group) for value, group in runs.groupby(values)]
    return pd.DataFrame(rows).rename(columns={"x": x})


def _sampled(runs: pd.DataFrame, x: str) -> pd.DataFrame:
    rows = []
    for _, group in runs.groupby("part"):
        points = group.groupby("point")["value"].mean()
        rows.append(_row(float(group[x].mean()), *of_mean(points), group))
    return pd.DataFrame(rows).rename(columns={"x": x})


def _parts(values: pd.Series) -> pd.Series:
    count = int(np.clip(values.nunique() // IN_A_PART, 2, PARTS))
    return pd.qcut(values, count, labels=False, duplicates="drop")


def _strata(group: pd.DataFrame) -> tuple[float, float]:
    return of_strata([each.to_numpy(float) for _, each in group.groupby("point")["value"]])


def _row(x: float, mean: float, half: float, group: pd.DataFrame) -> dict[str, float]:
    finite = group["value"][np.isfinite(group["value"])]
    return {
        "x": x,
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "sd": float(finite.std(ddof=1)) if len(finite) > 1 else np.nan,
        "count": len(finite),
    }
