"""Answers of scenarios and the verdict they amount to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mesh_abm.claims.claim import Verdict
from mesh_abm.claims.experiments import forecasts


@pytest.mark.parametrize(
    ("yes", "judged", "answer"),
    [
        (5, 5, 1),
        (0, 5, -1),
        (4, 5, 0),
        (1, 5, 0),
        (4, 4, 0),
        (0, 0, 0),
        (18, 24, 1),
        (16, 24, 0),
        (6, 24, -1),
    ],
)
def test_an_answer_needs_more_than_chance(yes: int, judged: int, answer: int) -> None:
    assert forecasts.answer(yes, judged) == answer


def test_runs_that_are_not_judged_do_not_count() -> None:
    found = forecasts.counts({"baseline": [None, True, False], "optimist": []}, "dated")
    assert found == {
        "baseline_dated_yes": 1.0,
        "baseline_dated_judged": 2.0,
        "optimist_dated_yes": 0.0,
        "optimist_dated_judged": 0.0,
    }


def figures(mechanism: Mapping[str, bool | None], dated: Mapping[str, bool | None]) -> dict[str, float]:
    """Return figures of six runs that agree in each scenario."""
    parts = [
        forecasts.counts({name: [value] * 6 for name, value in found.items()}, kind)
        for found, kind in ((mechanism, ""), (dated, "dated"))
    ]
    return parts[0] | parts[1]


EVERYWHERE = dict.fromkeys(forecasts.MECHANISM, True)
NO_MESH_IN_BASELINE = EVERYWHERE | {"baseline": None}


@pytest.mark.parametrize(
    ("mechanism", "dated", "verdict"),
    [
        (EVERYWHERE, dict.fromkeys(forecasts.DATED, True), Verdict.HOLDS),
        (NO_MESH_IN_BASELINE, {}, Verdict.HOLDS),
        (NO_MESH_IN_BASELINE, dict.fromkeys(forecasts.DATED, False), Verdict.AS_CORRECTED),
        (EVERYWHERE | {"optimist": False}, {}, Verdict.UNDECIDED),
        (dict.fromkeys(forecasts.MECHANISM, None), {}, Verdict.UNDECIDED),
        (NO_MESH_IN_BASELINE | {"reference": False, "optimist": None}, {}, Verdict.FAILS),
    ],
)
def test_the_rule(mechanism: dict[str, bool | None], dated: dict[str, bool | None], verdict: Verdict) -> None:
    found = figures({name: mechanism.get(name) for name in forecasts.MECHANISM}, dated)
    assert forecasts.verdict(found) is verdict
