"""Potts models: identities by enumeration, the complete graph, degree sequences."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from mesh_abm.theory import percolation, potts

GRAPHS = [
    nx.cycle_graph(4),
    nx.complete_graph(4),
    nx.disjoint_union(nx.path_graph(3), nx.empty_graph(1)),
    nx.empty_graph(3),
    nx.empty_graph(0),
]


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("q", [1, 2, 3])
@pytest.mark.parametrize("coupling", [0.7, 0.0, -0.5])
def test_cluster_sum_lacks_a_factor(graph: nx.Graph, q: int, coupling: float) -> None:
    z = potts.partition_function(graph, q, coupling)
    printed = potts.cluster_sum(graph, q, coupling)
    assert z == pytest.approx(np.exp(coupling * graph.number_of_edges()) * printed, rel=1e-13)
    if q == 1:
        assert printed == pytest.approx(1.0, rel=1e-13)  # no generating function


def test_numbers_of_the_ledger() -> None:
    assert potts.partition_function(nx.cycle_graph(4), 3, 0.7) == pytest.approx(261.651204, abs=5e-7)
    assert potts.cluster_sum(nx.cycle_graph(4), 3, 0.7) == pytest.approx(15.911026, abs=5e-7)
    # transfer matrix of a ring: (e^K + q - 1)^n + (q - 1)(e^K - 1)^n
    ring = (np.exp(0.7) + 2) ** 4 + 2 * (np.exp(0.7) - 1) ** 4
    assert potts.partition_function(nx.cycle_graph(4), 3, 0.7) == pytest.approx(ring, rel=1e-14)


def test_percolation_is_the_derivative_at_one_state() -> None:
    graph, h = nx.complete_graph(4), 1e-5
    slope = (potts.cluster_sum(graph, 1 + h, 0.7) - potts.cluster_sum(graph, 1 - h, 0.7)) / (2 * h)
    assert slope == pytest.approx(potts.mean_clusters(graph, 0.7), rel=1e-9)
    assert potts.mean_clusters(nx.path_graph(3), 0.7) == pytest.approx(3 - 2 * (1 - np.exp(-0.7)))


@pytest.mark.parametrize(("q", "critical"), [(3, 2.772589), (4, 3.295837), (6, 4.023595), (10, 4.943755)])
def test_critical_couplings_of_the_ledger(q: int, critical: float) -> None:
    found = potts.mean_field(q)
    assert found.critical_coupling == pytest.approx(critical, abs=5e-7)
    assert found.jump == pytest.approx((q - 2) / (q - 1), rel=1e-14)
    assert found.spinodal_high == q
    assert found.first_order
    # independently: the free energy has a second, equal minimum there
    depth = minimize_scalar(
        lambda m: potts.free_energy(m, found.critical_coupling, q), bounds=(0.2, 0.999), method="bounded"
    )
    assert depth.fun == pytest.approx(0.0, abs=1e-10)
    assert depth.x == pytest.approx(found.jump, abs=1e-4)
    # latent heat: energy per node is -1/2 sum x^2
    x = np.array([1 + (q - 1) * found.jump] + [1 - found.jump] * (q - 1)) / q
    assert found.latent_heat == pytest.approx((np.sum(x**2) - 1 / q) / 2, rel=1e-12)


@pytest.mark.parametrize(("q", "low"), [(3, 2.7456), (6, 3.8364)])
def test_ordered_limits_of_the_ledger(q: int, low: float) -> None:
    found = potts.mean_field(q)
    assert found.spinodal_low == pytest.approx(low, abs=5e-5)
    m = np.linspace(1e-4, 0.9999, 400_001)
    couplings = np.log((1 + (q - 1) * m) / (1 - m)) / m
    assert found.spinodal_low == pytest.approx(couplings.min(), rel=1e-9)


def test_few_states() -> None:
    for q in (1, 1.5, 2):
        found = potts.mean_field(q)
        assert (found.critical_coupling, found.spinodal_low, found.spinodal_high) == (q, q, q)
        assert (found.jump, found.latent_heat, found.first_order) == (0.0, 0.0, False)
    for beyond in (1e-3, 1e-6, 1e-12):  # the limit from above
        found = potts.mean_field(2 + beyond)
        assert found.critical_coupling == pytest.approx(2.0, abs=2 * beyond)
        assert found.jump == pytest.approx(beyond, rel=2e-3)
        assert found.spinodal_low <= found.critical_coupling <= found.spinodal_high
    # series: K_c = 2 + e - e^2/3 + .., from 2 (1 + e) ln(1 + e)/e
    assert potts.mean_field(2.001).critical_coupling == pytest.approx(2 + 1e-3 - 1e-6 / 3, abs=1e-9)


def test_branches() -> None:
    disordered, ordered = potts.branches([2.0, 2.75, 2.9, 3.1], 3)
    assert disordered[:3].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(disordered[3])
    assert np.isnan(ordered[0])
    k, m = np.array([2.75, 2.9, 3.1]), ordered[1:]
    assert m == pytest.approx(np.expm1(k * m) / (np.exp(k * m) + 2), rel=1e-12)
    assert np.all(np.diff(m) > 0)
    # Ising, K = 2 (1.1): m = tanh(1.1 m)
    assert potts.branches(2.2, 2)[1] == pytest.approx(0.5029, abs=5e-5)
    assert potts.branches(2 + 2e-8, 2)[1] == pytest.approx(np.sqrt(3e-8), rel=1e-6)
    assert potts.branches([0.5, 2.0], 1)[1][1] == pytest.approx(percolation.giant_component(2.0))


def test_free_energy_against_the_sum_over_states() -> None:
    m, k, q = 0.4, 3.0, 5
    x = np.array([1 + 4 * m] + [1 - m] * 4) / 5
    assert potts.free_energy(m, k, q) == pytest.approx(
        np.sum(x * np.log(x)) + np.log(5) - k / 2 * (np.sum(x**2) - 0.2)
    )
    assert potts.free_energy(0.0, k, q) == pytest.approx(0.0, abs=1e-15)
    assert np.isfinite(potts.free_energy(1.0, k, q))


@pytest.mark.parametrize(("q", "value"), [(3, 3.6542), (4, 3.5034), (5, 3.4160), (6, 3.3579), (10, 3.2388)])
def test_critical_tail_exponents_of_the_ledger(q: float, value: float) -> None:
    assert potts.critical_tail_exponent(q) == pytest.approx(value, abs=6e-5)


@pytest.mark.parametrize(
    ("q", "b", "value"), [(3, 10, 3.6841), (3, 3, 3.7478), (6, 10, 3.4116), (6, 3, 3.5202)]
)
def test_critical_tail_exponents_of_messages(q: float, b: float, value: float) -> None:
    assert potts.critical_tail_exponent(q, b) == pytest.approx(value, abs=6e-5)


def test_critical_tail_exponent_solves_its_integral() -> None:
    g = potts.critical_tail_exponent(3)
    x = np.linspace(-60, 60, 2_000_001)  # y = e^x: a plain sum, slow in the tails but independent
    y = np.exp(x)
    rest = -np.expm1(-y) / (1 + 2 * np.exp(-y)) - y / 3
    rest[x < -5] = y[x < -5] ** 2 / 18 - y[x < -5] ** 3 / 54
    # F = y/3 + y^2/18 - y^3/54 + ..: (q^2 - 6q + 6)/(6 q^3) = -3/162
    total = np.trapezoid(y ** (2 - g) * rest, x)
    scale = np.trapezoid(y ** (2 - g) * np.abs(rest), x)
    assert abs(total) < 1e-4 * scale


def test_critical_tail_exponent_tends_to_four() -> None:
    assert potts.critical_tail_exponent(2.001) == pytest.approx(4.0, abs=1e-3)
    assert potts.critical_tail_exponent(3, 1e7) == pytest.approx(potts.critical_tail_exponent(3), abs=1e-5)


def test_equal_degrees_are_the_complete_graph() -> None:
    for q in (2, 3, 6, 10):
        one, complete = potts.annealed([50.0, 50.0], q, smallest_jump=0), potts.mean_field(q)
        for name in ("critical_coupling", "spinodal_low", "spinodal_high"):
            assert 50 * getattr(one, name) == pytest.approx(getattr(complete, name), rel=1e-8)
        assert one.jump == pytest.approx(complete.jump, abs=1e-4)
        assert one.first_order == complete.first_order


def power_law(exponent: float) -> np.ndarray:
    """Degrees 1 to 1e15 in fine bins with the weights of k^-exponent: a tail without a cut-off that matters."""
    k = np.unique(np.rint(np.geomspace(1, 1e15, 1500)))
    edges = np.concatenate([[0.7], np.sqrt(k[1:] * k[:-1]), k[-1:]])
    return np.column_stack([k, edges[:-1] ** (1 - exponent) - edges[1:] ** (1 - exponent)])


def test_hubs_remove_the_jump() -> None:
    k = np.arange(1, 60)
    poisson = np.column_stack([k, np.exp(k * np.log(9.94) - np.cumsum(np.log(k)))])
    erdos_renyi = potts.annealed(poisson, 3)
    assert erdos_renyi.first_order
    assert erdos_renyi.jump > 0.3
    assert not potts.annealed(poisson, 2).first_order
    for exponent, jumps in ((2.5, False), (3.2, False), (3.6, False), (3.75, True), (4.5, True)):
        found = potts.annealed(power_law(exponent), 3, smallest_jump=1e-3)
        assert found.first_order == jumps, exponent
        if not jumps:
            assert found.critical_coupling == found.spinodal_high
        else:
            assert found.spinodal_low < found.critical_coupling < found.spinodal_high


def test_annealed_without_links() -> None:
    found = potts.annealed([0, 0, 0], 3)
    assert (found.critical_coupling, found.jump) == (np.inf, 0.0)


def test_sparse_graphs() -> None:
    assert potts.sparse_spinodal(3.0, 2) == pytest.approx(2 * np.arctanh(1 / 3))  # Ising: tanh(K/2) = 1/b
    assert 1 - np.exp(-potts.sparse_spinodal(4.0, 1)) == pytest.approx(1 / 4)  # percolation: p = 1/b
    assert potts.sparse_spinodal([0.5, 1.0], 3).tolist() == [np.inf, np.inf]
    # the message map has slope 1/b there
    k, q, b = potts.sparse_spinodal(9.94, 6), 6, 9.94
    assert np.expm1(k) / (np.exp(k) + q - 1) == pytest.approx(1 / b, rel=1e-13)


def test_regular_graphs() -> None:
    assert np.exp(potts.regular_critical_coupling(4, 3)) == pytest.approx(1 / (np.sqrt(2) - 1))
    assert potts.regular_critical_coupling(4, 2) == pytest.approx(potts.sparse_spinodal(3, 2))
    assert potts.regular_critical_coupling(4, 2 + 1e-9) == pytest.approx(
        potts.sparse_spinodal(3, 2), rel=1e-8
    )
    for d in (3, 10):  # below the point where disorder loses stability, as a first-order transition must be
        assert potts.regular_critical_coupling(d, 5) < potts.sparse_spinodal(d - 1, 5)
    assert 1e6 * potts.regular_critical_coupling(1e6, 6) == pytest.approx(4.023595, rel=1e-5)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: potts.mean_field(0.5), "q = "),
        (lambda: potts.mean_field(np.nan), "q = "),
        (lambda: potts.free_energy(1.1, 2, 3), "m = "),
        (lambda: potts.branches(-1, 3), "coupling"),
        (lambda: potts.annealed([-1, 2], 3), "degrees"),
        (lambda: potts.critical_tail_exponent(2), "q = "),
        (lambda: potts.critical_tail_exponent(3, 1.0), "branching"),
        (lambda: potts.partition_function(nx.path_graph(3), 2.5, 1.0), "q = "),  # type: ignore[arg-type]
        (lambda: potts.partition_function(nx.empty_graph(40), 3, 1.0), "graph"),
        (lambda: potts.cluster_sum(nx.complete_graph(9), 3, 1.0), "graph"),
        (lambda: potts.cluster_sum(nx.path_graph(3), 3, np.nan), "coupling"),
        (lambda: potts.mean_clusters(nx.path_graph(3), -1), "coupling"),
        (lambda: potts.regular_critical_coupling(2, 3), "degree"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
