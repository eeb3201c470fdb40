"""Rules of the twin worked by hand, one at a time."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from mesh_abm.scenario import Scenario

from . import market
from .device import Device
from .knowledge import spread_updates
from .linking import link_value
from .model import TwinModel
from .population import adoption_chance, enter
from .search import Offer, Query, search


def world(owners: int = 4, **changes: Any) -> tuple[TwinModel, list[Device]]:
    """All owners members of a line 0 - 1 - 2 - .., nothing else linked."""
    fields: dict[str, Any] = {"n_owners": owners, "initial_members": 0, "merit_spread": 0}
    model = TwinModel(Scenario(**(fields | changes)), 1)
    devices = [enter(model, owner) for owner in model.owners]
    model.update_members()
    for left, right in pairwise(devices):
        left.link(0, right)
    return model, devices


def test_unit_cost_falls_by_the_exponent_and_the_crossing_follows_the_price() -> None:
    model, _ = world(100)
    technology = model.technology
    technology.production = 200
    technology.advance(model.par)
    assert technology.unit_cost == pytest.approx(2**-0.23)
    assert technology.index == pytest.approx(0.02 + 0.23 * math.log(2))
    # Mean running cost of the four classes is 112.5
    bracket = 2000 / (math.exp(0.02) * (1000 - 112.5))
    expected = 100 * bracket ** (1 / 0.23) - 200
    assert technology.distance_to_crossing(model.par, 1000) == pytest.approx(expected)
    assert technology.distance_to_crossing(model.par, 112) == math.inf


def test_adoption_needs_a_gain_above_the_cost_of_being_online() -> None:
    model, _ = world(4, innovation=0.01)
    assert adoption_chance(model) == pytest.approx(1 - math.exp(-0.01))
    model.benefit = 1300.0  # 2B - 1 = tanh(1/2)
    assert adoption_chance(model) == pytest.approx(1 - math.exp(-0.01 - 0.6 * math.tanh(0.5)))


def test_link_value_compares_typical_offers() -> None:
    model, devices = world(1)
    base, ask = devices[0].owner.device_class.quality, devices[0].ask
    gain = 3000 * (base - 1) - ask - 5 - 10 + 1000 + 100
    assert link_value(model) == pytest.approx(1 / (1 + math.exp(-gain / 200)))
    devices[0].shares = [1.0] + [0.0] * 7
    gain += 3000 * 0.6 * (1 - base)
    assert link_value(model) == pytest.approx(1 / (1 + math.exp(-gain / 200)))


def test_newcomers_ask_half_way_and_follow_their_use() -> None:
    _, devices = world(2)
    device = devices[0]
    cost = device.running_cost
    assert device.ask == round((cost + 1000) / 2)
    device.adjust_ask()  # no capacity last month: kept
    assert device.ask == round((cost + 1000) / 2)
    device.capacity, device.load, device.ask = 4, 4, 500
    device.adjust_ask()
    assert device.ask == round(500 * math.exp(0.1 * 0.3))
    device.load, device.ask = 0, cost
    device.adjust_ask()
    assert device.ask == cost


def test_income_stops_at_the_cap_and_standing_cost_is_paid_if_it_can_be() -> None:
    model, (rich, poor) = world(2, income=1000, wallet_cap=10_500, standing_cost=300)
    rich.earn_income()
    assert rich.wallet == 10_200
    poor.wallet = 10_500
    poor.earn_income()
    assert poor.wallet == 10_200
    assert (model.ledger.injected, model.ledger.spent) == (500, 600)


def test_without_a_signal_a_device_is_idle_and_with_a_strong_one_it_specializes() -> None:
    _, (device, _) = world(2)
    device.respond()
    assert (device.task, device.capacity) == (None, 0)
    device.signal = [0.0] * 3 + [1e6] + [0.0] * 4
    device.respond()
    assert device.task == 3
    assert device.capacity in (math.floor(device.capability / 8), math.floor(device.capability / 8) + 1)


def test_done_tasks_get_easier_and_all_others_harder() -> None:
    _, (device, idle) = world(2)
    for one in (device, idle):
        one.thresholds = [0.5] * 7 + [1.99]
    device.task, device.capacity, device.load = 2, 3, 1
    idle.task, idle.capacity, idle.load = 2, 3, 0
    device.learn()
    idle.learn()
    assert device.thresholds == pytest.approx([0.55, 0.55, 0.25, 0.55, 0.55, 0.55, 0.55, 2])
    assert idle.thresholds == pytest.approx([0.55] * 7 + [2])
    assert device.shares[2] == pytest.approx(0.85 / 8 + 0.15)
    assert idle.shares == [1 / 8] * 8


def test_the_gain_of_a_query_is_the_surplus_over_the_provider_alone() -> None:
    model, _ = world(1)
    _, gain = market.choose(model, {"provider": 1900.0, "mesh": 1900.0})
    assert gain == pytest.approx(200 * math.log(2))
    assert market.choose(model, {"provider": 1900.0}) == ("provider", 0.0)
    choice, gain = market.choose(model, {"mesh": 700.0})
    assert (choice, gain) == ("mesh", 700)
    choice, gain = market.choose(model, {"provider": -1e6, "self": 5.0})
    assert (choice, gain) == ("self", 1_000_005)


def offer_from(specialist: Device, pay: int) -> Offer:
    """An offer at one hop."""
    return Offer(specialist, hops=1, pay=pay, relay_fee=0, utility=0.0)


def test_what_the_provider_has_in_its_favor_is_the_reason() -> None:
    model, (a, b) = world(2)
    query = Query(a, 0, frontier=False)
    reasons = []
    for quality, pay in ((0.5, 2000), (0.9, 2000), (1.0, 900)):
        b.quality = quality
        reasons.append(market.advantage(model, query, offer_from(b, pay)))
    assert reasons == ["quality", "price", "taste"]


def test_a_delivery_fails_for_the_first_thing_that_lacks() -> None:
    model, (a, b) = world(2, settlement_capacity=0.5)
    query = Query(a, 0, frontier=False)
    offer = offer_from(b, b.ask + 5)
    b.task, a.wallet, outcomes = 0, offer.pay - 1, []
    for capacity, wallet in ((0, 0), (9, offer.pay - 1), (9, offer.pay), (9, offer.pay)):
        b.capacity, a.wallet = capacity, wallet
        outcomes.append(market.deliver(model, query, offer))
    assert outcomes == ["no_capacity", "funds", "", "settlement"]
    assert (model.flows.settled, model.flows.unsettled) == (1, 1)
    assert a.wallet == offer.pay


def test_calls_are_heard_by_the_origin_and_along_the_walk() -> None:
    model, (a, b, c) = world(3, frontier_share=0, churn=0, innovation=0)
    for task, device in enumerate((a, b, c)):
        device.heard[task] = 3
    market.update_signals(model, [0] * 8)
    assert (a.signal[0], b.signal[1]) == pytest.approx((0.2 * 8 / 2 * 3,) * 2)
    market.update_signals(model, [0] * 8)
    assert a.signal[0] == pytest.approx(0.8 * 2.4)
    asked = Query(a, 5, frontier=False)
    search(model, asked)
    assert (asked.outcome, len(asked.moves)) == ("no_specialist", 3)


def test_the_provider_invests_and_passes_falling_cost_on() -> None:
    model, _ = world(10, pass_through=0.5)
    provider, technology = model.provider, model.technology
    technology.unit_cost, technology.efficiency = 0.5, 1.25
    provider.till = model.flows.revenue = 20_000
    model.flows.joined = 4
    provider.invest()
    assert (provider.till, model.ledger.spent) == (14_000, 6_000)
    assert provider.capacity == pytest.approx(30 * 0.98 + 2)
    assert technology.production == pytest.approx(10 + 0.1 * 2 + 0.05 * 4)
    provider.set_price()
    assert provider.price == pytest.approx(1000 * (0.5 + 0.5 * 0.4))


def test_an_undercutting_provider_goes_below_the_asks_but_not_below_its_floor_and_never_up() -> None:
    model, (a, b) = world(2, pricing="undercut")
    provider = model.provider
    provider.set_price()
    assert provider.price == 1000  # nobody on a task
    a.task = 0
    for ask, price in ((800, 760), (900, 760), (10, 200)):
        a.ask, b.ask = ask, 1
        provider.set_price()
        assert provider.price == pytest.approx(price)


def test_a_provider_with_focus_neglects_the_long_tail() -> None:
    model, _ = world(1, focus=1.0)
    weights = model.provider.weights
    mean_effort = sum(w * w for w in weights)
    assert model.provider.qualities() == pytest.approx([min(1, w / mean_effort) for w in weights])
    assert world(1)[0].provider.qualities() == [1] * 8


def test_releases_seed_and_neighbors_pass_them_on_all_at_once() -> None:
    model, devices = world(4, update_rate=1, update_recovery=0, update_seed=0)
    devices[0].up_to_date = True
    model.month = 5
    spread_updates(model)
    assert [device.up_to_date for device in devices] == [True, True, False, False]
    model, devices = world(4, update_rate=0, update_recovery=0, update_seed=1)
    for month, expected in ((12, False), (13, True)):
        model.month = month
        spread_updates(model)
        assert all(device.up_to_date is expected for device in devices)
