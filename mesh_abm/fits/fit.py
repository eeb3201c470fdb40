"""What came of a comparison of a run with a prediction, and the criterion that decides whether they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mesh_abm.wording import listing, number, percent, plain

Verdict = Literal["agrees", "off", "no prediction", "nothing to compare"]
"""`no prediction`: the theory says nothing about such a run. `nothing to compare`: the run holds nothing to look at."""
Scale = Literal["share", "number"]


@dataclass(frozen=True)
class Criterion:
    """When measured and predicted agree: by how much they may differ, or what p-value they must have.

    `tolerance` is a difference of shares ("points"), a part of the predicted value ("relative"), or nothing ("same":
    both are yes or no). With a `level` a p-value of at least that is enough as well; without a tolerance it decides.
    `words` say it where these say too little.
    """

    kind: Literal["points", "relative", "same"]
    tolerance: float | None = None
    level: float | None = None
    words: str = ""

    def __str__(self) -> str:
        if self.words:
            return self.words
        parts = []
        if self.kind == "same":
            parts.append("the same answer")
        elif self.tolerance is not None:
            parts.append(
                f"at most {plain(100 * self.tolerance)} points apart"
                if self.kind == "points"
                else f"relative error of at most {_part(self.tolerance)}"
            )
        if self.level is not None:
            parts.append(f"p of at least {percent(self.level)}")
        return " or ".join(parts)

    def holds(self, error: float, p: float, room: float = 0.0) -> bool:
        """Whether an error of this size, with this p-value (NaN: there is no test), is agreement."""
        close = self.tolerance is not None and abs(error) <= max(self.tolerance, room)
        return close or (self.kind == "same" and error == 0) or (self.level is not None and p >= self.level)


@dataclass(frozen=True)
class Unmet:
    """Something that a prediction presupposes and a run does not have: what, and what the run has instead."""

    presupposed: str
    instead: str


@dataclass(frozen=True)
class Comparison:
    """Measured and predicted value, as a function that knows both hands them to be judged.

    `when`: the months compared, in words. `unmet`: what the run lacks of what the prediction presupposes. `error`:
    where it is not measured less predicted. `room`: a difference that chance alone makes, which therefore is agreement.
    `statistic`, `p`: a proper test, where there is one. `shown`: measured and predicted in words, where the numbers say
    too little.
    """

    measured: float
    predicted: float
    when: str
    unmet: Sequence[Unmet] = ()
    error: float | None = None
    room: float = 0.0
    statistic: str = ""
    p: float = math.nan
    shown: tuple[str, str] | None = None


@dataclass(frozen=True)
class Missing:
    """Why there is no comparison: the theory has `no prediction`, or the run has `nothing to compare`."""

    verdict: Literal["no prediction", "nothing to compare"]
    why: str


@dataclass(frozen=True)
class Fit:
    """A prediction beside a run: one row of the table "Theory beside this run", one badge in a figure."""

    name: str
    title: str
    source: str
    measure: str
    figure: str
    when: str
    measured: float
    predicted: float
    shown_measured: str
    shown_predicted: str
    error: float
    """Measured less predicted, as a part of the predicted value where the criterion is relative."""
    statistic: str
    """The error in words, and the test with its p-value where there is one."""
    p: float
    criterion: str
    verdict: Verdict
    presupposed: str
    """What the prediction presupposes and the run does not have."""
    why: str
    """The same with what the run has instead; or why nothing is compared."""

    @property
    def compared(self) -> bool:
        """Whether there was something to compare."""
        return self.verdict in ("agrees", "off")

    @property
    def line(self) -> str:
        """The comparison in one line, without the verdict: for a badge."""
        if not self.compared:
            return f"{self.title}: {self.why}"
        ends = f"measured {self.shown_measured}, predicted {self.shown_predicted}"
        return f"{self.title}: {'; '.join(part for part in (ends, self.statistic) if part)} ({self.when})"

    @property
    def sentence(self) -> str:
        """The verdict with its criterion, or why there is none."""
        return f"{self.title}: {self.verdict} ({self.criterion if self.compared else self.why})."


def caption(fits: Sequence[Fit]) -> str:
    """Return the verdicts of some fits in sentences, and once for all what was presupposed and is not so."""
    unmet = dict.fromkeys(part for fit in fits if fit.compared for part in fit.why.split("; ") if part)
    lacking = f"Not as presupposed: {'; '.join(unmet)}." if unmet else ""
    return " ".join(part for part in (*(fit.sentence for fit in fits), lacking) if part)


def judged(comparison: Comparison | Missing, criterion: Criterion, scale: Scale, **named: str) -> Fit:
    """Return the fit: `named` are its name, title, source, measure and figure."""
    if isinstance(comparison, Comparison) and not (
        math.isnan(comparison.measured) or math.isnan(comparison.predicted)
    ):
        return _compared(comparison, criterion, scale, named)
    reason = comparison if isinstance(comparison, Missing) else Missing("nothing to compare", NO_VALUE)
    nothing = {"when": "", "shown_measured": "", "shown_predicted": "", "statistic": "", "presupposed": ""}
    return Fit(
        **named, **nothing, measured=math.nan, predicted=math.nan, error=math.nan, p=math.nan,
        criterion=str(criterion), verdict=reason.verdict, why=reason.why,
    )  # fmt: skip


NO_VALUE = "the run has no value of it"


def _compared(c: Comparison, criterion: Criterion, scale: Scale, named: dict[str, str]) -> Fit:
    error = _error(c, criterion)
    say = _tenths if scale == "share" else _three
    measured, predicted = c.shown or (say(c.measured), say(c.predicted))
    return Fit(
        **named,
        when=c.when,
        measured=c.measured,
        predicted=c.predicted,
        shown_measured=measured,
        shown_predicted=predicted,
        error=error,
        statistic=", ".join(
            part for part in ("" if c.shown else _error_in_words(error, criterion), _test(c)) if part
        ),
        p=c.p,
        criterion=str(criterion),
        verdict="agrees" if criterion.holds(error, c.p, c.room) else "off",
        presupposed=listing([unmet.presupposed for unmet in c.unmet]),
        why="; ".join(f"{unmet.presupposed} ({unmet.instead})" for unmet in c.unmet),
    )


def _error(c: Comparison, criterion: Criterion) -> float:
    if c.error is not None:
        return c.error
    difference = c.measured - c.predicted
    if criterion.kind != "relative":
        return difference
    if c.predicted == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / abs(c.predicted)


def _error_in_words(error: float, criterion: Criterion) -> str:
    if criterion.kind == "same":
        return ""
    if criterion.kind == "points":
        return f"{number(100 * abs(error))} points apart"
    return "relative error " + ("infinite" if math.isinf(error) else _part(abs(error)))


def _test(c: Comparison) -> str:
    if not c.statistic or math.isnan(c.p):
        return c.statistic
    return f"{c.statistic}, p " + (f"= {number(c.p)}" if c.p >= 0.001 else "< 0.001")


def _part(share: float) -> str:
    """Return a part of a whole: as per cent, or as a power of ten where that says nothing."""
    return f"{share:.0e}" if 0 < share < 1e-4 else percent(share)


def _tenths(share: float) -> str:
    """Return a share as per cent to a tenth: what is compared is often close."""
    return f"{100 * share:.1f}%"


def _three(value: float) -> str:
    return number(value, 3)
