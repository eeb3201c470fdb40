"""Does a share rise as diffusion does, or at a jump? Bass, logistic and step fitted to a series of months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike
from scipy import optimize, special

F64 = npt.NDArray[np.float64]

FASTEST = np.log(81) / 3
"""Highest rate a month of a smooth curve: from a tenth to nine tenths of its ceiling in a quarter; faster is a jump."""
INDEPENDENT = 12
"""Months that count as one independent observation: neighboring months of a share differ little."""
PARAMETERS = 3
"""Of each curve: two and a ceiling, or two levels and a month."""


@dataclass(frozen=True)
class Fits:
    """Bayesian information criteria (Schwarz 1978) of the curves, the lower the better; Bass's p + q a year."""

    bass: float
    logistic: float
    step: float
    p_plus_q: float

    @property
    def gain_of_step(self) -> float:
        """By how much the step is better than the better smooth curve; negative if it is worse."""
        return min(self.bass, self.logistic) - self.step


def bass(t: ArrayLike, ceiling: float, p: float, q: float) -> F64:
    """Return cumulative adoption of Bass (1969): innovation `p` > 0 and imitation `q` >= 0 a month, 0 at t = 0."""
    growth = -np.expm1(-(p + q) * np.asarray(t, float))
    return np.asarray(ceiling * growth / (1 + (q / p) * (1 - growth)))


def logistic(t: ArrayLike, ceiling: float, rate: float, middle: float) -> F64:
    """Return a logistic of a `rate` a month that is at half its ceiling in month `middle`."""
    return np.asarray(ceiling * special.expit(rate * (np.asarray(t, float) - middle)))


def fit(values: ArrayLike) -> Fits:
    """Return what Bass, logistic and step make of a share by month, the first one month 1; NaN is left out."""
    y = np.asarray(values, float)
    t = np.arange(1.0, y.size + 1)[~np.isnan(y)]
    y = y[~np.isnan(y)]
    top, last = max(float(y.max()), 1e-6), t[-1]
    middles = [(top, 0.1, last * part) for part in (0.2, 0.4, 0.6, 0.8)]
    starts = [(top, 10.0**p, q) for p in (-4, -3, -2) for q in (0.01, 0.05, 0.2)]
    by_bass, best = _least(bass, t, y, starts, ([0, 1e-9, 0], [1, FASTEST, FASTEST]))
    by_logistic, _ = _least(logistic, t, y, middles, ([0, 1e-6, -last], [1, FASTEST, 2 * last]))
    squares = [by_bass, by_logistic, _step(y)]
    bass_, logistic_, step = (_criterion(one, y.size) for one in squares)
    return Fits(bass_, logistic_, step, 12 * float(best[1] + best[2]))


def _least(
    curve: Callable[..., F64],
    t: F64,
    y: F64,
    starts: Sequence[tuple[float, float, float]],
    bounds: tuple[list[float], list[float]],
) -> tuple[float, F64]:
    """Return the least sum of squares from any start, and the parameters."""
    low, high = np.array(bounds[0]), np.array(bounds[1])
    found = [
        optimize.least_squares(lambda x: curve(t, *x) - y, np.clip(start, low, high), bounds=(low, high))
        for start in starts
    ]
    best = min(found, key=lambda one: float(one.cost))
    return 2 * float(best.cost), best.x


def _step(y: F64) -> float:
    """Return the sum of squares about two levels, divided where that is least."""
    return float(min(_about_mean(y[:k]) + _about_mean(y[k:]) for k in range(1, y.size)))


def _about_mean(part: F64) -> float:
    return float(((part - part.mean()) ** 2).sum())


def _criterion(squares: float, months: int) -> float:
    n = months / INDEPENDENT
    return float(n * np.log(max(squares, 1e-12) / months) + PARAMETERS * np.log(n))
