"""How a prediction is judged against the student's own run, and that run against twenty others.

Each round was run with seeds 1 to 20 and what was found is kept (`twenty.json`). A prediction is *on the mark* if it is
as near as another run would be: within two standard deviations of the twenty. It is *close* if it is not much further
off (each question says how much), and else *off*. Of statements one is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mesh_abm.laboratory.lessons.questions import F64, Amount, Choice, Guess, Question, Sketch
from mesh_abm.wording import percent

Grade = Literal["on the mark", "close", "off"]
CURVE_MARGIN = 0.1
"""How far beyond the noise of runs a curve still counts as close, on average."""
RARE = 2
"""A run is unusual if at most so many of twenty ended like it; numbers and curves: if all were nearer the middle."""
RECORD = Path(__file__).with_name("twenty.json")


@dataclass(frozen=True)
class Judgment:
    """A grade, the sentence that says how it came about, and the distances that it rests on (None for statements)."""

    grade: Grade
    line: str
    distance: float | None = None
    tolerance: float | None = None


@cache
def record() -> dict[str, list[list[Any]]]:
    """Return what seeds 1 to 20 found: the answers of each round of each lesson; curves as values on the grid."""
    found: dict[str, list[list[Any]]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def kept(question: Question, answer: Guess) -> Any:
    """Return an answer as the record keeps it."""
    if isinstance(question, Sketch):
        assert isinstance(answer, tuple)
        return [None if np.isnan(y) else round(float(y), 6) for y in question.sampled(answer)]
    return answer


def noise(question: Question, twenty: list[Any]) -> float:
    """Return how far a prediction may be from a run and still be on the mark: two standard deviations of twenty runs.

    For curves the distance is the mean over the axis, and the deviation that of the curves from their mean.
    """
    if isinstance(question, Sketch):
        curves = np.array(twenty, float)
        deviation = _mean_gap(curves - np.nanmean(curves, axis=0))
        return float(2.0 * np.sqrt(np.mean(deviation**2)))
    return float(2.0 * np.std(np.array(twenty, float), ddof=1))


def judge(question: Question, guess: Guess, answer: Guess, twenty: list[Any]) -> Judgment:
    """Return how good a prediction was."""
    if isinstance(question, Choice):
        right = guess == answer
        line = "That is what your run did." if right else "That is not what your run did."
        return Judgment("on the mark" if right else "off", line)
    tolerance = noise(question, twenty)
    distance = _distance(question, guess, answer)
    near = question.margin if isinstance(question, Amount) else CURVE_MARGIN
    grade: Grade = (
        "on the mark" if distance <= tolerance else "close" if distance <= tolerance + near else "off"
    )
    return Judgment(grade, _measured(question, distance, tolerance, near), distance, tolerance)


def place(question: Question, answer: Guess, twenty: list[Any]) -> str:
    """Return where a run lies among twenty others, in a sentence."""
    if isinstance(question, Choice):
        alike = sum(other == answer for other in twenty)
        rare = " It is an unusual run, and what follows must be read so." if alike <= RARE else ""
        return f"Of 20 other runs {alike} ended like yours.{rare}"
    if isinstance(question, Sketch):
        curves = np.array(twenty, float)
        middle = np.nanmean(curves, axis=0)
        assert isinstance(answer, tuple)
        own = float(_mean_gap(question.sampled(answer)[None] - middle)[0])
        further = int(np.sum(_mean_gap(curves - middle) >= own))
        return f"Of 20 other runs {further} lie as far from their mean as yours, or further.{_rare(further)}"
    assert isinstance(answer, float | int)
    values = np.array(twenty, float)
    further = int(np.sum(np.abs(values - np.median(values)) >= abs(answer - np.median(values))))
    span = f"20 other runs lie between {question.say(float(values.min()))} and {question.say(float(values.max()))}."
    return f"{span} {further} of them are as far from the middle as yours, or further.{_rare(further)}"


def _rare(further: int) -> str:
    return " Yours is an unusual run." if further == 0 else ""


def _distance(question: Question, guess: Guess, answer: Guess) -> float:
    if isinstance(question, Sketch):
        assert isinstance(guess, tuple)
        assert isinstance(answer, tuple)
        return float(_mean_gap((question.sampled(guess) - question.sampled(answer))[None])[0])
    assert isinstance(guess, float | int)
    assert isinstance(answer, float | int)
    return abs(guess - answer)


def _measured(question: Question, distance: float, tolerance: float, near: float) -> str:
    if isinstance(question, Sketch):
        return (
            f"On average your curve is {percent(distance)} of the axis off your run; runs with other seeds differ "
            f"by up to {percent(tolerance)}, and within {percent(near)} more it counts as close."
        )
    assert isinstance(question, Amount)
    unit = "points" if question.share else question.unit
    off, noise_, more = (_plain(100 * x if question.share else x) for x in (distance, tolerance, near))
    return (
        f"You are {off} {unit} off your run. Runs differ by chance: within {noise_} {unit} (two standard "
        f"deviations of 20 runs) it counts as on the mark, within {more} more as close."
    )


def _plain(value: float) -> str:
    return f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def _mean_gap(gaps: F64) -> F64:
    """Return the mean distance over the axis where both curves are known, for each row."""
    return np.asarray(np.nanmean(np.abs(gaps), axis=1))
