"""Tornados: the ranges, the plan and the swings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesh_abm.analysis import AnalysisError, documented_ranges, tornado, tornado_plan
from mesh_abm.scenario import Scenario, ScenarioError
from mesh_abm.sweeps import sweep
from tests.analysis import formulas
from tests.analysis.conftest import store_of


def test_ranges_in_their_order(one_class: Scenario) -> None:
    fields = (
        "churn",
        "link_failure",
        "query_value",
        "attempts",
        "non_owners",
        "settlement_capacity",
        "merit_gain",
    )
    own = {"classes.device.merit": (0.1, 0.9), "churn": (0.01, 0.2)}
    table = documented_ranges(one_class, fields, own).set_index("field")
    assert table["basis"].to_dict() == {
        "churn": "given",
        "link_failure": "allowed",
        "query_value": "half and double",
        "attempts": "half and double",
        "non_owners": "left out",
        "settlement_capacity": "left out",
        "merit_gain": "half and double",
        "classes.device.merit": "given",
    }
    assert table.loc["link_failure", ["low", "base", "high"]].tolist() == [0, 0.05, 1]
    assert table.loc["query_value", ["low", "high"]].tolist() == [1500, 6000]
    assert table.loc["attempts", ["low", "high"]].tolist() == [2, 8]
    assert table.loc["non_owners", "why"] == "0 has no half and double, and no range is stated"
    assert table.loc["settlement_capacity", "why"] == "inf is not a finite number"


def test_ends_that_the_scenario_refuses_are_left_out_with_its_words() -> None:
    table = documented_ranges(Scenario.load("baseline"), ["task_types"])
    assert table.loc[0, "basis"] == "left out"
    assert "task_types = 11: must be 22" in table.loc[0, "why"]
    with pytest.raises(ScenarioError, match="churn = 2"):
        documented_ranges(Scenario.load("reference"), [], {"churn": (0.1, 2)})


def test_a_calibrated_scenario_takes_the_ranges_of_its_figures() -> None:
    table = documented_ranges(Scenario.load("baseline")).set_index("field")
    stated = table[table["basis"] == "calibration"]
    assert stated.loc["churn", ["low", "base", "high"]].tolist() == [0.02, 0.1, 0.17]
    assert stated.loc["link_failure", ["low", "high"]].tolist() == [0.05, 0.11]
    assert stated.loc["learning_exponent", "low"] == 0.19
    assert {"frontier_share", "efficiency_growth", "quality_growth"} <= set(stated.index)
    assert not {"provider_price", "income", "classes", "capable_merit"} & set(
        stated.index
    )  # moved with others
    assert (table["basis"] == "left out").equals(table["why"] != "")


def test_the_plan_moves_one_field_at_a_time(one_class: Scenario) -> None:
    plan = tornado_plan(one_class, ["churn", "link_failure", "attempts"], months=3, replicates=2, seed=5)
    base = {"churn": 0.02, "link_failure": 0.05, "attempts": 4}
    assert plan.points[:3] == [base] * 3  # the square root of six ends, rounded up
    assert plan.points[3:] == [
        base | {name: end}
        for name, ends in (("churn", (0, 1)), ("link_failure", (0, 1)), ("attempts", (2, 8)))
        for end in ends
    ]
    assert (plan.months, plan.replicates, plan.seed) == (3, 2, 5)


def test_swings_are_those_of_the_formula(tmp_path: Path, one_class: Scenario) -> None:
    ranges = {"churn": (0.01, 0.12), "link_failure": (0.04, 0.06), "zipf": (0.5, 1.5)}
    plan = tornado_plan(one_class, [], ranges, months=2, replicates=6)
    table = tornado(sweep(plan, tmp_path / "store", engine="local", build=formulas.linear), "s_inf")
    assert table["field"].tolist()[0] == "churn"
    found = table.set_index("field")
    for name, low, high in (("churn", -0.02, 0.2), ("link_failure", 0.01, -0.01), ("zipf", 0, 0)):
        assert abs(found.loc[name, "swing_low"] - low) <= 1.6 * found.loc[name, "half_low"]
        assert abs(found.loc[name, "swing_high"] - high) <= 1.6 * found.loc[name, "half_high"]
    assert found["half_low"].between(0.002, 0.02).all()
    np.testing.assert_allclose(found["at_high"] - found["base"], found["swing_high"])
    assert (found["count"] == 12).all()


def test_a_base_at_the_end_of_its_range_is_that_end(tmp_path: Path, one_class: Scenario) -> None:
    plan = tornado_plan(one_class, [], {"churn": (0.02, 0.12)}, months=2, replicates=3)
    table = tornado(sweep(plan, tmp_path / "store", engine="local", build=formulas.linear), "s_inf")
    assert table.loc[0, ["low", "high", "swing_low", "half_low"]].tolist() == [0.02, 0.12, 0, 0]
    assert table.loc[0, "swing_high"] == pytest.approx(0.2, abs=0.02)


def test_stores_without_a_base_or_single_moves_are_refused(tmp_path: Path, one_class: Scenario) -> None:
    vary = {"churn": [0.1, 0.2], "link_failure": [0.1, 0.2]}
    store = store_of(formulas.linear, tmp_path / "a", scenario=one_class, vary=vary)
    with pytest.raises(AnalysisError, match="has no runs at the base"):
        tornado(store, "s_inf")
    vary = {"churn": [0.02, 0.2], "link_failure": [0.05, 0.2]}
    store = store_of(formulas.linear, tmp_path / "b", scenario=one_class, sampler="list", vary=vary)
    with pytest.raises(AnalysisError, match="no point moves one field alone"):
        tornado(store, "s_inf")
    with pytest.raises(AnalysisError, match="fields = non_owners: have no range"):
        tornado_plan(one_class, ["non_owners"])
    with pytest.raises(AnalysisError, match=r"range churn = 0\.2 to 0\.1: high must be above low"):
        tornado_plan(one_class, [], {"churn": (0.2, 0.1)})
