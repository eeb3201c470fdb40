"""The model as difference equations: exact limits, conservation, direction of responses, bad input."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm.mean_field import setting_of
from mesh_abm.measures import REGISTRY
from mesh_abm.scenario import Scenario
from mesh_abm.theory import condensation, percolation
from mesh_abm.theory.mean_field import population
from mesh_abm.theory.mean_field_mesh import Setting, Trajectory, trajectory

STILL: dict[str, Any] = {
    "efficiency_growth": 0.0,
    "reinvest": 0.0,
    "device_volume": 0.0,
    "quality_growth": 0.0,
}
SHARES = ("share_mesh", "share_self", "share_provider", "share_unserved")
NO_FLOW = 1e-12


@cache
def reference() -> Setting:
    """The setting of `reference`."""
    return setting_of(Scenario())


def of(**changes: Any) -> Setting:
    """`reference` with changes."""
    return replace(reference(), **changes)


def one_class(merit: float, **changes: Any) -> Setting:
    """A fixed population of one class whose technology stands still, and whose slots are all filled."""
    kinds = {"share": 1.0, "merit": merit, "capacity": 4.0, "quality": 0.6, "running_cost": 100.0}
    return of(**(STILL | {"population": "fixed", "attempts": 64} | kinds | changes))


def test_every_column_is_a_measure_of_the_model() -> None:
    assert {field.name for field in fields(Trajectory)} <= set(REGISTRY)


def test_a_provider_alone_serves_everybody() -> None:
    got = trajectory(of(initial_members=0.0, innovation=0.0), 30)
    assert np.all(got.share_provider[1:] == 1.0)
    assert np.all(got.members == 0.0)
    assert np.all(np.isnan(got.condensate))
    assert np.all(got.share_mesh[1:] + got.share_self[1:] + got.share_unserved[1:] == 0.0)


def test_an_infinite_price_serves_nobody() -> None:
    got = trajectory(of(provider_price=np.inf), 30)
    assert np.all(got.share_provider[1:] == 0.0)
    assert np.all(np.isinf(got.provider_price))
    assert np.all(got.share_unserved[1:] > 0.1)


def test_a_provider_without_capacity_leaves_the_rest_unserved() -> None:
    got = trajectory(of(provider_capacity=0.0), 30)
    assert np.all(got.share_provider[1:] == 0.0)


def test_row_0_is_the_start() -> None:
    got = trajectory(reference(), 0)
    assert (got.members[0], got.condensate[0], got.mean_degree[0], got.s_inf[0]) == (100.0, 1.0, 0.0, 0.0)
    assert (got.unit_cost[0], got.technology_index[0], got.specialization[0]) == (1.0, 0.0, 0.0)
    assert np.isnan(got.market_share[0])
    assert got.month.tolist() == [0.0]


@pytest.mark.parametrize("merit", [0.3, 0.6, 1.5])
@pytest.mark.parametrize(
    ("failure", "churn", "value"), [(0.05, 0.1, 1.0), (0.08, 0.02, 0.8), (0.3, 0.3, 0.5)]
)
def test_the_stationary_condensate_is_the_law_with_churn(
    merit: float, failure: float, churn: float, value: float
) -> None:
    """Exact, as the law's recursion of in-links by age sums to that of their mean; 1e-6 is what 600 months leave."""
    setting = one_class(merit, link_failure=failure, churn=churn, link_value=value)
    assert trajectory(setting, 600).condensate[-1] == pytest.approx(_law(merit, setting), abs=1e-6)


def test_near_the_transition_the_law_is_reached_slowly() -> None:
    setting = one_class(3.0, link_failure=0.08, churn=0.02, link_value=0.8)
    gap = trajectory(setting, 600).condensate[100:] - _law(3.0, setting)
    assert np.all(gap > 0.0)
    assert np.all(np.diff(gap) < 0.0)
    assert gap[0] > 0.1 > 0.02 > gap[-1]


def _law(merit: float, setting: Setting) -> float:
    """The stationary condensate at this merit of the class."""
    eta = condensation.fitness_of_merit(merit * population.factors(setting.merit_spread))
    assert setting.link_value is not None
    return float(condensation.with_churn(eta, setting.link_value, setting.link_failure, setting.churn))


@pytest.mark.parametrize("merit", [0.3, 0.7])
def test_without_churn_the_condensate_goes_to_the_growth_law(merit: float) -> None:
    got = trajectory(one_class(merit, link_failure=0.3, churn=0.0, link_value=1.0), 600)
    assert got.condensate[-1] == pytest.approx(1.0 - merit, abs=1e-6)


def test_above_the_transition_the_condensate_dissolves_without_churn() -> None:
    got = trajectory(one_class(2.0, link_failure=0.3, churn=0.0, link_value=1.0), 600)
    assert got.condensate[-1] < 1e-6


def test_a_growing_population_goes_to_the_growth_law() -> None:
    """As a power of the size: from 20 to 12,000 devices comes within 0.03, from above."""
    changes = {"population": "growth", "arrivals": 20.0, "initial_members": 0.001, "n_owners": 20_000.0}
    got = trajectory(
        one_class(0.3, **changes, merit_spread=0.0, link_failure=0.0, churn=0.0, link_value=1.0), 600
    )
    assert got.members[-1] == pytest.approx(12_020.0)
    assert 0.7 < got.condensate[-1] < 0.73


def test_where_nothing_fails_and_nobody_leaves_nothing_moves() -> None:
    got = trajectory(one_class(1.0, link_failure=0.0, churn=0.0), 50)
    assert np.all(got.condensate == 1.0)
    assert np.all(got.mean_degree == 0.0)


def test_the_component_of_uniform_links_is_that_of_the_slots_formula() -> None:
    changes = {"kernel": "uniform", "link_value": 0.02, "attempts": 1, "link_failure": 0.06, "churn": 0.0}
    got = trajectory(one_class(1.0, **changes), 400)
    assert got.condensate[-1] == 0.0
    size = percolation.giant_component_slots(4, float(got.filled_slots[-1]))
    assert 0.2 < size < 0.98
    assert got.s_inf[-1] == pytest.approx(size, abs=1e-6)


def test_without_investment_and_sales_technology_is_growth_of_efficiency_alone() -> None:
    got = trajectory(of(reinvest=0.0, device_volume=0.0, efficiency_growth=0.013), 60)
    assert np.all(got.unit_cost == 1.0)
    assert got.technology_index == pytest.approx(0.013 * got.month, abs=1e-12)
    c_over_a = np.exp(-0.013 * got.month[:-1])
    assert got.provider_price[1:] == pytest.approx(
        np.rint(1000 * (0.75 + 0.25 * np.maximum(c_over_a, 0.0))), abs=0
    )


def test_a_bar_of_merit_keeps_the_unfit_out() -> None:
    got = trajectory(of(capable_merit=1e9), 5)
    assert np.all(got.members[1:] == 0.0)


def test_a_fixed_population_stays_full() -> None:
    assert np.allclose(trajectory(of(population="fixed", churn=0.3), 20).members, 2000.0)


def test_settlement_capacity_caps_deliveries() -> None:
    setting = of(population="fixed", settlement_capacity=0.05)
    got = trajectory(setting, 60)
    assert np.max(got.share_mesh[1:] * setting.demand) == pytest.approx(0.05)
    assert np.all(trajectory(of(settlement_capacity=0.0), 60).share_mesh[1:] == 0.0)


@pytest.mark.parametrize(
    ("field", "low", "high", "measure", "sign"),
    [
        ("churn", 0.01, 0.1, "condensate", 1),
        ("innovation", 0.001, 0.01, "members", 1),
        ("link_value", 0.2, 1.0, "s_inf", 1),
        ("efficiency_growth", 0.0, 0.03, "market_share", 1),
        ("merit_gain", 0.0, 1.5, "condensate", -1),
        ("ttl", 1, 6, "share_mesh", 1),
        ("looks", 1, 8, "share_mesh", 1),
        ("frontier_share", 0.0, 0.5, "market_share", -1),
        ("provider_price", 900.0, 1500.0, "market_share", 1),
        ("settlement_fee", 0.0, 800.0, "market_share", -1),
        ("learning_rate", 0.0, 0.3, "specialization", 1),
        ("non_owners", 0.0, 3.0, "market_share", -1),
        ("target_use", 0.1, 0.9, "mean_ask", -1),
        ("learning_exponent", 0.0, 0.6, "technology_index", 1),
        ("depreciation", 0.0, 0.2, "share_unserved", 1),
    ],
)
def test_responses_point_the_way_they_should(
    field: str, low: float, high: float, measure: str, sign: int
) -> None:
    base = of(population="fixed") if measure != "members" else reference()
    ends = [
        getattr(trajectory(replace(base, **{field: value}), 90), measure)[-1]
        for value in (low, (low + high) / 2 if isinstance(low, float) else (low + high) // 2, high)
    ]
    assert np.all(sign * np.diff(ends) >= -1e-12)
    assert sign * (ends[-1] - ends[0]) > 0.0


RATES = st.floats(0.0, 1.0)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "churn": RATES,
        "link_failure": RATES,
        "innovation": RATES,
        "initial_members": RATES,
        "frontier_share": RATES,
        "reinvest": RATES,
        "signal_memory": RATES,
        "learning_rate": RATES,
        "link_value": st.none() | RATES,
        "demand": st.floats(0.0, 50.0),
        "merit_spread": st.floats(0.0, 3.0),
        "capable_merit": st.floats(0.0, 2.0),
        "provider_capacity": st.floats(0.0, 10.0) | st.just(np.inf),
        "provider_price": st.sampled_from([0.0, 300.0, 1e7, np.inf]),
        "settlement_capacity": st.sampled_from([0.0, 0.1, np.inf]),
        "choice_noise": st.floats(1e-3, 1e6),
        "steepness": st.floats(0.3, 9.0),
        "initial_threshold": st.floats(0.0, 3.0),
        "reinforcement": st.floats(0.0, 1.0),
        "decay": st.floats(0.0, 1.0),
        "slots": st.integers(1, 9),
        "attempts": st.integers(1, 64),
        "ttl": st.integers(1, 30),
        "looks": st.integers(1, 40),
        "kernel": st.sampled_from(["fitness", "degree", "uniform"]),
        "population": st.sampled_from(["fixed", "adoption", "growth"]),
        "signal": st.sampled_from(["local", "global"]),
        "pricing": st.sampled_from(["cost-plus", "undercut", "fixed"]),
        "mix": st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6),
        "focus": st.floats(0.0, 3.0),
        "non_owners": st.floats(0.0, 5.0),
    },
)


@settings(deadline=None, max_examples=100)
@given(changes=CHANGES)
def test_whatever_the_setting_shares_are_shares_and_all_queries_end(changes: dict[str, Any]) -> None:
    if "mix" in changes:
        changes.setdefault("frontier_share", 0.08)
    setting = replace(reference(), **({"frontier_share": 0.08} | changes))
    got = trajectory(setting, 12)
    total = sum(getattr(got, name)[1:] for name in SHARES)
    if setting.demand > 1e-290:  # less of it by type is lost among the smallest floats
        assert total == pytest.approx(1.0, abs=1e-9)
    for name in (*SHARES, "market_share", "condensate", "s_inf", "filled_slots", "specialization", "active",
                 "link_value", "up_to_date", "share_mesh_head", "share_mesh_tail"):  # fmt: skip
        values = getattr(got, name)
        known = values[~np.isnan(values)]
        assert np.all((known >= -1e-9) & (known <= 1.0 + 1e-9)), name
    assert np.all((got.members >= 0.0) & (got.members <= setting.n_owners * (1.0 + 1e-12)))
    for name in ("mean_degree", "unit_cost", "mean_ask", "mean_knowledge"):
        values = getattr(got, name)
        assert np.all(values[~np.isnan(values)] >= 0.0), name
    assert np.all(np.diff(got.unit_cost) <= 0.0)


BAD: list[tuple[str, Any]] = [
    ("churn", -0.1), ("churn", 1.1), ("churn", np.nan), ("churn", "often"), ("churn", [0.1, 0.2]),
    ("choice_noise", 0.0), ("slots", 0), ("slots", 2.5), ("ttl", 0), ("looks", 0), ("release_every", 0),
    ("kernel", "random"), ("population", "rising"), ("signal", None), ("pricing", "free"),
    ("link_value", 2.0), ("provider_price", -1.0), ("provider_price", np.nan), ("demand", np.inf),
    ("merit", [0.1]), ("merit", [-1.0] * 4), ("share", [0.0] * 4), ("share", [[1.0]]), ("quality", [1.2] * 4),
    ("mix", []), ("mix", [0.0, 0.0]), ("mix", [-1.0, 2.0]), ("frontier_share", [0.1, 0.2]), ("n_owners", 0.0),
    ("threshold_max", 0.001), ("efficiency_growth", np.inf), ("cumulative_production", 0.0), ("steepness", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD)
def test_bad_input_is_one_line_that_names_the_argument(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^(weights of )?{field}\b") as error:
        of(**{field: value})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("months", [-1, 1.5, np.nan, "two"])
def test_bad_months_are_named(months: Any) -> None:
    with pytest.raises(ValueError, match=r"^months\b"):
        trajectory(reference(), months)


def test_every_number_of_a_setting_is_checked() -> None:
    numbers = [
        field.name
        for field in fields(Setting)
        if field.init and isinstance(getattr(reference(), field.name), (int, float))
    ]
    assert len(numbers) > 50
    for name in numbers:
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            of(**{name: np.nan})
