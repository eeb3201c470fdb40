"""Reading a store: its runs, its points, its series. Nothing is read before it is asked for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mesh_abm.errors import nearest
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import journal
from mesh_abm.sweeps.journal import DONE, Entry
from mesh_abm.sweeps.place import (
    BASE,
    PARTS,
    PLAN,
    POINTS,
    StoreError,
    check_part,
    is_store,
    part_file,
    read_journal,
)

LARGE = 2_000_000_000
"""Bytes of memory above which `Store.frame` wants columns named."""


def open_store(folder: str | Path) -> Store:
    """Return the store in a folder, also while a sweep still fills it; raises StoreError if there is none."""
    place = Path(folder)
    if not is_store(place):
        raise StoreError(f"store = {place}: holds no sweep; must be the folder of one")
    return Store(place)


class Store:
    """The runs of a sweep: a table of runs, a table of points, and all series.

    The series are plain Parquet, a file a run (`<folder>/runs/*.parquet`), so that pandas, DuckDB or polars read them
    without this class.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        done = sum(entry.status == DONE for entry in self._entries.values())
        return f"<Store {self.folder}: {done} runs done of {len(self._entries)} ended>"

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run that ended: run, point, replicate, seed, status, seconds (wall time), worker, error."""
        rows = sorted(self._entries.values(), key=lambda entry: entry.run)
        names = [field.name for field in fields(Entry) if field.name not in ("bytes", "checksum")]
        return pd.DataFrame([asdict(row) for row in rows], columns=names)

    @cached_property
    def plan(self) -> dict[str, Any]:
        """The plan as its file has it."""
        return dict(self._told(PLAN, tomllib.loads))

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row a point: its number, and the value of every field that varies."""
        points = self._told(POINTS, json.loads)
        return pd.DataFrame(points, index=range(len(points))).rename_axis("point").reset_index()

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario before anything varies."""
        return Scenario.load(self.folder / BASE)

    @property
    def dataset(self) -> Any:
        """All series of runs that are done, a lazy `pyarrow.dataset.Dataset`: to filter, and for more than memory.

        Unlike `frame` it does not check that the part files are what the runs wrote.
        """
        import pyarrow.dataset as ds

        files = [str(part_file(self.folder, run)) for run in self._done]
        if not files:
            return ds.dataset(self.folder / PARTS, format="parquet")
        return ds.dataset(files, format="parquet")

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return all series, a row a run and month, in order: run, point, replicate, seed, month, then the measures.

        `columns` names the measures wanted. Raises StoreError for an unknown one, for so many runs that memory would
        not do (name columns then, or use `dataset`), and for a part file that is missing or damaged.
        """
        for entry in self._entries.values():
            if entry.status == DONE:
                check_part(self.folder, entry)
        names = self.dataset.schema.names if self._done else ["run", "point", "replicate", "seed", "month"]
        places = [name for name in ("run", "point", "replicate", "seed", "month") if name in names]
        for name in columns or []:
            if name not in names:
                raise StoreError(f"column {name!r}: must be a measure{nearest(name, names)}")
        wanted = names if columns is None else [*places, *(name for name in columns if name not in places)]
        if not self._done:
            return pd.DataFrame(columns=wanted)
        size = self.dataset.count_rows() * 8 * len(wanted)
        if size > LARGE:
            raise StoreError(
                f"frame of {self.folder}: would take {size / 1e9:.1f} GB; name the columns wanted, or use `dataset`"
            )
        table: pd.DataFrame = self.dataset.to_table(columns=wanted).to_pandas()
        return table.sort_values(["run", "month"], kind="stable", ignore_index=True)

    def _told(self, name: str, read: Callable[[str], Any]) -> Any:
        """Return what a file that describes the store says; raises StoreError."""
        file = self.folder / name
        try:
            return read(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{file}: missing or damaged ({error}); the same sweep again (nothing is run twice) writes it anew"
            ) from None

    @property
    def _entries(self) -> dict[str, Entry]:
        return read_journal(self.folder)

    @property
    def _done(self) -> list[str]:
        return sorted(entry.run for entry in self._entries.values() if entry.status == journal.DONE)
