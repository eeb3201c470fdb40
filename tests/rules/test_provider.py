"""Rule 9: the provider invests, which lowers everybody's costs, and sets price and quality of the months to come."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesh_abm.rules.provider import Provider, quality_by_type

RULE = Provider()


def sold(model, revenue):
    """The provider has taken `revenue` this month."""
    model.provider.sell(1, revenue)
    model.money.injected += revenue
    return model


def test_it_spends_the_whole_part_of_its_share_of_revenue_on_capacity(mesh):
    model = sold(mesh(4, reinvest=0.3, unit_price=600, depreciation=0.1), 10_003)
    model.technology.unit_cost = 0.5
    RULE.apply(model)
    # floor(3000.9) = 3000 buys 3000 / (600 x .5) = 10; K = .9 x 12 + 10
    assert (model.money.till, model.money.spent) == (7003, 3000)
    assert model.provider.capacity == pytest.approx(20.8)
    assert model.flows.capacity_bought == pytest.approx(10)


def test_production_grows_by_what_is_bought_and_by_those_who_joined(mesh):
    model = sold(mesh(4, reinvest=1, unit_price=100, datacenter_volume=0.5, device_volume=3), 2000)
    model.flows.joined = 2
    RULE.apply(model)
    assert model.technology.production == pytest.approx(4 + 0.5 * 20 + 3 * 2)


def test_without_revenue_capacity_wears_out(mesh):
    model = mesh(4, depreciation=0.25)
    for _ in range(3):
        RULE.apply(model)
    assert model.provider.capacity == pytest.approx(12 * 0.75**3)
    assert model.technology.production == 4
    assert (model.money.till, model.money.spent) == (0, 0)


def test_only_revenue_of_the_month_is_reinvested(mesh):
    model = mesh(4, reinvest=0.5)
    model.money.till = 1_000_000
    RULE.apply(model)
    assert model.money.till == 1_000_000


@pytest.mark.parametrize(("passed_on", "price"), [(0, 1000), (0.25, 800), (1, 200)])
def test_cost_plus_passes_on_its_part_of_the_fall_in_cost(mesh, passed_on, price):
    model = mesh(2, pass_through=passed_on)
    model.technology.unit_cost, model.technology.efficiency = 0.5, 2.5  # c / A = .2
    model.provider.price = 77.0  # where the price was does not matter
    RULE.apply(model)
    assert model.provider.price == pytest.approx(price)


def test_a_fixed_price_stays(mesh):
    model = mesh(2, pricing="fixed")
    model.technology.unit_cost, model.provider.price = 0.1, 777.25
    RULE.apply(model)
    assert model.provider.price == 777.25


def undercutting(mesh, hand, **fields):
    model = mesh(3, pricing="undercut", undercut=0.1, cost_share=0.2, **fields)
    hand.put_on(model, 0, 0, ask=500)
    hand.put_on(model, 1, 1, ask=800, capacity=0)
    model.state.ask[2] = 5  # idle: its ask does not count
    return model


def test_undercut_stays_below_the_mean_ask_of_devices_on_a_task(mesh, hand):
    model = undercutting(mesh, hand)
    RULE.apply(model)
    assert model.provider.price == pytest.approx(0.9 * 650)


def test_undercut_never_rises_with_the_asks(mesh, hand):
    model = undercutting(mesh, hand)
    model.provider.price = 400.5
    RULE.apply(model)
    assert model.provider.price == 400.5


def test_undercut_stops_at_its_cost(mesh, hand):
    model = undercutting(mesh, hand)
    model.state.ask[:2] = 150
    RULE.apply(model)
    assert model.provider.price == pytest.approx(200)  # .2 p0
    model.technology.unit_cost, model.technology.efficiency = 0.5, 2
    RULE.apply(model)
    assert model.provider.price == pytest.approx(135)  # the floor is 50 now: .9 x 150


def test_undercut_waits_while_no_device_is_on_a_task(mesh):
    model = mesh(3, pricing="undercut")
    model.provider.price = 640.0
    RULE.apply(model)
    assert model.provider.price == 640


def test_quality_is_uniform_without_focus_and_leaves_the_tail_behind_with_it():
    weights = np.array([0.5, 0.3, 0.2])
    assert quality_by_type(weights, 0).tolist() == [1, 1, 1]
    # f = 3 w = 1.5, .9, .6; mean over the mix .75 + .27 + .12 = 1.14
    assert quality_by_type(weights, 1) == pytest.approx([1, 0.9 / 1.14, 0.6 / 1.14])
    # f = (3 w)^2 = 2.25, .81, .36; mean 1.125 + .243 + .072 = 1.44
    assert quality_by_type(weights, 2) == pytest.approx([1, 0.5625, 0.25])


def test_the_new_terms_hold_from_the_next_month(mesh):
    model = mesh(50, pass_through=1, efficiency_growth=math.log(2), reinvest=0, depreciation=0.5)
    model.month = 0
    terms = []
    for _ in range(3):
        model.step()
        terms.append((model.record["provider_price"], model.flows.capacity))
    assert terms == [(1000, 150), (500, 75), (250, 37.5)]  # c / A of month 1 is 1/2, paid in month 2


@pytest.mark.parametrize("fields", [
    {"provider_capacity": math.inf, "depreciation": 1},
    {"provider_price": math.inf, "pricing": "undercut", "cost_share": 0},
    {"provider_price": math.inf, "pass_through": 1},
])  # fmt: skip
def test_infinite_terms_stay_infinite(mesh, hand, fields):
    model = mesh(3, **fields)
    hand.put_on(model, 0, 0)
    RULE.apply(model)
    assert not math.isnan(model.provider.capacity)
    assert not math.isnan(model.provider.price)
