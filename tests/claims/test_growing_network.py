"""The grown networks: their books, their rules, and limits that are known."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.claims.experiments.finite_size import crossing, extrapolated, limit
from mesh_abm.claims.experiments.growing_network import START, Rules, grow
from mesh_abm.claims.experiments.growth_equations import classes, graded, provider_share
from mesh_abm.theory import condensation


@pytest.mark.parametrize("provider", [True, False])
@pytest.mark.parametrize("distinct", [True, False])
@pytest.mark.parametrize(("deaths", "failures"), [(0.0, 0.0), (0.4, 0.7)])
def test_every_slot_of_every_device_points_to_one_node(
    provider: bool, distinct: bool, deaths: float, failures: float
) -> None:
    rules = Rules(slots=3, provider=provider, distinct=distinct, deaths=deaths, failures=failures)
    net = grow(np.full(2_000, 0.5), rules, np.random.default_rng(1))
    assert net.devices == 2_000 - int(deaths * (2_000 - START))
    assert net.in_links.sum() == 3 * net.devices
    assert net.shares.sum() == pytest.approx(1.0)
    assert net.in_links.min() >= 0
    assert (net.arrival[0] == 0) == provider


def test_distinct_partners_leave_the_provider_one_link_a_device() -> None:
    repeated = grow(np.full(400, 0.01), Rules(slots=4), np.random.default_rng(2))
    distinct = grow(np.full(400, 0.01), Rules(slots=4, distinct=True), np.random.default_rng(2))
    assert repeated.in_links[0] > 0.9 * 4 * 400
    assert 0.9 * 400 < distinct.in_links[0] <= 400


def test_the_same_random_numbers_make_a_larger_network_a_later_stage() -> None:
    fitness = np.random.default_rng(3).random(900)
    rules = Rules(provider=False)
    small = grow(fitness[:300], rules, np.random.default_rng(4))
    large = grow(fitness, rules, np.random.default_rng(4))
    assert np.all(large.in_links[:300] >= small.in_links)


def test_equal_fitness_is_growth_by_degree() -> None:
    """P(k) = 2m(m+1)/(k(k+1)(k+2)) (Krapivsky, Redner and Leyvraz 2000): half have no in-link for m = 2."""
    net = grow(np.full(60_000, 0.5), Rules(provider=False), np.random.default_rng(5))
    for degree in (2, 3, 5, 8):
        expected = 12.0 / (degree * (degree + 1) * (degree + 2))
        assert np.mean(net.degree == degree) == pytest.approx(expected, abs=0.008)
    assert net.inverse_fugacity == pytest.approx(1.0)  # twice the fitness


def test_a_population_that_stays_the_same_has_its_condensate() -> None:
    n, part = 1_500, 0.5
    rules = Rules(slots=3, deaths=1.0, failures=1.0)
    shares = [
        grow(np.full(n * 20, 0.3), rules, np.random.default_rng(seed), start=n).shares[0] for seed in range(5)
    ]
    law = condensation.small_rates(0.3, churn=part, link_failure=1.0 - part)
    assert np.mean(shares) == pytest.approx(law, abs=0.01)


def test_equations_of_growth_follow_the_simulated_network_and_settle() -> None:
    n, seeds = 10_000, 12
    shares = [grow(np.full(n, 0.3), Rules(), np.random.default_rng(seed)).shares[0] for seed in range(seeds)]
    now, settled = provider_share([0.3], [1.0], [n / START, 1e40])
    assert np.mean(shares) == pytest.approx(now, abs=0.008)
    assert settled == pytest.approx(1.0 - 3.0 / 7.0, abs=1e-4)


def test_classes_of_fitness_cover_all_devices() -> None:
    above = graded()
    assert classes(above).sum() == pytest.approx(1.0)
    assert classes(above).min() > 0.0


def test_limit_of_corrections_that_are_a_power_of_size() -> None:
    sizes = np.array([10.0, 100.0, 1000.0])
    stages = 0.4 + np.outer(sizes**-0.5, [1.0, 1.5, 0.2])
    assert limit(stages[:, 0]) == pytest.approx(0.4)
    value, error = extrapolated(stages)
    assert value == pytest.approx(0.4)
    assert error < 1e-12


def test_crossing_of_two_curves() -> None:
    x = np.linspace(0.0, 2.0, 9)
    assert crossing(x, np.exp(x), np.exp(3.0 * x - 2.2)) == pytest.approx(1.1)
    assert np.isnan(crossing(x, np.exp(x), np.exp(x - 1.0)))
