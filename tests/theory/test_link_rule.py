"""The laws of the stationary network against a simulation of the link rule, written from docs/model.md, rules
2 and 3.

Fitness kernel, fixed population. It shares no code with the engine, so it judges the laws and not their use
there.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mesh_abm.theory import condensation, equilibrium


class Links:
    """Slots of n devices: -1 empty, n the provider, else a device."""

    def __init__(self, fitness: np.ndarray, slots: int, kappa: float, mu: float, seed: int) -> None:
        self.n, self.h, self.kappa, self.mu = fitness.size, np.append(fitness, 1.0), kappa, mu
        self.rng = np.random.default_rng(seed)
        self.slot = np.full((self.n, slots), self.n)

    def month(self) -> None:
        """Leave and fail, then every empty slot makes up to four contacts on the network as it then stands."""
        left = np.append(self.rng.random(self.n) < self.mu, False)
        self.slot[left[:-1]] = -1
        filled = self.slot >= 0
        lost = left[self.slot] | (self.rng.random(self.slot.shape) < self.kappa)
        self.slot[filled & lost] = -1
        owner, place = np.nonzero(self.slot >= 0)
        target = self.slot[owner, place]
        known = np.unique(self._pairs(owner, target))
        seeker, empty = np.nonzero(self.slot < 0)
        found = np.full(seeker.size, -1)
        for _ in range(4):
            still = np.flatnonzero(found < 0)
            pick = self.rng.integers(owner.size, size=still.size)
            met = np.where(self.rng.random(still.size) < 0.5, owner[pick], target[pick])
            kept = (self.rng.random(still.size) < self.h[met]) & (met != seeker[still])
            kept &= (met == self.n) | ~np.isin(self._pairs(seeker[still], met), known)
            found[still[kept]] = met[kept]
        self.slot[seeker, empty] = self._without_doubles(seeker, found)

    def _pairs(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.asarray(np.minimum(one, other) * (self.n + 1) + np.maximum(one, other))

    def _without_doubles(self, seeker: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Only the first of several slots that found the same pair of devices keeps it."""
        device = np.flatnonzero((found >= 0) & (found < self.n))
        _, first = np.unique(self._pairs(seeker[device], found[device]), return_index=True)
        again = np.delete(device, first)
        found[again] = -1
        return found

    def condensate(self) -> float:
        """Share of filled slots that point to the provider."""
        return float(np.sum(self.slot == self.n) / np.sum(self.slot >= 0))

    def component_sizes(self) -> np.ndarray:
        """Sizes of the components of the device network."""
        owner, place = np.nonzero((self.slot >= 0) & (self.slot < self.n))
        ends = (owner, self.slot[owner, place])
        links = coo_array((np.ones(owner.size), ends), shape=(self.n, self.n))
        return np.bincount(connected_components(links, directed=False)[1])


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("kappa", "mu", "merit", "value", "spread"),
    [(0.05, 0.1, 0.6, 1.0, 0.0), (0.08, 0.02, 0.3, 1.0, 0.0), (0.08, 0.02, 1.0, 0.8, 0.5)],
)
def test_condensate_with_churn(kappa: float, mu: float, merit: float, value: float, spread: float) -> None:
    rng = np.random.default_rng(1)
    merits = merit * np.exp(spread * rng.standard_normal(10_000) - spread**2 / 2)
    fitness = condensation.fitness_of_merit(merits)
    links = Links(value * fitness, 4, kappa, mu, seed=2)
    shares = []
    for month in range(260):
        links.month()
        if month >= 200:
            shares.append(links.condensate())
    # 60 months, correlated over about 10: standard error below .0015; false alarm < 1e-5
    assert np.mean(shares) == pytest.approx(condensation.with_churn(fitness, value, kappa, mu), abs=0.009)


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize(
    ("kappa", "mu", "slots", "merits"),
    [(0.08, 0.02, 4, [1.0]), (0.08, 0.02, 2, [0.05, 0.15, 0.4, 1.2]), (0.08, 0.1, 4, [0.05, 0.15, 0.4, 1.2])],
)
def test_percolation_threshold(kappa: float, mu: float, slots: int, merits: list[float]) -> None:
    law = equilibrium.percolation_threshold(merits, slots, kappa, mu, in_degrees="reinforced")
    poisson = equilibrium.percolation_threshold(merits, slots, kappa, mu)
    merit = np.random.default_rng(5).permutation(np.resize(merits, 60_000))
    factors, inverse = law * np.array([0.8, 0.88, 0.94]), []
    links = Links(condensation.fitness_of_merit(factors[0] * merit), slots, kappa, mu, seed=3)
    for factor in factors:
        links.h[:-1] = condensation.fitness_of_merit(factor * merit)
        means = []
        for month in range(170):
            links.month()
            if month >= 100 and month % 10 == 9:
                means.append(np.sum(links.component_sizes().astype(float) ** 2) / links.n)
        inverse.append(1 / np.mean(means))
    # one over the mean component size falls linearly to 0 at the threshold; the fit spreads by 1 percent
    slope, level = np.polyfit(factors, inverse, 1)
    assert -level / slope == pytest.approx(law, rel=0.06)
    assert poisson == pytest.approx(law, rel=0.15)
