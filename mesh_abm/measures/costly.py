"""Measures that take more than a pass over the devices; taken every `measure_every` months, NaN in between."""

from __future__ import annotations

import warnings
from functools import cached_property
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot
from mesh_abm.streams import generator

LARGEST_SPECTRUM = 20_000  # devices; lambda_2 and spectral dimension of a larger component are not computed
TAIL_SAMPLE = 50_000  # devices whose degrees are fitted, at random if there are more
EXPONENTS = {"alpha": [1.0, 20.0]}  # searched; the library by itself looks no further than 3
SMALLEST_TAIL = 50  # devices; a tail of fewer decides nothing
WALK_STARTS, WALK_STEPS = 100, 200  # of the lazy walks behind the spectral dimension


class Costly:
    """The fits of one month, each made once."""

    def __init__(self, s: Snapshot) -> None:
        self.s = s

    @cached_property
    def adjacency(self) -> Any:
        """Adjacency matrix of the largest component, scipy sparse."""
        from scipy.sparse import csr_array

        net, p = self.s.network, self.s.state.n_owners
        whole = csr_array((np.ones(net.neighbors.size), net.neighbors, net.start), shape=(p, p))
        inside = self.s.components.largest
        return whole[inside][:, inside]

    @cached_property
    def tail(self) -> tuple[float, float, float]:
        """Exponent, Kolmogorov-Smirnov distance and smallest degree of the best power-law tail (Clauset 2009)."""
        degrees = self.s.degrees[self.s.degrees > 0]
        if degrees.size > TAIL_SAMPLE:
            degrees = generator(self.s.model.seed, "tail", self.s.model.month).choice(
                degrees, TAIL_SAMPLE, replace=False
            )
        return fit_tail(degrees)


def fit_tail(degrees: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """The discrete power-law fit of the `powerlaw` library: exponent, Kolmogorov-Smirnov distance, smallest degree.

    NaN if fewer than three smallest degrees leave a tail of 50 devices to choose from.
    """
    import powerlaw

    highest = np.sort(degrees)[-SMALLEST_TAIL] if degrees.size > SMALLEST_TAIL else 0
    if np.unique(degrees[degrees < highest]).size < 3:
        return nan, nan, nan
    with warnings.catch_warnings():  # of the optimizer, on the candidates that lose
        warnings.simplefilter("ignore")
        fit = powerlaw.Fit(
            degrees, discrete=True, xmin=(1, int(highest)), parameter_ranges=EXPONENTS, verbose=False
        )
        law = fit.power_law
    return float(law.alpha), float(law.D), float(fit.xmin)


def due(s: Snapshot) -> bool:
    """Whether this is a month of costly measures."""
    every = s.par.measure_every
    return bool(every) and s.model.month > 0 and s.model.month % every == 0


def _fits(s: Snapshot) -> Costly:
    if not hasattr(s, "costly"):
        s.costly = Costly(s)  # type: ignore[attr-defined]
    return s.costly  # type: ignore[attr-defined]


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
    if not due(s) or not 2 <= s.components.size <= LARGEST_SPECTRUM:
        return nan
    from mesh_abm.theory import diffusion

    return float(diffusion.algebraic_connectivity(_fits(s).adjacency))


@measured("dimension")
def spectral_dimension(s: Snapshot) -> float:
    """Spectral dimension of the largest component, from the returns of a lazy walk; NaN if too small for one."""
    if not due(s) or not 3 <= s.components.size <= LARGEST_SPECTRUM:
        return nan
    from mesh_abm.theory import spectral

    try:
        fit = spectral.spectral_dimension(_fits(s).adjacency, starts=WALK_STARTS, longest=WALK_STEPS)
    except ValueError:  # no window of times: too small, or too well connected
        return nan
    return fit.dimension
