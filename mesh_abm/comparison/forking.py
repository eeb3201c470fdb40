"""Where two scenarios part, and a model that goes on as another scenario from there."""

from __future__ import annotations

import copy

from mesh_abm.errors import ScenarioError
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario

WORDS = ("title", "question", "based_on", "start", "calibration")
"""Fields of a scenario that say something about it and do nothing in a run."""


def common_months(one: Scenario, other: Scenario) -> int:
    """Return the months that two scenarios have in common from the start: 0 if they differ in more than shocks.

    They part at the start of the first month in which a shock of one begins that is not a shock of the other.
    Scenarios that do the same have all months in common.
    """
    months = max(one.months, other.months)
    if _without_shocks(one) != _without_shocks(other):
        return 0
    ours, theirs = list(one.shocks), list(other.shocks)
    if ours == theirs:
        return months
    parting = months + 1
    for mine, yours in ((ours, theirs), (theirs, ours)):
        left = list(yours)
        for shock in mine:
            if shock in left:
                left.remove(shock)
            else:
                parting = min(parting, shock.month)
    return min(months, parting - 1)


def fork(model: MeshModel, scenario: Scenario) -> MeshModel:
    """Return a copy of a model as it stands that goes on as `scenario`, with the same random numbers.

    It equals a run of `scenario` from the start bit for bit. Raises ScenarioError if the months up to now are not the
    same in both.
    """
    shared = common_months(model.spec, scenario)
    if shared < model.month:
        raise ScenarioError(
            f"fork in month {model.month}: the scenarios have the months up to {shared} in common; must fork there"
        )
    other = copy.deepcopy(model)
    other.spec = scenario
    other.put_in_force(scenario.at(model.month) if model.month else scenario)
    other.running = other.month < scenario.months
    return other


def _without_shocks(scenario: Scenario) -> dict[str, object]:
    return scenario.model_dump(exclude={*WORDS, "shocks", "months", "seed"})
