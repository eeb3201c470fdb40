"""Run a plan into a store: what is missing, on an engine, each run kept as it finishes."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mesh_abm.engines import Engine, engine_named
from mesh_abm.errors import nearest, shown
from mesh_abm.measures import COLUMNS
from mesh_abm.model import MeshModel
from mesh_abm.sweeps import journal
from mesh_abm.sweeps.journal import FAILED, Entry
from mesh_abm.sweeps.place import check_place, ended, only_writer, part_file, prepare, unwritable, write_whole
from mesh_abm.sweeps.plan import Plan, PlanError
from mesh_abm.sweeps.reading import Store, open_store
from mesh_abm.sweeps.replicates import missing
from mesh_abm.sweeps.work import Build, Done, Task, lost, make

Progress = Callable[[int, int, Entry], object]
"""Called after every run with the runs that ended, the runs known to be needed, and the run."""


def sweep(
    plan: Plan | str | Path | Mapping[str, Any],
    store: str | Path,
    *,
    engine: Engine | str = "process",
    workers: int | None = None,
    scheduler: str | None = None,
    build: Build = MeshModel.from_scenario,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Store:
    """Run what a plan still misses in its store, and return the store.

    `plan` is a Plan, a file or its keys; `engine` "local" (this process), "process" (the default: `workers` processes
    of this machine) or "dask" (a cluster at `scheduler`, or a local one), or an Engine. `build` makes the model of a
    scenario, for own rules; a function of a module. A run that fails is a row of the store with its traceback;
    `retry_failed` makes such runs again. Stopped at any moment, it is gone on with by the same call.

    Raises PlanError for a plan that cannot be, StoreError for a store that cannot be used or is of another plan.
    """
    settled, folder = as_plan(plan), Path(store)
    _check_measure(settled, build)
    _check_build(build, engine)
    check_place(folder)
    with only_writer(folder):
        prepare(folder, settled)
        with engine_named(engine, workers=workers, scheduler=scheduler) as running:
            _fill(settled, folder, running, build, retry_failed, progress)
    return open_store(folder)


def as_plan(plan: Plan | str | Path | Mapping[str, Any]) -> Plan:
    """Return the plan that is meant: itself, of a file, or of its keys."""
    if isinstance(plan, Plan):
        return plan
    return Plan(**plan) if isinstance(plan, Mapping) else Plan.load(plan)


def _check_measure(plan: Plan, build: Build) -> None:
    """Raise PlanError for a measure that no run will have; a model of one's own may have more of them."""
    if plan.until is None or build != MeshModel.from_scenario:
        return
    name = plan.until.measure
    if name not in COLUMNS:
        raise PlanError(f"until.measure = {shown(name)}: must be a measure{nearest(name, COLUMNS)}")


def _check_build(build: Build, engine: Engine | str) -> None:
    """Raise PlanError for a function that processes of this machine cannot be sent: every run would fail."""
    if engine != "process":
        return
    try:
        pickle.dumps(build)
    except Exception:  # pickle raises of many kinds
        raise PlanError(
            f"build = {shown(build)}: must be a function of a module, so that workers find it (or engine 'local')"
        ) from None


def _fill(
    plan: Plan, folder: Path, engine: Engine, build: Build, retry_failed: bool, progress: Progress | None
) -> None:
    entries = ended(folder)
    if retry_failed:
        entries = {run: entry for run, entry in entries.items() if entry.status != FAILED}
    last = _last_values(plan, folder)
    try:
        writer = journal.Writer(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        while wanted := missing(plan, entries, last):
            total = len(entries) + len(wanted)
            tasks = _Tasks(plan, wanted, build)
            for outcome in engine.run(make, tasks):
                done = outcome.value if not outcome.failed else lost(tasks[outcome.place], outcome.error)
                entry = _keep(folder, writer, done)
                entries[entry.run] = entry
                if progress is not None:
                    progress(len(entries), total, entry)
    finally:
        writer.close()


class _Tasks(Sequence[Task]):
    """The tasks of a round, made when they are handed over: a plan of millions of runs needs no memory for them."""

    def __init__(self, plan: Plan, wanted: list[tuple[int, int]], build: Build) -> None:
        self._plan, self._wanted, self._build = plan, wanted, build

    def __len__(self) -> int:
        return len(self._wanted)

    def __getitem__(self, place: Any) -> Any:
        point, replicate = self._wanted[place]
        return Task(point, replicate, self._plan.scenario_of(point, replicate), self._build)


def _keep(folder: Path, writer: journal.Writer, done: Done) -> Entry:
    """Write a part, then its line: a crash between the two has the run made again, with the same bytes."""
    if done.part:
        write_whole(part_file(folder, done.entry.run), done.part)
    try:
        writer.add(done.entry)
    except OSError as error:
        raise unwritable(folder, error) from error
    return done.entry


def _last_values(plan: Plan, folder: Path) -> Callable[[str], float]:
    @cache
    def last(run: str) -> float:
        assert plan.until is not None
        table = pq.read_table(part_file(folder, run))
        if plan.until.measure not in table.column_names:
            raise PlanError(
                f"until.measure = {plan.until.measure!r}: must be a measure, such as market_share"
            )
        value = table.column(plan.until.measure)[-1].as_py()
        return float(value) if isinstance(value, int | float) else math.nan

    return last
