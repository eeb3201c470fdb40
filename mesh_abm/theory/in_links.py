"""Who points to whom in the stationary network of the fitness kernel: degrees by merit and age, and how walks
branch.

The law is that of docs/model.md, "What the rules imply". With h = value x fitness, kappa = link failure, mu =
churn, s = (1-kappa)(1-mu) the chance that a device's link lasts a month, D = 1 - s and c = (D/s) h, the
in-links of a device follow k(a) = s (1 + c) k(a-1) + c o from k(0) = 0, o its own slots that lasted, and ages
are geometric: P(a) = mu (1-mu)^a. All moments over ages are exact sums of the recursion, E[x] = mu x(0) +
(1-mu) E[x one month later].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesh_abm.theory.domain import FloatArray, average


@dataclass(frozen=True, slots=True)
class Setting:
    """What the link rule is told: own slots a device, their filled share, link failure, churn, value of a
    link.
    """

    slots: int
    filled: float
    link_failure: float
    churn: float
    value: float

    @property
    def lost(self) -> float:
        """D, the chance that a device's link does not last a month."""
        return self.link_failure + self.churn - self.link_failure * self.churn


def device_share(fitness: FloatArray, weights: FloatArray | None, setting: Setting) -> float:
    """Share of filled slots that point to devices, Y/(1 + mu Y), not cut at 1."""
    pull = average(_pull(fitness, setting), weights)
    return pull / (1.0 + setting.churn * pull) if np.isfinite(pull) else np.inf


def poisson_branching(fitness: FloatArray, weights: FloatArray | None, setting: Setting) -> FloatArray:
    """Branching matrix with Poisson in-links given merit and age.

    Row and column 0: reached through another's slot, 1: through its own; the entry is the mean number of
    further links of that kind. A device reached through another's slot is found in proportion to its
    in-links.
    """
    m, q = setting.slots, setting.filled * device_share(fitness, weights, setting)
    mean, square = _poisson_moments(fitness, setting)
    first = average(mean, weights)
    # the scale of the moments follows from as many links in as out
    excess = m * q * average(square, weights) / first**2 if first > 0.0 else 0.0
    return np.array([[m * q, excess], [(m - 1) * q, m * q]])


def reinforced_branching(fitness: FloatArray, weights: FloatArray | None, setting: Setting) -> FloatArray:
    """The same with what the Poisson form leaves out.

    In-links attract in-links (each adds to the degree by which its device is met), so they are overdispersed
    at given merit and age; and links to the provider last longer, so that older devices have fewer own links
    to devices.
    """
    m, f, out = setting.slots, setting.filled, _own_links(device_share(fitness, weights, setting), setting)
    first, with_own, pairs = (average(x, weights) for x in _reinforced_moments(fitness, setting, out))
    if first == 0.0:
        return np.zeros((2, 2))
    return np.array(
        [
            [m * f * with_own / first, pairs / first],
            [(m - 1) * f * out.square / out.mean, with_own / out.mean],
        ]
    )


def largest_eigenvalue(matrix: FloatArray) -> float:
    """Of a 2 by 2 matrix of entries >= 0: the mean number of links per link followed; a giant component needs
    more than 1.
    """
    (a, b), (c, d) = matrix
    if not np.all(np.isfinite(matrix)):
        return np.inf
    return float((a + d) / 2.0 + np.sqrt(((a - d) / 2.0) ** 2 + b * c))


@dataclass(frozen=True, slots=True)
class _OwnLinks:
    """Chance that an own slot leads to a device: when fresh, over the owner's age, and a and b of its law."""

    fresh: float
    mean: float
    square: float
    a: float
    b: float


def _pull(fitness: FloatArray, setting: Setting) -> FloatArray:
    """Y by device: (1-kappa) X of the law, with 1 - s cancelled by hand so that no rate may be too small."""
    h, mu, lost = setting.value * fitness, setting.churn, setting.lost
    with np.errstate(divide="ignore"):
        return np.asarray(h / ((mu / lost if lost > 0.0 else 0.0) + (1.0 - mu) * (1.0 - h)))


def _poisson_moments(fitness: FloatArray, setting: Setting) -> tuple[FloatArray, FloatArray]:
    """Mean and mean square over ages of k s/(o (1-mu)): the scale is left out, only their ratio counts."""
    h, mu, lost = setting.value * fitness, setting.churn, setting.lost
    if lost == 0.0:
        return _growth_moments(h)
    gap = lost * (1.0 - h)  # 1 - alpha, alpha = s + D h the growth of k in a month
    step = lost * h
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = step / (mu + (1.0 - mu) * gap)
        cross = 2.0 * (1.0 - gap) * step * mean
        square = (cross + step * step / (1.0 - mu)) / (mu + (1.0 - mu) * gap * (2.0 - gap))
    return mean, square


def _growth_moments(h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same for pure growth, k = o (exp(h g a) - 1) at ages of rate g; the square diverges at h = 1/2."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = h / (1.0 - h)
        square = np.where(h < 0.5, 2.0 * h * h / ((1.0 - h) * (1.0 - 2.0 * h)), np.inf)
    return mean, square


def _own_links(q: float, setting: Setting) -> _OwnLinks:
    """Moments of q(x+1) = a q(x) + b over the owner's age x, q(0) that of a newcomer's fresh slots."""
    kappa, mu, lost = setting.link_failure, setting.churn, setting.lost
    if mu == 0.0:
        return _OwnLinks(q, q, q * q, 1.0 - lost, kappa * q)
    lost_to_device = lost + mu * (1.0 - lost)  # either end may leave
    fresh = lost_to_device * q / (lost * (1.0 - q) + lost_to_device * q)
    a, b = (1.0 - lost) + (1.0 - kappa) * mu * fresh, kappa * fresh
    mean = (mu * fresh + (1.0 - mu) * b) / (1.0 - (1.0 - mu) * a)
    square = (mu * fresh**2 + (1.0 - mu) * b * (2.0 * a * mean + b)) / (1.0 - (1.0 - mu) * a * a)
    return _OwnLinks(fresh, mean, square, a, b)


def _reinforced_moments(
    fitness: FloatArray, setting: Setting, out: _OwnLinks
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """By device, over ages: E[k], E[k q] (q the chance that an own slot leads to a device), E[k (k - 1)].

    With F survivors of k and Poisson births of mean c (o + F) each month, E[k (k-1)] grows to (1+c)^2 E[F
    (F-1)] + (2c (1+c) o + 2c + c^2) E[F] + c^2 o^2; below, o/s is written `own`.
    """
    h, mu, lost = setting.value * fitness, setting.churn, setting.lost
    full = setting.slots * setting.filled
    if lost == 0.0:
        mean, square = _growth_moments(h)
        return full * mean, full * mean * out.mean, full * (full + 1.0) * square
    alpha, step, stay, kept = 1.0 - lost * (1.0 - h), lost * h, 1.0 - mu, 1.0 - lost
    own = full / stay * np.array([1.0 - mu * out.mean, out.mean - mu * out.square])  # E[own], E[own q]
    own_square = (full / stay) ** 2 * (1.0 - 2.0 * mu * out.mean + mu * mu * out.square)
    with np.errstate(divide="ignore", invalid="ignore"):
        k = stay * step * own[0] / (1.0 - stay * alpha)
        shifted = out.b * (alpha * k + step * own[0])
        kq = stay * (out.a * step * own[1] + shifted) / (1.0 - stay * out.a * alpha)
        with_own = full / stay * (k - mu * kq)
        attracted = (alpha * alpha - kept * kept) / kept * k if kept > 0.0 else np.inf * k
        births = 2.0 * step * alpha * with_own + attracted + step * step * own_square
        pairs = stay * births / (1.0 - stay * alpha * alpha)
    return k, kq, pairs
