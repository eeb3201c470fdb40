"""Degrees in the device network: own slots binomial, in-links negative binomial in each group; what is reached from
where, and the giant component (Newman, Strogatz and Watts 2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.links import Links
from mesh_abm.theory.mean_field.ratios import over

POISSON = 1e-9  # overdispersion below which it is taken as that
STEPS = 200


@dataclass(frozen=True)
class Degrees:
    """By group, (..., G) each: share of members, chance that an own slot leads to a device, mean in-links, their
    overdispersion, share of all links that lead there, share that come from there. `slots` are own slots.
    """

    slots: int
    weight: FloatArray
    outward: FloatArray
    inward: FloatArray
    spread: FloatArray
    reached: FloatArray
    owned: FloatArray

    @classmethod
    def of(cls, links: Links, members: FloatArray, slots: int) -> Degrees:
        """The degrees of members (K, S) with these links; all 0 where there are none."""
        n, own, into, pairs = (x.ravel() for x in (members, links.own, links.into, links.pairs))
        spread = np.maximum(over(pairs * n, into * into) - 1.0, POISSON)
        return cls(
            slots, over(n, n.sum()), over(own, slots * n), over(into, n), spread,
            over(into, into.sum()), over(own, own.sum()),
        )  # fmt: skip

    @property
    def mean(self) -> float:
        """Mean degree."""
        return float(self.weight @ (self.slots * self.outward + self.inward))

    def generating(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The generating function of the degree and its derivative at y, (T,), in [0, 1]: shape (T,) each."""
        y, a, k, d = y[None, :], self.outward[:, None], self.inward[:, None], self.spread[:, None]
        own = 1.0 - a + a * y
        base = 1.0 + d * k * (1.0 - y)
        others = np.exp(-np.log(base) / d)
        fewer = own ** (self.slots - 1)
        slope = fewer * others * (self.slots * a + own * k / base)
        return self.weight @ (own * fewer * others), self.weight @ slope


def giant_component(degrees: Degrees) -> FloatArray:
    """Share in the giant component; arrays of `degrees` may have a leading axis of months, (T, G), the result (T,).

    Newton from 0 rises onto the smallest root of the two equations (docs/mean-field.md), which are convex.
    """
    y = np.zeros((2, *degrees.weight.shape[:-1], 1))
    for _ in range(STEPS):
        excess, slopes = _excess(degrees, y)
        (a, b), (c, d) = slopes - np.eye(2).reshape(2, 2, *(1,) * (y.ndim - 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -np.array([d * excess[0] - b * excess[1], a * excess[1] - c * excess[0]]) / (a * d - b * c)
        step = np.where(np.isfinite(step), np.maximum(step, 0.0), 0.0)
        y = np.minimum(1.0, y + step)
        if np.max(step) < 1e-13:
            break
    own, others, _ = _factors(degrees, y)
    outside = np.sum(degrees.weight * own**degrees.slots * others, axis=-1)
    size = np.sum(degrees.weight, axis=-1) - outside
    return np.where(size > 1e-9, size, 0.0)


def _factors(degrees: Degrees, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """O(y1), I(y2) and 1 + D k (1 - y2) by group."""
    base = 1.0 + degrees.spread * degrees.inward * (1.0 - y[1])
    own = 1.0 - degrees.outward + degrees.outward * y[0]
    return own, np.exp(-np.log(base) / degrees.spread), base


def _excess(degrees: Degrees, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Right sides less y, (2, ..., 1), and the slopes of the right sides, (2, 2, ..., 1)."""
    m, (own, others, base) = degrees.slots, _factors(degrees, y)
    fewer, fewest = own ** (m - 1), (m - 1) * own ** max(m - 2, 0)
    tilted = degrees.reached * others / base
    owned = degrees.owned * others
    right = np.array([_sum(tilted * own * fewer), _sum(owned * fewer)])
    slopes = [
        [_sum(tilted * m * degrees.outward * fewer),
         _sum(tilted * own * fewer * (1.0 + degrees.spread) * degrees.inward / base)],
        [_sum(owned * fewest * degrees.outward), _sum(owned * fewer * degrees.inward / base)],
    ]  # fmt: skip
    return right - y, np.array(slopes)


def _sum(values: FloatArray) -> FloatArray:
    return np.asarray(values.sum(axis=-1, keepdims=True))
