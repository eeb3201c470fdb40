"""Percolation on tori: known limits."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from mesh_abm.claims.experiments import bond_percolation as experiment
from mesh_abm.claims.experiments.bond_percolation import (
    SMALLEST,
    THRESHOLDS,
    Growth,
    Torus,
    cluster_sizes,
    largest_share,
    random_graph_share,
    tail_exponent,
)
from mesh_abm.claims.lab import Lab


def test_all_links_kept_connect_everything() -> None:
    assert largest_share(Torus(4, 5, 1 - 1e-12, 1)) == 1.0


def test_hardly_any_link_kept_leaves_single_nodes() -> None:
    assert largest_share(Torus(4, 5, 1e-9, 1)) == 1 / 5**4


@pytest.mark.statistical
def test_mean_largest_cluster_is_that_of_a_grid_percolated_link_by_link() -> None:
    """Two samples of 300 draws of a 2-torus of side 12; false alarm below 1 in 10,000."""
    rng, grid = np.random.default_rng(2), nx.grid_graph([12, 12], periodic=True)

    def by_networkx() -> float:
        kept = [link for link in grid.edges if rng.random() < 0.5]
        part = nx.Graph(kept)
        return max(len(c) for c in nx.connected_components(part)) / 144

    ours = np.array([largest_share(Torus(2, 12, 0.5, seed)) for seed in range(300)])
    theirs = np.array([by_networkx() for _ in range(300)])
    spread = np.sqrt(ours.var() / 300 + theirs.var() / 300)
    assert abs(ours.mean() - theirs.mean()) < 4 * spread


def test_the_exponent_of_a_power_is_found() -> None:
    """Sizes drawn from a power law with exponent 0.5; false alarm below 1 in 10,000."""
    sizes = (SMALLEST - 0.5) * np.random.default_rng(4).random(40_000) ** -2.0
    exponent, error = tail_exponent(np.rint(sizes).astype(np.int64), 2**13)
    assert abs(exponent - 0.5) < 4 * error < 0.02


def test_single_nodes_have_lost_all_their_links() -> None:
    """A cluster is one node if all its links are lost; false alarm below 1 in 10,000."""
    sizes = cluster_sizes(Growth(5, 20_000, 64, 1))
    alone = (1 - THRESHOLDS[5]) ** 10
    assert abs(np.mean(sizes == 1) - alone) < 4 * np.sqrt(alone * (1 - alone) / sizes.size)
    assert sizes.max() == 64


@pytest.mark.statistical
def test_two_nodes_need_one_link_and_no_other() -> None:
    """P(size = 2) = 2d p (1-p)^(4d-2): two nodes, their link, and all other links of both lost."""
    sizes, p = cluster_sizes(Growth(4, 40_000, 64, 2)), THRESHOLDS[4]
    two = 8 * p * (1 - p) ** 14
    assert abs(np.mean(sizes == 2) - two) < 4 * np.sqrt(two / sizes.size)


def test_a_lab_measures_once() -> None:
    lab = Lab(fast=True)
    experiment._kept[lab] = pd.DataFrame({"size": [1]})
    assert experiment.tails_at_threshold(lab)["size"].tolist() == [1]


def test_random_graphs_have_the_component_of_equation_2() -> None:
    """At N = 200,000 and mean degree 2 its standard deviation is 0.0016."""
    assert random_graph_share((200_000, 2.0, 1)) == pytest.approx(0.7968, abs=0.008)
    assert random_graph_share((1_000, 0.0, 1)) == 0.001
