"""The capacity of the mesh beside (16), and the cost of hardware beside the learning curve."""

from __future__ import annotations

import numpy as np

from mesh_abm.facts import at_end, recent
from mesh_abm.fits.conditions import NO_MONTH, many, too_few, window
from mesh_abm.fits.fit import Comparison, Criterion, Missing, Unmet
from mesh_abm.fits.registry import predicts
from mesh_abm.results.result import Result
from mesh_abm.theory import learning_curve
from mesh_abm.wording import number, percent

NOTICED = 0.05
"""Part by which uneven coverage or unlike devices must change the capacity to be named."""


@predicts(
    "c_mesh", "Equation (16)", source="(16) without its stray 1/J; Theorem 1", figure="capacity",
    criterion=Criterion("relative", 0.1),
)  # fmt: skip
def equation_16(result: Result) -> Comparison | Missing:
    """C_mesh = J^(1/rho - 1) S N mean C_i at the measured S, so that the mesh matches the provider at N = N*.
    Presupposes that all types are covered evenly, by devices in the mesh that are like the others."""
    if (missing := too_few(result)) is not None:
        return missing
    frame = result.frame.assign(law=law_of_capacity(result))
    if np.isnan(frame["law"].iloc[-1]):
        return Missing(
            "nothing to compare", "the critical mass is not defined, as the provider has no capacity"
        )
    measured, law = recent(frame, "c_mesh"), recent(frame, "law")
    return Comparison(measured, law, window(result), [*_unlike(result), *many(result)])


@predicts(
    "unit_cost", "Wright's law", source="learning curve of the predecessor; Wright 1936", figure="crossing",
    criterion=Criterion("relative", 1e-9),
)  # fmt: skip
def wright(result: Result) -> Comparison | Missing:
    """c = (Q / Q0)^(-alpha) at the production Q before the month. Exact: the rules use it. The error is the largest of
    all months."""
    if not result.months:
        return NO_MONTH
    law, measured = law_of_cost(result)[1:], result.frame["unit_cost"].to_numpy(float)[1:]
    error = float(np.max(np.abs(measured / law - 1)))
    when = f"months 1 to {result.months}"
    return Comparison(float(measured[-1]), float(law[-1]), when, error=error)


def law_of_capacity(result: Result) -> np.ndarray:
    """Return by month C_mesh by (16), C_cent N / N*: 0 where nothing is connected, NaN without a provider."""
    frame = result.frame
    mass, central = frame["n_star"].to_numpy(float), frame["c_cent"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        law = central * frame["members"].to_numpy(float) / mass
    return np.where(np.isfinite(central) & (central > 0), law, np.nan)


def law_of_cost(result: Result) -> np.ndarray:
    """Return by month the unit cost that the production before it implies; NaN where that is not known."""
    scenario, months = result.scenario, result.frame["month"]
    start = scenario.cumulative_production * scenario.n_owners
    before = result.frame["production"].shift(1).to_numpy(float)
    known = np.isfinite(before)
    alpha = np.array([scenario.at(int(month)).learning_exponent for month in months])
    law = np.full(len(before), np.nan)
    law[known] = learning_curve.unit_cost(before[known] / start, 1.0, alpha[known])
    return law


def _unlike(result: Result) -> list[Unmet]:
    """Return what makes the two differ: (16) is exact but for these two factors, up to the mean over months."""
    frame = result.frame
    law, size, everybody = law_of_capacity(result)[-1], at_end(frame, "s_inf"), at_end(frame, "c_eff")
    if not law > 0 or not size > 0 or not everybody > 0:
        return []
    coverage, alike = everybody * size / law, at_end(frame, "c_mesh") / (everybody * size)
    found = []
    if 1 - coverage > NOTICED:
        found.append(Unmet("even coverage of all types", f"that it is uneven takes {percent(1 - coverage)}"))
    if abs(alike - 1) > NOTICED:
        text = f"it has {number(alike)} times the capacity that its number of devices implies"
        found.append(Unmet("a component of devices like all others", text))
    return found
