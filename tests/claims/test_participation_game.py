"""The participation game of a finite population, against what can be counted by hand and against equation (2)."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from mesh_abm.claims.experiments.participation_game import Population, crossings
from mesh_abm.theory import percolation


def of_five() -> Population:
    """A chain of three devices and a pair; costs rise along them."""
    graph = nx.Graph([(0, 1), (1, 2), (3, 4)])
    return Population(csr_array(nx.to_scipy_sparse_array(graph)), np.array([0.1, 0.3, 0.5, 0.7, 0.9]))


def test_components_are_counted_among_those_inside() -> None:
    population = of_five()
    assert population.connected(np.ones(5, bool)) == 3 / 5
    assert population.connected(np.array([True, False, True, True, True])) == 2 / 4
    assert population.connected(np.zeros(5, bool)) == 0


def test_those_with_low_costs_join_first_and_answer_to_what_is_connected() -> None:
    population = of_five()
    assert population.joined(0.4).tolist() == [True, True, False, False, False]
    assert population.response(1.0, 1.0) == 3 / 5  # gain .6: costs .1, .3, .5 are below it
    assert population.response(1.0, 0.4) == 1 / 5


def test_best_responses_end_where_nobody_moves() -> None:
    # all in: 3/5 connected, so only the cheapest stays; alone it is connected, so the next one joins it
    assert of_five().settle(1.0, 0.4) == 2 / 5


def test_a_large_population_has_the_component_of_equation_2() -> None:
    # z of 5 standard deviations of the component at this size (about .0033): a false alarm in two million
    population = Population.of(50_000, 2.0, np.random.default_rng(5))
    share = population.connected(np.ones(50_000, bool))
    assert share == pytest.approx(float(percolation.giant_component(2.0)), abs=0.017)


@pytest.mark.parametrize(
    ("gaps", "count"), [([1, 2, 3], 0), ([-1, 1, -1], 2), ([-1, 0, 1], 1), ([0, 0], 0), ([1, 0, 1], 0)]
)
def test_crossings_are_changes_of_sign(gaps: list[float], count: int) -> None:
    assert crossings(np.array(gaps, float)) == count
