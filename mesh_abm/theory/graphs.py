"""Graphs as arguments: networkx graphs, sparse and dense adjacency matrices, all turned into one symmetric
sparse matrix.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from mesh_abm.theory.domain import FloatArray, real

#: An undirected networkx graph, or a symmetric adjacency matrix (scipy sparse, or anything numpy makes an array of).
GraphLike: TypeAlias = Any


def adjacency(graph: GraphLike) -> Any:
    """Symmetric adjacency matrix (scipy CSR array of floats) of an undirected graph, without self-links.

    Rows follow the order of `graph.nodes`. Edge attribute `weight` counts, 1 where it is missing; parallel
    links add up. ValueError naming `graph` if it is directed, not symmetric, or a weight is negative or no
    number.
    """
    from scipy.sparse import csr_array

    matrix = csr_array(_matrix(graph), dtype=np.float64)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"graph: an adjacency matrix must be square, not of shape {matrix.shape}")
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    if matrix.nnz and not (np.all(matrix.data >= 0.0) and np.all(np.isfinite(matrix.data))):
        raise ValueError("graph: weights must be finite numbers >= 0")
    if (abs(matrix - matrix.T)).nnz:
        raise ValueError("graph: must be undirected (a symmetric adjacency matrix)")
    return matrix


def laplacian(graph: GraphLike) -> Any:
    """Graph Laplacian D - A (scipy CSR array) of (11)."""
    from scipy.sparse import diags_array

    links = adjacency(graph)
    return (diags_array(np.asarray(links.sum(axis=1)).ravel()) - links).tocsr()


def components(links: Any) -> tuple[int, Any]:
    """Number of connected components of an adjacency matrix, and the component of each node."""
    from scipy.sparse.csgraph import connected_components

    if links.shape[0] == 0:
        return 0, np.zeros(0, dtype=np.int64)
    found, labels = connected_components(links, directed=False)
    return int(found), labels


def component_means(values: FloatArray, labels: Any) -> FloatArray:
    """For each node the mean over its component of each column of `values` (n, columns)."""
    sizes = np.bincount(labels)
    means = np.stack([np.bincount(labels, column) / sizes for column in values.T], axis=1)
    return np.asarray(means[labels])


def _matrix(graph: GraphLike) -> Any:
    """Adjacency matrix of a networkx graph; anything else is one already."""
    if not hasattr(graph, "adjacency") or not hasattr(graph, "nodes"):
        return graph if hasattr(graph, "tocsr") else real("graph", graph)
    import networkx as nx

    if graph.is_directed():
        raise ValueError("graph: must be undirected")
    if len(graph) == 0:
        return np.zeros((0, 0))
    return nx.to_scipy_sparse_array(graph, dtype=np.float64, format="csr")
