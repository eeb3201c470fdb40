"""What a claim of the paper is here: a sentence, an experiment, a criterion fixed beforehand, a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

Figures = Mapping[str, float]
"""Numbers that an experiment ends in, by name."""


class Verdict(StrEnum):
    """What became of a claim.

    A claim *holds as corrected* if its point stands once a condition, unit or factor that the paper leaves out is put
    in; it *fails* if its point is wrong, whatever is right instead (the corrections are claims of their own).
    """

    HOLDS = "holds"
    AS_CORRECTED = "holds as corrected"
    FAILS = "fails"
    UNDECIDED = "undecided"
    NOT_TESTABLE = "not testable here"


@dataclass(frozen=True)
class Evidence:
    """What an experiment found: figures, what they say in a sentence, and the table behind the picture."""

    figures: Figures
    says: str
    table: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of the paper (or, with an id that begins with X, one correction of it).

    `measure(lab)` makes the experiment, `judge(figures)` decides by the criterion, and nothing else does; `counter` are
    figures under which the verdict would be another than with those measured, so that a criterion which cannot fail
    is found out by the tests. A claim that no experiment here can decide has a `reason` instead of these.
    """

    id: str
    place: str
    """Where in the paper: section, equation."""
    says: str
    """The sentence claimed, in other words."""
    turned_by: str
    """What would change the verdict."""
    experiment: str = ""
    statistic: str = ""
    criterion: str = ""
    right: str = ""
    """What is right, where that is not what is printed, or under which condition it is."""
    derivation: str = ""
    """The page of docs/corrections that derives what is right, without its ending; every correction has one."""
    assumption: str = ""
    """The assumption on which the verdict rests most."""
    simulated: bool = False
    """Whether chance plays a part: such an experiment is smaller with `--fast`."""
    measure: Callable[[Lab], Evidence] | None = None
    judge: Callable[[Figures], Verdict] | None = None
    counter: Figures = field(default_factory=dict)
    draw: Callable[[Panel, pd.DataFrame], None] | None = None
    reason: str = ""

    @property
    def slug(self) -> str:
        """The id as part of a file name."""
        return self.id.replace("/", "-")

    def __post_init__(self) -> None:
        testable = (self.measure, self.judge, self.draw, self.counter, self.criterion, self.experiment)
        if self.reason and any(testable):
            raise ValueError(f"{self.id}: not testable, so it has neither experiment nor criterion")
        if not self.reason and not all(testable):
            raise ValueError(f"{self.id}: needs measure, judge, draw, counter, criterion and experiment")


@dataclass(frozen=True)
class Finding:
    """A claim with what its experiment found and the verdict."""

    claim: Claim
    verdict: Verdict
    evidence: Evidence
    seconds: float
    fast: bool


def examine(claim: Claim, lab: Lab, seconds: Callable[[], float]) -> Finding:
    """Make the experiment of a claim and judge it; `seconds` is a clock."""
    begin = seconds()
    if claim.measure is None or claim.judge is None:
        return Finding(claim, Verdict.NOT_TESTABLE, Evidence({}, claim.reason), 0.0, lab.fast)
    evidence = claim.measure(lab)
    verdict = claim.judge(evidence.figures)
    return Finding(claim, verdict, evidence, seconds() - begin, lab.fast)
