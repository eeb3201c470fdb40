"""What-if scenarios beside their parents: who is based on whom, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mesh_abm.fields import FieldCard
from mesh_abm.scenario import FIELDS, Scenario, scenario_names
from mesh_abm.scenario_files import find

TEXTS = ("title", "question", "based_on")


def shipped() -> dict[str, Scenario]:
    """The shipped scenarios by name: each followed by those that are based on it."""
    scenarios = {name: Scenario.load(name) for name in scenario_names()}
    return {name: scenarios[name] for name in _family(scenarios, None)}


def generation(name: str, scenarios: Mapping[str, Scenario]) -> int:
    """How many parents, their parents and so on a scenario has among others."""
    parent = scenarios[name].based_on
    return 0 if parent is None or parent not in scenarios else 1 + generation(parent, scenarios)


def parent_of(name_or_path: str | Path) -> Scenario | None:
    """The scenario that a shipped name or file is based on; None if on none."""
    path = find(name_or_path)
    parent = Scenario.load(path).based_on
    return Scenario.load(find(parent, path.parent)) if parent else None


def differences(scenario: Scenario, parent: Scenario) -> list[FieldCard]:
    """The cards of the fields in which two scenarios differ, their texts aside."""
    return [
        card
        for card in FIELDS.values()
        if card.name not in TEXTS and getattr(scenario, card.name) != getattr(parent, card.name)
    ]


def _family(scenarios: Mapping[str, Scenario], parent: str | None) -> Iterator[str]:
    for name, scenario in scenarios.items():
        if scenario.based_on == parent:
            yield name
            yield from _family(scenarios, name)
