"""Measures that take more than a pass over the devices; taken every `measure_every` months, NaN in between."""

from __future__ import annotations

from math import nan

from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot

LARGEST_SPECTRUM = 20_000  # devices; lambda_2 and spectral dimension of a larger component are not computed
WALK_STARTS, WALK_STEPS = 100, 200  # of the lazy walks behind the spectral dimension


def due(s: Snapshot) -> bool:
    """Whether this is a month of costly measures."""
    every = s.par.measure_every
    return bool(every) and s.model.month > 0 and s.model.month % every == 0


@measured("exponent", predictions=("tail",))
def tail_exponent(s: Snapshot) -> float:
    """Exponent of the power law that fits the tail of the degree distribution best."""
    return s.tail[0] if due(s) else nan


@measured("distance")
def tail_distance(s: Snapshot) -> float:
    """Goodness of that fit: Kolmogorov-Smirnov distance of tail and power law, 0 is perfect."""
    return s.tail[1] if due(s) else nan


@measured("links")
def tail_start(s: Snapshot) -> float:
    """Smallest degree that belongs to that tail."""
    return s.tail[2] if due(s) else nan


@measured("1/month")
def lambda_2(s: Snapshot) -> float:
    """Algebraic connectivity of the largest component, (12); not computed above 20,000 devices."""
    if not due(s) or not 2 <= s.components.size <= LARGEST_SPECTRUM:
        return nan
    from mesh_abm.theory import diffusion

    return float(diffusion.algebraic_connectivity(s.adjacency))


@measured("dimension")
def spectral_dimension(s: Snapshot) -> float:
    """Spectral dimension of the largest component, from the returns of a lazy walk; NaN if too small for one."""
    if not due(s) or not 3 <= s.components.size <= LARGEST_SPECTRUM:
        return nan
    from mesh_abm.theory import spectral

    try:
        fit = spectral.spectral_dimension(s.adjacency, starts=WALK_STARTS, longest=WALK_STEPS)
    except ValueError:  # no window of times: too small, or too well connected
        return nan
    return fit.dimension
