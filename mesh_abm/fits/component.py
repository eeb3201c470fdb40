"""The largest component beside what its links imply: (2), the slots formula, and the degrees that are there."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2, norm

from mesh_abm.facts import at_end, monthly_growth, recent
from mesh_abm.fits.conditions import STEADY, many, steady, too_few, window
from mesh_abm.fits.degree_sequence import degrees
from mesh_abm.fits.fit import NO_VALUE, Comparison, Criterion, Missing, Unmet
from mesh_abm.fits.registry import predicts
from mesh_abm.results.result import Result
from mesh_abm.streams import generator
from mesh_abm.theory import percolation
from mesh_abm.wording import number, percent

CLOSE = Criterion("points", 0.02, level=0.01)
"""Two points cannot be told apart in the figure; a p-value of 1 % is within the spread of a finite network."""
REWIRED, LINKS = 200, 4_000_000
"""Random networks with the same degrees that are drawn, and links of all of them together at most."""
CONNECTED = 100
"""Fewer members than this are connected by chance too often for the size of a component to tell anything."""
FEWEST = 20
"""Random networks needed for a standard deviation."""


@predicts(
    "s_inf", "Equation (2)", source="(2); Erdős and Rényi 1960", figure="giant_component",
    criterion=CLOSE, scale="share",
)  # fmt: skip
def equation_2(result: Result) -> Comparison | Missing:
    """S = 1 - exp(-<k> S) at the measured mean degree, with the spread of a random network of this size. Presupposes
    independent links and Poisson degrees."""
    if result.scenario.kernel == "uniform":
        return Missing("no prediction", "of links to uniform partners another formula holds")
    if (missing := too_few(result, CONNECTED)) is not None:
        return missing
    degree, members = at_end(result.frame, "mean_degree"), at_end(result.frame, "members")
    if math.isnan(degree):
        return Missing("nothing to compare", NO_VALUE)
    spread = float(percolation.size_spread(degree, members))
    return _tested(result, at_end(result.frame, "s_inf_theory"), spread, [*_poisson(result), *many(result)])


@predicts(
    "s_inf", "Slots formula", source="docs/model.md, section 9", figure="giant_component",
    criterion=CLOSE, scale="share",
)  # fmt: skip
def slots(result: Result) -> Comparison | Missing:
    """The exact size where every device opens m slots of its own to uniform partners, at the measured share of filled
    slots. Presupposes that devices do not age: no churn."""
    if result.scenario.kernel != "uniform":
        return Missing("no prediction", "links are not made to uniform partners")
    if (missing := too_few(result, CONNECTED)) is not None:
        return missing
    filled, now = at_end(result.frame, "filled_slots"), result.scenario.at(result.months)
    size = float(law_of_slots(result)[-1])
    spread = float(percolation.size_spread(2 * now.slots * filled, at_end(result.frame, "members")))
    aging = [Unmet("no churn", f"a part of {number(now.churn)} of the members leaves in a month")]
    return _tested(result, size, spread, [*(aging if now.churn else []), *many(result)])


@predicts(
    "s_inf", "Degrees as they are", source="Newman, Strogatz and Watts 2001", figure="giant_component",
    criterion=CLOSE, scale="share",
)  # fmt: skip
def degree_sequence(result: Result) -> Comparison | Missing:
    """The size in a random network with exactly the measured degrees; the spread is that of networks drawn so.
    Presupposes that degrees of linked devices are not correlated."""
    if (missing := too_few(result, CONNECTED)) is not None:
        return missing
    found = degrees(result)
    return _tested(
        result, percolation.giant_component_degrees(found), _rewired(found, result), list(many(result))
    )


@predicts(
    "r0_mesh", "Equation (1)", source="(1)", figure="giant_component", criterion=Criterion("relative", 0.1)
)
def link_balance(result: Result) -> Comparison | Missing:
    """Links that a device wins over the chance that one is lost are the mean degree. Presupposes a steady network."""
    if (missing := too_few(result)) is not None:
        return missing
    opened, degree = recent(result.frame, "r0_mesh"), recent(result.frame, "mean_degree")
    if not degree > 0:
        return Missing("nothing to compare", "no device has a link to another")
    rate = monthly_growth(result.frame["mean_degree"])
    moving = [
        Unmet(
            "links that do not become more", f"their number a device changed by {percent(abs(rate))} a month"
        )
    ]
    unmet = [*steady(result), *(moving if abs(rate) > STEADY else []), *many(result)]
    return Comparison(opened, degree, window(result), unmet)


def law_of_slots(result: Result) -> np.ndarray:
    """Return by month the component by the slots formula at that month's share of filled slots; NaN without members."""
    filled = result.frame["filled_slots"].to_numpy(float)
    law, known = np.full(len(filled), np.nan), np.isfinite(filled)
    law[known] = percolation.giant_component_slots(result.scenario.slots, filled[known])
    return law


def _tested(result: Result, size: float, spread: float, unmet: list[Unmet]) -> Comparison:
    """Return the largest component at the end beside a predicted share, tested against a spread (NaN, 0: no test).

    Without a giant component the largest one is of the order of N^(-1/3) or less: what exceeds 0 by less than two of
    these is no contradiction, and what exceeds it by more has no p-value.
    """
    measured, when = at_end(result.frame, "s_inf"), f"month {result.months}"
    if size == 0:
        room = 2 * at_end(result.frame, "members") ** (-1 / 3)
        text = f"chance alone connects up to {number(100 * room)}"
        return Comparison(measured, size, when, unmet, room=room, statistic=text)
    if not spread > 0:
        return Comparison(measured, size, when, unmet)
    z = (measured - size) / spread
    return Comparison(measured, size, when, unmet, statistic=f"z = {number(z)}", p=float(2 * norm.sf(abs(z))))


def _poisson(result: Result) -> list[Unmet]:
    """Return whether degrees are spread wider or less wide than independent links would (index of dispersion)."""
    found = degrees(result)
    p = dispersion(found)[1]
    if not p < 0.01:
        return []
    return [
        Unmet("Poisson degrees", f"their variance is {number(found.var() / found.mean())} times their mean")
    ]


def dispersion(found: np.ndarray) -> tuple[float, float]:
    """Return the variance of degrees over their mean, and the two-sided p-value of the Poisson dispersion test.

    (N - 1) times the ratio is chi-squared with N - 1 degrees of freedom if degrees are independent and Poisson (Fisher
    1950). NaN without links.
    """
    if len(found) < 2 or not found.any():
        return math.nan, math.nan
    ratio, free = float(found.var(ddof=1) / found.mean()), len(found) - 1
    return ratio, float(min(1.0, 2 * min(chi2.sf(free * ratio, free), chi2.cdf(free * ratio, free))))


def _rewired(found: np.ndarray, result: Result) -> float:
    """Return the standard deviation of the largest component over random networks with these degrees; or NaN."""
    ends = np.repeat(np.arange(len(found)), found)
    draws = min(REWIRED, LINKS // max(len(ends), 1))
    if draws < FEWEST or not len(ends):
        return math.nan
    lots = generator(result.seed, "rewired", result.months)
    return float(np.std([_largest(lots.permutation(ends), len(found)) for _ in range(draws)], ddof=1))


def _largest(ends: np.ndarray, devices: int) -> float:
    """Return the share of devices in the largest component when ends of links are joined in pairs."""
    source, target = ends[0::2], ends[1::2]
    links = coo_array((np.ones(len(source), np.int8), (source, target)), shape=(devices, devices))
    return float(np.max(np.bincount(connected_components(links, directed=False)[1])) / devices)
