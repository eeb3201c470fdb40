"""What a quantity tends to as networks grow, from samples at three sizes in geometric progression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STEEPEST, REDRAWS = 0.8, 400


def limit(values: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the limit of three values whose distance from it shrinks by the same factor from one to the next.

    That is so for corrections that are a power of size (Aitken 1926); the factor is taken between 0 and .8.
    """
    first, second, third = values
    before, last = second - first, third - second
    factor = min(max(last / before, 0.0), STEEPEST) if before != 0.0 else 0.0
    return float(third + last * factor / (1.0 - factor))


def extrapolated(stages: NDArray[np.float64]) -> tuple[float, float]:
    """Return the limit of the means over networks at three sizes and its standard error, by redrawing networks.

    `stages`: a row for each size, a column for each network, which is the same one at a later stage in each row: what
    chance did early then moves all three alike.
    """
    rng, number = np.random.default_rng(REDRAWS), stages.shape[1]
    redrawn = [limit(stages[:, rng.integers(0, number, number)].mean(axis=1)) for _ in range(REDRAWS)]
    return limit(stages.mean(axis=1)), float(np.std(redrawn, ddof=1))


def crossing(x: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Return where the curve of a larger system passes that of a smaller one, both positive, from below.

    By interpolation of the logarithm of their ratio; NaN if nowhere.
    """
    ahead = np.log(high / low)
    place = np.flatnonzero((ahead[:-1] <= 0.0) & (ahead[1:] > 0.0))
    if place.size == 0:
        return float("nan")
    i = int(place[-1])
    return float(x[i] - ahead[i] * (x[i + 1] - x[i]) / (ahead[i + 1] - ahead[i]))
