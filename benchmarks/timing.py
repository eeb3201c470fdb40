"""How the benchmarks take time: alternating repetitions, medians, and what the machine's memory can do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def alternate(actions: dict[str, Callable[[], object]], repetitions: int) -> dict[str, list[float]]:
    """Times of each action, taken in turns so that a busy moment of the machine meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repetitions):
        for name, action in actions.items():
            times[name].append(seconds(action))
    return times


def spread(values: list[float], unit: float = 1e3, digits: int = 2) -> str:
    """Median and range, in milliseconds unless told."""
    low, mid, high = min(values), statistics.median(values), max(values)
    return f"{mid * unit:.{digits}f} ({low * unit:.{digits}f} to {high * unit:.{digits}f})"


def gather_seconds(n: int, dtype: type = np.float64, reads: int = 2_000_000) -> float:
    """Time of one independent read at a random place of an array of n entries: the least of five passes, one thread."""
    rng = np.random.default_rng(0)
    data, places = np.ones(n, dtype), rng.integers(0, n, reads).astype(np.int32)
    _gather(data, places[:10])
    return min(seconds(lambda: _gather(data, places)) for _ in range(5)) / reads


DENSE: dict[str, Any] = {
    "population": "fixed",
    "kernel": "uniform",
    "link_value": 1.0,
}  # all owners, full slots


def copy_bytes_per_second(n: int = 40_000_000) -> float:
    """Bytes read and written a second by a plain copy of an array of doubles."""
    source = np.ones(n)
    target = np.empty_like(source)
    return 2 * source.nbytes / min(seconds(lambda: np.copyto(target, source)) for _ in range(5))


@njit(nogil=True, cache=True)
def _gather(data, places):
    total = 0.0
    for place in places:
        total += data[place]
    return total
