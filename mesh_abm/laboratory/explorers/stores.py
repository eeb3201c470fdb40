"""The model side of the sweep viewer: the stores that the server was started with, and what can be drawn of one.

Stores are chosen from a list by name; nothing that a visitor types reaches the file system.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mesh_abm.analysis import AnalysisError, Reading, response
from mesh_abm.analysis.pictures import phase_diagram
from mesh_abm.analysis.pictures.response import draw as draw_response
from mesh_abm.analysis.reading import fields_of, numbers_of
from mesh_abm.errors import UserError, nearest, shown
from mesh_abm.figures.figure import Figure
from mesh_abm.laboratory.serving import STORES
from mesh_abm.measures import COLUMNS
from mesh_abm.sweeps import Store, open_store
from mesh_abm.sweeps.journal import DONE
from mesh_abm.sweeps.journal import NAME as JOURNAL
from mesh_abm.sweeps.place import is_store

HOW = "mesh-abm sweep plan.toml --store stores/my-sweep, then mesh-abm app --stores stores"
"""How somebody comes by a store."""
MOST_LISTED = 200
"""Stores of a folder that are listed."""
MOST_MONTHS = 100_000

Kind = Literal["phase", "response"]


@dataclass(frozen=True)
class Listed:
    """A store of the folder: its name, and what is wrong with it (empty: nothing)."""

    name: str
    says: str
    broken: bool = False


@dataclass(frozen=True)
class Choice:
    """What to draw of a store: a map over two fields, or the response to one; how the measure is read."""

    kind: Kind
    x: str
    y: str
    measure: str
    last: int = 12

    def __post_init__(self) -> None:
        whole = isinstance(self.last, int) and not isinstance(self.last, bool)
        if not whole or not 1 <= self.last <= MOST_MONTHS:
            raise AnalysisError(
                f"last = {shown(self.last)}: must be a whole number of months from 1 to {MOST_MONTHS:,}"
            )


def folder() -> Path | None:
    """Return the folder of stores that the server was started with, or None."""
    named = os.environ.get(STORES, "")
    return Path(named) if named else None


def nothing_to_show() -> str:
    """Return one sentence why there is no store to choose and how to make one; empty if there is one."""
    place = folder()
    if place is None:
        return f"The server was started without a folder of sweeps. To have one: {HOW}."
    if not place.is_dir():
        return f"The folder of sweeps that the server was started with, {place.name}, is not there. To make one: {HOW}."
    if not any(_names(place)):
        return f"The folder {place.name} holds no sweep yet. To make one: {HOW}."
    return ""


def listed() -> list[Listed]:
    """Return the stores directly under the folder, by name."""
    place = folder()
    if place is None or not place.is_dir():
        return []
    return [_described(place / name) for name in sorted(_names(place))[:MOST_LISTED]]


def opened(name: str) -> Store:
    """Return a store of the list; raises UserError for a name that is not in it, StoreError for a broken one."""
    place = folder()
    names = list(_names(place)) if place is not None and place.is_dir() else []
    if place is None or name not in names:
        raise UserError(f"store = {shown(name)}: must be one of the list{nearest(str(name), names)}")
    return open_store(place / name)


def fields_to_draw(store: Store) -> list[str]:
    """Return the fields that the store varies over numbers."""
    return [name for name in fields_of(store) if _of_numbers(store, name)]


def measures_to_draw(store: Store) -> list[str]:
    """Return the measures that the runs of a store have, in the order of docs/model.md; none before a run is done."""
    if not (store.runs["status"] == DONE).any():
        return []
    names = set(store.dataset.schema.names)
    return [name for name in COLUMNS if name in names and name != "month"]


def version(name: str) -> tuple[int, int]:
    """Return what changes when a run is added to a store: size and date of its journal; (0, 0) if there is none."""
    place = folder()
    try:
        found = (place / name / JOURNAL).stat() if place is not None and name in _names(place) else None
    except OSError:
        found = None
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)


def progress(store: Store) -> str:
    """Return how far a store is: "37 of 80 runs done", failed ones told; "at least" where replicates are added."""
    ended = store.runs
    done = int((ended["status"] == DONE).sum())
    wanted = len(store.points) * int(store.plan.get("replicates", 1))
    adaptive = "at least " if "until" in store.plan else ""
    failed = len(ended) - done
    told = f"{done:,} of {adaptive}{max(wanted, len(ended)):,} runs done"
    return f"{told}, {failed:,} failed" if failed else told


def drawn(name: str, choice: Choice) -> Figure:
    """Return the figure of a choice. Raises UserError with the one line that says why it cannot be."""
    store = opened(name)
    if choice.measure not in COLUMNS:
        raise AnalysisError(
            f"measure = {shown(choice.measure)}: must be a measure{nearest(str(choice.measure), COLUMNS)}"
        )
    reading = Reading(choice.measure, last=choice.last)
    try:
        if choice.kind == "phase":
            return phase_diagram.draw(store, choice.x, choice.y, reading).figure()
        return draw_response(response(store, choice.x, reading), reading).figure()
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"store = {name}: cannot be drawn ({' '.join(str(error).split())})") from None


def _names(place: Path) -> Iterator[str]:
    return (path.name for path in place.iterdir() if is_store(path))


def _described(path: Path) -> Listed:
    try:
        return Listed(path.name, progress(open_store(path)))
    except (UserError, OSError, ValueError, KeyError, TypeError) as error:
        return Listed(path.name, " ".join(str(error).replace(str(path), path.name).split()), broken=True)


def _of_numbers(store: Store, name: str) -> bool:
    try:
        numbers_of(store, name, "x")
    except AnalysisError:
        return False
    return True
