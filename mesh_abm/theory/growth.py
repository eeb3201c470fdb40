"""Degrees in growing and in mortal networks: (4) and what turnover makes of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import Values, plain, real, whole


def degree(t: ArrayLike, born: ArrayLike, fitness: ArrayLike, C: ArrayLike, slots: ArrayLike = 1) -> Values:
    """Mean degree at time t of a device that joined at `born`: slots (t/born)^(fitness/C) (4), growth without
    deaths.

    0 < born <= t in the same units, `fitness` >= 0, `C` > 0 from `condensation.solve` (>= fitness), `slots`
    >= 1 (whole).

    >>> degree(4.0, 1.0, 0.5, 1.0, slots=3)
    6.0
    """
    age = real("t", t, 0.0, above=True, finite=True) / real("born", born, 0.0, above=True, finite=True)
    if np.any(age < 1.0):
        raise ValueError("t: must be >= born")
    exponent = real("fitness", fitness, 0.0, finite=True) / real("C", C, 0.0, above=True, finite=True)
    return plain(whole("slots", slots, 1) * age**exponent)


def tail_exponent(relative_fitness: ArrayLike = 0.5) -> Values:
    """Exponent of the degree tail in pure growth, 1 + C/eta = 1 + 1/relative_fitness.

    `relative_fitness` eta_max/C in (0, 1]: 1/2 where all are equally fit (Barabasi-Albert, 3), 1 in the
    condensed phase (2).
    """
    return plain(1.0 + 1.0 / real("relative_fitness", relative_fitness, 0.0, 1.0, above=True))


def turnover_exponent(
    growth: ArrayLike, churn: ArrayLike, link_failure: ArrayLike = 0.0, relative_fitness: ArrayLike = 0.5
) -> Values:
    """Exponent of the degree tail with deaths: 1 + (mu + g)/r, r = (g + 2 mu + kappa) eta_max/C - (kappa +
    mu).

    Net growth g (devices added per device and month), churn mu, link failure kappa, lost links reopened; inf
    where r <= 0: no power law. With equal fitness and kappa = 0 it is 3 + 2 mu/g (Moore, Ghoshal and Newman
    2006); the rest is derived the same way (claim F4).

    >>> [round(turnover_exponent(1 - d, d), 6) for d in (0, 1 / 3, 2 / 3)]
    [3.0, 4.0, 7.0]
    """
    g, mu = real("growth", growth, 0.0, finite=True), real("churn", churn, 0.0, finite=True)
    kappa = real("link_failure", link_failure, 0.0, finite=True)
    relative = real("relative_fitness", relative_fitness, 0.0, 1.0, above=True)
    gain = (g + 2.0 * mu + kappa) * relative - (kappa + mu)
    return plain(
        1.0 + np.divide(mu + g, gain, out=np.full(gain.shape, np.inf), where=gain > 1e-15 * (g + mu + kappa))
    )


def hub_fitness(growth: ArrayLike, churn: ArrayLike, link_failure: ArrayLike = 0.0) -> Values:
    """Smallest eta_max/C with a tail exponent of 3 or less: (kappa + 1.5 mu + .5 g)/(g + 2 mu + kappa) (claim
    F4).

    Above 1 nothing is fit enough. ValueError if all rates are 0.
    """
    g, mu = real("growth", growth, 0.0, finite=True), real("churn", churn, 0.0, finite=True)
    kappa = real("link_failure", link_failure, 0.0, finite=True)
    total = g + 2.0 * mu + kappa
    if np.any(total == 0.0):
        raise ValueError("growth = 0.0: must be > 0 where churn and link_failure are 0")
    return plain((kappa + 1.5 * mu + 0.5 * g) / total)


def top_share(part: ArrayLike, exponent: ArrayLike) -> Values:
    """Share of all link ends held by the `part` of devices with most, part^((a-2)/(a-1)), for a pure power
    tail of exponent a.

    `part` in (0, 1], `exponent` > 2 (at 2 and below the share is 1: ValueError). One percent holds 10 % at 3,
    30 % at 2.354.
    """
    a = real("exponent", exponent, 2.0, above=True)
    ratio = np.where(np.isinf(a), 1.0, (a - 2.0) / np.where(np.isinf(a), 1.0, a - 1.0))
    return plain(real("part", part, 0.0, 1.0, above=True) ** ratio)
