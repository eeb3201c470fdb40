"""A worker process of this machine, and what was handed to it.

A `ProcessPoolExecutor` of one process: when a process dies, a pool of several can only say that one of them did, and
all that was in the pool would be to blame.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any

from mesh_abm.engines.engine import Outcome, attempt


@dataclass(frozen=True)
class Try:
    """A task to be begun: its place, itself, and how often it will have been begun with this time."""

    place: int
    task: Any
    number: int = 1


class Worker:
    """A process for `left` tasks; those in `tries` were handed over, the first of them is at work."""

    def __init__(self, tasks: int) -> None:
        self.left = tasks
        self.tries: deque[tuple[Future[Outcome], Try]] = deque()
        self._pool = ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
        )
        with _deaf_to_ctrl_c():
            self._process = self._pool.submit(os.getpid)

    @property
    def began(self) -> bool:
        """Whether the process has started and taken a task."""
        return self._process.done() and self._process.exception() is None

    def hand_over(self, function: Callable[[Any], Any], one: Try) -> None:
        """Put a task behind those that are there."""
        self.left -= 1
        self.tries.append((self._submitted(function, one), one))

    def ended(self) -> tuple[Try, Outcome | None] | None:
        """Return the next task that ended and its outcome, which is None if the process died; None if none ended."""
        if not self.tries or not self.tries[0][0].done():
            return None
        future, one = self.tries.popleft()
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            return one, None
        return one, future.result() if error is None else Outcome(one.place, error=_told(error))

    def end(self, *, at_once: bool = False) -> None:
        """End the process: when it has done what it is at, or at once."""
        if at_once and self.began:
            with suppress(OSError):
                os.kill(self._process.result(), signal.SIGKILL)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, function: Callable[[Any], Any], one: Try) -> Future[Outcome]:
        # Packed here: a function that the process does not find is the failure of a task then, not its death.
        failed: Future[Outcome] = Future()
        try:
            return self._pool.submit(_unpacked, one.place, pickle.dumps((function, one.task)))
        except BrokenProcessPool as error:
            failed.set_exception(error)
        except Exception as error:  # pickle raises of many kinds
            failed.set_result(Outcome(one.place, error=_told(error)))
        return failed


def on_one_thread() -> None:
    """Let a worker use one thread: there is one worker for each core."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MESH_ABM_THREADS"):
        os.environ[name] = "1"
    import mesh_abm.parallel

    mesh_abm.parallel.THREADS = 1


def _begin() -> None:
    on_one_thread()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its parent is gone: one killed without warning cannot end its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _unpacked(place: int, packed: bytes) -> Outcome:
    try:
        function, task = pickle.loads(packed)
        return attempt(function, place, task)
    except (Exception, SystemExit):  # sys.exit in a task ends the task, not the worker
        return Outcome(place, error=traceback.format_exc())


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let a process that is started here never see Ctrl-C, which this process answers for it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
