"""Single numbers read from the series of a run, as sentences need them."""

from __future__ import annotations

import numpy as np
import pandas as pd

YEAR = 12

REASONS = (
    "frontier",
    "no_path",
    "no_specialist",
    "no_capacity",
    "funds",
    "settlement",
    "quality",
    "price",
    "latency",
    "taste",
)
"""Why a member's query was served neither by the mesh nor by itself (docs/model.md, rule 6), in order of the search."""


def latest(frame: pd.DataFrame, column: str) -> float:
    """Return the last value of a series that is a number, NaN if there is none."""
    values = frame[column].dropna()
    return float(values.iloc[-1]) if len(values) else float("nan")


def at_end(frame: pd.DataFrame, column: str) -> float:
    """Return the value of a series in the last month (NaN if it has none then)."""
    return float(frame[column].iloc[-1])


def recent(frame: pd.DataFrame, column: str) -> float:
    """Return the mean of a series over its last twelve months, NaN left out."""
    values = frame[column].iloc[-YEAR:].dropna()
    return float(values.mean()) if len(values) else float("nan")


def lately(frame: pd.DataFrame) -> str:
    """Return what `recent` is about: "in the last year", or "in these 5 months" of a shorter run."""
    months = int(frame["month"].iloc[-1])
    if months == 0:
        return "at the start"
    return (
        "in the last year"
        if months >= YEAR
        else f"in {'this month' if months == 1 else f'these {months} months'}"
    )


def finite(series: pd.Series) -> pd.Series:
    """Return a series with NaN in the place of infinities."""
    return series.where(np.isfinite(series))


def first_month(frame: pd.DataFrame, holds: pd.Series) -> int | None:
    """Return the first month in which a condition holds, None if never."""
    months = frame.loc[holds.to_numpy(bool), "month"]
    return int(months.iloc[0]) if len(months) else None


def share_of_members_queries(frame: pd.DataFrame) -> pd.Series:
    """Return by month the share of members' queries that mesh or device served: what the reasons leave (0 to 1)."""
    return 1 - frame[[f"reason_{name}" for name in REASONS]].sum(axis=1, skipna=False)


def monthly_growth(series: pd.Series, span: int = YEAR) -> float:
    """Return the mean growth of ln(series) a month over the last `span` months; NaN where it is not positive."""
    values = series.iloc[-span - 1 :].dropna()
    if len(values) < 2 or not (values > 0).all():
        return float("nan")
    return float(np.log(values.iloc[-1] / values.iloc[0]) / (len(values) - 1))
