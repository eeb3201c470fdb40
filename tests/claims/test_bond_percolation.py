"""Percolation on tori: known limits."""

import networkx as nx
import numpy as np
import pytest

from mesh_abm.claims.experiments.bond_percolation import (
    Torus,
    growth_exponents,
    largest_share,
    random_graph_share,
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
    import pandas as pd

    n = np.array([1e3, 1e4, 1e5])
    table = pd.DataFrame({"dimension": 5, "n": n, "mean": n**0.7, "sem": 0.01 * n**0.7})
    assert growth_exponents(table)["exponent"][0] == pytest.approx(0.7)


def test_a_lab_measures_once() -> None:
    from mesh_abm.claims.experiments import bond_percolation as experiment

    lab = Lab(fast=True)
    experiment._kept[lab] = experiment.pd.DataFrame({"n": [1]})
    assert experiment.at_threshold(lab)["n"].tolist() == [1]


def test_random_graphs_have_the_component_of_equation_2() -> None:
    """At N = 200,000 and mean degree 2 its standard deviation is 0.0016."""
    assert random_graph_share((200_000, 2.0, 1)) == pytest.approx(0.7968, abs=0.008)
    assert random_graph_share((1_000, 0.0, 1)) == 0.001
