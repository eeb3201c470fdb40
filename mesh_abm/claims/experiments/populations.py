"""Explicit populations: devices with a type and a capability each, added up term by term.

Nothing here uses the closed forms of `mesh_abm.theory.ces`, which these sums are there to test.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
SPREAD = 0.3
"""Standard deviation of the logarithm of what a device can do, mean 1."""


def direct(pools: Iterable[float], rho: float) -> float:
    """Return (6) of capability by type as it stands, (sum C^rho)^(1/rho); with rho < 0 an empty type makes it 0."""
    values = [float(pool) for pool in pools]
    if rho < 0 and min(values) == 0.0:
        return 0.0
    return float(math.fsum(value**rho for value in values if value > 0) ** (1 / rho))


def capabilities(n: int, rng: np.random.Generator) -> FloatArray:
    """Return what each of n devices can do, log-normal with mean 1."""
    return np.asarray(rng.lognormal(-(SPREAD**2) / 2, SPREAD, n))


def types(n: int, shares: ArrayLike, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the type of each of n devices, drawn by shares that sum to 1."""
    p = np.asarray(shares, float)
    return np.asarray(rng.choice(p.size, n, p=p))


def pools(kinds: NDArray[np.int64], capability: FloatArray, n_types: int) -> FloatArray:
    """Return capability by type when every device gives all it has to its own."""
    return np.asarray(np.bincount(kinds, capability, minlength=n_types), np.float64)


def members_needed(
    kinds: NDArray[np.int64], capability: FloatArray, n_types: int, rho: float, target: float
) -> float:
    """Return how many devices, counted in their order, first reach a target capability; inf if all do not."""
    own = np.zeros((kinds.size, n_types))
    own[np.arange(kinds.size), kinds] = capability
    by_type = np.cumsum(own, axis=0)
    reached = (by_type**rho).sum(axis=1) ** (1 / rho) >= target
    return float(np.argmax(reached) + 1) if reached[-1] else math.inf


def connected(n: int, mean_degree: float, seed: int) -> NDArray[np.int64]:
    """Return who is in the largest component of a random network."""
    graph = nx.fast_gnp_random_graph(n, mean_degree / (n - 1), seed=seed)
    largest = max(map(list, nx.connected_components(graph)), key=len)
    return np.array(sorted(largest))
