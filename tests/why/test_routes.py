"""Routes are what the engine did: sums, walks, draws, reasons and money, query by query."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mesh_abm import Device, MeshModel, why
from mesh_abm.books import Reason
from mesh_abm.rules import default_rules
from mesh_abm.rules.choice import why_provider
from mesh_abm.rules.settlement import BY_MESH, BY_SELF, Settlement
from mesh_abm.why.month import Replay, terms_then
from tests.why.watched import CASES, all_routes, model_of

MONTHS = 7
BOUND = 500


class Picky(Device):
    """Takes the lowest pay, and only if it is below a bound."""

    def choose_offer(self, offers):
        cheapest = min(offers, key=lambda offer: (offer.pay, offer.row))
        return cheapest if cheapest.pay < BOUND else None


def assert_sums(model: MeshModel, routes: list[why.Route]) -> None:
    """The fates of all queries are the month's flows, those of people outside the mesh apart."""
    flows, types = model.flows, range(model.spec.task_types)
    assert len(routes) == flows.member_queries
    ends = Counter((route.served_by, route.query.type) for route in routes)
    assert [ends["self", j] for j in types] == flows.by_self.tolist()
    assert [ends["mesh", j] for j in types] == flows.by_mesh.tolist()
    assert sum(ends["provider", j] for j in types) == model.state.hosted.sum()
    asked = np.bincount([route.query.type for route in routes], minlength=len(types))
    outside = flows.demand - asked
    left = outside - (flows.by_provider - [ends["provider", j] for j in types])
    assert [ends[None, j] for j in types] == (flows.unserved - left).tolist()
    assert (left >= 0).all()
    reasons = Counter(route.reason for route in routes)
    assert [reasons[reason] for reason in Reason] == flows.reasons.tolist()
    assert sum(route.query.fate == BY_MESH for route in routes) == flows.settled


def assert_walk(model: MeshModel, route: why.Route) -> None:
    """Each hop looks at as many distinct neighbors as rule 6b says, and the walk ends at the first with an offer."""
    net, state = model.network, model.state
    for hop in route.hops:
        near = net.neighbors[net.start[hop.node] : net.start[hop.node + 1]].tolist()
        rows = [look.row for look in hop.looked]
        assert len(rows) == len(set(rows)) == min(len(near), model.par.looks)
        assert set(rows) <= set(near)
        on_type = {u for u in rows if state.task[u] == route.query.type and u != route.query.origin}
        offers = {look.row: look.offer for look in hop.looked if look.offer}
        assert set(offers) == {u for u in on_type if state.capacity[u] >= 1}
        assert {look.row for look in hop.looked if look.full} == on_type - set(offers)
        if not route.decided:
            best = min(offers, key=lambda u: (-offers[u].utility, u), default=None)
            assert hop.taken == best
        if hop.taken is not None:
            assert offers[hop.taken].pay == route.offer.pay
            assert offers[hop.taken].utility == route.offer.utility
        assert (hop.moved_to is None) == (hop is route.hops[-1])
        assert hop.moved_to is None or hop.moved_to in near
    if route.hops and route.chosen is None:
        assert len(route.hops) == model.par.ttl
    assert route.nodes == (
        () if not route.hops else (route.query.origin, *[h.moved_to for h in route.hops[:-1]])
    )


def assert_reason(model: MeshModel, route: why.Route) -> None:
    """The reason follows from what the route shows."""
    turn, reason = route.turn, route.reason
    full = any(look.full for hop in route.hops for look in hop.looked)
    if route.query.frontier:
        assert reason is Reason.FRONTIER
    elif route.drawn == "self":
        assert route.query.fate == BY_SELF
    elif route.drawn == "mesh":
        pays = [turn.offer_left >= 1, turn.wallet >= route.offer.pay, turn.settled < np.ceil(
            model.par.settlement_capacity * model.par.n_owners)]  # fmt: skip
        ends = [Reason.NO_CAPACITY, Reason.FUNDS, Reason.SETTLEMENT, None]
        assert reason is ends[[*pays, False].index(False)]
    elif route.chosen is not None:
        told = why_provider(
            route.offer.quality, route.offer.pay, len(route.hops), model.flows.quality[route.query.type],
            terms_then(model),
        )  # fmt: skip
        assert reason is Reason(told)
    elif not route.hops:
        assert reason is Reason.NO_PATH
    else:
        assert reason is (Reason.NO_CAPACITY if full else Reason.NO_SPECIALIST)


def assert_draw(route: why.Route) -> None:
    """The mark falls into the part of [0, 1) of what was drawn; provider, self and mesh lie in this order."""
    assert sum(option.chance for option in route.options) == pytest.approx(1 if route.options else 0)
    reached = 0.0
    for option in route.options:
        if option.name == route.drawn:
            assert reached - 1e-9 <= route.turn.mark <= reached + option.chance + 1e-9
        reached += option.chance
    assert (route.drawn is None) == (not route.options)


def follow(model: MeshModel, routes: list[why.Route]) -> None:
    """Pays each query by hand, in turn: every wallet, load and count is what the route says its query found."""
    market = Replay(model).market
    wallet, load, costs = market.devices.wallet.tolist(), Counter(), model.running_costs
    classes, left, settled = model.state.device_class, market.hosted_left, 0
    for place, route in enumerate(sorted(routes, key=lambda route: route.turn.place)):
        i, turn = route.query.origin, route.turn
        assert (turn.place, turn.wallet, turn.settled, turn.provider_left) == (
            place,
            wallet[i],
            settled,
            left,
        )
        assert turn.own_left == model.state.capacity[i] - load[i]
        if route.served_by == "self":
            wallet[i] -= int(costs[classes[i]])
            load[i] += 1
        elif route.served_by == "mesh":
            k, asked = route.chosen, int(model.state.ask[route.chosen])
            fee = round(model.par.relay_fee * asked)
            assert route.offer.pay == asked + (len(route.hops) - 1) * fee + model.par.settlement_fee
            wallet[i] -= route.offer.pay
            wallet[k] += asked - int(costs[classes[k]])
            for relay in route.nodes[1:]:
                wallet[relay] += fee
            load[k] += 1
            settled += 1
        elif route.served_by == "provider":
            wallet[i] -= route.price
            left -= 1
    assert wallet == model.state.wallet.tolist()
    assert [load[row] for row in range(len(wallet))] == model.state.load.tolist()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_routes_are_what_the_engine_did(case: str, seed: int) -> None:
    model, reasons = model_of(case, seed), Counter()
    for _ in range(MONTHS):
        model.step()
        before = model.fingerprint()
        routes = list(all_routes(model))
        assert_sums(model, routes)
        follow(model, routes)
        for route in routes:
            assert_walk(model, route)
            assert_draw(route)
            assert_reason(model, route)
        assert model.fingerprint() == before
        reasons.update(route.reason for route in routes)
    expected = {
        "frontier": {Reason.FRONTIER}, "funds": {Reason.FUNDS}, "settlement": {Reason.SETTLEMENT},
        "price": {Reason.PRICE}, "latency": {Reason.LATENCY}, "taste": {Reason.TASTE},
        "dense": {None, Reason.NO_CAPACITY, Reason.NO_SPECIALIST, Reason.QUALITY},
    }  # fmt: skip
    assert expected.get(case, {None}) <= set(reasons), reasons


def test_looking_leaves_the_future_as_it_was() -> None:
    watched, alone = model_of("dense", 3), model_of("dense", 3)
    recorder = why.Recorder(watched)
    for _ in range(4):
        watched.step()
        recorder.see(watched)
        for route in all_routes(watched):
            route.sentences()
        why.role(recorder.past(int(watched.members[0]))).sentences()
        alone.step()
    assert watched.fingerprint() == alone.fingerprint()
    assert watched.record == pytest.approx(alone.record, rel=0, abs=0, nan_ok=True)


def test_devices_that_choose_offers_themselves_are_explained_too() -> None:
    model = model_of("dense", 1, device_class=Picky)
    model.run_for(4)
    routes = list(all_routes(model))
    assert_sums(model, routes)
    follow(model, routes)
    for route in routes:
        assert_walk(model, route)
        assert_reason(model, route)
        for hop in route.hops:
            pays = [look.offer.pay for look in hop.looked if look.offer]
            cheap = bool(pays) and min(pays) < BOUND
            assert (hop.taken is not None) == cheap
            assert not cheap or route.offer.pay == min(pays)
    assert any("declines" in line for route in routes for line in route.sentences())


def test_what_cannot_be_explained_is_refused_in_one_line() -> None:
    model = MeshModel(n_owners=40, rng=1)
    with pytest.raises(why.WhyError, match="month 0: nobody has asked"):
        why.queries_of(model, 0)
    model = model_of("dense", 1)
    model.step()
    row = next(row for row in model.members.tolist() if len(why.queries_of(model, row)) > 1)
    with pytest.raises(why.WhyError, match=r"device 160: must be from 0 to 159"):
        why.queries_of(model, 160)
    with pytest.raises(why.WhyError, match=rf"query 99 of device {row}: must be from 0 to \d+"):
        why.route(model, row, 99)
    with pytest.raises(why.WhyError, match=rf"query -1 of device {row}"):
        why.route(model, row, -1)


def test_devices_changed_after_the_month_are_noticed() -> None:
    model = model_of("dense", 1)
    model.run_for(2)
    routes = list(all_routes(model))
    served = [route for route in routes if route.served_by == "self"]
    model.state.wallet[:] = 0
    with pytest.raises(why.WhyError, match="devices were changed after it"):
        why.route(model, served[-1].query.origin, served[-1].query.number)


def test_a_settlement_of_ones_own_is_not_explained_by_ours() -> None:
    class Own(Settlement):
        """The same under another name."""

    model = model_of("dense", 1, rules=default_rules().replace(settlement=Own()))
    model.step()
    origin = int(model.queries.origin[0])
    assert why.queries_of(model, origin)[0].origin == origin
    with pytest.raises(why.WhyError, match=r"rules\.settlement: must be that of docs/model\.md"):
        why.route(model, origin, 0)
