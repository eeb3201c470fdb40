"""Link rules with uniform partners: mean degrees, and thresholds far from 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mesh_abm.claims.experiments import random_networks
from mesh_abm.theory import percolation

N = 20_000


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("failure", "churn"), [(0.1, 0.0), (0.1, 0.05), (0.0, 0.05)])
def test_turnover_has_the_mean_degree_of_its_rates(failure: float, churn: float) -> None:
    """3 by construction; 5 standard errors of a Poisson number of 30,000 links, and ages shared by links."""
    ends = random_networks.turnover(N, 3.0 * (failure + 2.0 * churn) / N, failure, churn, rng())
    assert random_networks.mean_degree(N, ends) == pytest.approx(3.0, abs=0.15)


def test_slots_and_independent_links_have_their_mean_degree() -> None:
    assert random_networks.mean_degree(N, random_networks.slots(N, 3, 0.4, rng())) == pytest.approx(
        2.4, abs=0.05
    )
    assert random_networks.mean_degree(N, random_networks.independent(N, 2.4, rng())) == pytest.approx(
        2.4, abs=0.08
    )


def test_no_device_is_linked_to_itself() -> None:
    for a, b in (
        random_networks.slots(50, 3, 1.0, rng()),
        random_networks.independent(50, 3.0, rng()),
        random_networks.turnover(50, 0.1, 1.0, 0.5, rng()),
    ):
        assert np.all(a != b)
        assert min(a.min(), b.min()) >= 0
        assert max(a.max(), b.max()) < 50


def test_components_are_counted() -> None:
    ends = np.array([0, 1, 5]), np.array([1, 2, 6])
    assert random_networks.largest_component(8, ends) == 3
    nothing = np.array([], dtype=np.int64)
    assert random_networks.largest_component(8, (nothing, nothing)) == 1


def largest_share(rule: Callable[[np.random.Generator], random_networks.Ends]) -> float:
    """The mean over twelve networks: a single one near its threshold may miss half of its component."""
    return float(np.mean([random_networks.largest_component(N, rule(rng(seed))) / N for seed in range(12)]))


def test_each_rule_has_its_own_threshold() -> None:
    """At a mean degree of 1.3 independent links have S = .423, two slots .261; at .9 turnover has a component."""
    independent = largest_share(lambda one: random_networks.independent(N, 1.3, one))
    assert independent == pytest.approx(percolation.giant_component(1.3), abs=0.03)
    two_slots = largest_share(lambda one: random_networks.slots(N, 2, 1.3 / 4.0, one))
    assert two_slots == pytest.approx(percolation.giant_component_slots(2, 1.3 / 4.0), abs=0.06)
    assert largest_share(lambda one: random_networks.turnover(N, 2.0 * 0.9 / N, 0.0, 1.0, one)) > 0.1
