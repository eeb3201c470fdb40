"""The mean-field twin of a scenario: expected measures without a simulation (docs/mean-field.md).

>>> from mesh_abm.mean_field import mean_field
>>> frame = mean_field("reference", months=60, set={"churn": 0.05})
>>> len(frame), round(frame["unit_cost"].iloc[0], 3)
(61, 1.0)
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from mesh_abm.scenario import Scenario, ScenarioError
from mesh_abm.theory.mean_field_mesh import Setting, trajectory

__all__ = ["mean_field", "setting_of"]

BY_CLASS = ("share", "merit", "capacity", "quality", "running_cost")
LEFT_OUT: dict[str, Any] = {"shocks": (), "settlement": "clearinghouse"}


def mean_field(
    scenario: str | Path | Scenario = "reference",
    *,
    months: int | None = None,
    set: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Expected measures of a scenario, a row a month from 0, under the names of docs/model.md, rule 10.

    `scenario`, `months` and `set` as in `mesh_abm.run`; there is no seed, as nothing is drawn. ScenarioError for a
    scenario that is not valid, or that has what the equations leave out (shocks).
    """
    # not `runs.settle`, which would load the simulation and draw a seed
    loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    changes = dict(set or {}) | ({} if months is None else {"months": operator.index(months)})
    loaded = loaded.with_settings(changes)
    frame = pd.DataFrame(trajectory(setting_of(loaded), loaded.months).columns())
    return frame.astype({"month": int})


def setting_of(scenario: Scenario) -> Setting:
    """What the equations are told of a scenario; ScenarioError if it has what they leave out."""
    for name, only in LEFT_OUT.items():
        if getattr(scenario, name, only) != only:
            kind = f"{only!r}" if only else "none"
            raise ScenarioError(f"{name}: must be {kind}, the mean-field equations have nothing else", name)
    values: dict[str, Any] = {name: [float(getattr(c, name)) for c in scenario.classes] for name in BY_CLASS}
    values |= {"mix": scenario.weights(), "frontier_share": scenario.frontier_by_type()}
    names = (field.name for field in fields(Setting) if field.init)
    return Setting(**{name: getattr(scenario, name) for name in names if name not in values}, **values)
