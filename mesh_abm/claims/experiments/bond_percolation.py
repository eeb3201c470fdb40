"""Bond percolation on tori of any dimension, whose spectral dimension is known, and on random graphs (mean field)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from mesh_abm.kernels import inlined, kernel

if TYPE_CHECKING:
    from mesh_abm.claims.lab import Lab

THRESHOLDS = {4: 0.16013122, 5: 0.11817145, 6: 0.09420165, 7: 0.078675230}
"""Bond percolation thresholds of hypercubic lattices by dimension (Mertens and Moore 2018)."""
SIDES = {4: (8, 12, 16, 22, 30), 5: (5, 6, 8, 11, 15), 6: (4, 5, 6, 8, 10), 7: (3, 4, 5, 6, 7)}
"""Side lengths of the tori, up to about a million nodes."""
SMALL = 60_000
"""Nodes of the largest torus at reduced size."""
MEAN_FIELD = 2 / 3
"""The largest cluster of a random graph at its threshold grows as N to this power (Erdos and Renyi 1960)."""

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


def at_threshold(lab: Lab) -> pd.DataFrame:
    """Return dimension, n, mean and standard error of the largest cluster at the threshold; measured once a lab."""
    if lab not in _kept:
        replicates = lab.size(fast=1000, full=400)
        tori = [
            Torus(d, side, THRESHOLDS[d], seed)
            for d in SIDES
            for side in SIDES[d]
            if side**d <= lab.size(fast=SMALL, full=10**9)
            for seed in range(replicates)
        ]
        shares = lab.map(largest_share, tori)
        rows = pd.DataFrame(
            {"dimension": [t.dimension for t in tori], "n": [t.side**t.dimension for t in tori]}
        )
        rows["largest"] = np.array(shares) * rows["n"]
        _kept[lab] = rows.groupby(["dimension", "n"])["largest"].agg(["mean", "sem"]).reset_index()
    return _kept[lab].copy()


def growth_exponents(table: pd.DataFrame) -> pd.DataFrame:
    """Return by dimension the exponent of n with which the largest cluster grows, and its standard error."""
    found = []
    for dimension, rows in table.groupby("dimension"):
        x, y, error = np.log(rows["n"]), np.log(rows["mean"]), rows["sem"] / rows["mean"]
        (slope, _), cov = np.polyfit(x, y, 1, w=1 / error, cov="unscaled")
        found.append({"dimension": dimension, "exponent": slope, "error": float(np.sqrt(cov[0, 0]))})
    return pd.DataFrame(found)


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
