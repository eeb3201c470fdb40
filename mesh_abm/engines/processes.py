"""The engine of one machine: worker processes, each on one thread, replaced after some tasks.

They are replaced because mesa 3.3 keeps every model that a process has made.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from typing import Any

from mesh_abm.engines.engine import Outcome, attempt

TASKS_PER_WORKER = 64
"""Tasks after which a worker process is replaced."""


class LocalProcesses:
    """Runs tasks in `workers` processes of this machine (default: one for each core this process may use)."""

    def __init__(self, workers: int | None = None, tasks_per_worker: int = TASKS_PER_WORKER) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._tasks_per_worker = tasks_per_worker
        self._pool: ProcessPoolExecutor | None = None

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it is ready; the processes stay for the next call."""
        pool = self._ready_pool()
        ahead = (
            2 * self.workers
        )  # few are handed over before they are needed, so that little is lost on leaving
        waiting = iter(enumerate(tasks))
        running = {pool.submit(attempt, function, *next_) for next_ in _some(waiting, ahead)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(attempt, function, *next_) for next_ in _some(waiting, len(done))}
                for future in done:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """End the processes; another call of `run` starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def __enter__(self) -> LocalProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_on_one_thread,
                max_tasks_per_child=self._tasks_per_worker,
            )
        return self._pool


def _some(items: Iterator[Any], count: int) -> Iterator[Any]:
    for _, item in zip(range(count), items, strict=False):
        yield item


def _on_one_thread() -> None:
    """Let a worker use one thread: there is one worker for each core."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MESH_ABM_THREADS"):
        os.environ[name] = "1"
    import mesh_abm.parallel

    mesh_abm.parallel.THREADS = 1
