"""Devices that join a mesh if it connects them well enough for what joining costs them: a finite population.

The network is fixed: a random graph in which every device knows `mean_degree` others on average. A device's gain from
being in is `value` times the share of those in that hang together; it joins if that exceeds its own cost, uniform on
(0, 1). Nothing here uses equation (2): components are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Population:
    """Devices with their costs, the order in which they would join, and who knows whom."""

    links: csr_array
    costs: npt.NDArray[np.float64] = field(repr=False)

    @classmethod
    def of(cls, size: int, mean_degree: float, rng: np.random.Generator) -> Population:
        """Return a population of so many devices."""
        count = rng.poisson(size * mean_degree / 2)
        ends = rng.integers(0, size, (2, count))
        links = coo_array((np.ones(count, np.int8), (ends[0], ends[1])), shape=(size, size)).tocsr()
        return cls(links, rng.random(size))

    def joined(self, share: float) -> BoolArray:
        """Return who is in when `share` of the population, those with the lowest costs, is."""
        return np.asarray(self.costs < share)

    def connected(self, inside: BoolArray) -> float:
        """Return the share of those inside that the largest component among them holds."""
        members = np.flatnonzero(inside)
        if members.size == 0:
            return 0.0
        part = self.links[members][:, members]
        _, labels = connected_components(part, directed=False)
        return float(np.bincount(labels).max() / members.size)

    def response(self, share: float, value: float) -> float:
        """Return the share that wants to be in when `share` is: the best response."""
        return float(np.mean(self.costs < value * self.connected(self.joined(share))))

    def settle(self, share: float, value: float, rounds: int = 400) -> float:
        """Return the share that best responses lead to from `share`."""
        for _ in range(rounds):
            answer = self.response(share, value)
            if answer == share:
                break
            share = answer
        return share


def crossings(gaps: npt.NDArray[np.float64]) -> int:
    """Return how often a sequence changes its sign; zeros take the sign of what follows."""
    signs = np.sign(gaps[gaps != 0])
    return int(np.count_nonzero(signs[1:] != signs[:-1]))
