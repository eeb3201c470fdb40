"""What a lesson is: a question, what one needs to know, and rounds of predict, run, explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from mesh_abm.laboratory.charts import Chart
from mesh_abm.laboratory.lessons.questions import Guess, Points, Question
from mesh_abm.laboratory.link import Setup


@dataclass(frozen=True)
class Picture:
    """A chart with its data, as `widgets.Plot` takes them: curves {key: [xs, ys]} and marks.

    Curves are copied, for a run goes on while its picture is drawn; points that are not there (NaN) are left out.
    """

    chart: Chart
    curves: Mapping[str, list[list[float]]]
    domain: tuple[float, float]
    marks: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "curves", {key: _known(*curve) for key, curve in self.curves.items()})


def _known(xs: list[float], ys: list[float]) -> list[list[float]]:
    pairs = [(float(x), float(y)) for x, y in zip(xs, ys, strict=True) if isfinite(y)]
    return [[x for x, _ in pairs], [y for _, y in pairs]]


Show = Callable[[float, Picture], None]
"""Told how much of a run is done, 0 to 1, and how it looks; what it raises ends the run."""


@dataclass(frozen=True)
class Finding:
    """What a student's own run has shown.

    `answer` is the true answer, `theory` what theory says it is (None: nothing), `figures` what the explanation tells.
    """

    answer: Guess
    picture: Picture
    theory: Guess | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Round:
    """One prediction and one run.

    `told` is what the student knows; `setups(seed)` are what is run, as links; `run(seed, show)` runs it;
    `explain(finding, guess)` are the sentences on why; `blank` is the picture before the run; `theory` names what the
    theory's value comes from; `mark` puts a prediction on the picture; `where` says how to see it in the laboratory if
    it is no run of the model.
    """

    title: str
    told: tuple[str, ...]
    question: Question
    run: Callable[[int, Show], Finding]
    explain: Callable[[Finding, Guess], tuple[str, ...]]
    blank: Picture
    theory: str = ""
    setups: Callable[[int], tuple[Setup, ...]] = lambda seed: ()
    mark: Callable[[Finding, Guess], tuple[Mapping[str, Any], ...]] = lambda finding, guess: ()
    where: str = ""


@dataclass(frozen=True)
class Lesson:
    """`question` is in plain words; `terms` are what one needs to know, each explained by `words.meaning`."""

    id: str
    title: str
    question: str
    needed: tuple[str, ...]
    terms: tuple[str, ...]
    rounds: tuple[Round, ...]
    takeaway: str


def points(xs: Any, ys: Any) -> Points:
    """Return a curve as pairs of plain numbers."""
    return tuple((float(x), float(y)) for x, y in zip(xs, ys, strict=True))
