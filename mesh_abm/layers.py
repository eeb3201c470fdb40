"""What fills the fields that a scenario leaves open: a parent scenario, a calibration, a shipped mix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sized
from functools import cache
from typing import Any, Literal, get_args

from mesh_abm.errors import ScenarioError

Which = Literal["central", "optimist", "pessimist"]
OWN = {"title": "", "question": ""}  # say what one file is about, so they are not passed on


def complete(fields: dict[str, Any], names: Collection[str], load: Callable[[str], Any]) -> dict[str, Any]:
    """The fields, with open ones filled from ``based_on`` (read by ``load``) and, over that, ``calibration``.

    What sets every field is complete as it is: a resolved scenario does not need its parents again.
    """
    fields = borrowed(fields, load)
    parent, calibration = _parent(fields), _calibration(fields)
    if not (parent or calibration) or set(names) <= fields.keys():
        return _merge({}, fields)
    base = dict(load(parent)) | OWN if parent else {}
    return _merge(base | calibrated(calibration), fields)


def borrowed(fields: dict[str, Any], load: Callable[[str], Any]) -> dict[str, Any]:
    """The fields, with `classes` or `mix` given as a scenario (or the classes as its name) replaced by that scenario's.

    Mesa's tools take a list for values to vary, so a list of classes has to go in by another name.
    """
    taken = dict(fields)
    if isinstance(classes := taken.get("classes"), str):
        taken["classes"] = _classes_of(classes, load)
    for name in ("classes", "mix"):
        taken[name] = getattr(taken.get(name), name, taken.get(name))
        if name not in fields:
            del taken[name]
    return taken


def _classes_of(name: str, load: Callable[[str], Any]) -> Any:
    try:
        return load(name).classes
    except ScenarioError:
        line = f"classes = {name!r}: must be a list of device classes, or a scenario whose classes to take"
        raise ScenarioError(line, "classes") from None


def changed(base: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The base with the fields changed; another calibration first sets all that it computes."""
    calibration = _calibration(fields)
    if calibration != base.get("calibration"):
        base = base | calibrated(calibration)
    return _merge(base, fields)


@cache
def mix_weights(mix: str | tuple[float, ...]) -> tuple[float, ...]:
    """Popularity of each type, not scaled: as given, or of a shipped mix by name (else ScenarioError)."""
    if not isinstance(mix, str):
        return mix
    from mesh_abm.calibration.mixes import mix as shipped

    return tuple(shipped(mix).values())


def calibrated(which: Which | None) -> dict[str, Any]:
    """The fields that the calibration computes, by name; empty for None."""
    if which is None:
        return {}
    from mesh_abm.calibration import calibrate

    return calibrate(which).fields()


def _merge(base: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields over the base; a new mix brings its number of types with it unless that is given too."""
    merged = {**base, **fields}
    mix = fields.get("mix")
    if isinstance(mix, str) and mix != "none":
        mix = mix_weights(mix)
    if isinstance(mix, Sized) and not isinstance(mix, str) and "task_types" not in fields:
        merged["task_types"] = len(mix)
    return merged


def _parent(fields: Mapping[str, Any]) -> str | None:
    parent = fields.get("based_on")
    return parent if isinstance(parent, str) and parent not in ("", "none") else None


def _calibration(fields: Mapping[str, Any]) -> Which | None:
    found = fields.get("calibration")
    return next((which for which in get_args(Which) if isinstance(found, str) and which == found), None)
