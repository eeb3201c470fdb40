"""Searches for a specialist by a random walk that looks at the neighbors of every device it comes to."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.claims.experiments.sis import Neighbors, network
from mesh_abm.kernels import kernel

WALKS = ("uniform", "degree-biased")
"""Where a walk moves: to a uniform neighbor, or to one in proportion to its degree."""
PLACES = ("anywhere", "at hubs")
"""Who the specialists are: uniform devices, or devices drawn in proportion to their degree."""


class Search(NamedTuple):
    """A network of kind `kind` (one of sis.KINDS), `specialists` among its devices, and walks of `hops` looks."""

    kind: str
    n: int
    specialists: int
    place: str
    walk: str
    hops: int
    searches: int
    seed: int


def found_share(search: Search) -> float:
    """Return the share of searches from uniform devices that find a specialist other than their origin."""
    rng = np.random.default_rng((search.n, search.specialists, search.seed))
    start, ends = _network(search.kind, search.n, search.seed)
    degrees = np.diff(start)
    weights = degrees / degrees.sum() if search.place == "at hubs" else None
    special = np.zeros(search.n, np.bool_)
    special[rng.choice(search.n, search.specialists, replace=False, p=weights)] = True
    origins = rng.integers(0, search.n, search.searches)
    found = _searches(start, ends, special, origins, search.hops, search.walk == "degree-biased", rng)
    return float(found / search.searches)


@lru_cache(maxsize=2)
def _network(kind: str, n: int, seed: int) -> Neighbors:
    return network(kind, n, seed)


@kernel
def _searches(
    start: Any,
    ends: Any,
    special: npt.NDArray[np.bool_],
    origins: Any,
    hops: int,
    biased: bool,
    rng: np.random.Generator,
) -> int:
    found = 0
    for origin in origins:
        at = origin
        for _ in range(hops):
            first, last = start[at], start[at + 1]
            if first == last:
                break
            seen, weight = False, 0
            for e in range(first, last):
                seen |= special[ends[e]] and ends[e] != origin
                weight += start[ends[e] + 1] - start[ends[e]]
            if seen:
                found += 1
                break
            if not biased:
                at = ends[first + int(rng.random() * (last - first))]
                continue
            lot = rng.random() * weight
            e = first
            while e < last - 1 and lot >= start[ends[e] + 1] - start[ends[e]]:
                lot -= start[ends[e] + 1] - start[ends[e]]
                e += 1
            at = ends[e]
    return found
