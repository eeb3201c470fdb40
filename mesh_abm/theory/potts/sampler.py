"""The Potts model on a given graph, sampled: single-site heat bath and Swendsen-Wang (1987), with hysteresis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, count, real
from mesh_abm.theory.graphs import GraphLike, adjacency, components

Start = Literal["hot", "cold"]
Method = Literal["heat-bath", "swendsen-wang"]
Random = np.random.Generator | int | None


def order_parameter(
    graph: GraphLike,
    q: int,
    couplings: ArrayLike,
    sweeps: int,
    rng: Random = None,
    start: Start = "hot",
    method: Method = "heat-bath",
) -> FloatArray:
    """Order parameter (q x - 1)/(q - 1), x the share of the largest state, one per coupling, the state
    carried along.

    Each coupling K (per edge: weight exp(K [s_i = s_j]), times the edge's weight) gets `sweeps` >= 1 sweeps
    over all nodes; the mean over the second half of them is returned. `couplings` of shape (c,), any finite
    numbers (>= 0 for Swendsen-Wang); `q` >= 2 (whole); start "hot": random states, "cold": all equal; `rng`:
    numpy generator, seed or None. A sampler: the error falls as 1/sqrt(sweeps), and in a metastable state it
    measures that state. Mean field's coupling is K times the degree.
    """
    return np.array(list(in_turn(graph, q, couplings, sweeps, rng, start, method)), dtype=np.float64)


def in_turn(
    graph: GraphLike,
    q: int,
    couplings: ArrayLike,
    sweeps: int,
    rng: Random = None,
    start: Start = "hot",
    method: Method = "heat-bath",
) -> Iterator[float]:
    """Yield the values of `order_parameter` one after another, each as soon as it is sampled; arguments as there.

    Raises ValueError at once for arguments that cannot be.
    """
    chain = _Chain(graph, q, couplings, sweeps, rng, start, method)
    return map(chain.mean_order, chain.couplings)


def final_states(
    graph: GraphLike,
    q: int,
    couplings: ArrayLike,
    sweeps: int,
    rng: Random = None,
    start: Start = "hot",
    method: Method = "heat-bath",
) -> Any:
    """State of each node after the sweeps at each coupling, whole numbers 0 .. q-1 of shape (c, nodes); arguments
    as in `order_parameter`.

    Nodes in the order of `graph.nodes`. Negative couplings of the heat bath are the antiferromagnet, in which
    neighbors avoid each other's state.
    """
    chain = _Chain(graph, q, couplings, sweeps, rng, start, method)
    kept = np.empty((chain.couplings.size, chain.state.size), dtype=np.int64)
    for at, coupling in enumerate(chain.couplings):
        for _ in range(chain.sweeps):
            chain.sweep(coupling)
        kept[at] = chain.state
    return kept


class _Chain:
    """A state carried along a chain of couplings, the arguments of both samplers checked."""

    def __init__(
        self,
        graph: GraphLike,
        q: int,
        couplings: ArrayLike,
        sweeps: int,
        rng: Random,
        start: Start,
        method: Method,
    ) -> None:
        self.q = count("q", q, 2)
        self.couplings = np.atleast_1d(real("couplings", couplings, finite=True))
        self.sweeps = count("sweeps", sweeps, 1)
        self._rng = np.random.default_rng(rng)
        links = adjacency(graph)
        if links.shape[0] == 0:
            raise ValueError("graph: must have nodes")
        self._update = _sweep(links, self.q, method, self.couplings)
        self.state = _start(links.shape[0], self.q, start, self._rng)

    def sweep(self, coupling: float) -> Any:
        """Update every node once and return the state."""
        return self._update(self.state, float(coupling), self._rng)

    def mean_order(self, coupling: float) -> float:
        """Make the sweeps at a coupling and return the mean order parameter over the second half of them."""
        seen = [_order(self.sweep(coupling), self.q) for _ in range(self.sweeps)]
        return float(np.mean(seen[self.sweeps // 2 :]))


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """Order parameter with couplings rising from a random start (`up`) and falling from an ordered one
    (`down`).
    """

    couplings: FloatArray
    up: FloatArray
    down: FloatArray

    @property
    def gap(self) -> float:
        """Largest difference between the two: a first-order transition keeps it open, whatever the number of
        sweeps.
        """
        return float(np.max(self.down - self.up))


def hysteresis(
    graph: GraphLike,
    q: int,
    couplings: ArrayLike,
    sweeps: int,
    rng: Random = None,
    method: Method = "heat-bath",
) -> Hysteresis:
    """Both branches over the couplings in rising order; arguments as in `order_parameter`."""
    chain = np.sort(np.atleast_1d(real("couplings", couplings, finite=True)))
    generator = np.random.default_rng(rng)
    up = order_parameter(graph, q, chain, sweeps, generator, "hot", method)
    down = order_parameter(graph, q, chain[::-1], sweeps, generator, "cold", method)[::-1]
    return Hysteresis(chain, up, down)


class _HeatBath:
    """Heat bath, node by node, the nodes of one color of a proper coloring at once: they do not see each
    other.
    """

    def __init__(self, links: Any, q: int) -> None:
        self._q = q
        self._groups = [_Group(links, nodes, q) for nodes in _color_classes(links)]

    def __call__(self, state: Any, coupling: float, rng: np.random.Generator) -> Any:
        for group in self._groups:
            weight = group.agreement(state)
            weight *= coupling
            weight -= weight.max(axis=1, keepdims=True)
            total = np.cumsum(np.exp(weight, out=weight), axis=1, out=weight)
            draw = rng.random(group.nodes.size) * total[:, -1]
            state[group.nodes] = np.minimum((total <= draw[:, None]).sum(axis=1), self._q - 1)
        return state


class _Group:
    """Nodes of one color with their neighbors laid out flat."""

    def __init__(self, links: Any, nodes: Any, q: int) -> None:
        rows = links[nodes]
        self.nodes = nodes
        self._q = q
        self._neighbors = rows.indices
        self._place = np.repeat(np.arange(nodes.size), np.diff(rows.indptr)) * q
        self._weights = None if np.all(rows.data == 1.0) else rows.data

    def agreement(self, state: Any) -> FloatArray:
        """Weight of neighbors in each state, (nodes, q)."""
        cells = self._place + state[self._neighbors]
        counts = np.bincount(cells, self._weights, minlength=self.nodes.size * self._q)
        return counts.reshape(-1, self._q).astype(np.float64)


class _SwendsenWang:
    """Bonds between equal neighbors with chance 1 - exp(-K), then a fresh state for each cluster."""

    def __init__(self, links: Any, q: int) -> None:
        from scipy.sparse import triu

        upper = triu(links).tocoo()
        self._q, self._nodes = q, links.shape[0]
        self._first, self._second, self._weight = upper.row, upper.col, upper.data

    def __call__(self, state: Any, coupling: float, rng: np.random.Generator) -> Any:
        from scipy.sparse import coo_array

        bound = rng.random(self._weight.size) < -np.expm1(-coupling * self._weight)
        bound &= state[self._first] == state[self._second]
        kept = (bound[bound], (self._first[bound], self._second[bound]))
        found, cluster = components(coo_array(kept, shape=(self._nodes, self._nodes)))
        state[:] = rng.integers(self._q, size=found)[cluster]
        return state


def _sweep(links: Any, q: int, method: str, couplings: FloatArray) -> Any:
    if method == "heat-bath":
        return _HeatBath(links, q)
    if method != "swendsen-wang":
        raise ValueError(f"method = {method!r}: must be 'heat-bath' or 'swendsen-wang'")
    real("couplings", couplings, 0.0)
    return _SwendsenWang(links, q)


def _start(nodes: int, q: int, start: str, rng: np.random.Generator) -> Any:
    if start == "cold":
        return np.zeros(nodes, dtype=np.int64)
    if start != "hot":
        raise ValueError(f"start = {start!r}: must be 'hot' or 'cold'")
    return rng.integers(q, size=nodes)


def _order(state: Any, q: int) -> float:
    largest = float(np.bincount(state, minlength=q).max()) / len(state)
    return (q * largest - 1.0) / (q - 1.0)


def _color_classes(links: Any) -> list[Any]:
    """Nodes by color of a greedy proper coloring, largest degrees first."""
    degree = np.diff(links.indptr)
    color = np.full(links.shape[0], -1)
    for node in np.argsort(-degree, kind="stable"):
        taken = set(color[links.indices[links.indptr[node] : links.indptr[node + 1]]].tolist())
        color[node] = next(c for c in range(degree[node] + 1) if c not in taken)
    return [np.flatnonzero(color == c) for c in range(int(color.max()) + 1)]
