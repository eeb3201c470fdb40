"""`--set field=value`: changes to a scenario written as text, the value as in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mesh_abm.device_classes import EVERY, DeviceClass
from mesh_abm.errors import ScenarioError, nearest, shown

_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")  # the point of .1, which TOML wants as 0.1


def apply_settings(fields: Mapping[str, Any], settings: Iterable[str] | Mapping[str, Any]) -> dict[str, Any]:
    """The changes that the settings ask for, as keywords of `Scenario.replace`.

    Settings are texts ``field=value`` or a mapping of names to values; ``classes.phone.merit`` is a field of
    a device class, ``classes.all.merit`` that of every one. Raises ScenarioError for text that is no setting and for
    classes that there are not.
    """
    pairs = settings.items() if isinstance(settings, Mapping) else [_split(text) for text in settings]
    changes: dict[str, Any] = {}
    for name, value in pairs:
        if str(name).startswith("classes."):
            classes = changes.get("classes", fields["classes"])
            changes["classes"] = _changed_classes(classes, str(name), value)
        elif name == "based_on":
            raise ScenarioError(f"based_on = {shown(value)}: must be set in a scenario file", "based_on")
        elif name in DeviceClass.cards() and name not in fields:
            raise of_a_class(str(name))
        else:
            changes[name] = value
    return changes


def of_a_class(name: str) -> ScenarioError:
    """The error for a field of device classes that is named as if it were one of the scenario."""
    return ScenarioError(
        f"field {name!r}: must be classes.NAME.{name}, which is that of one device class, or classes.{EVERY}.{name}, "
        "that of all"
    )


def parse_value(text: str) -> Any:
    """A value as TOML has it; ``.1`` and ``1.`` are numbers too, and words need no quotes."""
    text = text.strip()
    toml = text if text[:1] in ("'", '"') else _BARE_POINT.sub("0.", text)
    try:
        found = tomllib.loads(f"value = {toml}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return _number_or_word(text)
    return found["value"] if len(found) == 1 else text


def _split(setting: str) -> tuple[str, Any]:
    name, equals, value = str(setting).partition("=")
    if not equals or not name.strip():
        raise ScenarioError(f"setting {shown(setting)}: must be written field=value, such as churn=0.05")
    if not value.strip():
        raise ScenarioError(f"setting {shown(setting)}: has no value; must be written field=value")
    return name.strip(), parse_value(value)


def _number_or_word(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _changed_classes(classes: Sequence[Any], name: str, value: Any) -> tuple[Any, ...]:
    """The classes with one field of one class, or of all, changed; not checked yet: shares can move together."""
    _, label, *rest = name.split(".")
    tables = [dict(item) for item in classes]
    labels = [table["name"] for table in tables]
    if len(rest) != 1 or not label:
        raise ScenarioError(f"field {name!r}: must be classes.NAME.FIELD, such as classes.{labels[0]}.merit")
    if label not in (*labels, EVERY):
        allowed = f"must be one of the classes {', '.join(labels)}, or {EVERY}"
        raise ScenarioError(f"class {label!r} in {name!r}: {allowed}{nearest(label, labels)}")
    if rest[0] not in DeviceClass.cards():
        raise ScenarioError(f"unknown field {name!r}{nearest(name, _siblings(label))}")
    meant = (label,) if label in labels else labels  # a class that is called "all" is itself
    return tuple(table | {rest[0]: value} if table["name"] in meant else table for table in tables)


def _siblings(label: str) -> list[str]:
    return [f"classes.{label}.{field}" for field in DeviceClass.cards()]
