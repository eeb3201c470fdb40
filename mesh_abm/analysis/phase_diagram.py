"""A phase diagram: a measure over two fields, and where theory has the mesh appear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.analysis.closed_form import closed_form, without_law
from mesh_abm.analysis.reading import AnalysisError, Reading, as_reading, fields_of, numbers_of, per_run
from mesh_abm.sweeps import Store

NETWORK = ("sis_threshold", "filled_slots", "link_value", "technology_index")
"""Measures that place a point on the map of the theory: <k>/<k^2>, f, v and T."""
LAW = ("degree_theory", "merit_needed", "theory")
FINE = 33
"""Values of a field at which a line of the theory is computed."""


def phase(
    store: Store, x: str, y: str, measure: str | Reading, *, fixed: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Return a row a pair of values of the fields `x` and `y` (all pairs; NaN, count 0 where no run is done).

    Columns: x, y, mean, sd, count of runs; `degree_ratio`, the measured <k^2>/<k>, above 2 in a network of uncorrelated
    degrees that holds together (Molloy and Reed 1995); `degree_theory`, 2 m f (1 - b), with b by the law of the
    condensate with churn; `merit_needed`, by what factor all merits must grow (below 1: fall) to the threshold of a
    network whose in-degrees vary (`equilibrium.percolation_threshold`). For the measure condensate also `theory`, the
    law itself, and `residual`, mean - theory. The last five are NaN where the law does not apply (`lawless`).
    Raises AnalysisError.
    """
    if x == y:
        raise AnalysisError(f"y = {y}: must be another field than x")
    reading = as_reading(measure)
    runs = per_run(store, reading, fixed, beside=NETWORK)
    placed = runs.groupby([numbers_of(store, x, "x"), numbers_of(store, y, "y")])
    table = placed["value"].agg(mean="mean", sd="std", count="count").join(placed[list(NETWORK)].mean())
    table = table.reindex(_pairs(store, x, y)).reset_index()
    table["count"] = table["count"].fillna(0).astype(int)
    table["degree_ratio"] = 1 / table.pop("sis_threshold")
    return _beside_theory(store, table, reading, fixed)


def boundary(store: Store, table: pd.DataFrame, *, fixed: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return degree_theory, merit_needed and theory (the condensate by its law) on a fine grid over the first two
    columns of a phase diagram, for lines.

    What the law needs of a run (filled slots, link value, technology) is interpolated between the points measured.
    Empty where the law does not apply.
    """
    x, y = table.columns[:2]
    if lawless(store, x, y, fixed):
        return pd.DataFrame(columns=[x, y, *LAW])
    axes = [_fine(store, name, table[name]) for name in (x, y)]
    grid = pd.DataFrame([(a, b) for a in axes[0] for b in axes[1]], columns=[x, y])
    between = {name: _between(table, x, y, name, grid) for name in NETWORK[1:]}
    return _with_law(store, grid.assign(**between), fixed)[[x, y, *LAW]]


def lawless(store: Store, x: str, y: str, fixed: Mapping[str, Any] | None = None) -> str:
    """Return why no line of the theory can be drawn over these fields; empty if it can."""
    others = [name for name in fields_of(store) if name not in (x, y, *(fixed or {}))]
    if others:
        return f"{', '.join(others)} varied too, so that a point has no single prediction"
    return without_law(store.scenario.with_settings(dict(fixed or {})))


def _pairs(store: Store, x: str, y: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([np.unique(store.points[name]) for name in (x, y)], names=[x, y])


def _beside_theory(
    store: Store, table: pd.DataFrame, reading: Reading, fixed: Mapping[str, Any] | None
) -> pd.DataFrame:
    x, y = table.columns[:2]
    unknown = dict.fromkeys(LAW, np.nan)
    law = table.assign(**unknown) if lawless(store, x, y, fixed) else _with_law(store, table, fixed)
    if reading.measure != "condensate" or reading.above is not None:
        return law.drop(columns="theory")
    return law.assign(residual=law["mean"] - law["theory"])


def _with_law(store: Store, table: pd.DataFrame, fixed: Mapping[str, Any] | None) -> pd.DataFrame:
    x, y = table.columns[:2]
    rows = []
    for point in table.to_dict("records"):
        scenario = store.scenario.with_settings({**(fixed or {}), x: point[x], y: point[y]})
        rows.append(closed_form(scenario, *(point[name] for name in NETWORK[1:])))
    return table.assign(**pd.DataFrame(rows, index=table.index))


def _fine(store: Store, name: str, values: pd.Series) -> np.ndarray:
    """Values of a field between the lowest and the highest, in even ratios if its own are; whole ones as they are."""
    own = np.unique(values)
    if len(own) < 2 or pd.api.types.is_integer_dtype(store.points[name]):
        return own
    return np.geomspace(own[0], own[-1], FINE) if in_ratios(own) else np.linspace(own[0], own[-1], FINE)


def in_ratios(values: np.ndarray) -> bool:
    """Whether ascending values stand in more even ratios than steps."""
    if len(values) < 3 or values[0] <= 0:
        return False
    steps, ratios = np.diff(values), np.diff(np.log(values))
    return bool(ratios.std() / ratios.mean() < steps.std() / steps.mean())


def _between(table: pd.DataFrame, x: str, y: str, name: str, grid: pd.DataFrame) -> np.ndarray:
    """A measure between the points; where it was not measured, that of the nearest point that has it."""
    from scipy.interpolate import NearestNDInterpolator, RegularGridInterpolator

    places = table[[x, y]].to_numpy(float)
    scale = np.ptp(places, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    have = table[name].notna().to_numpy()
    if not have.any():
        return np.full(len(grid), np.nan)
    whole = NearestNDInterpolator(places[have] / scale, table.loc[have, name])(places / scale)
    field = table.assign(**{name: whole}).pivot(index=x, columns=y, values=name)
    axes = (field.index.to_numpy(float), field.columns.to_numpy(float))
    inside = RegularGridInterpolator(axes, field.to_numpy(float))(grid[[x, y]].to_numpy(float))
    return np.asarray(np.clip(inside, whole.min(), whole.max()))  # a mean of ones may come out as 1 + 2e-16
