"""What a plan varies: lists of values and ranges, and how a sampler reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from pydantic import BaseModel

from mesh_abm.errors import ScenarioError, UserError, nearest, shown
from mesh_abm.scenario import field_card

MOST = 1_000_000
"""Runs that a plan may have."""
KEYS = ("low", "high", "n", "scale")
SCALES = ("linear", "log")


class PlanError(UserError, ValueError):
    """A plan that cannot be: the line names key, value and what is allowed."""


@dataclass(frozen=True)
class Values:
    """A list of values."""

    name: str
    values: tuple[Any, ...]

    def listed(self) -> tuple[Any, ...]:
        """Return the values in order."""
        return self.values

    def at(self, part: float) -> Any:
        """Return the value that stands at `part` (0 to 1) of the list."""
        return self.values[min(int(part * len(self.values)), len(self.values) - 1)]


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, evenly or in even ratios (`scale` "log"); `count` of them in a grid."""

    name: str
    low: float
    high: float
    count: int | None
    log: bool
    whole: bool

    def listed(self) -> tuple[float, ...]:
        """Return `count` numbers, ends included; whole ones each once."""
        if self.count is None:
            raise PlanError(
                f"vary.{self.name}: n is missing; a grid needs how many values between low and high"
            )
        parts = np.linspace(0.0, 1.0, self.count) if self.count > 1 else np.array([0.0])
        numbers = (self._between(self.low, self.high, float(part)) for part in parts)
        return tuple(dict.fromkeys(round(number) if self.whole else number for number in numbers))

    def at(self, part: float) -> float:
        """Return the number that stands at `part` (0 to 1) of the range; whole ones have parts of equal size each."""
        if not self.whole:
            return self._between(self.low, self.high, part)
        return min(math.floor(self._between(self.low, self.high + 1, part)), int(self.high))

    def _between(self, low: float, high: float, part: float) -> float:
        if part in (0.0, 1.0):
            return high if part else low
        if self.log:
            return math.exp(math.log(low) + part * (math.log(high) - math.log(low)))
        return low + part * (high - low)


def plain(value: Any) -> Any:
    """Return what was given as a file would have it: without numpy's types, ranges, device classes and None."""
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, BaseModel):
        return plain(value.model_dump())
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(each) for each in value]
    return "none" if value is None else value


def by_name(table: Any) -> Any:
    """Return a table of fields with those of classes by their full names, which TOML reads as tables in tables."""
    flat = plain(table)
    if not isinstance(flat, dict) or not isinstance(flat.get("classes"), dict):
        return flat
    named = _below("classes", flat["classes"], depth=2)
    pairs = (named.items() if name == "classes" else [(name, given)] for name, given in flat.items())
    return dict(chain.from_iterable(pairs))


def _below(name: str, table: dict[str, Any], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, given in table.items():
        deeper = depth > 1 and isinstance(given, dict)
        found |= _below(f"{name}.{key}", given, depth - 1) if deeper else {f"{name}.{key}": given}
    return found


def read(vary: Mapping[str, Any]) -> list[Values | Range]:
    """Return what is varied, in the order of the plan; raises PlanError."""
    return [_one(str(name), given) for name, given in vary.items()]


def _one(name: str, given: Any) -> Values | Range:
    try:
        card = field_card(name)
    except ScenarioError as error:
        raise PlanError(f"vary.{name}: {error}") from None
    if isinstance(given, Mapping):
        return _range(name, given, whole="whole" in card.kind)
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given):
        return Values(name, tuple(given))
    raise PlanError(
        f"vary.{name} = {shown(given)}: must be a list of values or a table with low, high and n, "
        "such as [0.02, 0.05] or {low = 0.02, high = 0.1, n = 5}"
    )


def _range(name: str, given: Mapping[str, Any], whole: bool) -> Range:
    for key in given:
        if key not in KEYS:
            raise PlanError(f"vary.{name}.{key}: must be one of {', '.join(KEYS)}{nearest(str(key), KEYS)}")
    low, high = (_number(name, key, given) for key in ("low", "high"))
    for key, number in (("low", low), ("high", high)):
        if whole and not number.is_integer():
            raise PlanError(f"vary.{name}.{key} = {shown(given[key])}: must be a whole number")
    if not low < high:
        raise PlanError(
            f"vary.{name}.high = {shown(given['high'])}: must be above low = {shown(given['low'])}"
        )
    scale = given.get("scale", "linear")
    if scale not in SCALES:
        raise PlanError(f"vary.{name}.scale = {shown(scale)}: must be one of {', '.join(SCALES)}")
    if scale == "log" and not low > 0:
        raise PlanError(f"vary.{name}.low = {shown(given['low'])}: must be above 0 for scale = 'log'")
    count = given.get("n")
    if count is not None and (
        isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST
    ):
        raise PlanError(f"vary.{name}.n = {shown(count)}: must be a whole number from 1 to {MOST:,}")
    return Range(name, low, high, count, scale == "log", whole)


def _number(name: str, key: str, given: Mapping[str, Any]) -> float:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PlanError(f"vary.{name}.{key} = {shown(value)}: must be a finite number")
    return float(value)
