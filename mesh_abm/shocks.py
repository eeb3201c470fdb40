"""What a scenario changes during a run: the shocks, and which of them are in force in a month.

docs/model.md, rule 0. A shock begins at the start of ``month`` and, if ``until`` is given, is in force up to
and including that month; afterwards the old value returns. These are pure functions of the list of shocks.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from mesh_abm.errors import ScenarioError, shown
from mesh_abm.fields import Described, OrNone, Whole, as_list, as_number, as_whole, param, text, whole

Kind = Literal["set", "price", "capacity", "merit", "release", "hubs", "random", "bar", "mix"]
FACTORS = ("price", "capacity", "merit", "release")  # value multiplies; 1 changes nothing
REMOVALS = ("hubs", "random")  # value is a share of members, removed once; 0 changes nothing
_SHOCK: dict[str, Any] = {"group": "rule 0, shocks"}


def _plain(value: Any) -> Any:
    """Numbers and lists of numbers as plain ones, words as they are; ValueError for the rest."""
    value = as_list(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return tuple(as_number(item) for item in value)
    return as_whole(value) if isinstance(value, numbers.Integral) else as_number(value)


# fmt: off
class Shock(Described):
    """One change: at the start of ``month``, of ``kind``, by ``value``, until the end of month ``until``.

    set: ``field`` takes the value (checked by the scenario that holds the shock). price, capacity, merit: p0
    (and p), K, or all merits are multiplied by the value. release: the provider's quality is. hubs, random: the
    share ``value`` of the members, those with the largest device degree or any, is removed, once. bar: nobody
    with a device of the class ``value`` joins. mix: ``value`` takes the place of w.
    """

    month: Whole = whole(
        symbol="t", unit="month", meaning="The month at whose start it comes.", source="choice of the model",
        **_SHOCK, ge=1, le=10**6,
    )
    until: Annotated[Whole | None, OrNone] = whole(
        None, unit="month", meaning="The last month in which it is in force.", source="choice of the model",
        **_SHOCK, ge=1, le=10**6,
    )
    kind: Kind = text(meaning="What is changed.", source="docs/model.md, rule 0", **_SHOCK)
    field: str | None = text(
        None, meaning="The field that a set shock changes.", source="choice of the model", **_SHOCK,
    )
    value: Annotated[int | float | str | tuple[float, ...], BeforeValidator(_plain)] = param(
        meaning="The new value, the factor, the share removed, the class barred, or the new mix.",
        source="choice of the model", **_SHOCK,
    )

    # fmt: on
    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_dates(self)
        _check_field(self)
        _CHECKS[self.kind](self)
        return self

    def in_force(self, month: int) -> bool:
        """True from ``month`` to ``until``, both included (removals: in their month only)."""
        last = self.month if self.kind in REMOVALS else self.until
        return self.month <= month and (last is None or month <= last)


def _check_dates(shock: Shock) -> None:
    if shock.until is None:
        return
    if shock.kind in REMOVALS:
        line = f"until = {shock.until}: must be left out, a {shock.kind} shock removes members once"
        raise ScenarioError(line, "until")
    if shock.until < shock.month:
        raise ScenarioError(f"until = {shock.until}: must not be before month = {shock.month}", "until")


def _check_field(shock: Shock) -> None:
    if shock.kind == "set" and not shock.field:
        raise ScenarioError("field is missing: a set shock must name the field that it changes", "field")
    if shock.kind != "set" and shock.field is not None:
        raise ScenarioError(f"field = {shown(shock.field)}: must be left out unless kind is 'set'", "field")


def _check_factor(shock: Shock) -> None:
    scaled = "the quality of the provider" if shock.kind == "release" else shock.kind
    if not 0 < _amount(shock) < math.inf:
        _refuse(shock, f"a number above 0, the factor by which {scaled} is multiplied")


def _check_removal(shock: Shock) -> None:
    if not 0 <= _amount(shock) <= 1:
        _refuse(shock, "a number from 0 to 1, the share of members removed")


def _check_class_name(shock: Shock) -> None:
    if not isinstance(shock.value, str):
        _refuse(shock, "the name of the device class that is barred from joining")


def _check_mix(shock: Shock) -> None:
    if not isinstance(shock.value, str | tuple):
        _refuse(shock, "a list of numbers, one per task type, or the name of a shipped mix")


def _amount(shock: Shock) -> float:
    return float(shock.value) if isinstance(shock.value, int | float) else math.nan


def _refuse(shock: Shock, allowed: str) -> None:
    raise ScenarioError(f"value = {shown(shock.value)}: must be {allowed}", "value")


_CHECKS: dict[str, Callable[[Shock], None]] = {
    "set": lambda shock: None,  # the scenario checks it, as it checks the field
    **dict.fromkeys(FACTORS, _check_factor),
    **dict.fromkeys(REMOVALS, _check_removal),
    "bar": _check_class_name,
    "mix": _check_mix,
}


def in_words(shock: Shock) -> str:
    """The shock on one line: when it is in force, and what it does."""
    if shock.kind in REMOVALS:
        which = "the best linked members" if shock.kind == "hubs" else "members, any"
        return f"month {shock.month}: {_amount(shock):.4g} of {which}, removed"
    if shock.until == shock.month:
        when = f"month {shock.month}"
    else:
        when = f"from month {shock.month}" + (f" to {shock.until}" if shock.until else "")
    return f"{when}: {_effect(shock)}"


def _effect(shock: Shock) -> str:
    if shock.kind == "bar":
        return f"class {shock.value} barred from joining"
    value = (
        ", ".join(f"{part:g}" for part in shock.value)
        if isinstance(shock.value, tuple)
        else str(shock.value).removesuffix(".0")
    )
    if shock.kind in FACTORS:
        return f"{'provider quality' if shock.kind == 'release' else shock.kind} x {value}"
    return f"{shock.field or shock.kind} = {value}"


def active_settings(shocks: Iterable[Shock], month: int) -> dict[str, Any]:
    """Field -> value for the set shocks in force in the month; mix shocks set the field `mix`.

    Of several on one field the one that began last counts (of equal months, the later in the list); when it
    ends, the other returns.
    """
    current = [shock for shock in shocks if shock.kind in ("set", "mix") and shock.in_force(month)]
    return {shock.field or shock.kind: shock.value for shock in sorted(current, key=lambda shock: shock.month)}


def barred(shocks: Iterable[Shock], month: int) -> set[str]:
    """The names of the device classes that may not join in the month."""
    return {str(shock.value) for shock in shocks if shock.kind == "bar" and shock.in_force(month)}


def factor(shocks: Iterable[Shock], kind: str, month: int) -> float:
    """Product of the factors of the kind (price, merit, ..) in force in the month; 1.0 without any."""
    values = (shock.value for shock in shocks if shock.kind == kind and shock.in_force(month))
    return math.prod((float(value) for value in values if isinstance(value, int | float)), start=1.0)


def starting(shocks: Iterable[Shock], kind: str, month: int) -> tuple[Shock, ...]:
    """The shocks of the kind that come at the start of the month, in the order of the list."""
    return tuple(shock for shock in shocks if shock.kind == kind and shock.month == month)


def ending(shocks: Iterable[Shock], kind: str, month: int) -> tuple[Shock, ...]:
    """The shocks of the kind that are no longer in force in the month but were in the month before."""
    return tuple(shock for shock in shocks if shock.kind == kind and shock.until == month - 1)
