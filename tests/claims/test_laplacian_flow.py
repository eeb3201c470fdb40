"""The flow integrated step by step: exact cases."""

import networkx as nx
import numpy as np
import pytest

from mesh_abm.claims.experiments import laplacian_flow as flow
from mesh_abm.theory.diffusion import algebraic_connectivity, evolve
from mesh_abm.theory.graphs import components


def test_two_devices_halve_their_difference_at_rate_two() -> None:
    way = flow.distances(nx.path_graph(2), np.array([1.0, 0.0]), np.array([0.0, 0.5, 1.0]))
    assert way / way[0] == pytest.approx(np.exp(-2 * np.array([0.0, 0.5, 1.0])), rel=1e-7)


def test_states_are_those_of_the_matrix_exponential() -> None:
    graph, start = nx.barabasi_albert_graph(60, 2, seed=1), np.random.default_rng(1).random(60)
    assert flow.states(graph, start, np.array([0.0, 0.7]))[1] == pytest.approx(
        evolve(graph, start, 0.7), rel=1e-7
    )


@pytest.mark.parametrize("name", flow.NETWORKS)
def test_networks_are_connected_unless_named_otherwise(name) -> None:
    pieces = components(flow.network(name, 160, 1))[0]
    assert (pieces == 1) == (name != flow.DISCONNECTED)


@pytest.mark.parametrize("name", flow.CONNECTED)
def test_the_slowest_start_decays_at_lambda_2(name) -> None:
    links = flow.network(name, 160, 1)
    way = flow.distances(links, flow.slowest_start(links), np.array([0.0, 1.0]))
    assert -np.log(way[1] / way[0]) == pytest.approx(algebraic_connectivity(links), rel=1e-3)
