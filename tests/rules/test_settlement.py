"""Rule 6, delivery: who pays what to whom, worked out by hand in micro-credits.

Everybody starts with 10,000. Unless an example says otherwise the provider costs 1000 and is worth 3000 - 1000 - 100 =
1900; running costs are 100, an ask is 500, the fee of a relay rint(.02 x 500) = 10, that of settlement 5; noise is so
small that the best option is drawn.
"""

from __future__ import annotations

import pytest

from mesh_abm.books import Reason
from mesh_abm.network import EMPTY
from mesh_abm.rules.settlement import Settlement

CLEAR = {
    "choice_noise": 1
}  # differences of utility are above 60 here: the better option is drawn but for one in 1e26


@pytest.fixture
def settle(hand):
    """Settles queries whose searches ended as told; tests that no money is made or lost."""

    def run(model, *cases):
        queries, searches = zip(*cases, strict=True)
        hand.ask(model, *queries)
        hand.answer(model, *searches)
        Settlement().apply(model)
        assert model.money.imbalance(int(model.state.wallet.sum())) == 0
        return model.flows

    return run


def reasons(flows):
    """The reasons given, by name, with their numbers."""
    return {Reason(r).name.lower(): int(n) for r, n in enumerate(flows.reasons) if n}


# -- self ------------------------------------------------------------------------------------------------------------


def test_self_service_spends_the_running_cost_and_uses_own_capacity(mesh, hand, settle):
    model = mesh(2, **CLEAR)
    hand.put_on(model, 0, 0, capacity=1, quality=0.9)  # worth 2700 - 100 = 2600
    flows = settle(model, ((0, 0), Reason.NO_PATH), ((0, 0), Reason.NO_PATH))
    # The first costs 100; for the second there is no capacity left, so 1000 to the provider
    assert hand.books(model) == ([8900, 10_000], 1000, 0, 100)
    assert (flows.by_self.tolist(), flows.by_provider.tolist()) == ([1, 0], [1, 0])
    assert reasons(flows) == {"no_path": 1}
    assert (model.state.load[0], model.state.delivered[0], model.state.hosted[0]) == (1, 0, 1)
    assert flows.gains == pytest.approx(2600 - 1900)
    assert model.benefit == pytest.approx(700 / 2)


def test_a_device_on_another_type_or_without_the_running_cost_cannot_serve_itself(mesh, hand, settle):
    model = mesh(3, **CLEAR)
    for row in (0, 1, 2):
        hand.put_on(model, row, 0, quality=0.9)
    model.state.wallet[:] = 99, 100, 10_000
    model.money.withdrawn = 3 * 10_000 - 10_199
    flows = settle(
        model, ((0, 0), Reason.NO_SPECIALIST), ((1, 0), Reason.NO_SPECIALIST), ((2, 1), Reason.NO_SPECIALIST)
    )
    assert hand.books(model) == ([99, 0, 9000], 1000, 0, 100)
    assert (flows.by_self.tolist(), flows.unserved.tolist()) == ([1, 0], [1, 0])
    assert reasons(flows) == {"no_specialist": 2}


# -- mesh ------------------------------------------------------------------------------------------------------------


def test_delivery_by_a_neighbor(mesh, hand, settle):
    model = mesh(2, (0, 1), **CLEAR)
    hand.put_on(model, 1, 0, quality=1)
    flows = settle(model, ((0, 0), (1, [])))
    # 0 pays 500 + 5; 1 receives 500 and spends 100
    assert hand.books(model) == ([9495, 10_400], 0, 5, 100)
    assert (flows.by_mesh.tolist(), flows.settled, flows.settlement_needed) == ([1, 0], 1, 1)
    assert (model.state.load.tolist(), model.state.delivered.tolist()) == ([0, 1], [0, 1])
    assert model.network.traffic.tolist() == [[1, 0], [0, 0]]
    assert (flows.gains, flows.earned) == (pytest.approx(3000 - 505 - 10 - 1900), 400)
    assert model.benefit == pytest.approx((585 + 400) / 2)


def test_delivery_over_one_relay(mesh, hand, settle):
    model = mesh(3, (1, 0), (1, 2), **CLEAR)
    hand.put_on(model, 2, 0, quality=1)
    flows = settle(model, ((0, 0), (2, [1])))
    # 0 pays 500 + 10 + 5; 1 receives 10; 2 receives 500 and spends 100
    assert hand.books(model) == ([9485, 10_010, 10_400], 0, 5, 100)
    assert model.state.relayed.tolist() == [0, 1, 0]
    assert model.network.traffic.tolist() == [[0, 0], [1, 1], [0, 0]]
    assert (flows.gains, flows.earned) == (pytest.approx(3000 - 515 - 20 - 1900), 410)


def test_delivery_over_two_relays(mesh, hand, settle):
    model = mesh(4, (0, 1), (2, 1), (2, 3), **CLEAR)
    hand.put_on(model, 3, 1, quality=1)
    flows = settle(model, ((0, 1), (3, [1, 2])))
    # 0 pays 500 + 2 x 10 + 5
    assert hand.books(model) == ([9475, 10_010, 10_010, 10_400], 0, 5, 100)
    assert flows.by_mesh.tolist() == [0, 1]
    assert flows.gains == pytest.approx(3000 - 525 - 30 - 1900)


def test_a_relay_passed_twice_is_paid_twice(mesh, hand, settle):
    model = mesh(4, (0, 1), (1, 2), (1, 3), **CLEAR)
    hand.put_on(model, 3, 0, quality=1)
    settle(model, ((0, 0), (3, [1, 2, 1])))
    assert hand.books(model) == ([10_000 - 535, 10_020, 10_010, 10_400], 0, 5, 100)
    assert model.state.relayed.tolist() == [0, 2, 1, 0]
    assert model.network.traffic.tolist() == [[1, 0], [2, 1], [0, 0], [0, 0]]


def test_a_fee_that_the_origin_earns_as_its_own_relay_cancels(mesh, hand, settle):
    model = mesh(3, (0, 1), (0, 2), **CLEAR)
    hand.put_on(model, 2, 0, quality=1)
    flows = settle(model, ((0, 0), (2, [1, 0])))
    # 0 pays 500 + 2 x 10 + 5 = 525 and has 10 of it back
    assert hand.books(model) == ([9485, 10_010, 10_400], 0, 5, 100)
    assert (flows.gains, flows.earned) == (pytest.approx(3000 - 525 - 30 - 1900), 420)


def test_the_origin_needs_the_whole_pay_even_if_part_of_it_comes_back(mesh, hand, settle):
    model = mesh(3, (0, 1), (0, 2), provider_price=5000, **CLEAR)
    hand.put_on(model, 2, 0, quality=1)
    model.state.wallet[0] = 524
    model.money.withdrawn = 10_000 - 524
    assert reasons(settle(model, ((0, 0), (2, [1, 0])))) == {"funds": 1}


@pytest.mark.parametrize(("ask", "fee"), [(525, 10), (575, 12), (24, 0), (76, 2)])
def test_the_fee_of_a_relay_is_its_part_of_the_ask_rounded_half_to_even(mesh, hand, settle, ask, fee):
    model = mesh(3, (0, 1), (1, 2), **CLEAR)
    model.running_costs[:] = 20
    hand.put_on(model, 2, 0, quality=1, ask=ask)
    settle(model, ((0, 0), (2, [1])))
    assert hand.books(model) == ([10_000 - ask - fee - 5, 10_000 + fee, 10_000 + ask - 20], 0, 5, 20)


# -- what a delivery can lack ----------------------------------------------------------------------------------------


def test_a_specialist_that_is_full_leaves_the_next_to_the_provider(mesh, hand, settle):
    model = mesh(3, (0, 1), (2, 1), **CLEAR)
    hand.put_on(model, 1, 0, quality=1, capacity=1)
    flows = settle(model, ((0, 0), (1, [])), ((2, 0), (1, [])))
    wallets, *others = hand.books(model)
    # One of the two, drawn by lot, pays 505; the other 1000 to the provider
    assert (sorted(wallets), others) == ([9000, 9495, 10_400], [1000, 5, 100])
    assert reasons(flows) == {"no_capacity": 1}
    assert (flows.settled, flows.settlement_needed, model.state.load[1]) == (1, 1, 1)
    assert flows.gains == pytest.approx(585)  # none for what was drawn and could not be delivered


def test_a_wallet_that_does_not_cover_the_pay_is_a_lack_of_funds(mesh, hand, settle):
    model = mesh(3, (0, 1), (2, 1), **CLEAR)
    hand.put_on(model, 1, 0, quality=1)
    model.state.wallet[:] = 504, 0, 505
    model.money.withdrawn = 3 * 10_000 - 1009
    flows = settle(model, ((0, 0), (1, [])), ((2, 0), (1, [])))
    assert hand.books(model) == ([504, 400, 0], 0, 5, 100)
    assert (reasons(flows), flows.unserved.tolist()) == ({"funds": 1}, [1, 0])
    # Neither had the provider as an option, so its worth is read as 0: the gain is 3000 - 505 - 10
    assert flows.gains == pytest.approx(2485)
    assert flows.settlement_needed == 1


def test_who_lacks_funds_for_the_mesh_may_still_afford_the_provider(mesh, hand, settle):
    model = mesh(2, (0, 1), provider_latency=2000, **CLEAR)  # the provider is worth 0
    hand.put_on(model, 1, 0, quality=1, ask=1500)
    model.state.wallet[0] = 1200
    model.money.withdrawn = 8800
    flows = settle(model, ((0, 0), (1, [])))
    assert hand.books(model) == ([200, 10_000], 1000, 0, 0)
    assert (reasons(flows), flows.by_provider.tolist(), flows.gains) == ({"funds": 1}, [1, 0], 0)


@pytest.mark.parametrize(("capacity", "settled"), [(0, 0), (0.5, 1), (0.6, 2), (1, 2), (1.5, 3), (7, 3)])
def test_no_more_is_settled_once_the_capacity_of_settlement_is_reached(mesh, hand, settle, capacity, settled):
    model = mesh(2, (0, 1), settlement_capacity=capacity, **CLEAR)
    hand.put_on(model, 1, 0, quality=1)
    flows = settle(model, *[((0, 0), (1, []))] * 3)
    lost = 3 - settled
    assert (flows.settled, flows.settlement_needed) == (settled, 3)
    assert reasons(flows) == ({"settlement": lost} if lost else {})
    wallets = [10_000 - 505 * settled - 1000 * lost, 10_000 + 400 * settled]
    assert hand.books(model) == (wallets, 1000 * lost, 5 * settled, 100 * settled)
    assert flows.gains == pytest.approx(585 * settled)


def test_the_capacity_of_settlement_is_that_of_all_owners(mesh, hand, settle):
    model = mesh(8, (0, 1), settlement_capacity=0.25, **CLEAR)
    model.expel(model.members[2:])
    hand.put_on(model, 1, 0, quality=1)
    assert settle(model, *[((0, 0), (1, []))] * 3).settled == 2


def test_lack_of_capacity_or_funds_comes_before_settlement(mesh, hand, settle):
    model = mesh(3, (0, 1), (0, 2), settlement_capacity=0, **CLEAR)
    hand.put_on(model, 1, 0, quality=1, capacity=0)
    hand.put_on(model, 2, 1, quality=1, ask=20_000)
    model.provider.capacity = 0.0  # so that the mesh is drawn
    flows = settle(model, ((0, 0), (1, [])), ((0, 1), (2, [])))
    assert reasons(flows) == {"no_capacity": 1, "funds": 1}
    assert flows.settlement_needed == 0
    assert hand.books(model) == ([10_000] * 3, 0, 0, 0)


# -- the provider ----------------------------------------------------------------------------------------------------


def test_frontier_queries_have_the_provider_only(mesh, hand, settle):
    model = mesh(2, (0, 1), **CLEAR)
    for row in (0, 1):
        hand.put_on(model, row, 0, quality=1)
    flows = settle(model, ((0, 0, True), Reason.FRONTIER))
    assert hand.books(model) == ([9000, 10_000], 1000, 0, 0)
    assert (reasons(flows), flows.gains, model.benefit) == ({"frontier": 1}, 0, 0)


def test_the_provider_serves_as_many_as_its_capacity_has_whole_queries(mesh, hand, settle):
    model = mesh(4, provider_capacity=0.7, **CLEAR)  # floor(2.8)
    model.provider.sell(1, 0)  # to somebody outside
    flows = settle(model, *[((row, 0, True), Reason.FRONTIER) for row in range(3)])
    wallets, *others = hand.books(model)
    assert (sorted(wallets), others) == ([9000, 10_000, 10_000, 10_000], [1000, 0, 0])
    assert (flows.by_provider.tolist(), flows.unserved.tolist()) == ([1, 0], [2, 0])
    assert reasons(flows) == {"frontier": 3}


def test_where_the_provider_is_full_the_gain_is_the_whole_worth_of_the_offer(mesh, hand, settle):
    model = mesh(2, (0, 1), provider_capacity=0, **CLEAR)
    hand.put_on(model, 1, 0, quality=1)
    flows = settle(model, ((0, 0), (1, [])), ((0, 1), Reason.NO_SPECIALIST))
    assert flows.gains == pytest.approx(2485)
    assert (flows.unserved.tolist(), reasons(flows)) == ([0, 1], {"no_specialist": 1})
    assert hand.books(model) == ([9495, 10_400], 0, 5, 100)


def test_the_price_is_rounded_half_to_even_where_it_is_paid(mesh, hand, settle):
    model = mesh(1, provider_price=1000.5, **CLEAR)
    model.state.wallet[0] = 2000
    model.money.withdrawn = 8000
    settle(model, ((0, 0), Reason.NO_PATH), ((0, 0), Reason.NO_PATH))
    assert hand.books(model) == ([0], 2000, 0, 0)


def test_a_wallet_below_the_price_leaves_a_query_unserved(mesh, hand, settle):
    model = mesh(1, **CLEAR)
    model.state.wallet[0] = 1999
    model.money.withdrawn = 8001
    flows = settle(model, ((0, 0), Reason.NO_PATH), ((0, 1), Reason.NO_PATH))
    assert model.state.wallet[0] == 999
    assert (flows.by_provider.sum(), flows.unserved.sum(), reasons(flows)) == (1, 1, {"no_path": 2})


def test_at_an_infinite_price_members_are_not_served_by_the_provider(mesh, hand, settle):
    model = mesh(2, provider_price=float("inf"), **CLEAR)
    flows = settle(model, ((0, 0), Reason.NO_PATH), ((1, 0, True), Reason.FRONTIER))
    assert hand.books(model) == ([10_000, 10_000], 0, 0, 0)
    assert flows.unserved.tolist() == [2, 0]


def test_traffic_and_counts_are_those_of_the_month(mesh, hand, settle):
    model = mesh(2, (0, 1), **CLEAR)
    hand.put_on(model, 1, 0, quality=1)
    model.network.traffic[:] = 9
    settle(model, ((0, 0), (1, [])))
    assert model.network.traffic.tolist() == [[1, 0], [0, 0]]
    assert model.network.slots.tolist() == [[1, EMPTY], [EMPTY, EMPTY]]


def test_the_benefit_of_nobody_is_nothing(mesh, settle, hand):
    model = mesh(2)
    model.benefit = 7.0
    model.expel(model.members)
    hand.ask(model)
    hand.answer(model)
    Settlement().apply(model)
    assert model.benefit == 0
