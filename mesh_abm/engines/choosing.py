"""An engine by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mesh_abm.engines.engine import Engine, EngineError
from mesh_abm.engines.processes import LocalProcesses
from mesh_abm.engines.this_process import ThisProcess
from mesh_abm.errors import nearest, shown

ENGINES = ("local", "process", "dask")


@contextmanager
def engine_named(
    engine: Engine | str, *, workers: int | None = None, scheduler: str | None = None
) -> Iterator[Engine]:
    """Return the engine that is meant, started; it ends with the block unless it was handed in.

    Raises EngineError for an unknown name, and for a scheduler or workers that the engine has no use for.
    """
    if not isinstance(engine, str):
        yield engine
        return
    if engine not in ENGINES:
        raise EngineError(
            f"engine = {shown(engine)}: must be one of {', '.join(ENGINES)}{nearest(engine, ENGINES)}"
        )
    if workers is not None and workers < 1:
        raise EngineError(f"workers = {workers}: must be 1 or more")
    if scheduler is not None and engine != "dask":
        raise EngineError(f"scheduler = {scheduler}: must be left out unless engine is 'dask'")
    if engine == "local":
        yield ThisProcess()
    elif engine == "process":
        with LocalProcesses(workers) as processes:
            yield processes
    else:
        from mesh_abm.engines.dask import Dask

        with Dask(scheduler, workers) as cluster:
            yield cluster
