"""Why a device does what it does, from its past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesh_abm.state import IDLE
from mesh_abm.theory.thresholds import response
from mesh_abm.why.past import Past
from mesh_abm.wording import counted, number, percent, sentence

EVEN = 0.001
"""Shares that differ by less are the same: they are remembered to 3 digits."""


@dataclass(frozen=True)
class Role:
    """What a past says of a device's role. Types are numbers; thresholds and shares are those of the main type."""

    row: int
    joined: int
    whole: bool  # whether the past goes back to the month of entry
    names: tuple[str, ...]
    since: int  # first month remembered
    months: int  # months remembered in which it could work
    idle: int  # of these, months without a task
    first: tuple[int, int] | None  # first task remembered, and its month
    switches: int  # times that a task was followed by another one, idle months between them not counted
    last_switch: tuple[int, int, int] | None  # from, to, month
    now: int | None  # task of the last month
    main: int  # the type with the largest share of effort; the lowest threshold, if all shares are even
    on_main: int  # months on it
    answers: int  # given in them
    threshold: tuple[float, float]  # of the main type, first and last remembered
    share: tuple[float, float]
    others: (
        tuple[float, float] | None
    )  # mean threshold of all other types, first and last; None with a single type
    even: bool  # whether effort is spread evenly: it has served nobody
    signal: (
        float  # calls for the main type heard, 1 being what average demand makes if all of it is unanswered
    )
    chance: float  # of responding to them next month, from signal and threshold

    def sentences(self) -> list[str]:
        """The role in plain words, a line a cause."""
        if not self.months:
            return [f"Device {self.row} has not had a month to work in yet."]
        lines = [self._beginning(), self._now()]
        if self.first is not None:
            lines += [*self._switching(), self._practice()]
        return [*lines, self._readiness()]

    def _beginning(self) -> str:
        text = f"Device {self.row} became a member in month {self.joined}"
        if not self.whole:
            text += f"; what it did is remembered from month {self.since} on"
        if self.first is None:
            return f"{text}. It has taken up no task since."
        task, month = self.first
        return f"{text}. {'Its first task was' if self.whole else 'It worked on'} {self.names[task]}, in month {month}."

    def _now(self) -> str:
        doing = "It is idle now" if self.now is None else f"Now it works on {self.names[self.now]}"
        return f"{doing}; it was idle in {self.idle} of {counted(self.months, 'month')}."

    def _switching(self) -> list[str]:
        if self.last_switch is None:
            return ["It never changed to another task."]
        old, new, month = self.last_switch
        many = "once" if self.switches == 1 else counted(self.switches, "time")
        last = "" if self.switches == 1 else ", the last time"
        return [
            f"It changed its task {many}{last} in month {month}, from {self.names[old]} to {self.names[new]}."
        ]

    def _practice(self) -> str:
        main, (before, after), (low, high) = self.names[self.main], self.threshold, self.share
        if self.even:
            return (
                f"It has answered nothing that changed it: its effort is spread evenly. What it takes up most easily "
                f"is {main}, with a threshold of {number(after)}."
            )
        moved = "fell" if after < before else "rose" if after > before else "stayed"
        change = (
            f"{moved} from {number(before)} to {number(after)}"
            if after != before
            else f"stayed at {number(after)}"
        )
        why = {
            "fell": "practice makes it easier to take up",
            "rose": "what is not practiced gets harder to take up",
            "stayed": "practice and lack of it have cancelled out, or a bound is reached",
        }[moved]
        text = (
            f"Its main work is {main}: {counted(self.on_main, 'month')}, {counted(self.answers, 'answer')}. Its "
            f"threshold for it {change}: {why}. The part of its effort that goes there went from {percent(low)} to "
            f"{percent(high)}."
        )
        if self.others is None:
            return text
        first, last = self.others
        return f"{text} Its mean threshold for all else went from {number(first)} to {number(last)}."

    def _readiness(self) -> str:
        name, threshold = self.names[self.main], number(self.threshold[1])
        if self.signal == 0:
            return f"It hears no call for {name} now, so it is not drawn to it next month."
        text = (
            f"calls for {name} that nobody answers reach it at strength {number(self.signal)}, against a threshold of "
            f"{threshold}: a chance of {percent(self.chance)} to respond to them next month."
        )
        return sentence(text)


def role(past: Past) -> Role:
    """What the past of a device says of why it does what it does."""
    if not past.months.size:
        nothing = np.nan, np.nan
        return Role(
            past.row, past.joined, False, past.names, 0, 0, 0, None, 0, None, None, 0, 0, 0, nothing, nothing, None,
            True, 0.0, 0.0,
        )  # fmt: skip
    worked = past.months > 0  # month 0 is the start: nobody has worked yet
    tasks, months, load = past.task[worked], past.months[worked], past.load[worked]
    busy, even = np.flatnonzero(tasks != IDLE), bool(np.ptp(past.shares[-1]) < EVEN)
    main = int(past.thresholds[-1].argmin() if even else past.shares[-1].argmax())
    first = (int(tasks[busy[0]]), int(months[busy[0]])) if busy.size else None
    turns = busy[1:][np.diff(tasks[busy]) != 0]
    signal, threshold = float(past.signal[-1, main]), _ends(past.thresholds[:, main])
    others = np.delete(past.thresholds.astype(np.float64), main, axis=1)
    return Role(
        past.row, past.joined, past.whole, past.names, int(past.months[0]), int(months.size),
        int(months.size - busy.size), first, int(turns.size), _last_switch(tasks, months, busy, turns),
        int(tasks[-1]) if tasks.size and tasks[-1] != IDLE else None, main, int((tasks == main).sum()),
        int(load[tasks == main].sum()), threshold, _ends(past.shares[:, main]),
        _ends(others.mean(axis=1)) if others.shape[1] else None, even, signal,
        float(response(signal, threshold[1], past.steepness)),
    )  # fmt: skip


def _ends(column: np.ndarray) -> tuple[float, float]:
    return float(column[0]), float(column[-1])


def _last_switch(
    tasks: np.ndarray, months: np.ndarray, busy: np.ndarray, turns: np.ndarray
) -> tuple[int, int, int] | None:
    """The last change of task: from, to, month."""
    if not turns.size:
        return None
    before = busy[busy < turns[-1]][-1]
    return int(tasks[before]), int(tasks[turns[-1]]), int(months[turns[-1]])
