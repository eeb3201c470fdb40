"""Adoption and updates beside the equilibria of spreading: (14) and the predecessor's."""

from __future__ import annotations

import math

import numpy as np

from mesh_abm.facts import at_end, recent
from mesh_abm.fits.conditions import FEWEST, NO_MONTH, many, steady, too_few, window
from mesh_abm.fits.degree_sequence import degrees
from mesh_abm.fits.fit import Comparison, Criterion, Missing, Unmet
from mesh_abm.fits.registry import predicts
from mesh_abm.results.result import Result
from mesh_abm.summary.situation import owners_merit
from mesh_abm.theory import epidemics
from mesh_abm.wording import number, percent

POINTS = Criterion("points", 0.05)
NOTICED = 0.02
"""Shares of owners that are worth naming."""


@predicts(
    "members", "Adoption", source="predecessor, 1 - 1/R0; Smirl 2026a", figure="adoption",
    criterion=POINTS, scale="share",
)  # fmt: skip
def adoption(result: Result) -> Comparison | Missing:
    """Share of owners who are members in the end, 1 - 1/R0 at the R0 of these months. Presupposes a steady membership
    of all who may join, won by imitation alone."""
    if result.scenario.population != "adoption":
        return Missing("no prediction", "owners do not join by contagion here")
    if not result.months:
        return NO_MONTH
    if result.scenario.n_owners < FEWEST:
        return Missing("nothing to compare", "there are too few owners")
    frame = result.frame.assign(law=law_of_adoption(result)).iloc[1:]
    measured = recent(frame, "members") / result.scenario.n_owners
    unmet = [*steady(result, merit=False), *_others(result)]
    return Comparison(measured, recent(frame, "law"), window(result), unmet)


@predicts(
    "up_to_date", "Updates", source="(14); Pastor-Satorras and Vespignani 2001", figure="updates",
    criterion=POINTS, scale="share",
)  # fmt: skip
def updates(result: Result) -> Comparison | Missing:
    """Share of members up to date where infection lasts, on a network with these degrees whose links are redrawn; who
    leaves counts as recovered. Presupposes a steady population."""
    if (missing := too_few(result)) is not None:
        return missing
    law = law_of_updates(result, "end")
    unmet = [*steady(result, merit=False), *many(result)]
    return Comparison(recent(result.frame, "up_to_date"), law, window(result), unmet)


def law_of_adoption(result: Result) -> np.ndarray:
    """Return by month the share of owners who would be members in the end at that month's R0 (NaN where that is)."""
    r0 = result.frame["adoption_r0"].to_numpy(float)
    return np.where(np.isnan(r0), np.nan, epidemics.mixed_prevalence(np.nan_to_num(r0, posinf=np.inf)))


def law_of_updates(result: Result, moment: str) -> float:
    """Return the share up to date that lasts with the degrees of a moment; NaN where no update is ever lost."""
    rate = spreading_rate(result)
    return math.nan if math.isinf(rate) else epidemics.prevalence(degrees(result, moment), rate)


def spreading_rate(result: Result) -> float:
    """Return infection over recovery, who leaves counted as recovered; inf where nobody ever recovers."""
    now = result.scenario.at(result.months)
    lost = now.update_recovery + now.churn
    return now.update_rate / lost if lost else math.inf


def _others(result: Result) -> list[Unmet]:
    """Return owners who may not join, and members who joined unasked."""
    now = result.scenario.at(result.months)
    found = []
    may = float(owners_merit(now, at_end(result.frame, "technology_index"))[:, 1].sum())
    if 1 - may > NOTICED:
        found.append(Unmet("that every owner may join", f"{percent(1 - may)} are below the bar of merit"))
    r0 = recent(result.frame, "adoption_r0")
    if math.isnan(r0):
        return found
    unasked = _with_innovation(r0, now.churn, now.innovation) - float(epidemics.mixed_prevalence(r0))
    if unasked > NOTICED:
        found.append(Unmet("imitation alone", f"those who join unasked add {number(100 * unasked)} points"))
    return found


def _with_innovation(r0: float, churn: float, innovation: float) -> float:
    """Return the root of (R0 mu x + iota)(1 - x) = mu x: the share when some join unasked."""
    if not math.isfinite(r0) or not churn:
        return 1.0
    unasked = innovation / churn
    if r0 == 0:
        return unasked / (1 + unasked)
    excess = r0 - 1 - unasked
    return (excess + math.sqrt(excess**2 + 4 * r0 * unasked)) / (2 * r0)
