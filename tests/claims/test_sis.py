"""SIS event by event: limits that are known exactly."""

import networkx as nx
import numpy as np
import pytest

from mesh_abm.claims.experiments import sis


def lifetimes(graph, rate, runs, *, annealed=False):
    neighbors, rng = sis.neighbors_of(graph), np.random.default_rng(11)
    return np.array([sis.course(neighbors, rate, 1e6, rng, annealed=annealed).lifetime for _ in range(runs)])


@pytest.mark.statistical
def test_two_devices_outlive_their_infection_by_three_halves_and_half_the_rate() -> None:
    """From both infected the mean lifetime is 3/2 + rate/2; false alarm below 1 in 10,000."""
    found = lifetimes(nx.path_graph(2), 2.0, 4_000)
    assert abs(found.mean() - 2.5) < 4 * found.std() / np.sqrt(found.size)


@pytest.mark.statistical
def test_devices_without_links_recover_one_by_one() -> None:
    """The last of n recovers after 1 + 1/2 + .. + 1/n on average; false alarm below 1 in 10,000."""
    found = lifetimes(nx.empty_graph(10), 5.0, 4_000)
    expected = np.sum(1 / np.arange(1, 11))
    assert abs(found.mean() - expected) < 4 * found.std() / np.sqrt(found.size)


@pytest.mark.statistical
def test_where_everybody_meets_everybody_a_share_1_minus_1_over_r0_is_infected() -> None:
    """To 0.01 at N = 20,000, where fluctuations of the mean over 50 recovery times are below 0.002."""
    found = sis.course(sis.well_mixed(20_000), 2.0, 100.0, np.random.default_rng(3), annealed=True)
    assert found.lifetime == 100.0
    assert found.prevalence == pytest.approx(0.5, abs=0.01)


def test_an_outbreak_ends_at_the_time_it_is_watched() -> None:
    assert sis.course(sis.network("Poisson", 300, 1), 1.0, 5.0, np.random.default_rng(1)).lifetime == 5.0


@pytest.mark.parametrize("kind", sis.KINDS)
def test_networks_have_the_same_mean_degree(kind) -> None:
    assert sis.network(kind, 5_000, 1).degrees.mean() == pytest.approx(2 * sis.SLOTS, rel=0.03)


def test_the_half_point_of_a_step_is_in_its_middle() -> None:
    middle, error = sis.half_point([1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 1.0, 1.0], 20)
    assert middle == 2.5
    assert error == pytest.approx(1 / np.sqrt(12))


def test_the_half_point_needs_both_ends() -> None:
    assert np.isnan(sis.half_point([1.0, 2.0], [0.1, 1.0], 20)[0])
    assert np.isnan(sis.half_point([1.0, 2.0], [0.0, 0.9], 20)[0])


def test_rates_above_many_that_last_are_not_tried() -> None:
    neighbors = sis.network("Poisson", 300, 1)
    assert (
        sis.lasting(neighbors, [0.01, *[1.0] * 4, 1.0, 0.01], 50.0, np.random.default_rng(1))
        == [False] + [True] * 6
    )
