"""Routes in words: worked examples of a few devices, and no number that is not of the run."""

from __future__ import annotations

import re

import pytest

from mesh_abm import MeshModel, why
from mesh_abm.books import Reason
from mesh_abm.rules.routing import Routing
from mesh_abm.rules.settlement import Settlement
from mesh_abm.state import IDLE
from mesh_abm.wording import percent
from tests.rules.conftest import Hand
from tests.why.watched import all_routes, model_of


def numbers(text: str) -> list[str]:
    return re.findall(r"-?\d[\d,.]*\d|\d", text)


def told(route: why.Route) -> set[str]:
    """Every number of a route, as a sentence may write it."""
    turn, query = route.turn, route.query
    counts = [route.month, query.number + 1, route.asked, turn.place + 1, route.settled_in_all, turn.settled]
    amounts = [route.price, route.own_cost, turn.wallet]
    rows, qualities, chances = [query.origin], [], []
    for hop in route.hops:
        counts += [hop.number, hop.degree, len(hop.looked)]
        rows += [hop.node]
        for look in hop.looked:
            rows.append(look.row)
            if look.offer:
                amounts += [look.offer.ask, look.offer.pay, look.offer.utility]
                qualities.append(look.offer.quality)
        counts.append(sum(look.task != query.type and look.row != query.origin for look in hop.looked))
    for option in route.options:
        amounts += [option.pay, option.utility]
        qualities.append(option.quality)
        chances.append(option.chance)
    names = [number for name in route.names for number in numbers(name)]
    return {
        *names, *map(str, rows), *(f"{n:,}" for n in counts), *(f"{a:,.0f}" for a in amounts),
        *(f"{q:.2f}" for q in qualities), *(number for c in chances for number in numbers(percent(c))),
    }  # fmt: skip


@pytest.mark.parametrize("case", ["dense", "funds", "settlement", "many hops"])
def test_sentences_name_only_numbers_of_the_run(case: str) -> None:
    model = model_of(case, 1)
    model.run_for(6)
    for route in all_routes(model):
        lines = route.sentences()
        assert all(line[0].isupper() and line.endswith(".") and "\n" not in line for line in lines)
        assert set(numbers(" ".join(lines))) <= told(route), lines


def by_hand(**fields) -> MeshModel:
    """Device 0 is linked to 1 and 2, which work on type 1, and 2 to 3, which works on type 2, as 0 does itself."""
    terms = {"provider_price": 800, "relay_fee": 0.1, "settlement_fee": 0, "latency_cost": 0, "ttl": 2}
    model = Hand.mesh(5, (0, 1), (0, 2), (2, 3), **(terms | fields))
    Hand.put_on(model, 1, 0, quality=0.7, ask=200)
    Hand.put_on(model, 2, 0, quality=0.7, ask=300)
    Hand.put_on(model, 3, 1, quality=0.6, ask=500)
    Hand.put_on(model, 0, 1, capacity=1, quality=0.5)
    return model


def settle(model: MeshModel, *queries: tuple[int, int] | tuple[int, int, bool]) -> MeshModel:
    Hand.ask(model, *queries)
    Routing().apply(model)
    Settlement().apply(model)
    return model


def test_of_two_offers_the_better_is_told_with_its_worth() -> None:
    route = why.route(settle(by_hand(choice_noise=1), (0, 0)), 0, 0)
    # 3000 x .7 - 200 = 1900; the provider: 3000 - 800 = 2200 is worth more, and a noise of 1 leaves nothing to chance
    (hop,) = route.hops
    assert [(look.row, look.offer.pay, look.offer.utility) for look in hop.looked] == [
        (1, 200, pytest.approx(1900)), (2, 300, pytest.approx(1800))
    ]  # fmt: skip
    assert (route.chosen, route.drawn, route.served_by, route.legs) == (1, "provider", "provider", ((0, 1),))
    assert route.reason is Reason.QUALITY
    assert route.sentences() == [
        "Month 1: device 0 asks for type 1 (question 1 of its 1 this month).",
        "It looks along its 2 links: device 1 offers it for 200 micro-credits at quality 0.70, worth 1,900 "
        "micro-credits after all costs; device 2 offers it for 300 micro-credits at quality 0.70, worth 1,800 "
        "micro-credits after all costs. Best is device 1.",
        "It cannot answer the question itself: it works on type 2 this month.",
        "Its turn to choose is number 1 of 1. It can turn to the provider at quality 1.00 for 800 micro-credits, worth "
        "2,200 micro-credits after all costs (chance 100%) or device 1 at quality 0.70 for 200 micro-credits, worth "
        "1,900 micro-credits after all costs (chance under 0.1%). Chance draws the provider.",
        "So the provider answers it, for 800 micro-credits. Why not the mesh: the provider was chosen, and its better "
        "answers were its largest advantage.",
    ]


def test_a_relayed_answer_is_told_hop_by_hop() -> None:
    # With the provider out of reach the offer is all there is besides the device itself, once its one answer is given.
    for seed in range(1, 40):
        model = by_hand(provider_capacity=0, choice_noise=1, rng=seed)
        model.state.capacity[0] = 0
        route = why.route(settle(model, (0, 1)), 0, 0)
        if route.chosen == 3:
            break
    assert route.legs == ((0, 2), (2, 3))
    assert route.sentences() == [
        "Month 1: device 0 asks for type 2 (question 1 of its 1 this month).",
        "It looks along its 2 links: devices 1 and 2 do not work on type 2. No offer. By chance it goes on to device "
        "2.",
        "At device 2 it looks along 2 links: device 3 offers it for 500 micro-credits (550 micro-credits with all "
        "fees) at quality 0.60, worth 1,250 micro-credits after all costs; device 0 itself is passed over. The search "
        "ends with device 3.",
        "It cannot answer the question itself: it has no capacity left this month.",
        "It cannot turn to the provider: it has no capacity left this month.",
        "Its turn to choose is number 1 of 1. Its only option is device 3 at quality 0.60 for 550 micro-credits, worth "
        "1,250 micro-credits after all costs.",
        "So device 3 answers it, relayed by device 2; device 0 pays 550 micro-credits.",
    ]


def test_its_own_answer_and_what_comes_after_it() -> None:
    # One answer is all it can give: the second question in turn finds none left, and nobody else works on it nearby.
    model = settle(by_hand(choice_noise=1, provider_price=2000, ttl=1), (0, 1), (0, 1))
    first, second = sorted((why.route(model, 0, n) for n in (0, 1)), key=lambda route: route.turn.place)
    assert (first.served_by, first.turn.own_left, second.served_by, second.turn.own_left) == (
        "self",
        1,
        "provider",
        0,
    )
    assert first.turn.wallet - second.turn.wallet == 100  # its running cost
    assert first.sentences()[-1] == "So it answers the question itself, for 100 micro-credits."
    assert second.sentences()[-1] == (
        "So the provider answers it, for 2,000 micro-credits. Why not the mesh: the search met no device that works "
        "on this type of question."
    )


def test_frontier_queries_and_devices_alone_do_not_search() -> None:
    model = settle(by_hand(), (0, 0, True), (4, 0))
    assert (
        why.route(model, 0, 0).sentences()[1]
        == "Only the provider can answer this one, so it searches nobody."
    )
    assert (
        why.route(model, 4, 0).sentences()[1] == "It has no link to another device, so it can search nobody."
    )


@pytest.mark.parametrize(
    ("fields", "reason", "line"),
    [
        ({"settlement_capacity": 0}, Reason.SETTLEMENT,
         "But device 1 does not deliver: with 0 payments this month the capacity of settlement is used up."),
        ({"initial_wallet": 150}, Reason.FUNDS,
         "But device 1 does not deliver: the wallet holds 150 micro-credits only."),
    ],
)  # fmt: skip
def test_a_delivery_that_fails_is_told_and_where_the_query_went(fields, reason, line) -> None:
    route = why.route(settle(by_hand(choice_noise=1, provider_capacity=0, **fields), (0, 0)), 0, 0)
    assert (route.drawn, route.served_by, route.reason) == ("mesh", None, reason)
    assert line in route.sentences()
    assert route.sentences()[-1].startswith("So nobody answers it. Why not the mesh: ")


def test_a_specialist_that_others_filled_is_told() -> None:
    model = by_hand(choice_noise=1, provider_capacity=0)
    model.state.capacity[1], model.state.task[2] = 1, IDLE
    settle(model, (0, 0), (0, 0))
    first, second = sorted((why.route(model, 0, n) for n in (0, 1)), key=lambda route: route.turn.place)
    assert (first.served_by, first.turn.offer_left) == ("mesh", 1)
    assert (second.reason, second.turn.offer_left) == (Reason.NO_CAPACITY, 0)
    assert (
        "But device 1 does not deliver: others were served before, and it has no capacity left."
        in second.sentences()
    )
