"""What was evaluated already, kept on disk line by line, so that a search can be gone on with."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mesh_abm import __version__
from mesh_abm.analysis.reading import AnalysisError, Reading
from mesh_abm.engines import Engine, dead_models
from mesh_abm.errors import shown
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps.work import Build

NAME = "evaluations.jsonl"


@dataclass(frozen=True)
class Task:
    """A run and how it is read."""

    scenario: Scenario
    reading: Reading
    build: Build


def value_of(task: Task) -> float:
    """Run a task and return its number."""
    value = _value(task)
    dead_models.add(task.scenario.n_owners)
    return value


def _value(task: Task) -> float:
    model = task.build(task.scenario)
    model.run_for(task.scenario.months)
    return task.reading.of(model.datacollector.get_model_vars_dataframe())


class Evaluations:
    """Task -> number, computed once. Known by all that decides it: scenario with its seed, reading, builder, version.

    With a folder, each number is on disk before the next is waited for; a line that a crash cut off is computed again.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self._file = None if folder is None else Path(folder) / NAME
        if self._file is not None:
            with _writing(self._file):
                self._file.parent.mkdir(parents=True, exist_ok=True)
        self._known = {} if self._file is None else _read(self._file)

    def values(self, engine: Engine, tasks: Sequence[Task]) -> list[float]:
        """Return the number of each task; raises AnalysisError with the last line of a run that failed."""
        keys = [_key(task) for task in tasks]
        missing = {key: task for key, task in zip(keys, tasks, strict=True) if key not in self._known}
        names = list(missing)
        for outcome in engine.run(value_of, list(missing.values())):
            if outcome.failed:
                raise AnalysisError(f"a run failed: {outcome.error.strip().splitlines()[-1]}")
            self._keep(names[outcome.place], outcome.value)
        return [self._known[key] for key in keys]

    def _keep(self, key: str, value: float) -> None:
        self._known[key] = value
        if self._file is not None:
            with _writing(self._file), self._file.open("ab") as handle:
                handle.write(json.dumps([key, value]).encode() + b"\n")
                handle.flush()
                os.fsync(handle.fileno())


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Raise AnalysisError, one line, for what the operating system refuses to write."""
    try:
        yield
    except OSError as error:
        raise AnalysisError(
            f"store = {file.parent}: cannot be written ({error.strerror}); what is there stays"
        ) from error


def _read(file: Path) -> dict[str, float]:
    """The whole lines of a file; the rest of one that was cut off is taken away."""
    if not file.exists():
        return {}
    try:
        whole, newline, rest = file.read_bytes().rpartition(b"\n")
        if rest:
            os.truncate(file, len(whole) + len(newline))
    except OSError as error:
        raise AnalysisError(f"{file}: cannot be read ({error.strerror}); take another folder") from error
    try:
        return {str(key): float(value) for key, value in map(json.loads, whole.splitlines())}
    except (ValueError, TypeError) as error:
        raise AnalysisError(
            f"{file}: damaged ({shown(str(error))}); remove it, or take another folder"
        ) from None


def _key(task: Task) -> str:
    told = (
        __version__,
        task.scenario.to_toml(),
        repr(task.reading),
        task.build.__module__,
        task.build.__qualname__,
    )
    return hashlib.blake2b("\0".join(told).encode(), digest_size=16).hexdigest()
