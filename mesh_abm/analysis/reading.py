"""One number per run: how a series is read, and the numbers of all runs of a store beside what varied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.errors import UserError, nearest, shown
from mesh_abm.sweeps import Store

CONFIDENCE = 0.95
"""Of all intervals of analyses."""


class AnalysisError(UserError, ValueError):
    """An analysis that cannot be made: the line names what was asked for and what is allowed."""


@dataclass(frozen=True)
class Reading:
    """How the series of a measure becomes one number: its mean over the `last` months (the start, month 0, left out),
    or its value in `month`, or the first month in which it is at least `above` (NaN if it never is)."""

    measure: str
    last: int = 12
    month: int | None = None
    above: float | None = None

    def __post_init__(self) -> None:
        if self.last < 1:
            raise AnalysisError(f"last = {self.last}: must be 1 or more months")
        if self.month is not None and self.above is not None:
            raise AnalysisError(f"month = {self.month}: must be left out where above is given")

    def of_runs(self, series: pd.DataFrame) -> pd.Series:
        """Return run -> number, from columns run, month and the measure."""
        runs = pd.Index(series["run"].unique(), name="run")
        ended = series["month"].max() if len(series) else 0
        if self.month is not None and self.month > ended:
            raise AnalysisError(f"month = {self.month}: must be at most {ended}, the last of the runs")
        return self._read(series).reindex(runs)

    def of(self, series: pd.DataFrame) -> float:
        """Return the number of a single run, from columns month and the measure."""
        return float(self.of_runs(series[["month", self.measure]].assign(run="")).iloc[0])

    def words(self) -> str:
        """Return how it is read, in words."""
        if self.above is not None:
            return f"first month with {self.measure} of {self.above:g} or more"
        if self.month is not None:
            return f"{self.measure} in month {self.month}"
        return f"{self.measure}, mean of the last {self.last} months"

    def _read(self, series: pd.DataFrame) -> pd.Series:
        if self.above is not None:
            return series[series[self.measure] >= self.above].groupby("run")["month"].min().astype(float)
        if self.month is not None:
            return series[series["month"] == self.month].set_index("run")[self.measure].astype(float)
        end = series.groupby("run")["month"].transform("max")
        lately = (series["month"] > end - self.last) & ((series["month"] > 0) | (end == 0))
        return series[lately].groupby("run")[self.measure].mean()


def as_reading(measure: str | Reading) -> Reading:
    """Return the reading that is meant: a name alone is the mean over the last twelve months."""
    return measure if isinstance(measure, Reading) else Reading(measure)


def per_run(
    store: Store, measure: str | Reading, fixed: Mapping[str, Any] | None = None, beside: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a row a run that is done: run, point, replicate, value, and every field that varies.

    `fixed`: only runs in which these fields have these values. `beside`: measures read over the same months (the last
    ones where the value is a month itself), in columns of their names. Raises AnalysisError, and StoreError for a
    measure that is not there.
    """
    reading = as_reading(measure)
    if not (store.runs["status"] == "done").any():
        raise AnalysisError(f"store = {store.folder}: holds no run that is done; must have one or more")
    series = store.frame(list(dict.fromkeys([reading.measure, *beside])))
    places = series.groupby("run")[["point", "replicate"]].first()
    others = {name: Reading(name, reading.last, reading.month).of_runs(series) for name in beside}
    table = places.assign(value=reading.of_runs(series), **others).reset_index()
    return table.merge(points_with(store, fixed), on="point", how="inner")


def points_with(store: Store, fixed: Mapping[str, Any] | None) -> pd.DataFrame:
    """Return the points of a store in which fields have the values given."""
    points = store.points
    for name, value in (fixed or {}).items():
        column = points[varied(store, name, "fix")]
        kept = np.isclose(column, value) if _number(value) and _numeric(column) else column == value
        if not kept.any():
            told = ", ".join(shown(each) for each in column.unique()[:8])
            raise AnalysisError(f"fix {name} = {shown(value)}: must be one of its values: {told}")
        points = points[kept]
    return points


def varied(store: Store, name: str, role: str) -> str:
    """Return the name of a field if the store varies it; raises AnalysisError."""
    names = fields_of(store)
    if name not in names:
        told = ", ".join(names) or "none"
        raise AnalysisError(
            f"{role} = {name}: must be a field that the store varies ({told}){nearest(name, names)}"
        )
    return name


def numbers_of(store: Store, name: str, role: str) -> str:
    """Return the name of a field if the store varies it over numbers; raises AnalysisError."""
    if not _numeric(store.points[varied(store, name, role)]):
        raise AnalysisError(f"{role} = {name}: must be a field of numbers")
    return name


def fields_of(store: Store) -> list[str]:
    """Return the fields that a store varies."""
    return [str(name) for name in store.points if name != "point"]


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
