"""Spectral dimension of lattices, trees and too small graphs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from mesh_abm.theory import spectral


@pytest.mark.parametrize(("dimension", "side", "tolerance"), [(1, 2000, 0.02), (2, 60, 0.03), (3, 16, 0.12)])
def test_tori(dimension: int, side: int, tolerance: float) -> None:
    found = spectral.spectral_dimension(nx.grid_graph([side] * dimension, periodic=True), starts=4)
    assert found.dimension == pytest.approx(dimension, abs=tolerance)
    assert found.standard_error < 1e-9  # every start is the same
    assert found.window[0] == 8


def test_random_trees() -> None:
    found = spectral.spectral_dimension(nx.random_labeled_tree(4000, seed=1), longest=2000, seed=2)
    # 4/3 for large trees (Alexander and Orbach 1982; Kesten 1986); about .08 too low at this size
    assert found.dimension == pytest.approx(4 / 3, abs=0.15)
    assert 0 < found.standard_error < 0.05


def test_return_probability_is_that_of_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.lollipop_graph(4, 60)
    walk = nx.to_numpy_array(graph)
    walk = 0.5 * (np.eye(64) + walk / walk.sum(axis=1, keepdims=True))
    found = spectral.spectral_dimension(graph, starts=64, longest=20)
    expected = [np.trace(np.linalg.matrix_power(walk, int(t))) / 64 for t in found.times]
    assert found.returns == pytest.approx(expected, rel=1e-10)
    monkeypatch.setattr(spectral, "BLOCK", 64 * 7)
    assert spectral.spectral_dimension(graph, starts=64, longest=20).returns == pytest.approx(
        expected, rel=1e-10
    )


def test_largest_component_counts() -> None:
    ring = nx.cycle_graph(300)
    both = nx.disjoint_union(nx.complete_graph(20), ring)
    assert spectral.spectral_dimension(both, starts=300).dimension == pytest.approx(
        spectral.spectral_dimension(ring, starts=300).dimension
    )


@pytest.mark.parametrize("graph", [nx.empty_graph(0), nx.path_graph(2), nx.complete_graph(50)])
def test_too_small(graph: nx.Graph) -> None:
    with pytest.raises(ValueError, match="graph"):
        spectral.spectral_dimension(graph)
