"""What one server grants to each of its visitors, so that a class of them can share it.

Each limit is an environment variable MESH_ABM_APP_<NAME>, such as MESH_ABM_APP_OWNERS=50000.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache

from mesh_abm.errors import UserError
from mesh_abm.scenario import Scenario


class LimitError(UserError):
    """Somebody asked for more than this server grants; the line says what, and how much it grants."""


@dataclass(frozen=True)
class Limits:
    """The largest values that a visitor may ask for."""

    owners: int = 20_000  # rows of a model
    queries: int = 200_000  # expected in a month of a model
    task_types: int = 32
    slots: int = 32  # of a device
    hops: int = 64  # a query's walk, ttl
    looks: int = 256  # neighbors that a walk looks at in each place
    months: int = 2_400  # of a run
    pace: float = 30.0  # months a second of one visitor
    total_pace: float = 40.0  # months a second of all together, shared evenly by those that are playing
    sessions: int = 60  # browser tabs at once
    experiments: int = 2  # claims that are tested at once on the whole server

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
                    f"start your own with MESH_ABM_APP_{name.upper()} set higher"
                )


_NAMES = {
    "owners": "n_owners",
    "queries": "n_owners x demand",
    "task_types": "task_types",
    "slots": "slots",
    "hops": "ttl",
    "looks": "looks",
}


def _highest(scenario: Scenario, field: str) -> float:
    """Return the largest value that a field has at any time of a run."""
    later = [float(s.value) for s in scenario.shocks if s.field == field]  # type: ignore[arg-type]
    return max([float(getattr(scenario, field)), *later])


@cache
def limits() -> Limits:
    """Return the limits of this server. Raises UserError for a variable that is no positive number."""
    given = {}
    for field in fields(Limits):
        name = f"MESH_ABM_APP_{field.name.upper()}"
        if name not in os.environ:
            continue
        kind = float if field.name.endswith("pace") else int
        try:
            given[field.name] = kind(os.environ[name])
            if not given[field.name] > 0:
                raise ValueError
        except ValueError:
            raise UserError(f"{name} = {os.environ[name]}: must be a number above 0") from None
    return Limits(**given)  # type: ignore[arg-type]
