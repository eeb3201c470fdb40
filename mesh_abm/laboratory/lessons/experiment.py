"""How a lesson runs the model: what `mesh_abm.run` does with the same scenario and seed, shown month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mesh_abm.laboratory.lessons.lesson import Picture, Show
from mesh_abm.laboratory.link import Setup
from mesh_abm.model import MeshModel
from mesh_abm.results import Result
from mesh_abm.runs import run
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import Shock

QUIET = {"measure_every": 0}
"""Measures that take long and that no lesson needs are left out."""
STILL = {"merit_gain": 0, "capacity_gain": 0, "quality_growth": 0, "merit_spread": 0}
"""Devices are all alike and technology stands still, so that one thing alone is seen at work."""


def setup(
    scenario: str, seed: int, months: int, settings: Mapping[str, Any], shocks: tuple[Shock, ...] = ()
) -> Setup:
    """Return a run of a shipped scenario with the fields that differ from it, as a link can hold it."""
    own = Scenario.load(scenario)
    changed = tuple(
        (name, value)
        for name, value in {**settings, **QUIET}.items()
        if "." in name or getattr(own, name) != value
    )
    return Setup(scenario, seed, changed, shocks, month=months)


def watch(
    given: Setup,
    see: Callable[[MeshModel], Picture | None],
    show: Show,
    span: tuple[float, float] = (0.0, 1.0),
) -> Result:
    """Run a setup to its month; `see` looks at the model each month and may return a picture to show.

    `span` is the part of all the round's work that this run is.
    """
    low, high = span

    def look(month: int, months: int, model: MeshModel) -> None:
        picture = see(model)
        if picture is not None:
            show(low + (high - low) * month / months, picture)

    return run(given.build(), months=given.month, progress=look)
