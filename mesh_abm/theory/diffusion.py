"""Knowledge on the network: the flow (11) of the graph Laplacian and how fast it levels differences (12)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, plain, real
from mesh_abm.theory.graphs import GraphLike, adjacency, component_means, components, laplacian

DENSE = 1200  # up to this many nodes all eigenvectors take less time than anything sparse


def evolve(graph: GraphLike, u0: ArrayLike, t: ArrayLike) -> FloatArray:
    """Knowledge exp(-L t) u0 after time t, the solution of du/dt = -L u (11) at rate 1 per link and unit of
    time.

    `graph`: undirected networkx graph or symmetric adjacency matrix, n nodes in its own order; `u0` of shape
    (n,) or (n, columns); `t` >= 0, a number or an array (then the result has shape t.shape + u0.shape); inf
    gives the mean of each component. The sum over each component is conserved: diffusion alone creates no
    knowledge. Relative error about 1e-12. Above 1200 nodes the work grows with t times the largest degree.

    >>> import networkx as nx
    >>> evolve(nx.path_graph(2), [1.0, 0.0], float("inf"))
    array([0.5, 0.5])
    """
    start = real("u0", u0, finite=True)
    matrix = laplacian(graph)
    if start.ndim not in (1, 2) or start.shape[0] != matrix.shape[0]:
        raise ValueError(f"u0: must have a row for each of {matrix.shape[0]} nodes, not shape {start.shape}")
    times = real("t", t, 0.0)
    if start.size == 0 or times.size == 0:
        return np.zeros(times.shape + start.shape)
    columns = start.reshape(start.shape[0], -1)
    flow = _dense_flow(matrix) if matrix.shape[0] <= DENSE else _sparse_flow(matrix)
    rest = component_means(columns, components(matrix)[1])
    states = [rest if np.isinf(one) else rest + flow(columns - rest, float(one)) for one in times.ravel()]
    return np.reshape(states, times.shape + start.shape)


def algebraic_connectivity(graph: GraphLike) -> float:
    """Second smallest eigenvalue lambda_2 of the graph Laplacian: the slowest rate of (11), per unit of time.

    0 (exactly) for a disconnected graph and for fewer than two nodes. Relative error below 1e-7 (1e-11 up to
    1200 nodes); a graph of 1e5 nodes takes seconds to a minute.

    >>> import networkx as nx
    >>> round(algebraic_connectivity(nx.complete_graph(5)), 10)
    5.0
    """
    links = adjacency(graph)
    if links.shape[0] < 2 or components(links)[0] > 1:
        return 0.0
    matrix = laplacian(links)
    if links.shape[0] > DENSE:
        return _sparse_fiedler(matrix)
    from scipy.linalg import eigh

    return max(0.0, float(eigh(matrix.toarray(), eigvals_only=True, subset_by_index=[1, 1])[0]))


def distance_bound(distance: ArrayLike, lambda_2: ArrayLike, t: ArrayLike) -> Values:
    """Bound distance exp(-lambda_2 t) on the distance to the mean (12); all >= 0; holds on connected
    undirected graphs.
    """
    start, rate = real("distance", distance, 0.0, finite=True), real("lambda_2", lambda_2, 0.0, finite=True)
    with np.errstate(invalid="ignore"):
        decay = np.exp(-rate * real("t", t, 0.0))
    return plain(start * np.where(np.isnan(decay), 1.0, decay))  # 0 x inf: nothing moves


def distance(u: ArrayLike) -> float:
    """Euclidean distance of a knowledge state (n,) from its mean, the left side of (12)."""
    state = real("u", u, finite=True)
    return float(np.linalg.norm(state - state.mean())) if state.size else 0.0


def explicit_step_limit(graph: GraphLike) -> float:
    """Largest stable step of an explicit Euler scheme for (11), 2/lambda_max; inf without links."""
    matrix = laplacian(graph)
    if matrix.nnz == 0:
        return float("inf")
    return 2.0 / _largest(matrix)


def _largest(matrix: Any) -> float:
    from scipy.linalg import eigvalsh
    from scipy.sparse.linalg import eigsh

    if matrix.shape[0] <= DENSE:
        return float(eigvalsh(matrix.toarray())[-1])
    return float(eigsh(matrix, k=1, which="LA", return_eigenvectors=False)[0])


def _dense_flow(matrix: Any) -> Any:
    from scipy.linalg import eigh

    rates, modes = eigh(matrix.toarray())
    rates = np.maximum(rates, 0.0)
    return lambda u, t: modes @ (np.exp(-rates * t)[:, None] * (modes.T @ u))


def _sparse_flow(matrix: Any) -> Any:
    from scipy.sparse.linalg import expm_multiply

    trace = -float(matrix.trace())
    return lambda u, t: expm_multiply(-t * matrix, u, traceA=t * trace)


def _sparse_fiedler(matrix: Any) -> float:
    """lambda_2 by preconditioned conjugate gradients (LOBPCG), or from sparse factors where those do not
    converge.

    The error of an eigenvalue is at most the squared residual over the gap to the next one, so the residual
    is brought down to a part of the eigenvalue itself; long chains need the factors, and there they are
    sparse.
    """
    vectors = np.random.default_rng(0).standard_normal((matrix.shape[0], 3))
    value, vectors, _ = _refined_fiedler(matrix, vectors, 1e-6)
    wanted = max(1e-5 * value, 1e-11)
    value, vectors, residual = _refined_fiedler(matrix, vectors, wanted)
    return value if residual <= 10.0 * wanted else _shifted_fiedler(matrix)


def _refined_fiedler(matrix: Any, vectors: FloatArray, tolerance: float) -> tuple[float, FloatArray, float]:
    """Smallest eigenvalue beside that of the constant vector, the vectors reached and its residual."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import lobpcg

    constant, inverse_degree = np.ones((matrix.shape[0], 1)), diags_array(1.0 / matrix.diagonal())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of too few steps: the residual tells
        values, vectors = lobpcg(
            matrix, vectors, M=inverse_degree, Y=constant, tol=tolerance, maxiter=1000, largest=False
        )
    first = int(np.argmin(values))
    residual = float(np.linalg.norm(matrix @ vectors[:, first] - values[first] * vectors[:, first]))
    return max(0.0, float(values[first])), vectors, residual


def _shifted_fiedler(matrix: Any) -> float:
    from scipy.sparse.linalg import eigsh

    shift = -1e-9 * float(matrix.diagonal().max())
    start = np.random.default_rng(0).standard_normal(matrix.shape[0])
    return max(
        0.0, float(np.max(eigsh(matrix.tocsc(), k=2, sigma=shift, v0=start, return_eigenvectors=False)))
    )
