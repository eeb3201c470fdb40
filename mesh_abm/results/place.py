"""A place on disk that is filled whole or not at all.

Files are written into a hidden folder beside the place and moved there in one step, so that nobody ever sees half
a result: not after an error, a full disk or Ctrl-C.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pandas as pd

from mesh_abm.errors import ResultError


@contextmanager
def filling(folder: Path, *, replacing: bool = False) -> Iterator[Path]:
    """An empty folder to write into, which becomes `folder` when the block ends without an exception.

    It is made at once, so that an unwritable place is found before a long run and not after it. With `replacing` it
    takes the place of what is at `folder`. After an exception, KeyboardInterrupt included, nothing is left of it.

    Raises ResultError for what the operating system refuses: no permission, a file in the way, a full disk.
    """
    folder = Path(os.path.realpath(folder))
    partial = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.partial"
    made: list[Path] = []
    try:
        _make_parents(folder.parent, made)
        partial.mkdir()
        yield partial
        with uninterrupted():
            _sync(partial)
            _move(partial, folder, replacing)
            _sync(folder.parent)
    except BaseException as error:
        with uninterrupted():
            _remove(partial, made)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            ours = _is_of_place(folder, partial, error)
            raise ResultError(
                refusal(folder, error) if ours else f"{error.filename}: {error.strerror}"
            ) from error
        raise


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and termination while the block runs, and let them act after it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        for caught in held:
            signal.raise_signal(caught)


def refusal(folder: Path, error: OSError) -> str:
    """One line for a place that the operating system refuses."""
    reason = error.strerror or str(error)
    return f"out = {folder}: cannot be written ({reason}); must be a folder that can be made, on a disk with room"


def write_text(path: Path, text: str) -> None:
    """Write `text` to the disk itself, not only to the operating system's memory."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def write_beside(path: Path, text: str) -> None:
    """Write a file of its own: beside its place, then moved there; folders above it are made. Raises ResultError."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(partial, text)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ResultError(
            refusal(path, error).replace("a folder that can be made", "a file that can be made")
        ) from error


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write `table` as Parquet, to the disk itself."""
    with path.open("wb") as file:
        table.to_parquet(file, index=False)
        file.flush()
        os.fsync(file.fileno())


def _make_parents(folder: Path, made: list[Path]) -> None:
    """Make `folder` and what is missing above it, noting in `made` what did not exist, deepest last."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        made.append(path)


def _move(partial: Path, folder: Path, replacing: bool) -> None:
    if not replacing or not folder.exists():
        partial.rename(folder)  # fails if the folder holds anything
        return
    aside = partial.with_suffix(".replaced")
    folder.rename(aside)
    try:
        partial.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _remove(partial: Path, made: list[Path]) -> None:
    shutil.rmtree(partial, ignore_errors=True)
    for path in reversed(made):
        try:
            path.rmdir()
        except OSError:  # someone else uses it by now
            return


def _sync(folder: Path) -> None:
    """Write the names in `folder` to disk (where the operating system lets folders be opened)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _is_of_place(folder: Path, partial: Path, error: OSError) -> bool:
    """Whether an error happened at the place, and not at some other file."""
    if not isinstance(error.filename, str | bytes):
        return True
    name = Path(os.fsdecode(error.filename))
    return name in (folder, *folder.parents) or name.is_relative_to(partial)
