"""What one server grants to each of its visitors, so that a class of them can share it.

Each limit is an environment variable MESH_ABM_APP_<NAME>, such as MESH_ABM_APP_OWNERS=50000.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import cache
from math import inf
from typing import Any

from mesh_abm.errors import UserError
from mesh_abm.scenario import Scenario


class LimitError(UserError):
    """Somebody asked for more than this server grants; the line says what, and how much it grants."""


def _limit(most: Any, meaning: str) -> Any:
    return field(default=most, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Limits:
    """The largest values that a visitor may ask for."""

    owners: int = _limit(20_000, "owners of a model")
    queries: int = _limit(200_000, "queries expected in a month of a model")
    task_types: int = _limit(32, "task types of a model")
    slots: int = _limit(32, "slots of a device")
    hops: int = _limit(64, "hops of a search (`ttl`)")
    looks: int = _limit(256, "neighbors that a search looks at in each place")
    months: int = _limit(2_400, "months of a run")
    pace: float = _limit(30.0, "months a second of one visitor")
    total_pace: float = _limit(40.0, "months a second of all who play, shared evenly")
    sessions: int = _limit(60, "browser tabs at once")
    experiments: int = _limit(2, "claims tested at once")

    def check(self, scenario: Scenario) -> None:
        """Raise LimitError if a model of this scenario would be larger than granted."""
        asked = {
            "owners": scenario.n_owners,
            "queries": scenario.n_owners * max(_highest(scenario, "demand"), 0.0),
            "task_types": scenario.task_types,
            "slots": scenario.slots,
            "hops": _highest(scenario, "ttl"),
            "looks": _highest(scenario, "looks"),
        }
        for name, value in asked.items():
            most = getattr(self, name)
            if value > most:
                raise LimitError(
                    f"{_NAMES[name]} = {value:,.0f}: this server grants at most {most:,}; "
                    f"start your own with {variable(name)} set higher"
                )


_NAMES = {
    "owners": "n_owners",
    "queries": "n_owners x demand",
    "task_types": "task_types",
    "slots": "slots",
    "hops": "ttl",
    "looks": "looks",
}


def variable(name: str) -> str:
    """Return the environment variable of a limit."""
    return f"MESH_ABM_APP_{name.upper()}"


def _highest(scenario: Scenario, field: str) -> float:
    """Return the largest value that a field has at any time of a run."""
    later = [float(s.value) for s in scenario.shocks if s.field == field]  # type: ignore[arg-type]
    return max([float(getattr(scenario, field)), *later])


@cache
def limits() -> Limits:
    """Return the limits of this server. Raises UserError for a variable that is no positive number."""
    given = {}
    for limit in fields(Limits):
        name = variable(limit.name)
        if name not in os.environ:
            continue
        kind = float if limit.name.endswith("pace") else int
        try:
            given[limit.name] = kind(os.environ[name])
            if not 0 < given[limit.name] < inf:
                raise ValueError
        except ValueError:
            raise UserError(f"{name} = {os.environ[name]}: must be a number above 0") from None
    return Limits(**given)  # type: ignore[arg-type]
