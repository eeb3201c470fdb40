"""The engine that needs nothing: one task after another, here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mesh_abm.engines.engine import Outcome, attempt


class ThisProcess:
    """Runs tasks in this process, in their order."""

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task in order."""
        for place, task in enumerate(tasks):
            yield attempt(function, place, task)
