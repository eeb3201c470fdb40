"""Criteria, verdicts and what is said of them, on numbers made by hand."""

from __future__ import annotations

import math

import pytest

from mesh_abm.fits.fit import Comparison, Criterion, Fit, Missing, Unmet, caption, judged

NAMED = {"name": "x", "title": "A law", "source": "(0)", "measure": "s_inf", "figure": "giant_component"}
POINTS, PART = Criterion("points", 0.05, level=0.01), Criterion("relative", 0.1)


def judge(measured: float, predicted: float, criterion: Criterion = POINTS, **more: object) -> Fit:
    return judged(Comparison(measured, predicted, "month 12", **more), criterion, "share", **NAMED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measured", "predicted", "criterion", "verdict"),
    [
        (0.54, 0.50, POINTS, "agrees"),
        (0.56, 0.50, POINTS, "off"),
        (0.44, 0.50, POINTS, "off"),
        (2.19, 2.0, PART, "agrees"),
        (2.21, 2.0, PART, "off"),
        (0.0, 0.0, PART, "agrees"),
        (0.1, 0.0, PART, "off"),
        (1.0, 1.0, Criterion("same"), "agrees"),
        (1.0, 0.0, Criterion("same"), "off"),
        (math.nan, 0.5, POINTS, "nothing to compare"),
        (0.5, math.nan, POINTS, "nothing to compare"),
        (math.inf, 2.0, PART, "off"),
    ],
)
def test_verdicts(measured: float, predicted: float, criterion: Criterion, verdict: str) -> None:
    assert judge(measured, predicted, criterion).verdict == verdict


def test_a_p_value_above_its_level_is_enough_and_one_below_is_not() -> None:
    assert judge(0.7, 0.5, p=0.02, statistic="z = 2.3").verdict == "agrees"
    assert judge(0.7, 0.5, p=0.002, statistic="z = 3.1").verdict == "off"
    assert judge(0.51, 0.5, p=0.002, statistic="z = 3.1").verdict == "agrees"  # too close to matter
    alone = Criterion("relative", level=0.01)
    assert judge(0.51, 0.5, alone, p=0.002).verdict == "off"
    assert judge(0.51, 0.5, alone).verdict == "off"  # no test, no agreement


def test_room_for_chance_is_agreement_and_no_more_than_that() -> None:
    assert judge(0.15, 0.0, room=0.2).verdict == "agrees"
    assert judge(0.25, 0.0, room=0.2).verdict == "off"


def test_what_is_said_has_numbers_statistic_months_and_criterion() -> None:
    found = judge(0.7, 0.5, p=0.0002, statistic="z = 3.7")
    assert (
        found.line == "A law: measured 70.0%, predicted 50.0%; 20 points apart, z = 3.7, p < 0.001 (month 12)"
    )
    assert found.sentence == "A law: off (at most 5 points apart or p of at least 1%)."
    assert judge(2.5, 2.0, PART).statistic == "relative error 25%"


def test_conditions_that_a_run_lacks_are_said_with_any_verdict() -> None:
    unmet = [
        Unmet("a steady population", "membership grew by 35%"),
        Unmet("many devices", "there are 30 members"),
    ]
    for measured, verdict in ((0.9, "off"), (0.5, "agrees")):
        found = judge(measured, 0.5, unmet=unmet)
        assert found.verdict == verdict
        assert found.presupposed == "a steady population and many devices"
        assert "a steady population (membership grew by 35%)" in found.why


def test_a_caption_says_a_condition_once() -> None:
    unmet = [Unmet("a steady population", "membership grew by 35%")]
    text = caption([judge(0.9, 0.5, unmet=unmet), judge(0.5, 0.5, unmet=unmet)])
    assert text.count("membership grew by 35%") == 1
    assert text.count("A law:") == 2
    assert caption([]) == ""


def test_what_is_not_compared_says_why() -> None:
    found = judged(Missing("no prediction", "links are made otherwise"), POINTS, "share", **NAMED)
    assert (found.verdict, found.compared) == ("no prediction", False)
    assert found.line == "A law: links are made otherwise"
    assert found.sentence == "A law: no prediction (links are made otherwise)."
    assert math.isnan(found.error)
