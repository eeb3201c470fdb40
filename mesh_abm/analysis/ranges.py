"""The ranges over which fields are moved one at a time: given, of the calibration, allowed, or half and double."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from mesh_abm.analysis.reading import AnalysisError
from mesh_abm.device_classes import EVERY
from mesh_abm.errors import ScenarioError, shown
from mesh_abm.fields import FieldCard
from mesh_abm.scenario import FIELDS, Scenario, field_card

Basis = Literal["given", "calibration", "allowed", "half and double", "left out"]
NOT_MOVED = ("n_owners", "months", "seed", "measure_every")
"""Numbers that say how large, how long or how measured a run is, not what happens in it."""


@dataclass(frozen=True)
class FieldRange:
    """A field with the ends it is moved to, what these rest on, and why it is left out if it is."""

    field: str
    low: float
    base: float
    high: float
    basis: Basis
    why: str = ""


def documented_ranges(
    scenario: Scenario,
    fields: Iterable[str] | None = None,
    given: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """Return a row a field: field, low, base, high, basis, why.

    Taken in this order: the range `given`; in a calibrated scenario the stated range of the figure that the field is
    computed from, if that figure moves no other field; the allowed range of a share or probability (0 to 1); else half
    and double of the base, cut to what is allowed. *left out*, with the reason, are fields without a number, at 0 with
    no range, or whose ends the scenario refuses. `fields`: all scalar ones (left out: size, length), if not given.
    Raises AnalysisError, and
    ScenarioError for ends given that cannot be.
    """
    wanted = {} if given is None else dict(given)
    names = list(dict.fromkeys([*(_scalar_fields() if fields is None else fields), *wanted]))
    return pd.DataFrame([asdict(_range(scenario, name, wanted.get(name))) for name in names])


def value_in(scenario: Scenario, name: str) -> Any:
    """Return the value of a field, or of one of a class (``classes.phone.merit``).

    None for a class that there is not, and for all of them if they differ.
    """
    if not name.startswith("classes."):
        return getattr(scenario, name)
    _, label, field = name.split(".")
    named = [device for device in scenario.classes if device.name == label]
    meant = named or (scenario.classes if label == EVERY else ())
    values = {getattr(device, field) for device in meant}
    return values.pop() if len(values) == 1 else None


def _scalar_fields() -> list[str]:
    return [name for name, card in FIELDS.items() if card.low is not None and name not in NOT_MOVED]


def _range(scenario: Scenario, name: str, given: tuple[float, float] | None) -> FieldRange:
    card, base = field_card(name), value_in(scenario, name)
    if not isinstance(base, int | float) or isinstance(base, bool) or not math.isfinite(base):
        return FieldRange(
            name, math.nan, math.nan, math.nan, "left out", f"{shown(base)} is not a finite number"
        )
    low, high, basis = _ends(scenario, card, name, float(base), given)
    if not low < high:
        return FieldRange(
            name, low, base, high, "left out", "0 has no half and double, and no range is stated"
        )
    return _accepted(scenario, FieldRange(name, low, float(base), high, basis))


def _ends(
    scenario: Scenario, card: FieldCard, name: str, base: float, given: tuple[float, float] | None
) -> tuple[float, float, Basis]:
    if given is not None:
        if not given[0] < given[1]:
            raise AnalysisError(f"range {name} = {given[0]:g} to {given[1]:g}: high must be above low")
        return (*given, "given")
    if scenario.calibration is not None and name in (stated := of_calibration(scenario.calibration)):
        return (*stated[name], "calibration")
    if card.low == 0 and card.high == 1 and not card.low_open:
        return 0.0, 1.0, "allowed"
    ends = sorted((base / 2, base * 2))
    low, high = max(ends[0], card.low or 0.0 if base >= 0 else ends[0]), min(ends[1], card.high or math.inf)
    return (
        (float(round(low)), float(round(high)), "half and double")
        if "whole" in card.kind
        else (low, high, "half and double")
    )


def _accepted(scenario: Scenario, one: FieldRange) -> FieldRange:
    for end in (one.low, one.high):
        try:
            scenario.with_settings({one.field: end})
        except ScenarioError as error:
            if one.basis == "given":
                raise
            return FieldRange(one.field, one.low, one.base, one.high, "left out", str(error))
    return one


@cache
def of_calibration(which: str) -> dict[str, tuple[float, float]]:
    """Return field -> (low, high) for figures of a calibration that move a single field, at the ends of their ranges.

    A figure that moves several fields together (hosted speed, willingness to pay, ..) is no range of any of them.
    """
    from mesh_abm.calibration import calibrate, moving

    base = calibrate(which).fields()
    found = {}
    for figure in moving():
        ends = [calibrate(which, {figure: end}).fields() for end in ("low", "high")]
        moved = {name for end in ends for name in base if end[name] != base[name]}
        if len(moved) == 1 and (name := moved.pop()) != "classes":
            low, high = sorted(float(str(end[name])) for end in ends)
            found[name] = (low, high)
    return found
