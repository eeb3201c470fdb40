"""Something that takes a while, done for one tab: in a thread of its own, with progress, and cancelled with the tab."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

from mesh_abm.errors import UserError

NOTICE = 0.2
"""Seconds between the times that the page is told of progress."""

Value = TypeVar("Value")


class CancelledError(Exception):
    """Raised in the work of a job that was cancelled."""


class Job(Generic[Value]):
    """Does `work(job)` in a daemon thread and calls `notify` when the page should say something new.

    The work calls `check` now and then, which raises CancelledError after `cancel`, and `tell` with its progress.
    `error` is one sentence, empty unless the work failed; what a user caused is told as it is.
    """

    def __init__(self, work: Callable[[Job[Value]], Value], notify: Callable[[], None]) -> None:
        self.part = 0.0
        self.says = ""
        self.value: Value | None = None
        self.error = ""
        self.cancelled = False
        self._work, self._notify = work, notify
        self._stop, self._done = threading.Event(), threading.Event()
        self._noticed = 0.0
        self._thread = threading.Thread(target=self._live, name="explorer", daemon=True)

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._thread.ident is not None and not self._done.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to end; it does at its next `check`."""
        self._stop.set()

    def abandon(self) -> None:
        """Cancel it and be told nothing more: the page is gone."""
        self._notify = _nobody
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; return whether it came."""
        return self._done.wait(seconds)

    def check(self, pause: float = 0.0) -> None:
        """Wait for `pause` seconds; raise CancelledError if the job was cancelled."""
        if self._stop.wait(pause) if pause else self._stop.is_set():
            raise CancelledError

    def tell(self, part: float, says: str = "") -> None:
        """Say how much is done, 0 to 1, and what; then `check`."""
        self.part, self.says = part, says
        now = time.monotonic()
        if now - self._noticed >= NOTICE:
            self._noticed = now
            self._notify()
        self.check()

    def _live(self) -> None:
        try:
            self.value = self._work(self)
        except CancelledError:
            self.cancelled = True
        except UserError as error:
            self.error = str(error)
        except Exception as error:
            traceback.print_exc()
            self.error = f"It stopped with an error: {type(error).__name__}: {' '.join(str(error).split())}"
        finally:
            self._done.set()
        self._notify()


def _nobody() -> None:
    """Tell nobody."""
