"""Shocks: what is refused, and which are in force in a month."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm.scenario import FIELDS, Scenario, ScenarioError
from mesh_abm.shocks import Shock, active_settings, ending, factor, starting


def setting(month: int, value: Any, until: int | None = None, field: str = "churn") -> Shock:
    return Shock(month=month, until=until, kind="set", field=field, value=value)


def refused(**fields: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        Shock(**({"month": 3, "kind": "price", "value": 2} | fields))
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- one shock


def test_a_shock_lasts_from_its_month_until_its_last_month() -> None:
    assert [month for month in range(8) if setting(3, 0.5, until=5).in_force(month)] == [3, 4, 5]
    assert [month for month in range(8) if setting(3, 0.5, until=3).in_force(month)] == [3]
    assert [month for month in range(8) if setting(6, 0.5).in_force(month)] == [6, 7]


@pytest.mark.parametrize("kind", ["hubs", "random"])
def test_a_removal_comes_once(kind: Any) -> None:
    shock = Shock(month=3, kind=kind, value=0.1)
    assert [month for month in range(8) if shock.in_force(month)] == [3]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"month": 0}, "month = 0: must be a whole number from 1 to 1000000 (month)"),
        ({"month": 1.5}, "month = 1.5: must be a whole number from 1 to 1000000 (month)"),
        ({"month": True}, "month = True: must be a whole number from 1 to 1000000 (month)"),
        ({"until": 2}, "until = 2: must not be before month = 3"),
        ({"kind": "prise"}, "kind = 'prise': must be one of set, price, capacity, merit, hubs, random"),
        ({"value": 0}, "value = 0: must be a number above 0, the factor by which price is multiplied"),
        ({"value": -1}, "value = -1: must be a number above 0, the factor by which price is multiplied"),
        ({"value": math.inf}, "value = inf: must be a number above 0, the factor by which price is multiplied"),
        ({"value": "2"}, "value = '2': must be a number above 0, the factor by which price is multiplied"),
        ({"value": [2]}, "value = (2.0,): must be a number above 0, the factor by which price is multiplied"),
        ({"value": math.nan}, "value = nan: must be a number"),
        ({"value": True}, "value = True: must be a number"),
        ({"kind": "hubs", "value": 1.1}, "value = 1.1: must be a number from 0 to 1, the share of members removed"),
        ({"kind": "random", "value": -1}, "value = -1: must be a number from 0 to 1, the share of members removed"),
        ({"kind": "hubs", "value": 1, "until": 4}, "until = 4: must be left out, a hubs shock removes members once"),
        ({"field": "churn"}, "field = 'churn': must be left out unless kind is 'set'"),
        ({"kind": "set"}, "field is missing: a set shock must name the field that it changes"),
        ({"valu": 2}, "unknown field 'valu'; did you mean 'value'?"),
    ],
)  # fmt: skip
def test_wrong_shocks_are_refused(fields: dict[str, Any], line: str) -> None:
    assert refused(**fields) == line


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ScenarioError, match="value is missing"):
        Shock(month=1, kind="price")
    with pytest.raises(ScenarioError, match="month is missing"):
        Shock(kind="price", value=2)


def test_numpy_values_are_plain_numbers() -> None:
    shock = Shock(month=np.int64(3), kind="merit", value=np.float32(0.5))
    assert (type(shock.month), type(shock.value)) == (int, float)


# --- which are in force


def test_settings_in_force() -> None:
    shocks = (setting(3, 0.5, until=4), setting(4, 9, field="attempts"))
    assert [active_settings(shocks, month) for month in range(2, 6)] == [
        {},
        {"churn": 0.5},
        {"churn": 0.5, "attempts": 9},
        {"attempts": 9},
    ]


def test_the_setting_that_began_last_counts_and_the_other_returns() -> None:
    shocks = (setting(4, 0.3, until=5), setting(2, 0.1), setting(4, 0.4, until=4))
    found = [active_settings(shocks, month).get("churn") for month in range(1, 8)]
    assert found == [None, 0.1, 0.1, 0.4, 0.3, 0.1, 0.1]


def test_factors_multiply_while_they_last() -> None:
    shocks = (
        Shock(month=2, until=4, kind="price", value=3),
        Shock(month=3, kind="price", value=0.5),
        Shock(month=3, kind="merit", value=7),
    )
    assert [factor(shocks, "price", month) for month in range(1, 7)] == [1, 3, 1.5, 1.5, 0.5, 0.5]
    assert factor(shocks, "merit", 2) == 1.0
    assert factor(shocks, "capacity", 3) == 1.0
    assert type(factor((), "price", 1)) is float


def test_what_starts_and_what_ends() -> None:
    short, long, other = (
        Shock(month=2, until=2, kind="price", value=3),
        Shock(month=2, until=4, kind="price", value=5),
        Shock(month=2, kind="capacity", value=7),
    )
    shocks = (short, long, other)
    assert starting(shocks, "price", 2) == (short, long)
    assert starting(shocks, "price", 3) == ()
    assert [ending(shocks, "price", month) for month in range(2, 7)] == [(), (short,), (), (long,), ()]
    assert ending(shocks, "capacity", 9) == ()


lasting = st.builds(
    lambda month, length, value: Shock(
        month=month, until=length and month + length, kind="price", value=value
    ),
    st.integers(1, 9),
    st.none() | st.integers(1, 9),
    st.sampled_from([0.5, 2.0, 4.0]),
)


@settings(deadline=None)
@given(st.lists(lasting, max_size=5))
def test_the_factor_is_what_started_divided_by_what_ended(shocks: list[Shock]) -> None:
    """Month by month, exactly: the values are powers of two."""
    running = 1.0
    for month in range(1, 21):
        running *= math.prod(float(shock.value) for shock in starting(shocks, "price", month))
        running /= math.prod(float(shock.value) for shock in ending(shocks, "price", month))
        assert running == factor(shocks, "price", month)


# --- in a scenario


def test_a_scenario_in_a_month() -> None:
    scenario = Scenario(
        shocks=[setting(3, 0.5, until=4), setting(4, "none", field="link_value")], link_value=0.5
    )
    assert scenario.at(2) is scenario
    assert scenario.at(3).churn == scenario.at(4).churn == 0.5
    assert scenario.at(5).churn == 0.02
    assert (scenario.at(3).link_value, scenario.at(4).link_value) == (0.5, None)
    assert scenario.at(3).replace(churn=0.02) == scenario


def test_a_setting_takes_the_type_of_its_field() -> None:
    scenario = Scenario(
        shocks=[setting(1, 3.0, field="attempts"), setting(1, [0.5] * 8, field="frontier_share")]
    )
    assert type(scenario.at(1).attempts) is int
    assert scenario.at(1).frontier_share == (0.5,) * 8


@pytest.mark.parametrize(
    ("shock", "line"),
    [
        (
            {"field": "slots", "value": 2},
            "shocks[0].field = 'slots': must be a field that may change during a run; did you mean 'looks'?",
        ),
        (
            {"field": "chrun", "value": 2},
            "shocks[0].field = 'chrun': must be a field that may change during a run; did you mean 'churn'?",
        ),
        ({"field": "churn", "value": 2}, "shocks[0].value: churn = 2.0: must be a number from 0 to 1 (per month)"),
        ({"field": "churn", "value": "a"}, "shocks[0].value: churn = 'a': must be a number from 0 to 1 (per month)"),
        (
            {"field": "attempts", "value": 1.5},
            "shocks[0].value: attempts = 1.5: must be a whole number from 0 to 1000 (per month)",
        ),
        (
            {"field": "frontier_share", "value": [0.5]},
            "shocks[0].value: frontier_share: 1 numbers given; must be one, or task_types = 8 of them",
        ),
    ],
)  # fmt: skip
def test_a_setting_is_checked_as_its_field(shock: dict[str, Any], line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario(shocks=[{"month": 3, "kind": "set"} | shock])
    assert str(caught.value) == line


def test_a_wrong_shock_of_a_scenario_is_named_by_its_place() -> None:
    good, bad = {"month": 1, "kind": "price", "value": 2}, {"month": 1, "kind": "price", "value": 0}
    with pytest.raises(ScenarioError, match=r"^shocks\[1\]\.value = 0: must be a number above 0"):
        Scenario(shocks=[good, bad])
    with pytest.raises(ScenarioError, match=r"^shocks\[0\]: unknown field 'mont'; did you mean 'month'"):
        Scenario(shocks=[{"mont": 1}])


def test_a_setting_that_is_covered_by_another_is_checked_too() -> None:
    with pytest.raises(ScenarioError, match=r"^shocks\[0\]\.value: churn = 7"):
        Scenario(shocks=[setting(3, 7), setting(3, 0.5)])


@pytest.mark.parametrize("name", [card.name for card in FIELDS.values() if card.shockable])
def test_every_starred_field_can_be_set(name: str) -> None:
    value = FIELDS[name].default
    same = Scenario(shocks=[setting(1, "none" if value is None else value, field=name)])
    assert same.at(1).replace(shocks=()) == Scenario()


@pytest.mark.parametrize("name", [card.name for card in FIELDS.values() if not card.shockable])
def test_no_other_field_can_be_set(name: str) -> None:
    with pytest.raises(ScenarioError, match="must be a field that may change during a run"):
        Scenario(shocks=[setting(1, 1, field=name)])
