"""Shocks: what is refused, and which are in force in a month."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm.scenario import FIELDS, Scenario, ScenarioError
from mesh_abm.shocks import Shock, active_settings, barred, ending, factor, in_words, starting


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
        (
            {"kind": "prise"},
            "kind = 'prise': must be one of set, price, capacity, merit, release, hubs, random, bar, mix",
        ),
        ({"value": 0}, "value = 0: must be a number above 0, the factor by which price is multiplied"),
        ({"value": -1}, "value = -1: must be a number above 0, the factor by which price is multiplied"),
        ({"value": math.inf}, "value = inf: must be a number above 0, the factor by which price is multiplied"),
        ({"value": "2"}, "value = '2': must be a number above 0, the factor by which price is multiplied"),
        ({"value": [2]}, "value = (2.0,): must be a number above 0, the factor by which price is multiplied"),
        ({"value": math.nan}, "value = nan: must be a number"),
        ({"value": True}, "value = True: must be a number"),
        ({"kind": "hubs", "value": 1.1}, "value = 1.1: must be a number from 0 to 1, the share of members removed"),
        ({"kind": "random", "value": -1}, "value = -1: must be a number from 0 to 1, the share of members removed"),
        (
            {"kind": "release", "value": 0},
            "value = 0: must be a number above 0, the factor by which the quality of the provider is multiplied",
        ),
        ({"kind": "bar", "value": 2}, "value = 2: must be the name of the device class that is barred from joining"),
        (
            {"kind": "mix", "value": 2},
            "value = 2: must be a list of numbers, one per task type, or the name of a shipped mix",
        ),
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


def test_a_mix_is_a_setting_of_its_own() -> None:
    shocks = (Shock(month=2, until=3, kind="mix", value=[1, 2]), setting(3, 0.5))
    assert [active_settings(shocks, month) for month in (1, 2, 3, 4)] == [
        {},
        {"mix": (1, 2)},
        {"mix": (1, 2), "churn": 0.5},
        {"churn": 0.5},
    ]


def test_who_is_barred() -> None:
    shocks = (
        Shock(month=2, until=3, kind="bar", value="phone"),
        Shock(month=3, kind="bar", value="laptop"),
    )
    assert [barred(shocks, month) for month in (1, 2, 3, 4)] == [
        set(),
        {"phone"},
        {"phone", "laptop"},
        {"laptop"},
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"kind": "price", "value": 2}, "from month 3: price x 2"),
        ({"kind": "release", "value": 1.2, "until": 3}, "month 3: provider quality x 1.2"),
        ({"kind": "hubs", "value": 0.1}, "month 3: 0.1 of the best linked members, removed"),
        ({"kind": "random", "value": 0.1}, "month 3: 0.1 of members, any, removed"),
        ({"kind": "bar", "value": "phone", "until": 9}, "from month 3 to 9: class phone barred from joining"),
        ({"kind": "mix", "value": [1, 0.5]}, "from month 3: mix = 1, 0.5"),
        ({"kind": "mix", "value": "wildchat_2024"}, "from month 3: mix = wildchat_2024"),
        ({"kind": "set", "field": "churn", "value": 1.0}, "from month 3: churn = 1"),
        ({"kind": "set", "field": "link_value", "value": "none"}, "from month 3: link_value = none"),
    ],
)
def test_a_shock_in_words(fields: dict[str, Any], line: str) -> None:
    assert in_words(Shock(month=3, **fields)) == line


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


@pytest.mark.parametrize(
    ("shock", "line"),
    [
        (
            {"kind": "bar", "value": "phnoe"},
            "shocks[0].value = 'phnoe': must be a device class (phone, laptop, desktop, workstation); "
            "did you mean 'phone'?",
        ),
        (
            {"kind": "mix", "value": [1, 2]},
            "shocks[0].value: mix: 2 types; must be task_types = 8 of them, as types neither come nor go during a run",
        ),
        (
            {"kind": "mix", "value": [0] * 8},
            "shocks[0].value: mix = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0): must be numbers of 0 or more, "
            "not all of them 0",
        ),
    ],
)  # fmt: skip
def test_a_class_or_mix_that_does_not_fit_is_refused(shock: dict[str, Any], line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario(shocks=[{"month": 3} | shock])
    assert str(caught.value) == line


def test_a_mix_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"^shocks\[0\].value: mix = 'chats': must be a shipped mix"):
        Scenario(shocks=[{"month": 3, "kind": "mix", "value": "chats"}])


def test_a_mix_may_be_a_shipped_one() -> None:
    shock = {"month": 3, "kind": "mix", "value": "claude_clio_2024"}
    wild = Scenario(mix="claude_clio_2024")
    scenario = Scenario(task_types=wild.task_types, shocks=[shock])
    assert scenario.at(3).weights().tolist() == wild.weights().tolist()
    assert Scenario.from_toml(scenario.to_toml()) == scenario


def test_a_mix_equal_to_w_is_none_at_all_whatever_its_scale() -> None:
    weights = Scenario().weights()
    for scale in (1, 3, 1e-5):
        scenario = Scenario(shocks=[{"month": 3, "kind": "mix", "value": weights * scale}])
        assert scenario.at(3) is scenario
    other = Scenario(shocks=[{"month": 3, "kind": "mix", "value": weights + 1e-6}])
    assert other.at(3) is not other


@pytest.mark.parametrize("name", [card.name for card in FIELDS.values() if card.shockable])
def test_every_starred_field_can_be_set(name: str) -> None:
    value = FIELDS[name].default
    same = Scenario(shocks=[setting(1, "none" if value is None else value, field=name)])
    assert same.at(1).replace(shocks=()) == Scenario()


@pytest.mark.parametrize("name", [card.name for card in FIELDS.values() if not card.shockable])
def test_no_other_field_can_be_set(name: str) -> None:
    with pytest.raises(ScenarioError, match="must be a field that may change during a run"):
        Scenario(shocks=[setting(1, 1, field=name)])
