"""A link that brings back what is on the screen: scenario, changes, shocks, what-if and month, in the address.

    ?scenario=reference&seed=7&set=churn=0.05&shock=price,30,0.5&fork=40&then=set,41,churn=0.1&month=60

`set` and `shock` are repeated; `then` are the shocks of the other world, which parts after month `fork`. A shock reads
kind,month[-until],value, or set,month[-until],field=value. Whatever an address says is taken as data only: scenarios by
their shipped names, fields that are numbers, words from a list, or mixes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from mesh_abm.errors import ScenarioError, UserError, nearest, shown
from mesh_abm.laboratory.limits import LimitError, limits
from mesh_abm.laboratory.world import World
from mesh_abm.scenario import FIELDS, Scenario, scenario_names
from mesh_abm.settings import parse_value
from mesh_abm.shocks import Shock

LONGEST, MOST = 8_000, 60
"""Characters of an address, and changes in it."""
CLOSED = ("about the scenario",)
"""Groups of fields that a visitor cannot set: they name files, or say what is known already."""
FIXED = ("classes", "seed", "months")
"""Fields that have their own place in an address, or none."""
KEYS = ("scenario", "seed", "set", "shock", "fork", "then", "month")


@dataclass(frozen=True)
class Setup:
    """What is on the screen. `settings` are changed fields as (name, value), `then` the shocks of the other world."""

    scenario: str = "reference"
    seed: int = 1
    settings: tuple[tuple[str, Any], ...] = ()
    shocks: tuple[Shock, ...] = ()
    fork: int | None = None
    then: tuple[Shock, ...] = ()
    month: int = 0

    def build(self) -> Scenario:
        """Return the scenario of the first world. Raises ScenarioError or LimitError."""
        if self.scenario not in scenario_names():
            raise UserError(
                f"scenario = {shown(self.scenario)}: must be one of those shipped"
                f"{nearest(self.scenario, scenario_names())}"
            )
        scenario = Scenario.load(self.scenario).replace(seed=self.seed)
        scenario = scenario.with_settings(dict(self.settings))
        scenario = scenario.replace(shocks=(*scenario.shocks, *self.shocks))
        limits().check(scenario)
        return scenario

    def build_other(self) -> Scenario:
        """Return the scenario of the other world."""
        ours = self.build()
        return ours.replace(shocks=(*ours.shocks, *self.then))

    def world(self) -> World:
        """Return the first world at its start: run it on to `fork` and part `other` from it, then on to `month`."""
        return World(self.build())

    def other(self, first: World) -> World:
        """Return the other world, parted from the first one, which stands at month `fork`."""
        second = first.fork()
        if self.then:
            second.change(self.then)
        return second

    def with_setting(self, field: str, value: Any) -> Setup:
        """Return the setup with a field changed from the start."""
        kept = tuple((name, old) for name, old in self.settings if name != field)
        return replace(self, settings=(*kept, (field, value)))

    def query(self) -> str:
        """Return the address's part after the question mark."""
        items: list[tuple[str, Any]] = [("scenario", self.scenario), ("seed", self.seed)]
        items += [("set", f"{name}={_value_text(value)}") for name, value in self.settings]
        items += [("shock", _shock_text(shock)) for shock in self.shocks]
        items += [("fork", self.fork)] if self.fork is not None else []
        items += [("then", _shock_text(shock)) for shock in self.then]
        items += [("month", self.month)] if self.month else []
        return urlencode(items, safe="=,:-")


def read(query: str) -> Setup:
    """Return the setup that an address describes. Raises UserError naming what is wrong in it."""
    if len(query) > LONGEST:
        raise LimitError(f"the address has {len(query):,} characters: must have {LONGEST:,} at most")
    items = parse_qsl(query.lstrip("?"), keep_blank_values=True)
    if len(items) > MOST:
        raise LimitError(f"the address lists {len(items)} changes: must be {MOST} at most")
    for key, _ in items:
        if key not in KEYS:
            raise UserError(f"{shown(key)} in the address: must be one of {', '.join(KEYS)}")
    single = dict(items)
    setup = Setup(
        scenario=single.get("scenario", "reference"),
        seed=whole("seed", single.get("seed", "1"), 2**31 - 1),
        settings=tuple(_setting(text) for key, text in items if key == "set"),
        shocks=tuple(read_shock(text) for key, text in items if key == "shock"),
        fork=whole("fork", single["fork"], limits().months) if "fork" in single else None,
        then=tuple(read_shock(text) for key, text in items if key == "then"),
        month=whole("month", single.get("month", "0"), limits().months),
    )
    if setup.fork is None and setup.then:
        raise UserError("then in the address: needs a fork")
    for shock in setup.then:
        if setup.fork is not None and shock.month <= setup.fork:
            raise UserError(f"then in month {shock.month}: must be after the fork in month {setup.fork}")
    setup.build_other()
    return setup


def read_shock(text: str) -> Shock:
    """Return the shock that a text such as "price,30,0.5" or "set,30-40,churn=0.1" describes; UserError if none."""
    kind, _, rest = text.partition(",")
    dates, _, value = rest.partition(",")
    start, dash, until = dates.partition("-")
    last = whole("until", until, 10**6) if dash else None
    month = whole("month", start, 10**6)
    field, value = value.split("=", 1) if kind == "set" and "=" in value else (None, value)
    if field is not None:
        check_field(field)
    return Shock(month=month, until=last, kind=kind, field=field, value=parse_value(value))  # type: ignore[arg-type]


def check_field(name: str) -> None:
    """Raise ScenarioError for a field that does not exist or is not a visitor's to set."""
    allowed = [field for field, card in FIELDS.items() if card.group not in CLOSED and field not in FIXED]
    if name not in allowed and not name.startswith("classes."):
        raise ScenarioError(f"{shown(name)}: must be a parameter of the model{nearest(name, allowed)}")


def whole(name: str, text: str, most: int) -> int:
    """Return the number that a text of digits says. Raises UserError naming it for anything else, or above `most`."""
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > most:
        raise UserError(f"{name} = {shown(text)}: must be a whole number from 0 to {most:,}")
    return int(text)


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    check_field(name)
    given = parse_value(value)
    return name, tuple(given) if isinstance(given, list) else given


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "[" + ",".join(map(_value_text, value)) + "]"
    return repr(value)


def _shock_text(shock: Shock) -> str:
    dates = f"{shock.month}" + (f"-{shock.until}" if shock.until is not None else "")
    value = _value_text(shock.value)
    return f"{shock.kind},{dates},{f'{shock.field}={value}' if shock.kind == 'set' else value}"
