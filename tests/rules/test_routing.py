"""Rule 6, search: what a walk sees, where it ends, and why it fails."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mesh_abm.books import Reason
from mesh_abm.rules.routing import FOUND, Routing

RULE = Routing()
FALSE_ALARM = 1e-6  # of each test of a frequency
STAR = ((0, 1), (0, 2), (3, 0), (4, 0))


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def search(model, hand, *queries):
    """(outcome, specialist, relays) of each query."""
    hand.ask(model, *queries)
    RULE.apply(model)
    offers = model.offers
    return [
        (int(offers.outcome[q]), int(offers.specialist[q]), offers.path[q, : offers.moves[q]].tolist())
        for q in range(len(queries))
    ]


def test_the_best_offer_by_utility_wins_wherever_it_is_in_the_list(mesh, hand):
    model = mesh(5, *STAR)
    for row, quality, price in ((1, 0.6, 500), (2, 0.7, 799), (3, 0.7, 801), (4, 0.5, 100)):
        hand.put_on(model, row, 0, quality=quality, ask=price)
    # 3000 q - ask: 1300, 1301, 1299, 1400
    assert search(model, hand, (0, 0)) == [(FOUND, 4, [])]
    model.state.task[4] = 1
    assert search(model, hand, (0, 0)) == [(FOUND, 2, [])]


def test_of_equal_offers_the_lower_row_wins_and_the_random_place_does_not_matter(mesh, hand):
    model = mesh(5, *STAR)
    for row in (2, 3, 4):
        hand.put_on(model, row, 0)
    assert search(model, hand, *[(0, 0)] * 50) == [(FOUND, 2, [])] * 50


def test_an_offer_must_be_on_the_type_with_capacity(mesh, hand):
    model = mesh(5, *STAR)
    hand.put_on(model, 1, 1)
    hand.put_on(model, 2, 0, capacity=0, quality=1)
    hand.put_on(model, 3, 0, capacity=1)
    assert search(model, hand, (0, 0), (0, 1)) == [(FOUND, 3, []), (FOUND, 1, [])]


def test_the_asker_is_no_offer_to_itself_wherever_the_walk_goes(mesh, hand):
    model = mesh(2, (0, 1), ttl=5)
    hand.put_on(model, 0, 0)
    assert search(model, hand, (0, 0)) == [(Reason.NO_SPECIALIST, -1, [1, 0, 1, 0])]


def test_the_walk_ends_with_the_first_node_that_sees_an_offer(mesh, hand):
    model = mesh(4, (0, 1), (1, 2), ttl=2)
    hand.put_on(model, 2, 0)
    assert search(model, hand, (0, 0), (1, 0)) == [(FOUND, 2, [1]), (FOUND, 2, [])]


@pytest.mark.parametrize("ttl", [1, 2, 4])
def test_a_walk_makes_one_move_less_than_its_hops_and_ends_in_vain(mesh, hand, ttl):
    model = mesh(2, (0, 1), ttl=ttl)
    relays = [1, 0, 1][: ttl - 1]
    assert search(model, hand, (0, 0)) == [(Reason.NO_SPECIALIST, -1, relays)]


def test_a_better_offer_further_away_is_not_seen_by_a_walk_that_found_one(mesh, hand):
    model = mesh(3, (0, 1), (1, 2))
    hand.put_on(model, 1, 0, quality=0.1, ask=5000)
    hand.put_on(model, 2, 0, quality=1, ask=100)
    assert search(model, hand, (0, 0)) == [(FOUND, 1, [])]


def test_without_a_device_link_there_is_no_path_whatever_the_slots_to_the_provider(mesh, hand):
    model = mesh(3, (0, -2), (1, 2))
    hand.put_on(model, 2, 0)
    assert search(model, hand, (0, 0), (1, 0)) == [(Reason.NO_PATH, -1, []), (FOUND, 2, [])]


def test_a_full_device_of_the_type_seen_on_the_way_makes_it_no_capacity(mesh, hand):
    model = mesh(4, (0, 1), (1, 2), (2, 3), ttl=2)
    hand.put_on(model, 2, 0, capacity=0)
    hand.put_on(model, 3, 1, capacity=0)
    seen = search(model, hand, (0, 0), (0, 1), (3, 0))
    assert seen == [
        (Reason.NO_CAPACITY, -1, [1]),
        (Reason.NO_SPECIALIST, -1, [1]),
        (Reason.NO_CAPACITY, -1, [2]),
    ]


def test_an_offer_after_a_full_device_is_an_offer(mesh, hand):
    model = mesh(3, (0, 1), (1, 2), ttl=2)
    hand.put_on(model, 1, 0, capacity=0)
    hand.put_on(model, 2, 0)
    assert search(model, hand, (0, 0)) == [(FOUND, 2, [1])]


def test_the_asker_itself_is_not_seen_as_full(mesh, hand):
    model = mesh(2, (0, 1), ttl=3)
    hand.put_on(model, 0, 0, capacity=0)
    assert search(model, hand, (0, 0)) == [(Reason.NO_SPECIALIST, -1, [1, 0])]


def test_frontier_queries_are_not_searched_for(mesh, hand):
    model = mesh(2, (0, 1))
    hand.put_on(model, 1, 0)
    assert search(model, hand, (0, 0, True)) == [(Reason.FRONTIER, -1, [])]


def test_a_walk_moves_to_any_neighbor_alike_the_origin_not_excluded(mesh, hand):
    n = 12_000
    model = mesh(4, (0, 1), (1, 2), (1, 3), ttl=3)
    ends = [relays[1] for _, _, relays in search(model, hand, *[(0, 0)] * n)]
    for row in (0, 2, 3):
        assert is_frequency(ends.count(row), n, 1 / 3)


def test_looks_are_a_cyclic_run_of_the_neighbor_list_from_a_random_place(mesh, hand):
    n = 4000
    # Neighbors of 0 in the order of slots: 1, 2, 3, 4; runs of two: 12, 23, 34, 41
    model = mesh(5, *STAR, looks=2, ttl=1)
    found = {}
    for pair in ((1, 3), (1, 2), (4, 1), (2, 4)):
        model.state.task[:] = -1
        for row in pair:
            hand.put_on(model, row, 0)
        found[pair] = np.mean([outcome == FOUND for outcome, *_ in search(model, hand, *[(0, 0)] * n)])
    assert found[1, 3] == found[2, 4] == 1
    assert is_frequency(round(found[1, 2] * n), n, 3 / 4)
    assert is_frequency(round(found[4, 1] * n), n, 3 / 4)


def test_with_one_look_each_neighbor_is_seen_alike(mesh, hand):
    n = 8000
    model = mesh(5, *STAR, looks=1, ttl=1)
    for row in (1, 2, 3, 4):
        hand.put_on(model, row, 0)
    specialists = [specialist for _, specialist, _ in search(model, hand, *[(0, 0)] * n)]
    for row in (1, 2, 3, 4):
        assert is_frequency(specialists.count(row), n, 1 / 4)


def test_the_pay_that_is_compared_has_the_fees_of_the_relays_in_it(mesh, hand):
    model = mesh(4, (0, 1), (1, 2), (1, 3), ttl=2, relay_fee=0.5)
    # 600 + 300 + 5 and 602 + 301 + 5: three more in all, which .001 of 3000 is worth: a tie, so the lower row
    hand.put_on(model, 2, 0, ask=602, quality=0.601)
    hand.put_on(model, 3, 0, ask=600, quality=0.6)
    assert 3000 * 0.601 - 908 == 3000 * 0.6 - 905
    assert search(model, hand, (0, 0)) == [(FOUND, 2, [1])]
    model.state.ask[2] = 603
    assert search(model, hand, (0, 0)) == [(FOUND, 3, [1])]


def test_what_stands_at_the_start_of_routing_counts_not_what_is_sold_later(mesh, hand):
    model = mesh(3, (0, 1), (2, 1))
    hand.put_on(model, 1, 0, capacity=1)
    assert search(model, hand, (0, 0), (0, 0), (2, 0)) == [(FOUND, 1, [])] * 3
