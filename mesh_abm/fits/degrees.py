"""The degrees of the device network beside those of a random network, and their tail beside what turnover leaves."""

from __future__ import annotations

import math

import numpy as np

from mesh_abm.facts import at_end, monthly_growth
from mesh_abm.fits.component import dispersion
from mesh_abm.fits.conditions import many, too_few
from mesh_abm.fits.degree_sequence import degrees
from mesh_abm.fits.fit import Comparison, Criterion, Missing
from mesh_abm.fits.registry import predicts
from mesh_abm.measures.tail import Rivals, linked, rivals
from mesh_abm.results.result import Result
from mesh_abm.theory import condensation, growth
from mesh_abm.wording import number

STEEP = 10.0
"""Exponents above this cannot be told from no power law in networks of any size we can run."""
DOUBT = 0.1
"""p-value below which a likelihood ratio decides (Clauset, Shalizi and Newman 2009)."""


TAIL = "exponent within 20%; where none is predicted, no better than exponential or worse than lognormal (p of 10%)"


@predicts(
    "sis_threshold", "Poisson degrees", source="presupposed by (2)", figure="degrees",
    criterion=Criterion("relative", level=0.01),
)  # fmt: skip
def poisson_degrees(result: Result) -> Comparison | Missing:
    """<k>/<k^2> = 1/(1 + <k>), that is a variance of degrees as large as their mean, tested by their dispersion.
    Presupposes independent links."""
    if (missing := too_few(result)) is not None:
        return missing
    found = degrees(result)
    ratio, p = dispersion(found)
    if math.isnan(ratio):
        return Missing("nothing to compare", "no device has a link to another")
    k = found.astype(float)
    measured, law = float(k.sum() / (k @ k)), float(1 / (1 + k.mean()))
    text = f"variance {number(ratio)} times the mean"
    return Comparison(measured, law, f"month {result.months}", list(many(result)), statistic=text, p=p)


@predicts(
    "tail_exponent", "Tail of degrees", source="Moore, Ghoshal and Newman 2006; (4), (5) with deaths",
    figure="degrees", criterion=Criterion("relative", 0.2, words=TAIL),
)  # fmt: skip
def tail(result: Result) -> Comparison | Missing:
    """The exponent 1 + (mu + g)/r, g the growth of membership, or no power law where in-links are lost as fast as won:
    then likelihood ratios must not favor a power law over an exponential tail, unless a lognormal is better still."""
    now = result.scenario.at(result.months)
    if now.kernel == "uniform":
        return Missing("no prediction", "links are made to uniform partners")
    if (missing := too_few(result)) is not None:
        return missing
    fitted = rivals(linked(degrees(result), result.seed, result.months))
    if fitted is None:
        return Missing("nothing to compare", "there are too few devices or degrees for a tail")
    law = exponent(result)
    if math.isnan(law):
        return Missing("no prediction", "nothing is linked to by preference, or nobody ever leaves or joins")
    return _with_law(result, fitted, law) if law <= STEEP else _without_law(result, fitted)


def exponent(result: Result) -> float:
    """Return the predicted exponent of the degree tail: inf for no power law, NaN where nothing is predicted."""
    now, frame = result.scenario.at(result.months), result.frame
    rate = monthly_growth(frame["members"])
    pace = max(0.0, rate) if math.isfinite(rate) else 0.0
    eta = result.devices()["fitness"].to_numpy(float) if now.kernel == "fitness" else np.ones(1)
    value, total = at_end(frame, "link_value"), pace + now.link_failure + now.churn
    if not total or math.isnan(value) or not len(eta) or not value * np.max(eta) > 0:
        return math.nan
    relative = 0.5
    if now.kernel == "fitness":
        center = (
            1 + now.churn / total
        )  # fitness at which links are held: that of the provider where it condenses
        relative = value * float(np.max(eta)) / condensation.solve_sample(value * eta, eta_max=center).C
    return float(growth.turnover_exponent(pace, now.churn, now.link_failure, min(relative, 1.0)))


def _with_law(result: Result, fitted: Rivals, law: float) -> Comparison:
    text = f"from {fitted.start:.0f} links on"
    return Comparison(fitted.exponent, law, f"month {result.months}", list(many(result)), statistic=text)


def _without_law(result: Result, fitted: Rivals) -> Comparison:
    """Return whether the tail is a power law all the same: better than an exponential, not worse than a lognormal."""
    rival, heavy = "lognormal", False
    ratio, p = fitted.ratios[rival]
    if not (ratio < 0 and p < DOUBT):
        rival = "exponential"
        ratio, p = fitted.ratios[rival]
        heavy = ratio > 0 and p < DOUBT
    beside = "as good as" if p >= DOUBT else "better than" if ratio > 0 else "worse than"
    return Comparison(
        float(heavy),
        0.0,
        f"month {result.months}",
        list(many(result)),
        error=float(heavy),
        statistic=f"log-likelihood ratio {number(ratio)}",
        p=p,
        shown=(f"{number(fitted.exponent)}, {beside} {rival}", "no power law"),
    )
