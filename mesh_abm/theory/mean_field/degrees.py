"""Degrees in the device network: own slots binomial, in-links negative binomial in each group; what is reached from
where, and the giant component (Newman, Strogatz and Watts 2001).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray, Values
from mesh_abm.theory.mean_field.links import Links
from mesh_abm.theory.mean_field.ratios import over

POISSON = 1e-9  # overdispersion below which it is taken as that
STEPS = 200


class Degrees(NamedTuple):
    """By group, (..., G) each: share of members, chance that an own slot leads to a device, mean in-links, their
    overdispersion. `slots` are own slots.
    """

    slots: int
    weight: FloatArray
    outward: FloatArray
    inward: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, links: Links, members: FloatArray, slots: int) -> Degrees:
        """The degrees of members (..., G) with these links; all 0 where there are none."""
        squares = links.into * links.into
        spread = np.maximum(over(links.pairs * members, squares) - 1.0, POISSON)
        return cls(slots, _part(members), over(links.own, slots * members), over(links.into, members), spread)

    @property
    def reached(self) -> FloatArray:
        """Share of all links that lead to each group, (..., G)."""
        return _part(self.weight * self.inward)

    @property
    def owned(self) -> FloatArray:
        """Share of all links that come from each group, (..., G)."""
        return _part(self.weight * self.outward)

    @property
    def mean(self) -> float:
        """Mean degree."""
        return float(self.weight.dot(self.slots * self.outward + self.inward))

    def value(self, y: float) -> float:
        """The generating function of the degree at one y in [0, 1]."""
        own, others, _ = _factors(self, 1.0 - y, 1.0 - y)
        return float((own**self.slots * others).dot(self.weight))

    def generating(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The same and its derivative at y, (T,): shape (T,) each."""
        missing = (1.0 - y)[:, None]
        own, others, base = _factors(self, missing, missing)
        rest = own ** (self.slots - 1) * others
        every = own * rest
        slope = rest.dot(self.slots * self.weight * self.outward) + (every / base).dot(
            self.weight * self.inward
        )
        return every.dot(self.weight), slope


def giant_component(degrees: Degrees) -> FloatArray:
    """Share in the giant component; arrays of `degrees` may have a leading axis of months, (T, G), the result (T,).

    Newton from 0 rises onto the smallest root of the two equations (docs/mean-field.md), which are convex.
    """
    y = np.zeros((2, *degrees.weight.shape[:-1], 1))
    reached, owned = degrees.reached, degrees.owned
    for _ in range(STEPS):
        excess, ((a, b), (c, d)) = _excess(degrees, reached, owned, y)
        a, d = a - 1.0, d - 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -np.array([d * excess[0] - b * excess[1], a * excess[1] - c * excess[0]]) / (a * d - b * c)
        step = np.where(np.isfinite(step), np.maximum(step, 0.0), 0.0)
        y = np.minimum(1.0, y + step)
        if np.max(step) < 1e-13:
            break
    own, others, _ = _factors(degrees, 1.0 - y[0], 1.0 - y[1])
    outside = np.sum(degrees.weight * own**degrees.slots * others, axis=-1)
    size = np.sum(degrees.weight, axis=-1) - outside
    return np.where(size > 1e-9, size, 0.0)


def _factors(degrees: Degrees, first: Values, second: Values) -> tuple[FloatArray, FloatArray, FloatArray]:
    """O(y1), I(y2) and 1 + D k (1 - y2) by group, from 1 - y1 and 1 - y2."""
    base = 1.0 + (degrees.spread * degrees.inward) * second
    return 1.0 - degrees.outward * first, np.exp(np.log(base) * (-1.0 / degrees.spread)), base


def _excess(
    degrees: Degrees, reached: FloatArray, owned: FloatArray, y: FloatArray
) -> tuple[FloatArray, tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]]:
    """Right sides less y, (2, ..., 1), and the slopes of the right sides, (..., 1) each."""
    m, (own, others, base) = degrees.slots, _factors(degrees, 1.0 - y[0], 1.0 - y[1])
    fewest = own ** max(m - 2, 0)
    fewer = fewest * own if m > 1 else fewest
    from_own = owned * others
    from_others = reached * others / base * fewer
    both, steeper = from_others * own, degrees.inward / base
    right = np.array([_sum(both), _sum(from_own * fewer)])
    return right - y, (
        (_dot(from_others, m * degrees.outward), _dot(both, (1.0 + degrees.spread) * steeper)),
        (_dot(from_own * fewest, (m - 1) * degrees.outward), _dot(from_own * fewer, steeper)),
    )


def _part(values: FloatArray) -> FloatArray:
    """Of their sum over groups."""
    return over(values, values.sum(axis=-1, keepdims=True))


def _sum(values: FloatArray) -> FloatArray:
    return np.asarray(values.sum(axis=-1, keepdims=True))


def _dot(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.vecdot(values, weights)[..., None])
