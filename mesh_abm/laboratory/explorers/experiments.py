"""Running a claim's experiment at reduced size for a visitor: in a process of its own, which can be ended at any time.

The server grants a few at once (limits, experiments). What comes back is what the ledger records, and the figure.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from mesh_abm.engines import Outcome, ThisProcess
from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.limits import LimitError, limits

LOOK = 0.1
"""Seconds between looks at a running experiment."""
LONGEST = 600.0
"""Seconds after which an experiment is given up."""


@dataclass(frozen=True)
class Found:
    """What an experiment found: verdict and sentence, figures, seconds, and the picture with its kind (svg, png)."""

    verdict: str
    says: str
    figures: dict[str, Any]
    seconds: float
    image: bytes | None


def examined(id: str, job: Job[Found]) -> Found:
    """Test a claim at reduced size in a process of its own, telling the job how far it is.

    Raises LimitError while the server runs as many as it grants, UserError for an experiment that failed or took too
    long, and CancelledError, with the process ended, if the job is cancelled.
    """
    with _place():
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_work, args=(id, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            return _awaited(ours, job)
        finally:
            process.kill()
            process.join()
            ours.close()


class Counting(ThisProcess):
    """Runs tasks here and tells after each how many of those known so far are done."""

    def __init__(self, tell: Callable[[int, int], object]) -> None:
        self._tell = tell
        self._done = self._known = 0

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task in order."""
        self._known += len(tasks)
        for outcome in super().run(function, tasks):
            self._done += 1
            self._tell(self._done, self._known)
            yield outcome


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(limits().experiments)


@contextmanager
def _place() -> Iterator[None]:
    """Hold one of the places for experiments; raises LimitError if all are taken."""
    if not _places().acquire(blocking=False):
        most = limits().experiments
        raise LimitError(
            f"this server runs at most {most} experiments at once, and does: try again in a minute"
        )
    try:
        yield
    finally:
        _places().release()


def _awaited(ours: Connection, job: Job[Found]) -> Found:
    begin = time.monotonic()
    told = (0, 0)
    while True:
        seconds = time.monotonic() - begin
        job.tell(told[0] / told[1] if told[1] else 0.0, _progress(told, seconds))
        if seconds > LONGEST:
            raise UserError(f"the experiment took more than {LONGEST:.0f} seconds and was ended")
        if not ours.poll(LOOK):
            continue
        try:
            kind, said = ours.recv()
        except EOFError:
            raise UserError("the experiment's process ended without a result") from None
        if kind == "error":
            raise UserError(f"the experiment failed: {said}")
        if kind == "found":
            return Found(**said)
        told = said


def _progress(told: tuple[int, int], seconds: float) -> str:
    runs = f"{told[0]:,} of {told[1]:,} parts known so far, " if told[1] else ""
    return f"{runs}{seconds:.0f} s"


def _work(id: str, pipe: Connection) -> None:
    """Test a claim in this process and send what comes of it."""
    from mesh_abm.engines.worker import on_one_thread

    on_one_thread()
    try:
        pipe.send(("found", _find(id, lambda done, known: pipe.send(("progress", (done, known))))))
    except BrokenPipeError:  # nobody waits any more
        return
    except Exception as error:
        last = " ".join(str(error).strip().splitlines()[-1:])
        pipe.send(("error", f"{type(error).__name__}: {last}"))


def _find(id: str, tell: Callable[[int, int], object]) -> dict[str, Any]:
    from mesh_abm.claims import ledger, registry
    from mesh_abm.claims.claim import examine
    from mesh_abm.claims.drawing import picture
    from mesh_abm.claims.lab import Lab

    (claim,) = registry.chosen([id])
    finding = examine(claim, Lab(fast=True, engine=Counting(tell)), time.perf_counter)
    record, figure = ledger.record_of(finding), picture(finding)
    return {
        "verdict": record["verdict"], "says": record["says"], "figures": record["figures"],
        "seconds": finding.seconds, "image": None if figure is None else figure.image,
    }  # fmt: skip
