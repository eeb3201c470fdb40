"""Rule 1: production lowers cost, cost and efficiency raise merit and capacity, the quality gap closes by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesh_abm.rules.technology import Technology
from mesh_abm.scenario import DeviceClass, Shock
from mesh_abm.technology import fitness

SMALL = DeviceClass(name="small", share=0.75, merit=0.2, capacity=2, quality=0.5, running_cost=60)
LARGE = DeviceClass(name="large", share=0.25, merit=2, capacity=8, quality=0.9, running_cost=140)


def advanced(model, months=1):
    for month in range(model.month, model.month + months):
        model.month = month
        model.rules.shocks.apply(model)
        Technology().apply(model)
    return model.technology


def test_unit_cost_follows_wrights_law_from_q0(mesh):
    model = mesh(4, cumulative_production=5, learning_exponent=0.5)
    assert model.technology.base == 20
    model.technology.production = 80.0  # four times Q0
    assert advanced(model).unit_cost == 0.5


def test_efficiency_grows_in_every_step_the_first_included(mesh):
    model = mesh(4, efficiency_growth=0.1)
    assert model.technology.efficiency == 1
    assert advanced(model).efficiency == pytest.approx(math.exp(0.1), rel=1e-15)
    assert advanced(model, 2).efficiency == pytest.approx(math.exp(0.3), rel=1e-15)


def test_merit_and_capacity_follow_the_technology_index_by_their_elasticities(mesh):
    model = mesh(
        4,
        classes=(SMALL, LARGE),
        learning_exponent=0.5,
        efficiency_growth=0.2,
        merit_gain=2,
        capacity_gain=0.5,
    )
    model.technology.production = 16.0
    tech = advanced(model)
    index = 0.2 + math.log(2)  # ln(A / c) with c = (16/4)^-.5 = 1/2
    assert tech.index == pytest.approx(index)
    merits = np.array([0.2, 2]) * math.exp(2 * index)
    assert model.state.merit == pytest.approx(merits[model.state.device_class])
    assert model.class_capacity() == pytest.approx(np.array([2, 8]) * math.exp(0.5 * index))


def test_owners_differ_in_merit_by_a_lognormal_factor_of_mean_one(mesh):
    n, spread = 40_000, 0.3
    model = mesh(n, merit_spread=spread)
    factor = model.state.personal
    assert np.array_equal(model.state.merit, factor)
    # False alarm 1e-6 each: mean within 5 standard errors, sd of the logs too
    assert factor.mean() == pytest.approx(1, abs=5 * math.sqrt((math.exp(spread**2) - 1) / n))
    assert np.log(factor).std() == pytest.approx(spread, abs=5 * spread / math.sqrt(2 * n))
    assert np.log(factor).mean() == pytest.approx(-(spread**2) / 2, abs=5 * spread / math.sqrt(n))


def test_classes_have_quotas_by_largest_remainder(mesh):
    # 10 owners, shares .31 .36 .33: whole parts 3 3 3, and the one left over goes to the largest remainder, .6
    shares = {"a": 0.31, "b": 0.36, "c": 0.33}
    classes = tuple(
        DeviceClass(name=name, share=share, merit=1, capacity=1, quality=0.5, running_cost=1)
        for name, share in shares.items()
    )
    counts = [np.bincount(mesh(10, classes=classes, rng=seed).state.device_class).tolist() for seed in (1, 2)]
    assert counts == [[3, 4, 3]] * 2


def test_fitness_over_its_complement_is_merit():
    merit = np.array([0.0, 0.25, 1.0, 3.0])
    assert fitness(merit).tolist() == [0, 0.2, 0.5, 0.75]


def test_the_gap_of_class_quality_to_one_shrinks_at_its_rate(mesh):
    model = mesh(4, classes=(SMALL, LARGE), quality_growth=0.1)
    advanced(model, 3)
    assert model.class_quality() == pytest.approx([1 - 0.5 * math.exp(-0.3), 1 - 0.1 * math.exp(-0.3)])


def test_a_shock_to_a_rate_does_not_rewrite_the_past(mesh):
    shocks = [
        Shock(month=3, kind="set", field=name, value=0) for name in ("efficiency_growth", "quality_growth")
    ]
    model = mesh(4, efficiency_growth=0.1, quality_growth=0.2, shocks=tuple(shocks))
    tech = advanced(model, 4)
    assert tech.efficiency == pytest.approx(math.exp(0.2))
    assert tech.quality_gap == pytest.approx(math.exp(-0.4))


def test_costs_cross_at_the_production_where_hardware_is_as_cheap_as_the_margin(mesh):
    model = mesh(
        4, classes=(SMALL, LARGE), learning_exponent=0.5, hardware_cost=3600, provider_price=1000,
        efficiency_growth=math.log(2),
    )  # fmt: skip
    tech = advanced(model)
    # The mean of the classes' running costs is unweighted, (60 + 140) / 2; bracket 3600 / (2 (1000 - 100)) = 2, squared
    assert tech.distance == pytest.approx(4 * 2**2 - 4)


def test_the_distance_to_the_crossing_takes_the_price_as_it_is_not_rounded(mesh):
    model = mesh(4, learning_exponent=1, hardware_cost=1000)
    model.provider.price = 200.4
    assert advanced(model).distance == pytest.approx(4 * 1000 / 100.4 - 4)


@pytest.mark.parametrize("price", [100, 99, 0])
def test_without_a_margin_costs_never_cross(mesh, price):
    assert advanced(mesh(4, provider_price=price)).distance == math.inf


@pytest.mark.parametrize(("hardware_cost", "crossing"), [(899, 0), (900, 0), (901, math.inf)])
def test_without_learning_costs_have_crossed_or_never_will(mesh, hardware_cost, crossing):
    model = mesh(4, learning_exponent=0, hardware_cost=hardware_cost, provider_price=1000)
    assert advanced(model).distance == crossing - 4


def test_an_infinite_price_has_been_crossed_from_the_start(mesh):
    assert advanced(mesh(4, learning_exponent=0.5, provider_price=math.inf)).distance == -4
