"""Bond percolation on lattices and tori, whose spectral dimension is known, and on random graphs (mean field)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.kernels import inlined, kernel

if TYPE_CHECKING:
    from mesh_abm.claims.lab import Lab

THRESHOLDS = {4: 0.16013122, 5: 0.11817145, 6: 0.09420165, 7: 0.078675230}
"""Bond percolation thresholds of hypercubic lattices by dimension (Mertens and Moore 2018)."""
MEAN_FIELD = 2 / 3
"""The largest cluster of a random graph at its threshold grows as N to this power (Erdos and Renyi 1960)."""

MEAN_FIELD_TAIL = 1 / 2
"""At the threshold in mean field a cluster is larger than s with a chance that falls as s to minus this power."""
SMALLEST = 128
"""Size from which on clusters count for the tail."""

_kept: WeakKeyDictionary[Lab, pd.DataFrame] = WeakKeyDictionary()


class Torus(NamedTuple):
    """A torus of side^dimension nodes, links kept with chance `kept`, and the seed of that draw."""

    dimension: int
    side: int
    kept: float
    seed: int


def largest_share(torus: Torus) -> float:
    """Return the share of nodes in the largest cluster of one draw."""
    rng = np.random.default_rng((torus.dimension, torus.side, torus.seed))
    return float(_largest(torus.dimension, torus.side, torus.kept, rng) / torus.side**torus.dimension)


def random_graph_share(task: tuple[int, float, int]) -> float:
    """Return the share of devices in the largest component of a random graph: task is size, mean degree and seed."""
    n, mean_degree, seed = task
    rng = np.random.default_rng((n, seed))
    return float(_largest_random(n, rng.poisson(n * mean_degree / 2), rng) / n)


class Growth(NamedTuple):
    """So many clusters grown from one node of an infinite lattice at its threshold, each to `largest` nodes at most."""

    dimension: int
    clusters: int
    largest: int
    seed: int


def cluster_sizes(growth: Growth) -> npt.NDArray[np.int64]:
    """Return the sizes of clusters grown node by node (Leath 1976); no torus, so no effect of a finite size."""
    rng = np.random.default_rng((growth.dimension, growth.seed))
    return np.asarray(
        _grow(growth.dimension, THRESHOLDS[growth.dimension], growth.clusters, growth.largest, rng)
    )


def tails_at_threshold(lab: Lab) -> pd.DataFrame:
    """Return by dimension the exponent of the tail of cluster sizes and its standard error, and the tail itself.

    Columns dimension, exponent, error, size, larger (share of clusters of at least this size); measured once a lab.
    """
    if lab not in _kept:
        clusters, largest = lab.size(fast=10_000, full=50_000), 2 ** lab.size(fast=13, full=15)
        dimensions, parts = lab.size(fast=[5, 7], full=list(THRESHOLDS)), 8
        growths = [Growth(d, clusters, largest, part) for d in dimensions for part in range(parts)]
        grown = lab.map(cluster_sizes, growths)
        rows = []
        for place, d in enumerate(dimensions):
            sizes = np.concatenate(grown[place * parts : (place + 1) * parts])
            exponent, error = tail_exponent(sizes, largest)
            marks = 2 ** np.arange(largest.bit_length())
            rows += [(d, exponent, error, int(mark), float(np.mean(sizes >= mark))) for mark in marks]
        _kept[lab] = pd.DataFrame(rows, columns=["dimension", "exponent", "error", "size", "larger"])
    return _kept[lab].copy()


def tail_exponent(sizes: npt.NDArray[np.int64], largest: int) -> tuple[float, float]:
    """Return a in P(size >= s) ~ s^-a above SMALLEST, and its standard error.

    Maximum likelihood (Hill 1975), with sizes of `largest` taken as at least that.
    """
    tail = sizes[sizes >= SMALLEST]
    ended = int(np.count_nonzero(tail < largest))
    reach: npt.NDArray[np.float64] = np.minimum(tail, largest) / (SMALLEST - 0.5)
    exponent = ended / float(np.sum(np.log(reach)))
    return exponent, exponent / float(np.sqrt(ended))


@inlined
def _join(a: int, b: int, parent: Any, size: Any) -> int:
    """Join the clusters of a and b (path halving, union by size) and return the size of what results."""
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    while parent[b] != b:
        parent[b] = parent[parent[b]]
        b = parent[b]
    if a != b:
        if size[a] < size[b]:
            a, b = b, a
        parent[b] = a
        size[a] += size[b]
    joined: int = size[a]
    return joined


@kernel
def _largest(dimension: int, side: int, kept: float, rng: np.random.Generator) -> int:
    """Union-find over the links kept, found by geometric leaps over those that are not."""
    n = side**dimension
    parent, size = np.arange(n), np.ones(n, np.int64)
    log_lost = np.log1p(-kept)
    largest = 1
    link = -1
    while True:
        link += 1 + int(np.log(1.0 - rng.random()) / log_lost)
        if link >= n * dimension:
            return largest
        a, axis = link // dimension, link % dimension
        stride = side**axis
        b = a + stride if (a // stride) % side < side - 1 else a - stride * (side - 1)
        largest = max(largest, _join(a, b, parent, size))


@kernel
def _largest_random(n: int, links: int, rng: np.random.Generator) -> int:
    parent, size = np.arange(n), np.ones(n, np.int64)
    largest = 1
    for _ in range(links):
        largest = max(largest, _join(int(rng.random() * n), int(rng.random() * n), parent, size))
    return largest


@kernel
def _grow(dimension: int, kept: float, clusters: int, largest: int, rng: np.random.Generator) -> Any:
    """Nodes are packed into whole numbers, `bits` for each coordinate; those reached are kept in a hash table."""
    bits = 62 // dimension
    origin = 0
    for axis in range(dimension):
        origin |= 1 << (bits * axis + bits - 1)
    slots = 8 * largest
    held, owner = np.zeros(slots, np.int64), np.full(slots, -1)
    queue, sizes = np.empty(largest + 1, np.int64), np.empty(clusters, np.int64)
    log_lost = np.log1p(-kept)
    for cluster in range(clusters):
        _reach(origin, cluster, held, owner)
        queue[0] = origin
        size, done = 1, 0
        while done < size < largest:
            node = queue[done]
            done += 1
            link = int(np.log(1.0 - rng.random()) / log_lost)
            while link < 2 * dimension and size < largest:
                step = 1 << (bits * (link // 2))
                other = node + step if link % 2 else node - step
                if _reach(other, cluster, held, owner):
                    queue[size] = other
                    size += 1
                link += 1 + int(np.log(1.0 - rng.random()) / log_lost)
        sizes[cluster] = size
    return sizes


@inlined
def _reach(node: int, cluster: int, held: Any, owner: Any) -> bool:
    """Note a node as reached by this cluster, unless it was: then False."""
    at = ((node * 0x9E3779B97F4A7C1) ^ (node >> 29)) % held.size
    while owner[at] == cluster:
        if held[at] == node:
            return False
        at = (at + 1) % held.size
    held[at], owner[at] = node, cluster
    return True
