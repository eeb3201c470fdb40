"""Sampled Potts models against exact averages, mean field, and the hysteresis of the claims ledger."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Literal

import networkx as nx
import numpy as np
import pytest

from mesh_abm.theory import potts

METHODS: list[Literal["heat-bath", "swendsen-wang"]] = ["heat-bath", "swendsen-wang"]


def exact_order(graph: nx.Graph, q: int, coupling: float) -> float:
    """Mean of (q x - 1)/(q - 1) over all states of a small graph."""
    total = weighted = 0.0
    for state in itertools.product(range(q), repeat=len(graph)):
        weight = np.exp(coupling * sum(state[i] == state[j] for i, j in graph.edges))
        total += weight
        weighted += weight * (q * max(np.bincount(state)) / len(graph) - 1) / (q - 1)
    return float(weighted / total)


@pytest.mark.statistical
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("q", [2, 3])
def test_exact_average_on_a_small_graph(method: Literal["heat-bath", "swendsen-wang"], q: int) -> None:
    graph = nx.lollipop_graph(4, 3)
    found = potts.order_parameter(graph, q, [0.3, 1.2], 12_000, rng=5, method=method)
    # 6000 sweeps, correlated over less than 10: standard error below .008; false alarm < 1e-5
    assert found == pytest.approx([exact_order(graph, q, 0.3), exact_order(graph, q, 1.2)], abs=0.035)


@pytest.mark.statistical
def test_negative_coupling_colors_a_graph() -> None:
    graph = nx.complete_bipartite_graph(3, 3)
    found = potts.order_parameter(graph, 2, [-1.5], 12_000, rng=2)
    assert found[0] == pytest.approx(exact_order(graph, 2, -1.5), abs=0.03)
    with pytest.raises(ValueError, match="coupling"):
        potts.order_parameter(graph, 2, [-1.5], 3, method="swendsen-wang")


@pytest.mark.statistical
@pytest.mark.parametrize("method", METHODS)
def test_complete_graph_is_mean_field(method: Literal["heat-bath", "swendsen-wang"]) -> None:
    n = 400
    field = np.array([2.4, 3.4])
    found = potts.order_parameter(nx.complete_graph(n), 3, field / n, 120, rng=1, method=method)
    ordered = potts.branches(3.4, 3)[1]
    # finite size leaves about 1/sqrt(n) of order below the transition; above it fluctuations of order .02
    assert found[0] < 0.15
    assert found[1] == pytest.approx(ordered, abs=0.05)


@pytest.mark.statistical
@pytest.mark.parametrize(("q", "ratios"), [(6, (0.78, 0.84, 0.9)), (3, (0.95, 0.955))])
def test_both_branches_survive_on_erdos_renyi(q: int, ratios: tuple[float, ...]) -> None:
    # metastable states of 20,000 nodes last far longer than 150 sweeps here: the seed decides nothing
    graph = nx.fast_gnp_random_graph(20_000, 9.94 / 19_999, seed=1)
    couplings = np.array(ratios) * potts.sparse_spinodal(9.94, q)
    found = potts.hysteresis(graph, q, couplings, 150, rng=3)
    assert np.all(found.up < 0.1)  # the disordered branch
    assert np.all(found.down > 0.25)  # the ordered branch
    assert found.gap > 0.25
    if q == 6:
        assert found.down[0] == pytest.approx(0.66, abs=0.1)


@pytest.mark.slow
@pytest.mark.statistical
def test_no_gap_for_two_states_or_with_hubs() -> None:
    er = nx.fast_gnp_random_graph(10_000, 9.94 / 9_999, seed=1)
    ratios = np.array([0.85, 0.95, 1.1, 1.3])
    assert potts.hysteresis(er, 2, ratios * potts.sparse_spinodal(9.94, 2), 400, rng=3).gap < 0.05
    hubs = nx.barabasi_albert_graph(10_000, 5, seed=1)
    k = np.array([d for _, d in hubs.degree()])
    branching = (k**2).sum() / k.sum() - 1
    found = potts.hysteresis(
        hubs, 6, np.array([1.0, 1.2, 1.5]) * potts.sparse_spinodal(branching, 6), 400, rng=3
    )
    assert abs(found.gap) < 0.03
    assert found.up == pytest.approx([0.076, 0.189, 0.384], abs=0.06)  # the ledger's, on another graph


def test_starts_and_edges() -> None:
    ring = nx.cycle_graph(500)
    assert potts.order_parameter(ring, 4, [50.0], 1, rng=1, start="cold")[0] == pytest.approx(1.0)
    assert potts.order_parameter(ring, 4, [0.0], 5, rng=1)[0] < 0.15
    assert potts.order_parameter(nx.empty_graph(1), 3, [0.3], 2, rng=1).tolist() == [1.0]
    first = potts.order_parameter(ring, 3, [0.5, 1.0], 20, rng=7)
    assert (
        first.tolist()
        == potts.order_parameter(ring, 3, [0.5, 1.0], 20, rng=np.random.default_rng(7)).tolist()
    )
    weighted = np.array(
        [[0.0, 3.0], [3.0, 0.0]]
    )  # twice the chance to agree of weight 1, at three times the coupling
    agree = potts.order_parameter(weighted, 2, [0.5], 4000, rng=1)[0]
    assert agree == pytest.approx(np.exp(1.5) / (1 + np.exp(1.5)), abs=0.04)


@pytest.mark.statistical
def test_final_states_color_a_graph_or_agree() -> None:
    ring = nx.cycle_graph(200)
    apart, together = potts.final_states(ring, 3, [-9.0, 9.0], 400, rng=1)
    # a chain at K = -9 has about 200 e^-9 / 2 = .01 equal neighbors; the falling one starts from there
    assert np.mean(apart == np.roll(apart, 1)) <= 0.01
    assert np.mean(together == np.roll(together, 1)) > 0.8
    assert apart.shape == (200,)


def test_final_states_are_those_whose_order_is_averaged() -> None:
    graph = nx.barabasi_albert_graph(300, 3, seed=1)
    last = potts.final_states(graph, 4, [0.2, 0.8], 1, rng=9)
    share = np.array([np.bincount(one).max() / 300 for one in last])
    assert potts.order_parameter(graph, 4, [0.2, 0.8], 1, rng=9) == pytest.approx((4 * share - 1) / 3)


def test_state_is_carried_along() -> None:
    graph = nx.complete_graph(200)
    field = np.array([6.0, 2.9]) / 200
    held = potts.order_parameter(graph, 3, field, 30, rng=1)[1]
    fresh = potts.order_parameter(graph, 3, field[1:], 30, rng=1, start="hot")[0]
    assert held > 0.5 > fresh


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: potts.order_parameter(nx.path_graph(2), 1, [1.0], 5), "q = "),
        (lambda: potts.order_parameter(nx.path_graph(2), 2, [np.nan], 5), "couplings"),
        (lambda: potts.order_parameter(nx.path_graph(2), 2, [1.0], 0), "sweeps"),
        (lambda: potts.order_parameter(nx.path_graph(2), 2, [1.0], 5, start="warm"), "start"),  # type: ignore[arg-type]
        (lambda: potts.order_parameter(nx.path_graph(2), 2, [1.0], 5, method="exact"), "method"),  # type: ignore[arg-type]
        (lambda: potts.order_parameter(nx.empty_graph(0), 2, [1.0], 5), "graph"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
