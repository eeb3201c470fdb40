"""Memory of the models that a process is done with.

Mesa's models hold on to themselves, so that they wait for Python's collection of circles, which is slow to come, as it
counts objects and does not see how much memory their columns take.
"""

from __future__ import annotations

import gc

MOST_OWNERS = 50_000
"""Owners of all models together that may wait: some 15 MB."""

_waiting = 0


def add(owners: int) -> None:
    """Count the owners of models that were just given up, and free all that wait when they have become many."""
    global _waiting
    _waiting += owners
    if _waiting >= MOST_OWNERS:
        gc.collect()
        _waiting = 0
