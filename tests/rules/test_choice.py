"""Rule 6, choice: the logit between provider, own device and offer, its gain, and why the provider was preferred."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mesh_abm.books import Reason
from mesh_abm.rules.settlement import Settlement

FALSE_ALARM = 1e-6  # of each test of a frequency
CLEAR = {"choice_noise": 1}
PROVIDER = 3000 - 1000 - 100  # what the provider is worth


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def settled(model, hand, *cases):
    queries, searches = zip(*cases, strict=True)
    hand.ask(model, *queries)
    hand.answer(model, *searches)
    Settlement().apply(model)
    return model.flows


def only_reason(flows):
    assert flows.reasons.sum() == 1
    return Reason(int(flows.reasons.argmax()))


def test_options_are_drawn_by_logit(mesh, hand):
    n, hub = 12_000, 0
    model = mesh(n, choice_noise=300, provider_capacity=math.inf)
    model.network.slots[1:, 0] = hub
    model.network.rebuild(model.members)
    for row in range(n):
        hand.put_on(model, row, 0, quality=0.65)
    hand.put_on(model, hub, 0, capacity=n, quality=0.8)
    flows = settled(model, hand, *[((row, 0), (hub, [])) for row in range(1, n)])
    # Worth: provider 1900, own device 1950 - 100, offer 2400 - 505 - 10
    weights = [math.exp(u / 300) for u in (PROVIDER, 1850, 1885)]
    for count, weight in zip(
        (flows.by_provider[0], flows.by_self[0], flows.by_mesh[0]), weights, strict=True
    ):
        assert is_frequency(count, n - 1, weight / sum(weights))


def test_the_gain_is_the_surplus_of_the_log_sum_over_the_provider_alone(mesh, hand):
    model = mesh(2, (0, 1), choice_noise=200)
    hand.put_on(model, 0, 0, quality=0.65)
    hand.put_on(model, 1, 0, quality=0.8)
    flows = settled(model, hand, ((0, 0), (1, [])))
    log_sum = 200 * math.log(sum(math.exp(u / 200) for u in (PROVIDER, 1850, 1885)))
    assert flows.gains == pytest.approx(log_sum - PROVIDER)  # whatever was drawn: all could be delivered


def test_the_gain_without_an_own_device_or_without_an_offer_counts_what_there_is(mesh, hand):
    for own, offer in ((True, False), (False, True)):
        model = mesh(2, (0, 1), choice_noise=200)
        if own:
            hand.put_on(model, 0, 0, quality=0.65)
        hand.put_on(model, 1, 0, quality=0.8)
        flows = settled(model, hand, ((0, 0), (1, []) if offer else Reason.NO_SPECIALIST))
        worth = 1850 if own else 1885
        expected = 200 * math.log(math.exp(PROVIDER / 200) + math.exp(worth / 200)) - PROVIDER
        assert flows.gains == pytest.approx(expected)


def test_the_gain_without_the_provider_is_the_log_sum_itself(mesh, hand):
    model = mesh(2, (0, 1), choice_noise=200, provider_capacity=0)
    hand.put_on(model, 0, 0, quality=0.65)
    hand.put_on(model, 1, 0, quality=0.8)
    flows = settled(model, hand, ((0, 0), (1, [])))
    assert flows.gains == pytest.approx(200 * math.log(math.exp(1850 / 200) + math.exp(1885 / 200)))


def test_a_bad_offer_is_worth_less_than_nothing_where_it_is_all_there_is(mesh, hand):
    model = mesh(2, (0, 1), provider_capacity=0, **CLEAR)
    hand.put_on(model, 1, 0, quality=0.1)
    assert settled(model, hand, ((0, 0), (1, []))).gains == pytest.approx(300 - 505 - 10)


def test_who_had_nothing_but_the_provider_gains_nothing(mesh, hand):
    assert settled(mesh(1), hand, ((0, 0), Reason.NO_PATH)).gains == 0


def test_the_providers_worth_follows_its_quality_on_the_type(mesh, hand):
    model = mesh(2, (0, 1), mix=(0.75, 0.25), focus=1, **CLEAR)
    # f = (1.5, .5), mean 1.25: qualities 1 and .4; on the second the provider is worth 1200 - 1100 = 100
    hand.put_on(model, 1, 1, quality=0.6)  # 1800 - 505 - 10 = 1285
    flows = settled(model, hand, ((0, 1), (1, [])))
    assert (flows.by_mesh.tolist(), flows.gains) == ([0, 1], pytest.approx(1185))


@pytest.mark.parametrize(
    ("reason", "quality", "price", "fields"),
    [
        # The provider's advantages: in quality 3000 x .4, in price 505 - 1000, in latency 10 - 100
        (Reason.QUALITY, 0.6, 500, {}),
        # 0; 2005 - 1000; -90
        (Reason.PRICE, 1.0, 2000, {}),
        # 0; -495; 2000 - 100
        (Reason.LATENCY, 1.0, 500, {"hop_latency": 2000}),
        # 900; 1800 - 1000; 10 - 100
        (Reason.QUALITY, 0.7, 1795, {}),
        # 900; 2005 - 1000; 10 - 100
        (Reason.PRICE, 0.7, 2000, {}),
        # 900; 505 - 1000; 1100 - 100
        (Reason.LATENCY, 0.7, 500, {"hop_latency": 1100}),
        # The cost of a millisecond: 900; -495; .5 (2100 - 100) = 1000
        (Reason.LATENCY, 0.7, 500, {"hop_latency": 2100, "latency_cost": 0.5}),
    ],
)
def test_the_reason_is_the_largest_advantage_of_the_provider_drawn(
    mesh, hand, reason, quality, price, fields
):
    model = mesh(2, (0, 1), **(CLEAR | fields))
    hand.put_on(model, 1, 0, quality=quality, ask=price)
    flows = settled(model, hand, ((0, 0), (1, [])))
    assert flows.by_provider[0] == 1
    assert only_reason(flows) is reason


def test_relays_count_in_price_and_latency(mesh, hand):
    model = mesh(4, (0, 1), (1, 2), (2, 3), hop_latency=400, relay_fee=0.5, **CLEAR)
    hand.put_on(model, 3, 0, quality=1, ask=500)
    # Pay 500 + 2 x 250 + 5 = 1005, five above the provider; three hops of 400 are 1100 slower
    assert only_reason(settled(model, hand, ((0, 0), (3, [1, 2])))) is Reason.LATENCY
    model = mesh(4, (0, 1), (1, 2), (2, 3), hop_latency=40, relay_fee=2, **CLEAR)
    hand.put_on(model, 3, 0, quality=1, ask=500)
    # Pay 500 + 2 x 1000 + 5, 120 - 100 slower
    assert only_reason(settled(model, hand, ((0, 0), (3, [1, 2])))) is Reason.PRICE


def test_without_any_advantage_it_was_taste(mesh, hand):
    n = 2000
    model = mesh(n, choice_noise=1e9, provider_capacity=math.inf)
    model.network.slots[1:, 0] = 0
    model.network.rebuild(model.members)
    hand.put_on(model, 0, 0, capacity=n, quality=1, ask=995)  # pay 1000: equal, no advantage
    flows = settled(model, hand, *[((row, 0), (0, [])) for row in range(1, n)])
    assert is_frequency(flows.by_provider[0], n - 1, 1 / 2)
    assert flows.reasons[Reason.TASTE] == flows.by_provider[0] == flows.reasons.sum()


def test_where_no_offer_was_found_the_reason_is_that_of_the_search_not_the_providers_advantage(mesh, hand):
    for failure in (Reason.NO_PATH, Reason.NO_SPECIALIST, Reason.NO_CAPACITY):
        model = mesh(1, **CLEAR)
        hand.put_on(model, 0, 0, quality=0.1)
        flows = settled(model, hand, ((0, 0), failure))
        assert (only_reason(flows), flows.by_provider[0]) == (failure, 1)


def test_queries_are_delivered_in_random_order(mesh, hand):
    triples = 4000  # in each the first and the last compete for one answer of the one in the middle
    model = mesh(3 * triples, provider_capacity=math.inf, **CLEAR)
    first = np.arange(0, 3 * triples, 3)
    model.network.slots[first, 0] = first + 1
    model.network.slots[first + 2, 0] = first + 1
    model.network.rebuild(model.members)
    cases = []
    for row in first.tolist():
        hand.put_on(model, row + 1, 0, capacity=1, quality=1)
        cases += [((row, 0), (row + 1, [])), ((row + 2, 0), (row + 1, []))]
    flows = settled(model, hand, *cases)
    assert (flows.settled, flows.reasons[Reason.NO_CAPACITY]) == (triples, triples)
    assert is_frequency((model.state.wallet[first] == 9495).sum(), triples, 1 / 2)


def test_own_use_and_deliveries_share_one_capacity(mesh, hand):
    outcomes = set()
    for seed in range(40):
        model = mesh(2, (0, 1), rng=seed, **CLEAR)
        hand.put_on(model, 1, 0, capacity=1, quality=1)
        flows = settled(model, hand, ((0, 0), (1, [])), ((1, 0), Reason.NO_SPECIALIST))
        assert model.state.load[1] == 1
        outcomes.add((int(flows.by_self[0]), int(flows.by_mesh[0]), int(flows.by_provider[0])))
    # Whoever comes first has it: the other goes to the provider (both orders in 40 draws but for one in 1e11)
    assert outcomes == {(1, 0, 1), (0, 1, 1)}


def test_the_price_is_rounded_where_it_is_compared(mesh, hand):
    model = mesh(2, (0, 1), provider_price=1000.4, choice_noise=200)
    hand.put_on(model, 1, 0, quality=0.8)
    expected = 200 * math.log(math.exp(1900 / 200) + math.exp(1885 / 200)) - 1900
    assert settled(model, hand, ((0, 0), (1, []))).gains == pytest.approx(expected, abs=1e-6)
