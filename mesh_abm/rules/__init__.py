"""The rules of one month, one file each, in the order of docs/model.md.

A rule is a small object with `apply(model)`. A model runs `default_rules()` unless it is given others:

    MeshModel(rules=default_rules().replace(routing=MyRouting()))
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Rule(Protocol):
    """What a rule must implement."""

    def apply(self, model: MeshModel) -> None:
        """Does this rule's part of the month on the model's state."""


@dataclass(frozen=True)
class Rules:
    """One rule for each part of the month, in the order in which they are applied."""

    shocks: Rule
    technology: Rule
    population: Rule
    links: Rule
    response: Rule
    asks: Rule
    demand: Rule
    routing: Rule
    settlement: Rule
    hearing: Rule
    learning: Rule
    knowledge: Rule
    provider: Rule

    def replace(self, **rules: Rule) -> Rules:
        """The same rules but for those named.

        Raises:
            TypeError: no rule has that name.
        """
        return replace(self, **rules)

    def own(self) -> tuple[str, ...]:
        """The names of the rules that are not those of `default_rules`, custom shocks included."""
        usual = default_rules()
        pairs = {part.name: (getattr(self, part.name), getattr(usual, part.name)) for part in fields(self)}
        return tuple(name for name, (a, b) in pairs.items() if type(a) is not type(b) or vars(a) != vars(b))


def default_rules() -> Rules:
    """The rules of docs/model.md."""
    from mesh_abm.rules import (
        asks,
        demand,
        hearing,
        knowledge,
        learning,
        links,
        population,
        provider,
        response,
        routing,
        settlement,
        shocks,
        technology,
    )  # fmt: skip

    return Rules(
        shocks=shocks.Shocks(),
        technology=technology.Technology(),
        population=population.Population(),
        links=links.Links(),
        response=response.Response(),
        asks=asks.Asks(),
        demand=demand.Demand(),
        routing=routing.Routing(),
        settlement=settlement.Settlement(),
        hearing=hearing.Hearing(),
        learning=learning.Learning(),
        knowledge=knowledge.Knowledge(),
        provider=provider.Provider(),
    )
