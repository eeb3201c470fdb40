"""What is known of a parameter beside its value, such as unit, range and source, and how values are checked.

A field of a scenario is declared with `param`; pydantic checks type and range, and `Described` turns what
pydantic reports into one line that names field, value and what is allowed.
"""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mesh_abm.errors import ScenarioError, nearest, shown


@dataclass(frozen=True)
class FieldCard:
    """One parameter, described.

    ``low`` and ``high`` bound a number (None: no such bound; ``low_open``: the bound itself is not allowed),
    ``choices`` are the words allowed, ``kind`` says what a value is, ``shockable``: set shocks may change it.
    """

    name: str
    symbol: str
    unit: str
    low: float | None
    high: float | None
    low_open: bool
    default: Any
    source: str
    group: str
    meaning: str
    shockable: bool
    kind: str
    choices: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """What is allowed, short: ``0 to 1``, ``> 0``, ``fixed | adoption | growth``; empty for free text."""
        if self.choices:
            return " | ".join(self.choices)
        if self.low is None:
            return ""
        if self.high is None:
            return f"{'>' if self.low_open else '>='} {number_text(self.low)}"
        return f"{'> ' if self.low_open else ''}{number_text(self.low)} to {number_text(self.high)}"

    @property
    def allowed(self) -> str:
        """What is allowed, in words, with the unit: ``a number from 0 to 1 (per month)``."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = self.kind.replace("number", f"number{self._bounds()}", 1)
        return f"{words} ({self.unit})" if self.unit else words

    def _bounds(self) -> str:
        if self.low is None:
            return ""
        low, high = number_text(self.low), number_text(self.high or 0)
        if self.high is None:
            return f" above {low}" if self.low_open else f" of {low} or more"
        return f" above {low} and at most {high}" if self.low_open else f" from {low} to {high}"


def number_text(value: float) -> str:
    """A bound as text: whole numbers without a point, large ones as powers."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e7 else f"{value:g}"


def param(
    default: Any = ...,
    symbol: str = "",
    unit: str = "",
    meaning: str = "",
    source: str = "",
    *,
    group: str = "",
    kind: str = "a number",
    star: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    enforce: bool = True,
) -> Any:
    """A pydantic field that carries its card; ``star``: a set shock may change it.

    Without ``enforce`` the bounds are only told: the type of the field checks them.
    """
    card = {
        "symbol": symbol,
        "unit": unit,
        "low": ge if gt is None else gt,
        "high": le,
        "low_open": gt is not None,
        "source": source,
        "group": group,
        "kind": kind,
        "shockable": star,
    }
    if isinstance(default, int) and kind.startswith("a number"):
        default = float(default)  # so that equal scenarios are written alike
    limits = {"ge": ge, "gt": gt, "le": le} if enforce else {}
    bounds = {key: limit for key, limit in limits.items() if limit is not None}
    return Field(default, description=meaning, json_schema_extra=card, **bounds)  # type: ignore[call-overload]


UNKNOWN = "; `mesh-abm scenarios describe` shows all fields"

whole = partial(param, kind="a whole number")
text = partial(param, kind="text")


def as_number(value: Any) -> float:
    """The value as a float (numpy's scalars too); ValueError for booleans, NaN and what is no number."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError("not a number")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError("too large") from None
    if math.isnan(number):
        raise ValueError("not a number")
    return number


def as_whole(value: Any) -> int:
    """The value as an int: whole numbers, also written as 3.0; ValueError for all else."""
    number = as_number(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if not number.is_integer():
        raise ValueError("not a whole number")
    return int(number)


def as_list(value: Any) -> Any:
    """numpy arrays and pandas columns as lists; everything else as it is."""
    return value.tolist() if getattr(value, "ndim", 0) == 1 and hasattr(value, "tolist") else value


def none_word(value: Any) -> Any:
    """None for the word ``none``, which files use because TOML has no null."""
    return None if isinstance(value, str) and value == "none" else value


Number = Annotated[float, BeforeValidator(as_number)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(as_whole)]
Numbers = Annotated[tuple[Number, ...], BeforeValidator(as_list)]
Shares = Annotated[tuple[Share, ...], BeforeValidator(as_list)]
OrNone = BeforeValidator(none_word)


class Described(BaseModel):
    """A frozen record whose fields are declared with `param` and whose errors are one line each."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _in_one_line(error, type(self)) from None

    @classmethod
    def cards(cls) -> dict[str, FieldCard]:
        """The card of every field, by name, in the order of declaration."""
        return _cards(cls)


@cache
def _cards(model: type[Described]) -> dict[str, FieldCard]:
    return {
        name: FieldCard(
            name=name,
            default=None if info.is_required() else info.default,
            meaning=info.description or "",
            choices=_choices(info.annotation),
            **info.json_schema_extra,  # type: ignore[arg-type]
        )
        for name, info in model.model_fields.items()
    }


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words of a Literal (inside a union too, where None is the word ``none``)."""
    parts = get_args(annotation)
    words = [word for part in parts for word in (_choices(part) if get_args(part) else (part,))]
    if not any(isinstance(word, str) for word in words):
        return ()
    return tuple("none" if word in (None, type(None)) else str(word) for word in words)


def _in_one_line(error: ValidationError, model: type[Described]) -> ScenarioError:
    """The first error, an unknown name before all others: it explains the one that is then missing."""
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    place, value = first["loc"], first["input"]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, ScenarioError):
        return _inside(place, value, cause)
    return _of_field(str(place[0]), place[1:], first["type"], value, model.cards())


def _of_field(
    name: str, place: tuple[int | str, ...], problem: str, value: Any, cards: dict[str, FieldCard]
) -> ScenarioError:
    if problem == "extra_forbidden":
        return ScenarioError(f"unknown field {name!r}{nearest(name, cards) or UNKNOWN}")
    allowed = cards[name].allowed
    if problem == "missing":
        return ScenarioError(f"{name} is missing: must be {allowed}", name)
    if problem == "model_type":  # an item of a list of records
        name, allowed = f"{name}[{place[0]}]", "a table of fields"
    return ScenarioError(f"{name} = {shown(value)}: must be {allowed}", name)


def _inside(place: tuple[int | str, ...], value: Any, cause: ScenarioError) -> ScenarioError:
    """The error of an item of a list (a device class, a shock), with the item named; of no item, as it is."""
    if not place:
        return cause
    name = value.get("name") if isinstance(value, dict) else None
    path = f"{place[0]}.{name}" if isinstance(name, str) and name else f"{place[0]}[{place[-1]}]"
    if cause.field is None:
        return ScenarioError(f"{path}: {cause}")
    return ScenarioError(f"{path}.{cause}", f"{path}.{cause.field}")
