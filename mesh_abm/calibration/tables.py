"""The tables of mesh_abm/data, read from the installed package.

`TABLES` says what each is; README.md beside them says how it was collected and where it is weak.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import pandas as pd

from mesh_abm.calibration.steps import KINDS, Kind
from mesh_abm.errors import ScenarioError, nearest

TABLES: dict[str, str] = {
    "device_classes": "classes of devices: memory, bandwidth, power, decode speed, installed base",
    "device_benchmarks": "measured decode speeds behind the classes",
    "datacentre_units": "accelerators of data centers: price, power, batched throughput on a 70B model",
    "api_prices": "dated list prices of hosted models, by tier",
    "query_mix": "what people ask: shares of task types, in several mixes",
    "learning_curve": "memory price per GB, and cumulative volume where it is known",
    "model_quality": "scores of device-size, large open and hosted models, by benchmark and category",
    "assumptions": "figures without a table of their own, with ranges",
    "sources": "what each source is, where and what was read, and its terms",
}
"""Shipped tables, and what each holds."""

_DATES = {
    "device_classes": ["launch_date"],
    "datacentre_units": ["launch_date"],
    "api_prices": ["date"],
    "learning_curve": ["date"],
    "model_quality": ["date", "score_date"],
}

_INDEX = {"device_classes": "class", "datacentre_units": "unit", "assumptions": "name", "sources": "key"}


@dataclass(frozen=True)
class Assumption:
    """A row of assumptions.csv; ``low`` and ``high`` are None where it states no range."""

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    kind: Kind
    note: str


def table(name: str) -> pd.DataFrame:
    """Return a copy of a table, dates as dates, indexed by its key if it has one; ScenarioError if unknown."""
    if name not in TABLES:
        raise ScenarioError(f"no table {name!r}{nearest(name, TABLES)} (there are {', '.join(TABLES)})")
    return _read(name).copy()


def raw(name: str) -> str:
    """Return the text of a file of mesh_abm/data, e.g. ``README.md``."""
    return (_folder() / name).read_text(encoding="utf-8")


def assumption(name: str) -> Assumption:
    """Return a row of assumptions.csv; KeyError if there is none."""
    unit, source, kind, note = (cell("assumptions", name, key) for key in ("unit", "source", "kind", "note"))
    value, low, high = (figure("assumptions", name, key) for key in ("value", "low", "high"))
    return Assumption(name, value, _or_none(low), _or_none(high), unit, source, kind_of(kind), note)


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number


def figure(name: str, key: str, column: str) -> float:
    """Return a number of a table with a key (NaN where the cell is empty); KeyError if there is no such cell."""
    return float(_read(name)[column].astype(float)[key])


def cell(name: str, key: str, column: str) -> str:
    """Return a text of a table with a key (empty where the cell is); KeyError if there is no such cell."""
    return str(_read(name)[column].fillna("")[key])


def kind_of(text: object) -> Kind:
    """Return a cell of a column `kind`, checked; ValueError for a word that is no kind."""
    for kind in KINDS:
        if text == kind:
            return kind
    raise ValueError(f"{text!r} is no kind of figure (there are {', '.join(KINDS)})")


def _folder() -> Traversable:
    return resources.files("mesh_abm") / "data"


@cache
def _read(name: str) -> pd.DataFrame:
    with (_folder() / f"{name}.csv").open(encoding="utf-8") as file:
        frame = pd.read_csv(file, parse_dates=_DATES.get(name, []))
    return frame.set_index(_INDEX[name]) if name in _INDEX else frame
