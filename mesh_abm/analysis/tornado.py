"""A tornado: each field moved alone to both ends of its range, and by how much a measure swings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.analysis.intervals import of_difference, of_mean
from mesh_abm.analysis.ranges import documented_ranges, value_in
from mesh_abm.analysis.reading import AnalysisError, Reading, fields_of, numbers_of, per_run
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import Plan, Store


def tornado_plan(
    scenario: str | Scenario,
    fields: Iterable[str] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    **keys: Any,
) -> Plan:
    """Return the plan of a tornado: the base, then each field alone at the low and at the high end of its range.

    The base comes as often as the square root of the number of ends: all swings are measured from it (Dunnett 1955).
    Ranges are those of `documented_ranges`; `keys` are those of a Plan (months, replicates, seed, ..). Raises
    AnalysisError where no field has a range.
    """
    base = Plan(scenario=scenario, **keys).base
    table = documented_ranges(base, fields, ranges)
    moved = table[table["basis"] != "left out"].reset_index(drop=True)
    if moved.empty:
        raise AnalysisError(
            f"fields = {', '.join(table['field'])}: have no range; must be given as low and high"
        )
    vary, bases = {}, math.ceil(math.sqrt(2 * len(moved)))
    for place, row in moved.iterrows():
        values = np.full(bases + 2 * len(moved), row["base"])
        at = bases + 2 * int(str(place))
        values[at : at + 2] = row["low"], row["high"]
        vary[row["field"]] = values.tolist()
    return Plan(scenario=scenario, sampler="list", vary=vary, **keys)


def tornado(store: Store, measure: str | Reading) -> pd.DataFrame:
    """Return a row a field, the widest first: field, low, high (its ends), base, at_low, at_high (means), swing_low,
    swing_high (differences from the base), half_low, half_high (half-widths of their 95 % intervals, Welch), span and
    count of runs.

    For stores in which points differ from the base in one field, as those of `tornado_plan`; other points are not
    looked at. Points have seeds of their own, so differences are of independent samples. NaN where an end has no runs,
    no interval where it has a single one. Raises AnalysisError.
    """
    runs = per_run(store, measure)
    names = [numbers_of(store, name, "field") for name in fields_of(store)]
    base = {name: float(value_in(store.scenario, name)) for name in names}
    away = pd.DataFrame({name: ~np.isclose(runs[name], base[name]) for name in names}, index=runs.index)
    at_base = runs[~away.any(axis=1)]["value"].to_numpy(float)
    if not at_base.size:
        raise AnalysisError(
            f"store = {store.folder}: has no runs at the base; must have a point that moves no field"
        )
    alone = {name: runs[away[name] & (away.sum(axis=1) == 1)] for name in names}
    rows = [_swing(name, base[name], at_base, each) for name, each in alone.items() if len(each)]
    if not rows:
        raise AnalysisError(
            f"store = {store.folder}: no point moves one field alone; must be one of a tornado's plan"
        )
    return pd.DataFrame(rows).sort_values("span", ascending=False, kind="stable", ignore_index=True)


def _swing(name: str, base: float, at_base: np.ndarray, runs: pd.DataFrame) -> dict[str, Any]:
    """The row of a field; an end beyond which its base lies is the base itself."""
    ends = min(base, runs[name].min()), max(base, runs[name].max())
    low, high = (runs[np.isclose(runs[name], end)]["value"].to_numpy(float) for end in ends)
    low, high = (values if values.size else at_base for values in (low, high))
    swings = [(0.0, 0.0) if values is at_base else of_difference(at_base, values) for values in (low, high)]
    means = [of_mean(values)[0] for values in (low, high)]
    center = of_mean(at_base)[0]
    return {
        "field": name, "low": ends[0], "high": ends[1], "base": center, "at_low": means[0], "at_high": means[1],
        "swing_low": swings[0][0], "half_low": swings[0][1], "swing_high": swings[1][0], "half_high": swings[1][1],
        "span": max(center, *means) - min(center, *means), "count": len(runs),
    }  # fmt: skip
