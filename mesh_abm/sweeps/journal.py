"""The journal of a store: a line for every run that ended, added when its part is safely on disk.

One process writes it. A line that a crash cut off is no line: its run is made again.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

NAME = "journal.jsonl"
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Entry:
    """A run that ended: where it stands in the plan, what came of it, and how its part file is known."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", strict=True)
    run: str
    point: int
    replicate: int
    seed: int
    status: Literal["done", "failed"]
    seconds: float
    worker: str
    bytes: int = 0
    checksum: str = ""
    error: str = ""


def run_id(point: int, replicate: int) -> str:
    """Return the id of a run, which is the name of its part file."""
    return f"{point:06d}-{replicate:04d}"


def read(folder: Path) -> dict[str, Entry]:
    """Return the runs that ended, by id; of several lines on a run the last counts.

    Raises ValueError, which names the line, for one that is whole and no entry.
    """
    file = folder / NAME
    if not file.exists():
        return {}
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    entries = (_entry(number, line) for number, line in enumerate(whole.split(b"\n"), 1) if line)
    return {entry.run: entry for entry in entries}


_ENTRIES = TypeAdapter(Entry)


def _entry(number: int, line: bytes) -> Entry:
    try:
        entry = _ENTRIES.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"line {number}: {place + ': ' if place else ''}{first['msg'].lower()}") from None
    if entry.run != run_id(entry.point, entry.replicate):
        raise ValueError(f"line {number}: run {entry.run} is not that of its point and replicate")
    return entry


def mend(folder: Path) -> None:
    """Cut off what a crash left of a line."""
    file = folder / NAME
    if file.exists():
        whole, newline, rest = file.read_bytes().rpartition(b"\n")
        if rest:
            with file.open("r+b") as handle:
                handle.truncate(len(whole) + len(newline))
                os.fsync(handle.fileno())


class Writer:
    """Adds lines to the journal, each on disk before the next."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / NAME).open("ab", buffering=0)

    def add(self, entry: Entry) -> None:
        """Add a run that ended."""
        line = json.dumps(asdict(entry)).encode() + b"\n"
        if self._file.write(line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
