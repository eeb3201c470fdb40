"""Forks: a model that goes on as another scenario is that scenario from the start, bit for bit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm import MeshModel, Scenario, ScenarioError
from mesh_abm.comparison import common_months, fork

BASE = Scenario(n_owners=80, months=14, seed=5, initial_members=0.5)


def shock(kind: str, month: int, value: Any, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "month": month, "value": value, **more}


def series(scenario: Scenario) -> pd.DataFrame:
    model = MeshModel.from_scenario(scenario)
    model.run_for(scenario.months)
    return model.datacollector.get_model_vars_dataframe()


SHOCKS = st.one_of(
    st.builds(
        shock,
        st.sampled_from(["price", "capacity", "merit"]),
        st.integers(2, 13),
        st.sampled_from([0.5, 1.0, 2.0]),
    ),
    st.builds(shock, st.sampled_from(["hubs", "random"]), st.integers(2, 13), st.sampled_from([0.0, 0.2])),
    st.builds(
        shock,
        st.just("set"),
        st.integers(2, 13),
        st.sampled_from([0.1, 0.3]),
        field=st.sampled_from(["churn", "demand"]),
    ),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(SHOCKS, max_size=2), st.lists(SHOCKS, min_size=1, max_size=3))
def test_a_fork_equals_the_unforked_run(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    one, other = BASE.replace(shocks=ours), BASE.replace(shocks=ours + theirs)
    shared = common_months(one, other)
    model = MeshModel.from_scenario(one)
    model.run_for(shared)
    branch = fork(model, other)
    branch.run_for(BASE.months - shared)
    pd.testing.assert_frame_equal(branch.datacollector.get_model_vars_dataframe(), series(other))
    model.run_for(BASE.months - shared)
    pd.testing.assert_frame_equal(model.datacollector.get_model_vars_dataframe(), series(one))


@pytest.mark.parametrize(
    ("ours", "theirs", "months"),
    [
        ([], [], 14),
        ([], [shock("price", 6, 0.5)], 5),
        ([shock("price", 6, 0.5)], [shock("price", 6, 0.5)], 14),
        ([shock("price", 6, 0.5)], [shock("price", 6, 0.5, until=9)], 5),
        ([shock("merit", 4, 2.0), shock("price", 6, 0.5)], [shock("merit", 4, 2.0)], 5),
        ([shock("price", 6, 0.5)], [shock("price", 6, 0.5), shock("price", 6, 0.5)], 5),
        ([shock("price", 1, 0.5)], [], 0),
    ],
)
def test_scenarios_part_where_their_shocks_do(ours: list[Any], theirs: list[Any], months: int) -> None:
    one, other = BASE.replace(shocks=ours), BASE.replace(shocks=theirs)
    assert common_months(one, other) == common_months(other, one) == months


def test_scenarios_that_differ_in_a_parameter_have_nothing_in_common() -> None:
    assert common_months(BASE, BASE.replace(churn=0.3)) == 0
    assert common_months(BASE, BASE.replace(title="another name", seed=9)) == 14


def test_a_fork_too_late_is_refused() -> None:
    model = MeshModel.from_scenario(BASE)
    model.run_for(8)
    with pytest.raises(
        ScenarioError, match="fork in month 8: the scenarios have the months up to 5 in common"
    ):
        fork(model, BASE.replace(shocks=[shock("price", 6, 0.5)]))


def test_the_original_goes_on_undisturbed() -> None:
    model = MeshModel.from_scenario(BASE)
    model.run_for(3)
    before = model.fingerprint()
    fork(model, BASE.replace(shocks=[shock("random", 5, 0.5)])).run_for(6)
    assert model.fingerprint() == before
