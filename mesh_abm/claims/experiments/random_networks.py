"""Networks in which partners are found uniformly at random, by three link rules, and their largest component.

Each rule returns the two ends of all links. Components are counted; nothing here knows a formula for them.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ends: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]

LIFETIMES = 15.0
"""How far back turnover is simulated, in mean lifetimes of a link: what is older is left with probability 3e-7."""


def independent(n: int, mean_degree: float, rng: np.random.Generator) -> Ends:
    """Links between uniform pairs, each with the same small chance: G(n, p) but for a few double links."""
    number = rng.poisson(mean_degree * n / 2.0)
    return _pairs(n, number, rng)


def slots(n: int, own: int, filled: float, rng: np.random.Generator) -> Ends:
    """Every device opens `own` links to uniform partners, each of which is kept with chance `filled`."""
    owner = np.repeat(np.arange(n), own)
    owner = owner[rng.random(owner.size) < filled]
    return owner, (owner + rng.integers(1, n, owner.size)) % n


def turnover(n: int, new_links: float, link_failure: float, churn: float, rng: np.random.Generator) -> Ends:
    """The links that stand now where pairs link, links fail and devices are replaced by newcomers without links.

    All in continuous time: each pair links at rate `new_links`, a link fails at rate `link_failure`, a device is
    replaced at rate `churn`. A link made some time ago stands if neither it nor one of its ends has gone since.
    """
    loss = link_failure + 2.0 * churn
    back = LIFETIMES / loss
    a, b = _pairs(n, rng.poisson(new_links * n * (n - 1) / 2.0 * back), rng)
    ago = back * rng.random(a.size)
    age = _waiting(churn, n, rng)
    stands = (ago < age[a]) & (ago < age[b]) & (ago < _waiting(link_failure, a.size, rng))
    a, b = np.minimum(a, b)[stands], np.maximum(a, b)[stands]
    once = np.unique(a * n + b)
    return once // n, once % n


def mean_degree(n: int, ends: Ends) -> float:
    """Link ends per device."""
    return 2.0 * ends[0].size / n


def largest_component(n: int, ends: Ends) -> int:
    """Number of devices in the largest component."""
    links = coo_array((np.ones(ends[0].size, dtype=np.int8), ends), shape=(n, n))
    return int(np.bincount(connected_components(links, directed=False)[1]).max())


def _pairs(n: int, number: int, rng: np.random.Generator) -> Ends:
    first = rng.integers(0, n, number)
    return first, (first + rng.integers(1, n, number)) % n


def _waiting(rate: float, number: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.exponential(1.0 / rate, number) if rate > 0.0 else np.full(number, np.inf)
