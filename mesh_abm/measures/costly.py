"""Measures that take more than a pass over the devices; taken every `measure_every` months, NaN in between."""

from __future__ import annotations

from functools import cached_property
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot
from mesh_abm.streams import generator

LARGEST_EIGENPROBLEM = 20_000  # devices; lambda_2 of a larger component is not computed
TAIL_SAMPLE = 50_000  # devices whose degrees are fitted, at random if there are more
WALK_LENGTHS = (4, 32)  # steps between which the return probability of the lazy walk is fitted
WALKERS = 200_000


class Costly:
    """The fits of one month, each made once."""

    def __init__(self, s: Snapshot) -> None:
        self.s = s

    @cached_property
    def tail(self) -> tuple[float, float, float]:
        """Exponent, Kolmogorov-Smirnov distance and smallest degree of the best power-law tail (Clauset and others 2009)."""
        degrees = self.s.degrees[self.s.degrees > 0]
        if np.unique(degrees).size < 5:
            return nan, nan, nan
        if degrees.size > TAIL_SAMPLE:
            degrees = generator(self.s.model.seed, "tail", self.s.model.month).choice(degrees, TAIL_SAMPLE, replace=False)
        return fit_tail(degrees)


def fit_tail(degrees: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """The discrete power-law fit of the `powerlaw` library: exponent, Kolmogorov-Smirnov distance, smallest degree."""
    import powerlaw

    top = np.sort(degrees)[-10]  # a tail of fewer than ten devices is no tail
    fit = powerlaw.Fit(degrees, discrete=True, xmin=(1, max(2, int(top))), verbose=False)
    return float(fit.power_law.alpha), float(fit.power_law.D), float(fit.power_law.xmin)


def due(s: Snapshot) -> bool:
    """Whether this is a month of costly measures."""
    every = s.par.measure_every
    return bool(every) and s.model.month > 0 and s.model.month % every == 0


def _fits(s: Snapshot) -> Costly:
    if not hasattr(s, "costly"):
        s.costly = Costly(s)  # type: ignore[attr-defined]
    return s.costly  # type: ignore[attr-defined, no-any-return]


@measured("exponent")
def tail_exponent(s: Snapshot) -> float:
    """Exponent of the power law that fits the tail of the degree distribution best."""
    return _fits(s).tail[0] if due(s) else nan


@measured("distance")
def tail_distance(s: Snapshot) -> float:
    """Goodness of that fit: Kolmogorov-Smirnov distance of tail and power law, 0 is perfect."""
    return _fits(s).tail[1] if due(s) else nan


@measured("links")
def tail_start(s: Snapshot) -> float:
    """Smallest degree that belongs to that tail."""
    return _fits(s).tail[2] if due(s) else nan


@measured("1/month")
def lambda_2(s: Snapshot) -> float:
    """Algebraic connectivity of the largest component, (12); not computed above 20,000 devices."""
    if not due(s) or not 2 <= s.components.largest.size <= LARGEST_EIGENPROBLEM:
        return nan
    from mesh_abm.theory import diffusion

    return float(diffusion.algebraic_connectivity(adjacency(s)))


@measured("dimension")
def spectral_dimension(s: Snapshot) -> float:
    """Spectral dimension of the largest component: -2 x slope of ln(return probability) of a lazy walk in ln(steps)."""
    if not due(s) or s.components.largest.size < 10:
        return nan
    from mesh_abm.theory import spectral

    return float(spectral.dimension(adjacency(s)))


def adjacency(s: Snapshot) -> Any:
    """Adjacency matrix of the largest component, scipy sparse."""
    from scipy.sparse import csr_array

    net = s.network
    ones = np.ones(net.neighbors.size)
    whole = csr_array((ones, net.neighbors, net.start), shape=(s.state.n_owners, s.state.n_owners))
    inside = s.components.largest
    return whole[inside][:, inside]
