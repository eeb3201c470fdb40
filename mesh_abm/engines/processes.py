"""The engine of one machine: worker processes, each on one thread, replaced after some tasks.

They are replaced so that whatever a library, or a model of a user's own, keeps for good stays bounded. A worker that
dies (killed, out of memory) is replaced too, and the task that it was at is tried again.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from typing import Any

from mesh_abm.engines.engine import EngineError, Outcome
from mesh_abm.engines.worker import Try, Worker

TASKS_PER_WORKER = 64
"""Tasks after which a worker process is replaced."""
ATTEMPTS = 3
"""How often a task whose worker dies is begun, and how many workers in a row may die before they have started."""
AHEAD = 2
"""Tasks that a worker holds, the one that it is at included, so that it need not wait for the next."""
DIED = f"the worker process died {ATTEMPTS} times in this task (killed, or out of memory)"
CANNOT_START = (
    "engine = 'process': its workers die as they start; a script must call it under "
    "`if __name__ == \"__main__\":` and be a file (or use engine 'local')"
)


class LocalProcesses:
    """Runs tasks in `workers` processes of this machine (default: one for each core this process may use).

    Raises EngineError if processes cannot be started.
    """

    def __init__(self, workers: int | None = None, tasks_per_worker: int = TASKS_PER_WORKER) -> None:
        self.workers = workers or usable_cores()
        self._tasks_per_worker = tasks_per_worker
        self._workers: list[Worker] = []
        self._stillborn = 0

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it is ready; the processes stay for the next call."""
        queue = _Queue(tasks)
        try:
            self._hand_over(function, queue)
            while running := [future for worker in self._workers for future, _ in worker.tries]:
                wait(running, return_when=FIRST_COMPLETED)
                outcomes = [
                    outcome for worker in [*self._workers] for outcome in self._collected(worker, queue)
                ]
                # hand over first, so that no worker waits while outcomes are dealt with
                self._hand_over(function, queue)
                yield from outcomes
        finally:
            self._abandon()

    def close(self, *, at_once: bool = False) -> None:
        """End the processes, killing them if `at_once`; another call of `run` starts new ones."""
        for worker in self._workers:
            worker.end(at_once=at_once)
        self._workers.clear()

    def __enter__(self) -> LocalProcesses:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(at_once=kind is not None)  # who pressed Ctrl-C does not wait for the runs at work

    def _hand_over(self, function: Callable[[Any], Any], queue: _Queue) -> None:
        for worker in [worker for worker in self._workers if not worker.left and not worker.tries]:
            self._workers.remove(worker)
            worker.end()
        while len(queue) and (free := self._next_worker(len(queue))) is not None:
            free.hand_over(function, queue.take())

    def _next_worker(self, waiting: int) -> Worker | None:
        """Return who gets the next task: the one with the fewest, a new one rather than one that has any."""
        able = [worker for worker in self._workers if worker.left]
        least: Worker | None = min(able, key=lambda worker: len(worker.tries), default=None)
        if (least is None or least.tries) and len(self._workers) < self.workers:
            least = Worker(self._tasks_per_worker)
            self._workers.append(least)
        # the last tasks are not held ahead: they would wait behind others while a worker is free
        most = AHEAD if waiting > self.workers else 1
        return least if least is not None and len(least.tries) < most else None

    def _collected(self, worker: Worker, queue: _Queue) -> Iterator[Outcome]:
        while (ended := worker.ended()) is not None:
            one, outcome = ended
            if outcome is None:
                yield from self._after_a_death(worker, one, queue)
                return
            self._stillborn = 0
            yield outcome

    def _after_a_death(self, worker: Worker, at_work: Try, queue: _Queue) -> Iterator[Outcome]:
        """Put back what a dead worker held; only the task that it was at can be to blame."""
        queue.put_back([one for _, one in worker.tries])
        self._workers.remove(worker)
        worker.end()
        if not worker.began:
            self._stillborn += 1
            if self._stillborn >= ATTEMPTS:
                raise EngineError(CANNOT_START)
            queue.put_back([at_work])
        elif at_work.number < ATTEMPTS:
            queue.put_back([Try(at_work.place, at_work.task, at_work.number + 1)])
        else:
            yield Outcome(at_work.place, error=DIED)

    def _abandon(self) -> None:
        """Give up what was handed over; what is at work goes on, and nobody waits for it."""
        for worker in self._workers:
            for future, _ in worker.tries:
                future.cancel()
            worker.tries.clear()


class _Queue:
    """The tasks that wait: those put back first, then the others in their order, each made when it is taken."""

    def __init__(self, tasks: Sequence[Any]) -> None:
        self._tasks, self._taken = tasks, 0
        self._back: deque[Try] = deque()

    def __len__(self) -> int:
        return len(self._tasks) - self._taken + len(self._back)

    def take(self) -> Try:
        if self._back:
            return self._back.popleft()
        self._taken += 1
        return Try(self._taken - 1, self._tasks[self._taken - 1])

    def put_back(self, tries: Sequence[Try]) -> None:
        self._back.extend(tries)


def usable_cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
