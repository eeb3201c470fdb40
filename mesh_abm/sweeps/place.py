"""The folder of a store: who may write it, its parts written whole or not at all, what is wrong with it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mesh_abm import __version__
from mesh_abm.errors import ResultError, shown
from mesh_abm.sweeps import journal
from mesh_abm.sweeps.plan import Plan
from mesh_abm.sweeps.work import checksum

PARTS, PLAN, BASE, POINTS, CARD, LOCK = (
    "runs",
    "plan.toml",
    "scenario.toml",
    "points.json",
    "store.json",
    ".lock",
)
PARTIAL = ".partial"


class StoreError(ResultError):
    """A store, or the place for one, that cannot be used."""


def is_store(folder: Path) -> bool:
    """Whether a folder holds a store."""
    return (folder / CARD).is_file()


def part_file(folder: Path, run: str) -> Path:
    """Return the file of a run's series."""
    return folder / PARTS / f"{run}.parquet"


def check_place(folder: Path) -> None:
    """Raise StoreError unless a folder is a store, or one may be made there."""
    if is_store(folder) or not folder.exists():
        return
    if not folder.is_dir() or not _is_begun(folder):
        raise StoreError(
            f"store = {folder}: holds other files; must be a new or an empty folder, or a sweep's store"
        )


def prepare(folder: Path, plan: Plan) -> None:
    """Make the store of a plan, or check that the one there is of this very plan; raises StoreError."""
    check_place(folder)
    going_on = is_store(folder)
    if going_on:
        _check_same_plan(folder, plan)
        journal.mend(folder)
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    _clear_partial(folder)
    for name, content in _described(plan).items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != content:
            write_whole(folder / name, content)
    if not going_on:
        card = {"format": "mesh_abm store 1", "version": __version__, "plan": plan.identity}
        write_whole(folder / CARD, (json.dumps(card, indent=1) + "\n").encode())


def write_whole(file: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody ever sees a part of it."""
    partial = file.with_name(f".{file.name}{PARTIAL}")
    try:
        with partial.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(file)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise unwritable(file.parent, error) from error


def unwritable(folder: Path, error: OSError) -> StoreError:
    """Return the one line for a store that the operating system refuses to write."""
    return StoreError(f"store = {folder}: cannot be written ({error.strerror}); what is there stays")


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the store for this process; raises StoreError while another sweep writes it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK).open("ab")
    except OSError as error:
        raise StoreError(
            f"store = {folder}: cannot be written ({error.strerror}); must be a writable folder"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError(
                f"store = {folder}: another sweep is writing it; wait for it or stop it"
            ) from None
        yield


def ended(folder: Path) -> dict[str, journal.Entry]:
    """Return the runs that ended, their part files checked to the last bit; raises StoreError for a damaged one."""
    entries = read_journal(folder)
    for entry in entries.values():
        if entry.status == journal.DONE:
            check_part(folder, entry)
    return entries


def read_journal(folder: Path) -> dict[str, journal.Entry]:
    """Return the runs that ended, as the journal has them; raises StoreError if it cannot be read."""
    try:
        return journal.read(folder)
    except ValueError as error:
        raise StoreError(
            f"{folder / journal.NAME}: damaged ({error}); restore it, or remove that line to have its run made again"
        ) from None
    except OSError as error:
        raise StoreError(f"{folder / journal.NAME}: cannot be read ({error.strerror})") from None


def check_part(folder: Path, entry: journal.Entry) -> None:
    """Raise StoreError unless the part file of a run is there, to the last bit."""
    file = part_file(folder, entry.run)
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{file}: cannot be read ({reason}); {_cure(folder, entry.run)}") from None
    if len(content) != entry.bytes or checksum(content) != entry.checksum:
        raise StoreError(f"{file}: damaged (not what run {entry.run} wrote); {_cure(folder, entry.run)}")


def _cure(folder: Path, run: str) -> str:
    return f"restore it, or remove its line ({run}) from {folder / journal.NAME} to have the run made again"


def _check_same_plan(folder: Path, plan: Plan) -> None:
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
        before, version = dict(card["plan"]), str(card["version"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StoreError(f"{folder / CARD}: damaged ({error}); the store cannot be gone on with") from None
    if version != __version__:
        raise StoreError(
            f"store = {folder}: made by mesh_abm {version}, this is {__version__}; must be the version that began it"
        )
    now = plan.identity
    changed = [key for key in sorted({*before, *now}) if before.get(key) != now.get(key)]
    if changed:
        told = "; ".join(f"{key} was {shown(before.get(key))}, is {shown(now.get(key))}" for key in changed)
        raise StoreError(
            f"store = {folder}: the plan has changed since: {told}; must be the same, or another folder"
        )


def _described(plan: Plan) -> dict[str, bytes]:
    """Return the files that say what a store is of, by name."""
    return {
        PLAN: plan.to_toml().encode(),
        BASE: plan.base.to_toml().encode(),
        POINTS: json.dumps(plan.points, default=str).encode(),
    }


def _is_begun(folder: Path) -> bool:
    """Whether a folder without a card is empty, or holds what a sweep wrote before it was killed and no more."""
    names = {path.name for path in folder.iterdir() if not path.name.endswith(PARTIAL)}
    if names <= {LOCK}:
        return True
    ours = {LOCK, PARTS} <= names <= {LOCK, PARTS, PLAN, BASE, POINTS}
    return ours and (folder / PARTS).is_dir() and not any((folder / PARTS).iterdir())


def _clear_partial(folder: Path) -> None:
    for path in [*folder.glob(f".*{PARTIAL}"), *(folder / PARTS).glob(f".*{PARTIAL}")]:
        path.unlink(missing_ok=True)
