"""Which parameters the Watch page offers, in which ranges, and what its assumption cards say."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from mesh_abm.origins import value_sources
from mesh_abm.scenario import Scenario, field_card


@dataclass(frozen=True)
class Knob:
    """A parameter as a control: a slider of `low` to `high` in steps, or a choice where the field lists words.

    `relative`: the range is in multiples of the scenario's own value, for money, whose scale differs between scenarios.
    """

    field: str
    label: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    relative: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        return field_card(self.field).choices

    def bounds(self, start: Scenario) -> tuple[float, float, float]:
        """Return lowest and highest value and step, for a scenario as it starts."""
        if not self.relative:
            return self.low, self.high, self.step
        own = float(getattr(start, self.field))
        unit = own if 0 < own < inf else 1000.0
        return self.low * unit, self.high * unit, self.step * unit

    @property
    def at_once(self) -> bool:
        """Whether it can change in mid-run."""
        return field_card(self.field).shockable


GROUPS: dict[str, tuple[Knob, ...]] = {
    "People and devices": (
        Knob("n_owners", "owners", 50, 5000, 50),
        Knob("churn", "churn", 0, 0.3, 0.005),
        Knob("contagion", "contagion", 0, 2, 0.05),
        Knob("initial_members", "members at the start", 0, 1, 0.05),
        Knob("population", "who joins"),
        Knob("merit_spread", "spread of merit", 0, 2, 0.05),
    ),
    "Links": (
        Knob("kernel", "whom a new link finds"),
        Knob("slots", "links a device keeps", 1, 16, 1),
        Knob("link_failure", "link failure", 0, 0.5, 0.01),
        Knob("attempts", "contacts of an empty slot", 0, 16, 1),
    ),
    "Work": (
        Knob("task_types", "task types", 1, 16, 1),
        Knob("demand", "questions a person asks", 0.5, 10, 0.5),
        Knob("zipf", "popularity of the head", 0, 2, 0.1),
        Knob("frontier_share", "frontier questions", 0, 1, 0.02),
        Knob("ttl", "longest search", 1, 12, 1),
    ),
    "Roles": (
        Knob("steepness", "steepness of the response", 0.5, 8, 0.5),
        Knob("reinforcement", "learning a task", 0, 1, 0.05),
        Knob("decay", "forgetting the others", 0, 0.5, 0.01),
        Knob("specialist_bonus", "gain of a specialist", 0, 1, 0.05),
        Knob("signal", "where calls are heard"),
    ),
    "Technology": (
        Knob("learning_exponent", "learning curve", 0, 0.6, 0.01),
        Knob("efficiency_growth", "better algorithms", 0, 0.08, 0.005),
        Knob("quality_growth", "quality of devices catches up", 0, 0.1, 0.005),
    ),
    "Provider and market": (
        Knob("provider_price", "provider's price", 0.1, 3, 0.1, relative=True),
        Knob("provider_capacity", "provider's capacity", 0, 10, 0.5),
        Knob("pricing", "how it sets its price"),
        Knob("pass_through", "gains passed on", 0, 1, 0.05),
        Knob("focus", "favors popular types", 0, 4, 0.25),
        Knob("settlement_fee", "fee of a settlement", 0, 400, 5),
        Knob("settlement_capacity", "settlements possible", 0, 5, 0.1),
        Knob("choice_noise", "taste", 0.1, 5, 0.1, relative=True),
    ),
}
"""The headline parameters, by what they are about."""

KNOBS: dict[str, Knob] = {knob.field: knob for group in GROUPS.values() for knob in group}


def value_text(field: str, value: Any) -> str:
    """Return a value with its unit, short enough for a label."""
    unit = field_card(field).unit
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "by type"
    if value is None:
        return "none"
    if value == inf:
        return "no limit"
    number = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.3g}"
    return f"{number} {unit}".strip()


def assumption_card(field: str, start: Scenario) -> list[str]:
    """Return what is known of a parameter, a line each: meaning, symbol, unit, range, value of the scenario, source."""
    card = field_card(field)
    lines = [card.meaning]
    if card.symbol:
        lines.append(f"Symbol: {card.symbol}")
    if card.unit:
        lines.append(f"Unit: {card.unit}")
    lines.append(f"Allowed: {card.range}")
    lines.append(f"In this scenario: {value_text(field, getattr(start, field))}")
    lines.append(f"Source: {value_sources(start)[field]}")
    lines.append("Counts at once." if card.shockable else "Counts from the next Reset once a run has begun.")
    return lines
