"""The engine of one machine: worker processes, each on one thread, replaced after some tasks.

They are replaced because mesa 3.3 keeps every model that a process has made. A worker that dies (killed, out of memory)
is replaced too, and its task tried again.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from mesh_abm.engines.engine import Outcome, attempt

TASKS_PER_WORKER = 64
"""Tasks after which a worker process is replaced."""
ATTEMPTS = 3
"""How often a task whose worker dies is begun."""
DIED = f"the worker process died {ATTEMPTS} times in this task (killed, or out of memory)"


@dataclass(frozen=True)
class _Try:
    """A task at work: its place, itself, and how often it has been begun."""

    place: int
    task: Any
    number: int = 1


class LocalProcesses:
    """Runs tasks in `workers` processes of this machine (default: one for each core this process may use)."""

    def __init__(self, workers: int | None = None, tasks_per_worker: int = TASKS_PER_WORKER) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._tasks_per_worker = tasks_per_worker
        self._pool: ProcessPoolExecutor | None = None

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it is ready; the processes stay for the next call."""
        waiting = (_Try(place, task) for place, task in enumerate(tasks))
        running: dict[Future[Outcome], _Try] = {}
        try:
            self._hand_over(function, waiting, 2 * self.workers, running)
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                tries = [(future, running.pop(future)) for future in done]
                # hand over first, so that no worker waits while outcomes are dealt with
                broken = [one for future, one in tries if isinstance(future.exception(), BrokenProcessPool)]
                if broken:
                    broken += self._after_a_death(running)
                    self._hand_over(function, iter(self._again(broken)), len(broken), running)
                self._hand_over(function, waiting, 2 * self.workers - len(running), running)
                yield from (future.result() for future, one in tries if one not in broken)
                yield from (Outcome(one.place, error=DIED) for one in broken if one.number >= ATTEMPTS)
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

    def _hand_over(
        self,
        function: Callable[[Any], Any],
        tries: Iterator[_Try],
        count: int,
        running: dict[Future[Outcome], _Try],
    ) -> None:
        """Submit the next tasks, few ahead of the workers, so that little is lost on leaving."""
        pool = self._ready_pool()
        for _, one in zip(range(max(0, count)), tries, strict=False):
            running[pool.submit(attempt, function, one.place, one.task)] = one

    def _after_a_death(self, running: dict[Future[Outcome], _Try]) -> list[_Try]:
        """Give up the pool of which a worker died, and return what else was in it: it all failed with it."""
        lost = list(running.values())
        running.clear()
        self.close()
        return lost

    @staticmethod
    def _again(tries: Sequence[_Try]) -> list[_Try]:
        return [_Try(one.place, one.task, one.number + 1) for one in tries if one.number < ATTEMPTS]

    def _ready_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=on_one_thread,
                max_tasks_per_child=self._tasks_per_worker,
            )
        return self._pool


def on_one_thread() -> None:
    """Let a worker use one thread: there is one worker for each core."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MESH_ABM_THREADS"):
        os.environ[name] = "1"
    import mesh_abm.parallel

    mesh_abm.parallel.THREADS = 1
