"""Degrees of the devices at chosen months of a run, and the tails fitted to them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mesh_abm.claims.experiments.forecasts import SHARED
from mesh_abm.measures.tail import EXPONENTS, fit_tail
from mesh_abm.model import MeshModel
from mesh_abm.runs import settle

THIN = 0.05
"""Significance at which an exponential tail is taken to be the better description."""


@dataclass(frozen=True)
class Tail:
    """A fitted tail: exponent, smallest degree in it, log-likelihood ratio over an exponential and its p value."""

    month: int
    exponent: float
    start: float
    over_exponential: float
    p: float

    def fat(self, limit: float) -> bool:
        """Return whether the exponent is `limit` at most and an exponential is not significantly better."""
        thin = self.over_exponential < 0 and self.p < THIN
        return bool(self.exponent <= limit and not thin)


def tails(task: tuple[str, int, tuple[int, ...]]) -> list[Tail]:
    """Return the degree tails of a scenario with a seed in these months (ascending); what cannot be fitted is NaN."""
    name, seed, months = task
    model = MeshModel.from_scenario(settle(name, seed=seed, months=months[-1], set=SHARED))
    found = []
    for month in months:
        model.run_for(month - model.month)
        found.append(tail(month, model.network.degree[model.members]))
    return found


def tail(month: int, degrees: npt.NDArray[np.int64]) -> Tail:
    """Return the tail of degrees (those of 0 left out), compared with an exponential on the same range (Vuong 1989)."""
    import powerlaw

    linked = degrees[degrees > 0]
    exponent, _, start = fit_tail(linked)
    if np.isnan(exponent):
        return Tail(month, exponent, start, float("nan"), float("nan"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = powerlaw.Fit(linked, discrete=True, xmin=start, parameter_ranges=EXPONENTS, verbose=False)
        ratio, p = fit.distribution_compare("power_law", "exponential")
    return Tail(month, exponent, start, float(ratio), float(p))
