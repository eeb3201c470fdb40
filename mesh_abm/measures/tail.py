"""The power-law tail of a degree distribution (Clauset, Shalizi and Newman 2009)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
import numpy.typing as npt

from mesh_abm.streams import generator

TAIL_SAMPLE = 50_000  # devices whose degrees are fitted, at random if there are more
EXPONENTS = {"alpha": [1.0, 20.0]}  # searched; the library by itself looks no further than 3
RIVALS = ("exponential", "lognormal")
SMALLEST_TAIL = 50  # devices; a tail of fewer decides nothing


def linked(degrees: npt.NDArray[np.int64], seed: int, month: int) -> npt.NDArray[np.int64]:
    """The degrees above 0; 50,000 of them at random if there are more."""
    found = degrees[degrees > 0]
    if found.size <= TAIL_SAMPLE:
        return found
    return generator(seed, "tail", month).choice(found, TAIL_SAMPLE, replace=False)


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


@dataclass(frozen=True)
class Rivals:
    """The best power-law tail of degrees beside other laws for the same tail: exponent, smallest degree, and by rival
    the normalized log-likelihood ratio (above 0: the power law is better) with its p-value (Vuong 1989)."""

    exponent: float
    start: float
    ratios: dict[str, tuple[float, float]]


def rivals(degrees: npt.NDArray[np.int64]) -> Rivals | None:
    """The power-law fit of the tail beside an exponential and a lognormal one; None where there is no tail to fit."""
    import powerlaw

    exponent, _, start = fit_tail(degrees)
    if isnan(exponent):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = powerlaw.Fit(degrees, discrete=True, xmin=start, parameter_ranges=EXPONENTS, verbose=False)
        found = {
            rival: fit.distribution_compare("power_law", rival, normalized_ratio=True) for rival in RIVALS
        }
    return Rivals(exponent, start, {rival: (float(r), float(p)) for rival, (r, p) in found.items()})
