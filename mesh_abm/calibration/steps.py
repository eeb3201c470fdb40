"""What a calibration is made of: inputs with their origin, and steps that turn inputs into values.

Every value can be traced: a step names the figures it used, each figure its kind and source, and the step is only
as well founded as the weakest of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Which = Literal["central", "optimist", "pessimist"]
Kind = Literal["measured", "vendor", "reported", "recalled", "assumed"]
End = Literal["central", "low", "high"]

KINDS: tuple[Kind, ...] = ("measured", "vendor", "reported", "recalled", "assumed")
"""How a figure is known, from the best to the weakest (mesh_abm/data/README.md)."""

UNSOURCED: tuple[Kind, ...] = ("recalled", "assumed")
"""Kinds of figures for which no document was read."""

REFERENCE = "reference value"
"""Value of a step that keeps the default of the field."""


def weakest(kinds: Iterable[str]) -> Kind:
    """Return the weakest of the kinds; `measured` if there are none (a definition rests on nothing)."""
    present = set(kinds)
    return next((kind for kind in reversed(KINDS) if kind in present), "measured")


class Input(NamedTuple):
    """A figure that a step uses.

    ``low`` and ``high`` are its range if it has one; ``favors`` is the end that favors the mesh and ``why`` says so
    in words; ``end`` is where in the range ``value`` was taken.
    """

    name: str
    value: float | str
    kind: Kind
    source: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    favors: Literal["low", "high", ""] = ""
    why: str = ""
    end: str = "central"

    @property
    def ranged(self) -> bool:
        """Whether it moves between the variants."""
        return bool(self.favors) and self.low is not None and self.high is not None and self.low < self.high


class Beside(NamedTuple):
    """A figure printed beside a step's value, for comparison; it enters nothing."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Step:
    """One value of the calibration: how it was made, of what, and how well that is known.

    ``field`` is the Scenario field it sets (``classes.<key>``: a column of the classes, with a value per class), or,
    if not ``sets``, the name of an intermediate result. ``value`` is `REFERENCE` where the default is kept.
    """

    field: str
    value: float | int | str | dict[str, float] | dict[str, str]
    unit: str
    rule: str
    inputs: tuple[Input, ...] = ()
    note: str = ""
    beside: tuple[Beside, ...] = ()
    sets: bool = True

    @property
    def kind(self) -> Kind:
        """The weakest kind of its inputs; `assumed` where it has none."""
        return weakest(item.kind for item in self.inputs) if self.inputs else "assumed"

    @property
    def kept(self) -> bool:
        """Whether it only says that the default of `reference` is kept."""
        return self.value == REFERENCE

    @property
    def design(self) -> bool:
        """Whether it says how the run is laid out, and nothing of the world."""
        return not self.inputs and not self.kept

    @property
    def number(self) -> float:
        """Its value as a number; TypeError if it is none."""
        if isinstance(self.value, (str, dict)):
            raise TypeError(f"{self.field} is no number")
        return float(self.value)

    def of(self, name: str) -> float:
        """Return its value for a class; KeyError if there is none of that name."""
        if not isinstance(self.value, dict):
            raise KeyError(f"{self.field} has no value for {name}")
        return float(self.value[name])

    @property
    def ends(self) -> dict[Which, str]:
        """Which end of each range the variants take, and why, in words; empty texts if there is no range."""
        moving = [item for item in self.inputs if item.ranged]
        return {
            "central": "; ".join(f"{item.name}: the central value" for item in moving),
            "optimist": "; ".join(_end_in_words(item, helps=True) for item in moving),
            "pessimist": "; ".join(_end_in_words(item, helps=False) for item in moving),
        }

    def as_input(self, name: str = "") -> Input:
        """Return this step's value as an input of a later step."""
        shown = self.value if isinstance(self.value, (int, float)) else f"{len(self.value)} values"
        return Input(name or self.field, shown, self.kind, f"step {self.field}", self.unit)


def _end_in_words(item: Input, helps: bool) -> str:
    high = (item.favors == "high") == helps
    text = f"{item.name}: the {'high' if high else 'low'} end, {item.high if high else item.low:.4g}"
    return f"{text} ({item.why})" if helps else f"{text} (the other end)"


@dataclass(frozen=True)
class Calibration:
    """All steps of one variant, in order."""

    which: Which
    steps: tuple[Step, ...] = field(repr=False)

    def fields(self) -> dict[str, object]:
        """Return Scenario field -> value, without the fields that keep their reference value."""
        plain: dict[str, object] = {s.field: s.value for s in self.steps if s.sets and not s.kept}
        columns = {key.partition(".")[2]: plain.pop(key) for key in list(plain) if key.startswith("classes.")}
        return {"classes": _rows(columns), **plain}

    def __getitem__(self, name: str) -> Step:
        """Return the step of a field or intermediate result; KeyError if there is none."""
        for step in self.steps:
            if step.field == name:
                return step
        raise KeyError(name)

    def unsourced(self) -> tuple[Step, ...]:
        """Return the steps that rest on something recalled or assumed; those that keep a reference value last."""
        weak = (step for step in self.steps if step.kind in UNSOURCED and not step.design)
        return tuple(sorted(weak, key=lambda step: step.kept))

    def assumptions(self) -> dict[Input, tuple[str, ...]]:
        """Return the recalled and assumed figures themselves, each with the fields that use it directly."""
        used: dict[Input, list[str]] = {}
        for step in self.steps:
            for item in step.inputs:
                if item.kind in UNSOURCED and not item.source.startswith("step "):
                    used.setdefault(item, []).append(step.field)
        return {item: tuple(dict.fromkeys(fields)) for item, fields in used.items()}

    def kept(self) -> tuple[str, ...]:
        """Return the fields that keep their reference value, because no figure was found for them."""
        return tuple(step.field for step in self.steps if step.kept)


def _rows(columns: dict[str, object]) -> list[dict[str, object]]:
    """Turn a table of columns (each class -> value) into one record a class."""
    tables = {key: column for key, column in columns.items() if isinstance(column, dict)}
    names = next(iter(tables.values()))
    return [{"name": name, **{key: column[name] for key, column in tables.items()}} for name in names]
