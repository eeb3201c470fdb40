"""(3) by brute force: both sides of the Fortuin-Kasteleyn identity on small graphs (Fortuin and Kasteleyn
1972).

The paper's Z lacks the factor exp(K |E|) of its Hamiltonian H = -J sum delta(s_i, s_j): Z = exp(K |E|) x
cluster sum, K = beta_T J (claim E3).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from mesh_abm.theory.domain import count, number
from mesh_abm.theory.graphs import GraphLike, adjacency, components

LARGEST = 1 << 22  # states or edge sets that are still enumerated


def partition_function(graph: GraphLike, q: int, coupling: float) -> float:
    """Z = sum over all q^n states of exp(K sum over edges of [s_i = s_j]), K = `coupling` (any finite
    number).

    `graph` of n nodes with q^n <= 2^22; `q` >= 1 (whole). An isolated node counts q, the empty graph 1.

    >>> import networkx as nx
    >>> round(partition_function(nx.cycle_graph(4), 3, 0.7), 6)
    261.651204
    """
    states, k = count("q", q, 1), number("coupling", coupling, finite=True)
    nodes, first, second = _edges(graph)
    if states**nodes > LARGEST:
        raise ValueError(f"graph: {states}^{nodes} states are too many to enumerate")
    equal = np.zeros(states**nodes)
    number_of_state = np.arange(states**nodes)
    for i, j in zip(first, second, strict=True):
        equal += number_of_state // states**i % states == number_of_state // states**j % states
    return float(np.exp(k * equal).sum())


def cluster_sum(graph: GraphLike, q: float, coupling: float) -> float:
    """The sum (3) as printed, over edge sets A: p^|A| (1-p)^(|E|-|A|) q^c(A), p = 1 - exp(-K); q >= 0 real.

    An identity for K < 0 too, where p is no probability. `graph` of at most 22 edges.

    >>> import networkx as nx
    >>> round(cluster_sum(nx.cycle_graph(4), 3, 0.7), 6)
    15.911026
    """
    base = number("q", q, 0.0, finite=True)
    return sum(weight * base**clusters for weight, clusters in _edge_sets(graph, coupling))


def mean_clusters(graph: GraphLike, coupling: float) -> float:
    """E[c(A)], mean number of clusters of bond percolation at p = 1 - exp(-K), K >= 0: d ln Z/dq at q = 1.

    That derivative, and not (3) at q = 1 (which is 1), is the generating function of percolation.
    """
    number("coupling", coupling, 0.0, finite=True)
    return sum(weight * clusters for weight, clusters in _edge_sets(graph, coupling))


def _edges(graph: GraphLike) -> tuple[int, Any, Any]:
    """Number of nodes and the ends of each edge; ValueError for weighted edges."""
    from scipy.sparse import triu

    links = adjacency(graph)
    upper = triu(links).tocoo()
    if np.any(upper.data != 1.0):
        raise ValueError("graph: must have simple edges of weight 1")
    return links.shape[0], upper.row, upper.col


def _edge_sets(graph: GraphLike, coupling: float) -> Iterator[tuple[float, int]]:
    """Weight and number of clusters of every set of edges."""
    from scipy.sparse import coo_array

    nodes, first, second = _edges(graph)
    if 1 << len(first) > LARGEST:
        raise ValueError(f"graph: {len(first)} edges are too many to enumerate")
    p = -np.expm1(-number("coupling", coupling, finite=True))
    for chosen in itertools.product((False, True), repeat=len(first)):
        kept = np.array(chosen, dtype=bool)
        links = coo_array((np.ones(kept.sum()), (first[kept], second[kept])), shape=(nodes, nodes))
        weight = p ** int(kept.sum()) * (1.0 - p) ** int((~kept).sum())
        yield float(weight), components(links)[0]
