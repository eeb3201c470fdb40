"""The thread that runs the worlds of one browser tab: play, pause, step, run to a month, at a pace.

A month is run only when the client has drawn the one before (it says so with its number), so the picture is never
behind the controls; a hidden or closed tab draws nothing and so pauses its run. What goes wrong in a month becomes a
sentence, and the thread goes on.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any, TypeVar
from weakref import WeakSet

from mesh_abm.errors import UserError
from mesh_abm.laboratory.limits import limits
from mesh_abm.laboratory.world import Frame, World

PATIENCE = 0.5
"""Seconds after which the thread looks whether it should end, whatever it waits for."""
GLANCE = 0.2
"""Seconds between pictures while running to a month."""

_RUNNERS: WeakSet[Runner] = WeakSet()

Send = Callable[[dict[str, Any], list[bytes]], None]
T = TypeVar("T")


class Runner:
    """Runs `worlds`, sends their pictures by `send`, and calls `notify` when the page should say something new:
    when a run begins or ends, and when something went wrong; not month by month.

    With `every`, it is called every so many seconds of a run, too. All methods may be called from any thread.
    """

    def __init__(
        self, worlds: Sequence[World], send: Send, notify: Callable[[], None], every: float = inf
    ) -> None:
        self.worlds = list(worlds)
        self.playing = False
        self.pace = min(10.0, limits().pace)
        self.target: int | None = None
        self.error: str | None = None
        self._send, self._told, self._every = send, notify, every
        self._steps = 0
        self._sent, self._acked = 0, 0
        self._listening = False
        self._whole = True  # all months must be sent before the next picture
        self._stale = True  # the picture is not that of the worlds
        self._due = self._noticed = 0.0
        self._fork: tuple[int, Callable[[World], World]] | None = None
        self._ended = False
        self._state = threading.Condition()
        self._model = threading.RLock()
        self._thread: threading.Thread | None = None

    # -- controls ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; pictures are sent once the client is ready."""
        _RUNNERS.add(self)
        self._thread = threading.Thread(target=self._live, name="laboratory", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the month that is being run."""
        with self._state:
            self._ended, self.playing = True, False
            self._state.notify_all()

    def play(self) -> None:
        """Run month after month."""
        self._set(playing=True, target=None, error=None)

    def pause(self) -> None:
        """Stop after this month."""
        self._set(playing=False, target=None)
        with self._state:
            self._steps = 0

    def step(self) -> None:
        """Run one month."""
        self._set(playing=False, target=None, error=None)
        with self._state:
            self._steps += 1
            self._state.notify_all()

    def run_to(self, month: int) -> None:
        """Run to a month as fast as it goes, with a picture now and then."""
        self._set(playing=False, target=min(month, limits().months), error=None)

    def fork_at(self, month: int, part: Callable[[World], World]) -> None:
        """Once the first world is at a month, go on with it and the one that `part` makes of it."""
        with self._model:
            self._fork = (month, part)
            self._part()

    def set_pace(self, pace: float) -> None:
        """Run at most so many months a second while playing."""
        self._set(pace=min(max(pace, 0.1), limits().pace))

    def act(self, change: Callable[[list[World]], T]) -> T:
        """Do something to the worlds between two months, in this thread; the picture is drawn anew.

        Raises what `change` raises.
        """
        with self._model:
            result = change(self.worlds)
        with self._state:
            self._stale = True
            self._state.notify_all()
        self._notify()
        return result

    def look(self, at: Callable[[list[World]], T]) -> T:
        """Look at the worlds between two months, in this thread."""
        with self._model:
            return at(self.worlds)

    def replace(self, worlds: Sequence[World]) -> None:
        """Go on with other worlds, paused."""
        self.pause()
        with self._model:
            self.worlds, self._fork = list(worlds), None
        self._set(error=None)
        self.show_all()

    def show_all(self) -> None:
        """Send all months and a picture."""
        with self._state:
            self._whole, self._stale, self._acked = True, True, self._sent
            self._state.notify_all()

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take a message of the client: it is ready, or has drawn the picture number `t`."""
        kind = message.get("type")
        if kind == "ready":
            with self._state:
                self._listening = True
            self.show_all()
        elif kind == "ack":
            with self._state:
                number = message.get("t")
                self._acked = max(self._acked, number if isinstance(number, int) else 0)
                self._state.notify_all()

    @property
    def busy(self) -> bool:
        """Whether months are being run one after another."""
        return self.playing or self.target is not None

    # -- the thread ----------------------------------------------------------------------------------------------

    def _live(self) -> None:
        while True:
            with self._state:
                while not self._ended and (pause := self._pause()) > 0:
                    self._state.wait(min(pause, PATIENCE))
                if self._ended:
                    return
                steps, whole = self._months_due(), self._whole
                self._whole = False
            try:
                self._turn(steps, whole)
            except UserError as error:
                self._fail(str(error))
            except Exception as error:
                traceback.print_exc()
                self._fail(
                    f"The run stopped in month {self.worlds[0].month}: {type(error).__name__}: {error}"
                )

    def _pause(self) -> float:
        """Return the seconds until there is something to do; the thread is woken when that changes."""
        if not self._listening or self._acked < self._sent:
            return PATIENCE
        if self._stale or self._whole or self._steps or self.target is not None:
            return 0.0
        return max(0.0, self._due - time.monotonic()) if self.playing else PATIENCE

    def _between(self) -> float:
        """Return the seconds between two months: as the visitor chose, or longer if many are playing."""
        playing = sum(runner.playing for runner in list(_RUNNERS))
        return max(1 / self.pace, playing / limits().total_pace)

    def _months_due(self) -> int:
        """Return how many months to run before the next picture: 0 to draw only, -1 for as many as fit in a glance."""
        if self.target is not None:
            return -1
        if self._steps:
            self._steps -= 1
            return 1
        if self.playing and time.monotonic() >= self._due:
            self._due = max(self._due + self._between(), time.monotonic())
            return 1
        return 0

    def _turn(self, steps: int, whole: bool) -> None:
        with self._model:
            before = self.worlds[0].month
            if steps < 0:
                self._hurry()
            for _ in range(steps):
                self._month()
            skipped = self.worlds[0].month - before > 1
            frames = [world.frame(number) for number, world in enumerate(self.worlds)]
            past = [world.history(n) for n, world in enumerate(self.worlds)] if whole or skipped else []
            with self._state:
                self._stale = False
        self._deliver(past, frames)
        if not self.busy or time.monotonic() - self._noticed >= self._every:
            self._noticed = time.monotonic()
            self._notify()

    def _hurry(self) -> None:
        until = time.monotonic() + GLANCE
        while self.target is not None and time.monotonic() < until:
            if min(world.month for world in self.worlds) >= self.target:
                with self._state:
                    self.target = None
                return
            self._month()

    def _month(self) -> None:
        for world in self.worlds:
            world.step()
        self._part()

    def _part(self) -> None:
        if self._fork is None or self.worlds[0].month < self._fork[0]:
            return
        part, self._fork = self._fork[1], None
        self.worlds = [self.worlds[0], part(self.worlds[0])]
        self._notify()

    def _deliver(self, past: list[Frame], frames: list[Frame]) -> None:
        for history in past:
            self._send(history.meta, [history.buffer])
        for frame in frames:
            with self._state:
                self._sent += 1
                number = self._sent
            self._send({**frame.meta, "t": number}, [frame.buffer])

    def _fail(self, sentence: str) -> None:
        self._set(playing=False, target=None, error=sentence)
        with self._state:
            self._steps = 0
            self._stale = False
        self._notify()

    def _notify(self) -> None:
        if self._thread is not None:  # before, the page is still being made
            self._told()

    def _set(self, **values: Any) -> None:
        with self._state:
            for name, value in values.items():
                setattr(self, name, value)
            self._state.notify_all()
        if "playing" in values or "error" in values:
            self._due = time.monotonic()
        self._notify()
