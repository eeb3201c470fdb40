"""The Laplacian flow and its slowest rate, against graphs whose spectrum is known and an integrated flow."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mesh_abm.theory import diffusion


@pytest.mark.parametrize(
    ("graph", "value"),
    [
        (nx.complete_graph(7), 7.0),
        (nx.star_graph(9), 1.0),
        (nx.cycle_graph(12), 2 - 2 * np.cos(2 * np.pi / 12)),
        (nx.path_graph(2), 2.0),
        (nx.path_graph(1000), 4 * np.sin(np.pi / 2000) ** 2),
        (nx.hypercube_graph(6), 2.0),
        (nx.complete_bipartite_graph(3, 8), 3.0),
    ],
)
def test_known_connectivity(graph: nx.Graph, value: float) -> None:
    assert diffusion.algebraic_connectivity(graph) == pytest.approx(value, rel=1e-7)


@pytest.mark.parametrize(
    ("graph", "value"),
    [
        (nx.cycle_graph(2000), 2 - 2 * np.cos(2 * np.pi / 2000)),  # a double eigenvalue, 1e-5
        (nx.circular_ladder_graph(900), 2 - 2 * np.cos(2 * np.pi / 900)),
        (nx.hypercube_graph(11), 2.0),
        (nx.star_graph(3000), 1.0),
    ],
)
def test_known_connectivity_of_large_graphs(graph: nx.Graph, value: float) -> None:
    assert diffusion.algebraic_connectivity(graph) == pytest.approx(value, rel=1e-6)


def test_sparse_and_dense_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.barabasi_albert_graph(1000, 3, seed=1)
    dense = diffusion.algebraic_connectivity(graph)
    flow = diffusion.evolve(graph, np.arange(1000.0), [0.1, 2.0])
    monkeypatch.setattr(diffusion, "DENSE", 10)
    assert diffusion.algebraic_connectivity(graph) == pytest.approx(dense, rel=1e-8)
    assert diffusion.evolve(graph, np.arange(1000.0), [0.1, 2.0]) == pytest.approx(flow, rel=1e-9)


def test_connectivity_at_the_edges() -> None:
    assert diffusion.algebraic_connectivity(nx.empty_graph(0)) == 0.0
    assert diffusion.algebraic_connectivity(nx.empty_graph(1)) == 0.0
    assert diffusion.algebraic_connectivity(nx.empty_graph(5)) == 0.0
    assert diffusion.algebraic_connectivity(nx.disjoint_union(nx.path_graph(3), nx.path_graph(2))) == 0.0


def test_connectivity_facts_of_the_ledger() -> None:
    leaf = nx.complete_graph(10)
    leaf.add_edge(0, 10)
    assert diffusion.algebraic_connectivity(leaf) == pytest.approx(1.0, rel=1e-9)  # K10: 10 -> 1
    graph = nx.barabasi_albert_graph(200, 2, seed=4)
    before = diffusion.algebraic_connectivity(graph)
    graph.add_edge(0, 199)
    assert diffusion.algebraic_connectivity(graph) >= before - 1e-12  # an added edge never lowers it
    graph.add_edge(50, 200)
    assert diffusion.algebraic_connectivity(graph) < before  # a leaf lowers it


def test_two_nodes_level_out_at_rate_two() -> None:
    t = np.array([0.0, 0.3, 1.0])
    states = diffusion.evolve(nx.path_graph(2), [1.0, 0.0], t)
    assert states.shape == (3, 2)
    assert states[:, 0] == pytest.approx((1 + np.exp(-2 * t)) / 2, rel=1e-13)


def test_flow_against_an_integrator() -> None:
    graph = nx.barabasi_albert_graph(60, 2, seed=2)
    start = np.random.default_rng(1).normal(size=60)
    laplacian = nx.laplacian_matrix(graph).toarray()
    solved = solve_ivp(lambda _, u: -laplacian @ u, (0, 1.5), start, rtol=1e-11, atol=1e-13).y[:, -1]
    assert diffusion.evolve(graph, start, 1.5) == pytest.approx(solved, abs=1e-9)


def test_flow_conserves_means_and_obeys_its_bound() -> None:
    graph = nx.disjoint_union(nx.barabasi_albert_graph(80, 2, seed=3), nx.cycle_graph(5))
    start = np.random.default_rng(1).random((85, 2))
    for t in (0.5, 50.0, np.inf):
        state = diffusion.evolve(graph, start, t)
        assert state.shape == (85, 2)
        assert state[:80].mean(axis=0) == pytest.approx(start[:80].mean(axis=0), rel=1e-12)
        assert state[80:].mean(axis=0) == pytest.approx(start[80:].mean(axis=0), rel=1e-12)
    assert np.ptp(diffusion.evolve(graph, start, np.inf)[80:], axis=0) == pytest.approx(0.0, abs=1e-14)
    connected = nx.barabasi_albert_graph(80, 2, seed=3)
    rate = diffusion.algebraic_connectivity(connected)
    for t in (0.1, 1.0, 5.0):
        reached = diffusion.distance(diffusion.evolve(connected, start[:80, 0], t))
        bound = diffusion.distance_bound(diffusion.distance(start[:80, 0]), rate, t)
        assert 0.01 * bound < reached <= bound * (1 + 1e-12)


def test_flow_at_the_edges() -> None:
    start = np.array([1.0, 2.0, 5.0])
    assert diffusion.evolve(nx.empty_graph(3), start, 10.0).tolist() == [1.0, 2.0, 5.0]
    assert diffusion.evolve(nx.path_graph(3), start, 0.0) == pytest.approx(start, rel=1e-14)
    assert diffusion.evolve(nx.empty_graph(0), [], 1.0).shape == (0,)
    weighted = np.array([[0.0, 0.5], [0.5, 0.0]])
    assert diffusion.evolve(weighted, [1.0, 0.0], 2.0)[0] == pytest.approx((1 + np.exp(-2)) / 2)
    assert diffusion.distance_bound(2.0, 0.0, np.inf) == 2.0


def test_largest_eigenvalue() -> None:
    assert diffusion.explicit_step_limit(nx.complete_graph(5)) == pytest.approx(2 / 5)
    assert diffusion.explicit_step_limit(nx.empty_graph(5)) == np.inf
    assert diffusion.explicit_step_limit(nx.star_graph(1500)) == pytest.approx(2 / 1501)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((nx.DiGraph([(0, 1)]), [1, 2], 1.0), "graph"),
        ((np.array([[0, 1], [0, 0]]), [1, 2], 1.0), "graph"),
        ((np.array([[0, -1], [-1, 0]]), [1, 2], 1.0), "graph"),
        ((np.ones((2, 3)), [1, 2], 1.0), "graph"),
        ((nx.path_graph(2), [1, 2, 3], 1.0), "u0"),
        ((nx.path_graph(2), [1, np.nan], 1.0), "u0"),
        ((nx.path_graph(2), [1, 2], -1.0), "t = "),
        ((nx.path_graph(2), [1, 2], np.nan), "t = "),
    ],
)
def test_refusals(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        diffusion.evolve(*arguments)  # type: ignore[arg-type]
