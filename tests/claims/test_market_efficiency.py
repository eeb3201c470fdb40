"""Small markets whose best assignment is plain."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from mesh_abm.claims.experiments.market_efficiency import (
    Market,
    best,
    best_offer,
    lowest_ask,
    markets,
    under_conditions,
)
from mesh_abm.model import MeshModel


def market(value: list[list[float]], ask: list[float], cost: list[float], capacity: list[int]) -> Market:
    shape = np.array(value).shape
    return Market(
        np.array(value),
        np.array(ask),
        np.array(cost),
        np.array(capacity, np.int64),
        np.zeros(shape, bool),
        0.0,
    )


def test_the_best_assignment_is_that_of_trying_all() -> None:
    value = np.random.default_rng(5).normal(size=(5, 5))
    found = best(market(value.tolist(), [1.0] * 5, [1.0] * 5, [1] * 5))
    tried = max(np.maximum(value[np.arange(5), list(order)], 0).sum() for order in permutations(range(5)))
    assert found == pytest.approx(tried)


def test_capacity_limits_what_is_served_and_nobody_serves_at_a_loss() -> None:
    assert best(market([[3.0, -1.0], [2.0, -1.0]], [1.0, 1.0], [1.0, 1.0], [1, 1])) == 3.0


def test_the_lowest_ask_takes_the_cheap_device_and_misses_the_good_one() -> None:
    here = market([[1.0, 5.0]], [1.0, 2.0], [1.0, 1.0], [1, 1])
    order = np.array([0])
    assert (lowest_ask(here, order), best_offer(here, order), best(here)) == (1.0, 5.0, 5.0)


def test_an_ask_above_its_worth_sends_the_query_to_the_provider() -> None:
    assert lowest_ask(market([[1.0]], [9.0], [1.0], [1]), np.array([0])) == 0.0


def test_under_the_conditions_the_lowest_ask_is_best_whatever_the_order() -> None:
    rng = np.random.default_rng(6)
    ideal = under_conditions(
        market(rng.uniform(1, 9, (6, 3)).tolist(), [9.0, 8.0, 7.0], [1.0, 2.0, 3.0], [2, 2, 1])
    )
    for seed in range(5):
        assert lowest_ask(ideal, np.random.default_rng(seed).permutation(6)) == pytest.approx(best(ideal))


def test_no_rule_and_no_search_beats_the_best_of_a_simulated_market() -> None:
    model = MeshModel(n_owners=200, population="fixed", kernel="uniform", measure_every=0, rng=1)
    model.run_for(24)
    found = markets(model)
    assert found
    for one in found:
        order = np.arange(one.value.shape[0])
        top = best(one) + 1e-6
        assert max(lowest_ask(one, order), best_offer(one, order), one.made) <= top
