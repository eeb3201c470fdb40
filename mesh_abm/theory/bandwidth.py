"""What the links can carry: (13) with units that agree (claim E13)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import Values, plain, real


def crossing_ratio(n: ArrayLike, mean_degree: ArrayLike, hub_bandwidth: ArrayLike) -> Values:
    """n <k>/hub_bandwidth as (13) prints it: link ends against queries a month; the paper's crossing is at 1.

    `n`, `mean_degree`, `hub_bandwidth` >= 0; shapes broadcast; inf for a hub without bandwidth (0 if there
    are no links either).

    >>> crossing_ratio(2000, 6.0, 6000)
    2.0
    """
    ends = real("n", n, 0.0, finite=True) * real("mean_degree", mean_degree, 0.0, finite=True)
    return _over(ends, real("hub_bandwidth", hub_bandwidth, 0.0))


def capacity(
    n: ArrayLike, mean_degree: ArrayLike, link_bandwidth: ArrayLike, path_length: ArrayLike
) -> Values:
    """Queries a month that the links can carry at best: n <k> link_bandwidth/(2 path_length).

    n <k>/2 links of `link_bandwidth` >= 0 queries a month each, every query using `path_length` >= 1 of them.
    An upper bound: the busiest device may bind first (`busiest_capacity`).
    """
    links = real("n", n, 0.0, finite=True) * real("mean_degree", mean_degree, 0.0, finite=True) / 2.0
    return plain(links * real("link_bandwidth", link_bandwidth, 0.0) / real("path_length", path_length, 1.0))


def busiest_capacity(relay_share: ArrayLike, device_bandwidth: ArrayLike) -> Values:
    """Queries a month at which the busiest device is full: device_bandwidth/relay_share.

    `relay_share` in [0, 1] is the part of all queries that pass through that device (its betweenness),
    `device_bandwidth` >= 0 the queries a month it can pass on; inf where none pass through it.
    """
    passed = real("device_bandwidth", device_bandwidth, 0.0)
    return _over(passed, real("relay_share", relay_share, 0.0, 1.0), empty=np.inf)


def _over(first: np.ndarray, second: np.ndarray, empty: float = 0.0) -> Values:
    first, second = np.broadcast_arrays(first, second)
    out = np.where(first > 0.0, np.inf, empty)
    return plain(np.divide(first, second, out=out, where=second > 0.0))
