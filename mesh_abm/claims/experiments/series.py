"""What claims read from the series of runs: crossings, rise times, doubling times, breadth, means over runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from mesh_abm.claims.lab import Trajectory
from mesh_abm.facts import YEAR
from mesh_abm.phases import phases

F64 = npt.NDArray[np.float64]

LEAST_MESH = 30
"""Devices that a component needs to count as a mesh: where few are members, a pair of them is a large share."""


def mesh_phases(frame: pd.DataFrame) -> dict[str, int]:
    """Return the first month of each phase reached, as `phases` does, of components of LEAST_MESH devices or more."""
    return phases(frame.assign(s_inf=frame["s_inf"].where(is_mesh(frame), 0.0)))


def is_mesh(frame: pd.DataFrame) -> pd.Series:
    """Return by month whether the largest component has LEAST_MESH devices or more."""
    return frame["s_inf"] * frame["members"] >= LEAST_MESH - 0.5


def smoothed(values: ArrayLike, months: int = 3) -> F64:
    """Return the trailing mean over so many months (fewer at the start), NaN left out."""
    return pd.Series(np.asarray(values, float)).rolling(months, min_periods=1).mean().to_numpy()


def first_over(values: ArrayLike, level: float) -> float:
    """Return the first place where a series exceeds a level, NaN if nowhere."""
    places = np.flatnonzero(np.asarray(values, float) > level)
    return float(places[0]) if places.size else float("nan")


def rise_time(values: ArrayLike, low: float, high: float) -> float:
    """Return the steps from the last place below `low` to the first place above `high`, NaN if that is never reached.

    A series that is nowhere below `low` before it exceeds `high` rose from its first place on.
    """
    series = np.asarray(values, float)
    top = first_over(series, high)
    if np.isnan(top):
        return float("nan")
    below = np.flatnonzero(series[: int(top)] < low)
    return top - (float(below[-1]) if below.size else 0.0)


def half_rise(values: ArrayLike, last: int = YEAR) -> float:
    """Return the first place with at least half of the final value, the mean of the `last` ones; NaN if that is 0."""
    series = np.nan_to_num(np.asarray(values, float))
    final = float(series[-last:].mean())
    return float(np.flatnonzero(series >= final / 2)[0]) if final > 0 else float("nan")


def doubling_times(values: ArrayLike, begin: int = 0) -> list[float]:
    """Return the steps that each doubling of a series took, counted from its value at `begin`.

    A doubling is reached where the series first has twice, four times, .. that value, interpolated in its logarithm.
    Empty if the value at `begin` is not positive.
    """
    series = np.asarray(values, float)[begin:]
    if not series.size or not series[0] > 0:
        return []
    highest = np.maximum.accumulate(np.nan_to_num(series))
    levels = np.log2(highest / series[0])
    reached = [0.0, *(_place(levels, k) for k in range(1, int(levels[-1]) + 1))]
    return list(np.diff(reached))


def breadth(types: pd.DataFrame, months: int = 3) -> pd.Series:
    """Return by month how many types the mesh serves, over how many are asked: a ratio of exp(entropy), 0 to 1.

    `types` is the table by type of a run; counts are summed over so many trailing months; 0 where the mesh serves none.
    """
    sums = {
        name: types.pivot(index="month", columns="type", values=name).rolling(months, min_periods=1).sum()
        for name in ("mesh", "demand")
    }
    return _kinds(sums["mesh"]) / _kinds(sums["demand"]).replace(0.0, np.nan)


def calendar(month: float, start: str = "2026-01") -> float:
    """Return the year, with its fraction, of a month of a run whose month 1 is `start`."""
    year, first = (int(part) for part in start.split("-"))
    return year + (first - 1 + month - 1) / 12


def over_runs(runs: Sequence[Trajectory], column: str) -> pd.DataFrame:
    """Return by month the mean of a column over runs with its lowest and highest value: month, mean, low, high."""
    table = np.array([run.frame[column].to_numpy(float) for run in runs])
    return pd.DataFrame(
        {"month": runs[0].frame["month"], "mean": table.mean(0), "low": table.min(0), "high": table.max(0)}
    )


def interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Return mean, lower and upper end of Student's two-sided interval of the mean, NaN left out.

    With fewer than two values the ends are infinite.
    """
    sample = np.asarray(values, float)
    sample = sample[~np.isnan(sample)]
    if sample.size < 2:
        return float(sample.mean()) if sample.size else float("nan"), -np.inf, np.inf
    half = stats.t.ppf((1 + confidence) / 2, sample.size - 1) * sample.std(ddof=1) / np.sqrt(sample.size)
    return float(sample.mean()), float(sample.mean() - half), float(sample.mean() + half)


def _place(levels: F64, wanted: float) -> float:
    """Return where rising levels reach the wanted one, interpolated."""
    after = int(np.argmax(levels >= wanted))
    low, high = levels[after - 1], levels[after]
    return float(after - 1 + (wanted - low) / (high - low))


def _kinds(counts: pd.DataFrame) -> pd.Series:
    shares = counts.div(counts.sum(axis=1).replace(0.0, np.nan), axis=0)
    entropy = pd.Series(stats.entropy(shares.fillna(0.0), axis=1), index=counts.index)
    return entropy.map(np.exp).where(counts.sum(axis=1) > 0, 0.0)
