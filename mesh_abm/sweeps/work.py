"""What a worker does: one run, its series as the bytes of a Parquet file. The same on every engine."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mesh_abm.engines import dead_models
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps.journal import DONE, FAILED, Entry, run_id

Build = Callable[[Scenario], MeshModel]
"""Makes the model of a scenario; a function of a module, so that workers find it."""


@dataclass(frozen=True)
class Task:
    """A run to be made."""

    point: int
    replicate: int
    scenario: Scenario
    build: Build


@dataclass(frozen=True)
class Done:
    """A run that ended, with its part file (empty if it failed)."""

    entry: Entry
    part: bytes


def make(task: Task) -> Done:
    """Run a task; an exception becomes an entry with its traceback."""
    begin = time.perf_counter()
    try:
        part, error = part_of(task), ""
    except Exception:
        part, error = b"", traceback.format_exc()
    seconds = round(time.perf_counter() - begin, 4)
    dead_models.add(task.scenario.n_owners)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    return Done(_entry(task, error, part, seconds, worker), part)


def lost(task: Task, error: str) -> Done:
    """Return what becomes of a task whose workers died: a failed run."""
    return Done(_entry(task, error, b"", 0.0, ""), b"")


def _entry(task: Task, error: str, part: bytes, seconds: float, worker: str) -> Entry:
    return Entry(
        run=run_id(task.point, task.replicate),
        point=task.point,
        replicate=task.replicate,
        seed=int(task.scenario.seed or 0),
        status=FAILED if error else DONE,
        seconds=seconds,
        worker=worker,
        bytes=len(part),
        checksum=checksum(part),
        error=error,
    )


def part_of(task: Task) -> bytes:
    """Return the series of a run as a Parquet file: the run's id, point, replicate and seed, then the measures."""
    model = task.build(task.scenario)
    model.run_for(task.scenario.months)
    frame = model.datacollector.get_model_vars_dataframe()
    place = {
        "run": run_id(task.point, task.replicate),
        "point": task.point,
        "replicate": task.replicate,
        "seed": int(task.scenario.seed or 0),
    }
    named = pd.concat([pd.DataFrame(place, index=frame.index), frame], axis=1)
    table = pa.Table.from_pandas(named, preserve_index=False).replace_schema_metadata(None)
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def checksum(part: bytes) -> str:
    """Return what a part file is known by."""
    return hashlib.blake2b(part, digest_size=16).hexdigest()
