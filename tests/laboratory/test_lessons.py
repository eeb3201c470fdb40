"""Lessons: every run teaches what the lesson says, names give seeds, predictions are locked and judged."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from mesh_abm import run
from mesh_abm.errors import UserError
from mesh_abm.laboratory.lessons import judging
from mesh_abm.laboratory.lessons.attempt import LONGEST, Attempt, begin, cleaned, seed_of
from mesh_abm.laboratory.lessons.catalog import LESSONS, lesson
from mesh_abm.laboratory.lessons.lesson import Finding, Lesson, Picture, Round
from mesh_abm.laboratory.lessons.questions import GRID, Amount, Choice, Sketch
from mesh_abm.laboratory.lessons.recording import answer
from mesh_abm.laboratory.lessons.words import meaning
from mesh_abm.laboratory.link import read

ROUNDS = [(each, number) for each in LESSONS for number in range(len(each.rounds))]
NAMED = pytest.mark.parametrize(
    ("chosen", "number"), ROUNDS, ids=[f"{each.id}-{n + 1}" for each, n in ROUNDS]
)


def some_guess(round: Round) -> Any:
    """Return a prediction that is allowed."""
    question = round.question
    if isinstance(question, Choice):
        return question.options[0][0]
    if isinstance(question, Amount):
        return str((question.low + question.high) / 2)
    xs = np.linspace(question.low, question.high, 20)
    return [[float(x), 0.5] for x in xs]


def at_round(chosen: Lesson, number: int, name: str = "Ada") -> Attempt:
    """Return an attempt that has come to a round, without the runs before it."""
    attempt = begin(chosen, name)
    attempt.at = number
    return attempt


def test_there_are_six_lessons_with_different_ids_and_all_terms_explained() -> None:
    assert len(LESSONS) >= 6
    assert len({each.id for each in LESSONS}) == len(LESSONS)
    for each in LESSONS:
        assert all(meaning(term) for term in each.terms)
        assert each.question.endswith("?")
        assert each.needed
        assert each.rounds
    assert lesson("churn") is LESSONS[2]
    with pytest.raises(UserError, match="did you mean 'churn'"):
        lesson("chrun")


@NAMED
def test_the_record_of_twenty_runs_is_what_the_rounds_find(chosen: Lesson, number: int) -> None:
    recorded = judging.record()[chosen.id][number]
    assert len(recorded) == 20
    for seed in (1, 13):
        found = answer(chosen.rounds[number], seed)
        before = recorded[seed - 1]
        if isinstance(found, str):
            assert found == before
        else:
            assert np.array(found, float) == pytest.approx(
                np.array(before, float), rel=1e-9, abs=1e-9, nan_ok=True
            )


@NAMED
def test_a_round_is_predicted_run_and_explained(chosen: Lesson, number: int) -> None:
    attempt = at_round(chosen, number)
    seen: list[tuple[float, Picture]] = []
    attempt.predict(some_guess(attempt.now.round))
    finding = attempt.run(lambda part, picture: seen.append((part, picture)))
    told = attempt.explain()
    parts = [part for part, _ in seen]
    assert len(seen) > 10
    assert parts == sorted(parts)
    assert parts[0] >= 0
    assert parts[-1] == 1
    assert told.reasons
    assert told.predicted
    assert told.found
    assert told.theory.startswith("Theory")
    text = " ".join([told.judgment.line, told.place, told.theory, *told.reasons])
    assert "nan" not in text
    assert "not defined" not in text
    assert "None" not in text
    json.dumps([picture.curves for _, picture in seen], allow_nan=False)
    lines = {line.key for line in finding.picture.chart.lines}
    assert set(finding.picture.curves) <= lines
    assert finding.picture.curves
    assert all(len(xs) == len(ys) for xs, ys in finding.picture.curves.values())


@NAMED
def test_a_run_is_that_of_the_linked_setup(chosen: Lesson, number: int) -> None:
    for setup in chosen.rounds[number].setups(7):
        again = read(setup.query())
        assert again.seed == 7
        assert again.build().n_owners <= 1000
        assert again.month <= 150
        assert again.query() == setup.query()
        assert again.build() == setup.build()


def test_the_answer_is_that_of_a_run_made_from_python() -> None:
    round = lesson("churn").rounds[1]
    setup = round.setups(5)[0]
    held = run(setup.build(), months=setup.month).frame["condensate"]
    assert round.run(5, lambda part, picture: None).answer == pytest.approx(float(held.iloc[-24:].mean()))


def stage(attempt: Attempt) -> str:
    return attempt.stage


def values(id: str, number: int) -> list[Any]:
    return judging.record()[id][number]


def test_what_each_lesson_teaches_holds_in_at_least_nineteen_of_twenty_runs() -> None:
    links = np.array(values("giant-component", 0))
    assert (
        np.mean((links > 150) & (links < 299)) >= 0.95
    )  # far later than none, long before one link a device and all
    curves = np.array(values("giant-component", 1), float)
    grid = np.linspace(0, 2.5, GRID)
    at = {x: curves[:, int(np.argmin(abs(grid - x)))] for x in (0.75, 1.5)}
    assert np.mean((at[0.75] < 0.1) & (at[1.5] > 0.4)) >= 0.95
    assert values("fittest", 0).count("first") >= 19
    assert np.mean(np.array(values("fittest", 1)) > 1.5) >= 0.95
    still, churning = np.array(values("churn", 0)), np.array(values("churn", 1))
    assert np.mean(still < 0.1) >= 0.95
    assert np.mean(churning > 0.3) >= 0.95
    ends = np.array([curve[-1] for curve in values("division-of-labor", 0)])
    fading = np.array(values("division-of-labor", 1))
    assert np.mean(ends > 0.7) >= 0.95
    assert np.mean(fading < 0.6 * ends) >= 0.95
    assert values("division-of-labor", 2).count("much") >= 19
    assert np.mean(np.array(values("prices", 0)) > 0.2) >= 0.95
    assert np.mean(np.array(values("prices", 1)) < 0.8) >= 0.95
    assert values("prices", 2).count("calls") >= 19
    assert values("revolution", 0).count("loop") >= 19
    assert values("revolution", 1).count("slope") >= 19


@pytest.mark.parametrize("id", ["churn", "giant-component"])
def test_theory_lies_near_the_twenty_runs(id: str) -> None:
    for number, round in enumerate(lesson(id).rounds):
        theory = round.run(1, lambda part, picture: None).theory
        assert theory is not None
        near = judging.noise(round.question, values(id, number)) + (
            0.4 * round.question.margin if isinstance(round.question, Amount) else 0.04
        )
        middle: Any = np.mean(np.array(values(id, number), float), axis=0)
        if isinstance(round.question, Sketch):
            assert np.nanmean(abs(round.question.sampled(theory) - middle)) < near  # type: ignore[arg-type]
        else:
            assert abs(theory - middle) < near


def test_predictions_are_locked_and_steps_come_in_order() -> None:
    attempt = begin(lesson("churn"), "Grace")
    with pytest.raises(UserError, match="predict first"):
        attempt.run()
    with pytest.raises(UserError, match="comes after the run"):
        attempt.explain()
    with pytest.raises(UserError, match="comes after this one"):
        attempt.go_on()
    assert stage(attempt) == "predict"
    attempt.predict("12")
    assert attempt.predict("40") == 0.4
    assert stage(attempt) == "run"

    class StoppedError(Exception):
        pass

    def stop(part: float, picture: Picture) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        attempt.run(stop)
    with pytest.raises(UserError, match="locked"):
        attempt.predict("1")
    attempt.run()
    assert stage(attempt) == "explain"
    assert not attempt.done
    attempt.go_on()
    assert attempt.at == 1
    assert stage(attempt) == "predict"


@pytest.mark.parametrize(
    ("given", "value"),
    [("12", 12.0), (" 12,5 ", 12.5), ("1,250", 1250.0), (30, 30.0), ("1e2", 100.0), ("7 %", 7.0)],
)
def test_numbers_are_read_as_people_type_them(given: Any, value: float) -> None:
    assert Amount("how many?", "links", 0, 2000, 10).read(given) == value


@pytest.mark.parametrize(
    "given",
    ["", "many", "nan", "inf", "-1", "2001", None, True, "1" * 60, "٣", "<b>1</b>", [1], "1_0_0_0_0"],
)
def test_what_is_no_number_in_range_is_refused_in_one_line(given: Any) -> None:
    with pytest.raises(UserError, match="must be a number from 0 to 2000") as error:
        Amount("how many?", "links", 0, 2000, 10).read(given)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("given", [None, "curve", [], [[1, 2]] * 3, [[0, "x"]] * 9, [[0, math.nan]] * 9, 5])
def test_what_is_no_curve_is_refused(given: Any) -> None:
    with pytest.raises(UserError, match="prediction: must be a curve"):
        Sketch("draw", 0, 10).read(given)


def test_a_curve_must_reach_over_the_axis_and_is_cut_to_it() -> None:
    sketch = Sketch("draw", 0, 10)
    with pytest.raises(UserError, match="at least 60%"):
        sketch.read([[x / 10, 0.5] for x in range(10)])
    read_ = sketch.read([[10.5, 2.0], *[[float(x), 0.5] for x in range(9)], [-1, -1]])
    assert list(read_[0]) == [0, 0]
    assert list(read_[-1]) == [10, 1]


def test_only_the_statements_offered_can_be_chosen() -> None:
    with pytest.raises(UserError, match="must be one of a, b"):
        Choice("?", (("a", "A"), ("b", "B"))).read("c")
    with pytest.raises(UserError):
        Choice("?", (("a", "A"),)).read(["a"])


def test_names_give_seeds() -> None:
    assert seed_of(cleaned(" Ada  Lovelace ")) == seed_of(cleaned("ada lovelace"))
    seeds = {seed_of(str(number)) for number in range(500)}
    assert len(seeds) == 500
    assert min(seeds) >= 1
    assert max(seeds) < 2**31
    for odd in ("<script>alert(1)</script>", "名前", "\x00a\x1b[31m", "../../etc/passwd", "\ud800b", 17):
        assert begin(LESSONS[0], odd).seed >= 1
    assert cleaned("a\x00b\nc") == "ab c"
    for bad in ("", "   ", "\x00\u200b", "x" * (LONGEST + 1)):
        with pytest.raises(UserError, match=r"^name: "):
            begin(LESSONS[0], bad)


def test_judgments_follow_the_noise_of_runs() -> None:
    question = Amount("?", "%", 0, 100, 10, share=True)
    twenty = [0.4 + 0.01 * (-1) ** k for k in range(20)]
    tolerance = judging.noise(question, twenty)
    assert tolerance == pytest.approx(0.0205, abs=1e-3)
    grades = [judging.judge(question, 0.4 + off, 0.4, twenty).grade for off in (0.0, 0.02, 0.1, 0.2)]
    assert grades == ["on the mark", "on the mark", "close", "off"]
    choice = Choice("?", (("a", "A"), ("b", "B")))
    assert judging.judge(choice, "a", "a", ["a"] * 20).grade == "on the mark"
    assert judging.judge(choice, "b", "a", ["a"] * 20).grade == "off"


def test_unusual_runs_are_called_so() -> None:
    question = Amount("?", "links", 0, 100, 10)
    twenty = [float(v) for v in range(40, 60)]
    assert "unusual" in judging.place(question, 70.0, twenty)
    assert "0 of them are as far" in judging.place(question, 70.0, twenty)
    assert "unusual" not in judging.place(question, 52.0, twenty)
    choice = Choice("?", (("a", "A"), ("b", "B")))
    assert judging.place(choice, "b", ["a"] * 18 + ["b"] * 2).startswith("Of 20 other runs 2 ended like")
    assert "unusual" in judging.place(choice, "b", ["a"] * 18 + ["b"] * 2)
    curves = [[0.5 + k / 1000] * GRID for k in range(20)]
    sketch = Sketch("?", 0, 1)
    assert "unusual" in judging.place(sketch, ((0.0, 0.9), (1.0, 0.9)), curves)


def test_explanations_are_written_for_every_way_a_run_can_end() -> None:
    for each in LESSONS:
        for number, round in enumerate(each.rounds):
            if not isinstance(round.question, Choice):
                continue
            attempt = at_round(each, number, "1")
            attempt.predict(some_guess(round))
            found = attempt.run()
            told = {
                key: round.explain(Finding(key, found.picture, found.theory, found.figures), key)
                for key, _ in round.question.options
            }
            assert len(set(told.values())) == len(told)
