"""What an engine is, and what comes of a task."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mesh_abm.errors import UserError


@dataclass(frozen=True)
class Outcome:
    """What came of the task at `place`: its value, or the text of the traceback it failed with."""

    place: int
    value: Any = None
    error: str = ""

    @property
    def failed(self) -> bool:
        """Whether the task raised an exception."""
        return bool(self.error)


class EngineError(UserError, ValueError):
    """An engine that is not there or cannot be reached."""


class Engine(Protocol):
    """Runs tasks; see `mesh_abm.engines`."""

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it is ready; leaving the loop early stops what has not begun."""
        ...


def attempt(function: Callable[[Any], Any], place: int, task: Any) -> Outcome:
    """Return what comes of one task; an exception becomes data."""
    try:
        return Outcome(place, function(task))
    except Exception:
        return Outcome(place, error=traceback.format_exc())


def values_in_order(engine: Engine, function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
    """Return the values of all tasks in their order; raises RuntimeError with the traceback of one that failed."""
    values: list[Any] = [None] * len(tasks)
    for outcome in engine.run(function, tasks):
        if outcome.failed:
            raise RuntimeError(f"task {outcome.place} of {len(tasks)} failed\n{outcome.error}")
        values[outcome.place] = outcome.value
    return values
