"""The registry of measures: each is a function of a month's snapshot under its promised name, with unit and meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mesh_abm.measures.snapshot import Snapshot


@dataclass(frozen=True)
class Measure:
    """One column of a run's series.

    `flow`: it tells what happened in a month, so it is NaN in row 0, the start. `predictions`: the names of those in
    `mesh_abm.fits` that say what it should be.
    """

    name: str
    unit: str
    meaning: str
    flow: bool
    of: Callable[[Snapshot], Any]
    predictions: tuple[str, ...] = ()


REGISTRY: dict[str, Measure] = {}


def measured(
    unit: str, flow: bool = False, name: str = "", predictions: tuple[str, ...] = ()
) -> Callable[[Callable[[Snapshot], Any]], Any]:
    """Enters a function of a snapshot into the registry under its own name; its docstring is the meaning."""

    def enter(function: Callable[[Snapshot], Any]) -> Callable[[Snapshot], Any]:
        key = name or function.__name__
        meaning = " ".join((function.__doc__ or "").split())
        REGISTRY[key] = Measure(key, unit, meaning, flow, function, predictions)
        return function

    return enter
