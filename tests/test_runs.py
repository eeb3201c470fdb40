"""One run: what is asked is what runs, and every month of it can be had again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from mesh_abm import MeshModel, Scenario, ScenarioError, run
from mesh_abm.errors import ResultError
from mesh_abm.results import Result
from mesh_abm.results.moments import annotated_links
from mesh_abm.runs import settle

SMALL: dict[str, Any] = {"n_owners": 120, "initial_members": 0.5}


@pytest.fixture(scope="module")
def result() -> Result:
    """A short run."""
    return run(seed=5, months=9, set=SMALL)


def test_the_default_is_the_reference() -> None:
    assert settle("reference").replace(seed=None) == Scenario.load("reference")


def test_a_name_a_file_and_a_scenario_run_the_same(result: Result, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("n_owners = 120\ninitial_members = 0.5\nmonths = 9\nseed = 5\n")
    from_file = run(tmp_path / "mine.toml")
    from_scenario = run(Scenario(seed=5, months=9, **SMALL))
    assert from_file.fingerprint == from_scenario.fingerprint == result.fingerprint


def test_the_seed_makes_the_run(result: Result) -> None:
    assert run(seed=np.int64(5), months=9, set=SMALL).fingerprint == result.fingerprint
    assert run(seed=6, months=9, set=SMALL).fingerprint != result.fingerprint


def test_a_given_seed_comes_before_the_scenarios_own_and_that_before_a_random_one() -> None:
    assert settle(Scenario(seed=7), seed=8).seed == 8
    assert settle(Scenario(seed=7)).seed == 7
    drawn = [settle("reference").seed for _ in range(3)]
    assert None not in drawn
    assert len(set(drawn)) > 1  # false alarm: 2^-62


def test_a_random_seed_is_recorded_and_gives_the_run_again() -> None:
    first = run(months=3, set=SMALL)
    assert run(seed=first.seed, months=3, set=SMALL).fingerprint == first.fingerprint


def test_settings_reach_classes_and_months() -> None:
    settled = settle("reference", months=7, set={"churn": 0.5, "classes.phone.merit": 0.9})
    assert (settled.months, settled.churn, settled.classes[0].merit) == (7, 0.5, 0.9)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"set": {"chrun": 0.1}}, "unknown field 'chrun'; did you mean 'churn'"),
        ({"set": {"churn": 1.5}}, "churn = 1.5: must be a number from 0 to 1"),
        ({"months": -1}, "months = -1: must be"),
        ({"seed": -1}, "seed = -1: must be"),
        ({"scenario": "refrence"}, "did you mean 'reference'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(asked: dict[str, Any], line: str) -> None:
    with pytest.raises(ScenarioError, match=line):
        run(**asked)


def test_a_row_for_every_month_from_the_start(result: Result) -> None:
    assert result.frame["month"].tolist() == list(range(10))
    assert result.months == 9
    assert result.types.groupby("month").size().tolist() == [8] * 9


def test_progress_hears_of_every_month() -> None:
    heard: list[tuple[int, int, int]] = []
    run(
        seed=1,
        months=3,
        set=SMALL,
        progress=lambda month, months, model: heard.append((month, months, model.month)),
    )
    assert heard == [(1, 3, 1), (2, 3, 2), (3, 3, 3)]


def test_check_tests_the_invariants(monkeypatch: pytest.MonkeyPatch) -> None:
    tested: list[int] = []
    monkeypatch.setattr("mesh_abm.model.check_invariants", lambda model: tested.append(model.month))
    run(seed=1, months=3, set=SMALL)
    assert tested == []
    run(seed=1, months=3, set=SMALL, check=True)
    assert tested == [1, 2, 3]


@pytest.mark.parametrize("month", [0, 4, 9])
def test_devices_and_network_of_any_month_are_those_of_the_run(result: Result, month: int) -> None:
    model = MeshModel(rng=5, months=9, **SMALL)
    model.run_for(month)
    assert_frame_equal(result.devices(month), model.device_frame(), check_exact=True)
    assert_frame_equal(result.network(month), annotated_links(model), check_exact=True)
    assert result.model(month).fingerprint() == model.fingerprint()


def test_the_last_month_is_the_default(result: Result) -> None:
    assert_frame_equal(result.devices(), result.devices(9), check_exact=True)
    assert_frame_equal(result.network(), result.snapshots["end"][1], check_exact=True)


@pytest.mark.parametrize("month", [-1, 10])
def test_a_month_outside_the_run_is_refused(result: Result, month: int) -> None:
    with pytest.raises(ValueError, match=f"month = {month}: must be a month of the run, from 0 to 9"):
        result.devices(month)


def test_a_run_that_would_come_out_differently_now_is_not_passed_off_as_the_old_one() -> None:
    old = run(seed=1, months=4, set=SMALL)
    old.frame.loc[2, "unit_cost"] += 1
    with pytest.raises(ResultError, match="month 2, column unit_cost differs"):
        old.devices(3)
    assert len(old.devices(1)) > 0  # still the same up to there
