"""Integrals of a fitness density over (0, top), for the condensation integral (5) at any C at once.

The interval is cut into panels that shrink by halves towards both ends and are halved further where the
density is rough, with Gauss-Legendre nodes in each. Within a panel at distance d from the top, eta/(C - eta)
is smooth for every C >= top, so one set of nodes serves all C. Next to the ends the density is continued as a
power law in the distance to the end, because there top - eta has no digits left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray

Density = Callable[[FloatArray], ArrayLike]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
TOP_HALVINGS = 26  # panels end at 2^-26 of the interval from the top, where a distance still has 26 bits
BOTTOM_HALVINGS = 60
TAIL_HALVINGS = 900  # the power law at the top is followed down by this many more
DEEPEST = 45  # halvings of a rough panel
ROUGH, MATTERS = 1e-11, 1e-12  # changes under halving that count: of a panel's own mass, of all mass


@dataclass(frozen=True, slots=True)
class EndpointRule:
    """Nodes for integrals of the normalized density: distances from the top as shares of it, and their
    weights.

    `atom` is the weight within `closest` of the top, nearer than any node; `exponent` that of the density
    there.
    """

    top: float
    distance: FloatArray
    weight: FloatArray
    atom: float
    closest: float
    exponent: float

    @classmethod
    def of(cls, density: Density, top: float) -> EndpointRule:
        """The rule for a density (up to a factor) on (0, top)."""
        upper, upper_weight, near_top = _half(density, lambda d: top * (1.0 - d), TOP_HALVINGS)
        lower, lower_weight, near_zero = _half(density, lambda x: top * x, BOTTOM_HALVINGS)
        tail, tail_weight, rest = near_top.panels()
        distance = np.concatenate([upper, tail, 1.0 - lower, [1.0]])
        weight = np.concatenate([upper_weight, tail_weight, lower_weight, [near_zero.mass]])
        total = float(weight.sum()) + rest.mass
        if not total > 0.0:
            raise ValueError("density = 0.0: must be positive somewhere on (0, eta_max)")
        return cls(top, distance, weight / total, rest.mass / total, rest.end, rest.exponent)

    def integral(self, gap: float) -> float:
        """Mean of eta/(C - eta) at C = top + gap; inf where it diverges (gap 0 and a density that does not
        vanish there).
        """
        g = gap / self.top
        body = float(np.dot(self.weight, (1.0 - self.distance) / (g + self.distance)))
        if self.atom == 0.0:
            return body
        if g > 0.0:
            return body + self.atom / (g + self.closest)
        if self.exponent <= 0.0:
            return np.inf
        return body + self.atom * (self.exponent + 1.0) / (
            self.exponent * self.closest
        )  # mean of 1/d within the atom

    @property
    def mean(self) -> float:
        """Mean fitness."""
        return self.top * (float(np.dot(self.weight, 1.0 - self.distance)) + self.atom)


@dataclass(frozen=True, slots=True)
class _PowerLaw:
    """Density level (d/end)^exponent at distances d <= end."""

    end: float
    level: float
    exponent: float

    @property
    def mass(self) -> float:
        return self.level * self.end / (self.exponent + 1.0) if self.level > 0.0 else 0.0

    def panels(self) -> tuple[FloatArray, FloatArray, _PowerLaw]:
        """Nodes, their weights, and what is left beyond them."""
        if self.level == 0.0:
            return np.zeros(0), np.zeros(0), self
        edges = self.end * 0.5 ** np.arange(TAIL_HALVINGS + 1.0)
        position, width = _gauss(edges[1:], edges[:-1])
        last = float(edges[-1])
        weight = width * self.level * (position / self.end) ** self.exponent
        rest = _PowerLaw(last, self.level * (last / self.end) ** self.exponent, self.exponent)
        return position.ravel(), weight.ravel(), rest

    @classmethod
    def through(cls, end: float, values: FloatArray) -> _PowerLaw:
        """The law through densities at end, 8 end and 64 end, the last used to correct for the density's next
        term.
        """
        if values[0] == 0.0:
            return cls(end, 0.0, np.inf)
        with np.errstate(divide="ignore"):
            first, second = np.diff(np.log(values)) / np.log(8.0)
        exponent = float((8.0 * first - second) / 7.0) if np.isfinite(second) else float(first)
        exponent = 0.0 if abs(exponent) < 1e-6 else exponent
        if not exponent > -0.999:
            raise ValueError(
                f"density: must be integrable, but goes as distance^{exponent:.3g} at an end of (0, eta_max)"
            )
        return cls(end, float(values[0]), exponent)


def _half(
    density: Density, fitness: Callable[[FloatArray], FloatArray], halvings: int
) -> tuple[FloatArray, FloatArray, _PowerLaw]:
    """Nodes and weights of one half of the interval, positions measured from its end, and the law beyond
    them.
    """
    edges = 0.5 ** np.arange(1.0, halvings + 2.0)
    end = float(edges[-1])

    def values(position: FloatArray) -> FloatArray:
        return _checked(density(fitness(position.ravel())), position)

    law = _PowerLaw.through(end, values(end * np.array([1.0, 8.0, 64.0])))
    position, weight = _refined(values, edges[1:], edges[:-1])
    return position, weight, law


def _checked(values: ArrayLike, position: FloatArray) -> FloatArray:
    array = np.broadcast_to(np.asarray(values, dtype=np.float64), position.size).reshape(position.shape)
    if not (np.all(array >= 0.0) and np.all(np.isfinite(array))):
        raise ValueError("density: must be a finite number >= 0 inside (0, eta_max)")
    return array


def _gauss(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes and widths of each panel, (panels, nodes)."""
    half = 0.5 * (high - low)[:, None]
    return 0.5 * (high + low)[:, None] + half * NODES, half * WEIGHTS


def _refined(
    values: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights, each panel halved until halving changes neither its mass nor, weighed by 1/distance,
    the whole.
    """
    positions, weights = [np.zeros(0)], [np.zeros(0)]
    position, width = _gauss(low, high)
    mass = (width * values(position)).sum(axis=1)
    all_mass, all_pull = float(mass.sum()), float((mass / low).sum())
    for depth in range(DEEPEST):
        middle = 0.5 * (low + high)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        position, width = _gauss(low, high)
        weight = width * values(position)
        finer = weight.sum(axis=1)
        both = finer[: middle.size] + finer[middle.size :]
        change = np.abs(both - mass)
        rough = (change > ROUGH * both) & (
            (change > MATTERS * all_mass) | (change > MATTERS * all_pull * low[: middle.size])
        )
        rough = np.tile(rough & (depth < DEEPEST - 1), 2)
        positions.append(position[~rough].ravel())
        weights.append(weight[~rough].ravel())
        if not rough.any():
            break
        low, high, mass = low[rough], high[rough], finer[rough]
    return np.concatenate(positions), np.concatenate(weights)
