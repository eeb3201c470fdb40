"""What the closed form (docs/model.md, "What the rules imply") says of a scenario, before or beside its runs."""

from __future__ import annotations

import math
from typing import TypedDict

from mesh_abm.scenario import Scenario
from mesh_abm.summary.situation import Situation, owners_merit
from mesh_abm.theory import equilibrium


class ClosedForm(TypedDict):
    """`degree_theory`: 2 m f (1 - b); `merit_needed`: factor on merits to the threshold; `theory`: the condensate b."""

    degree_theory: float
    merit_needed: float
    theory: float


def without_law(scenario: Scenario) -> str:
    """Return why the law of a steady population and links by fitness does not hold of a scenario; empty if it does."""
    if scenario.kernel != "fitness":
        return f"kernel = {scenario.kernel}: the law is that of links made by fitness"
    if scenario.population == "growth":
        return "population = growth: the law is that of a steady population"
    if scenario.shocks:
        return "shocks change the rules during the run"
    return ""


def unsteady(scenario: Scenario) -> str:
    """Return what in a scenario keeps merits or members from standing still, as the law assumes; empty if nothing."""
    technology = scenario.efficiency_growth != 0 or scenario.learning_exponent > 0
    moving = ["technology moves merits"] if scenario.merit_gain and technology else []
    moving += ["members come and go with adoption"] if scenario.population == "adoption" else []
    return " and ".join(moving)


def closed_form(scenario: Scenario, filled: float, value: float, technology_index: float) -> ClosedForm:
    """Return the predictions at the measured share of filled slots f, link value v and technology index T.

    It assumes a steady population with random leaving only, attempts enough to fill slots from all members, and merits
    that stand still at exp(merit_gain T) times those of the classes, with their personal spread, among all who could
    join. NaN where v is not known, nobody can join, or no link or member lasts a month; an f that is not known counts
    as 1.
    """
    merit = owners_merit(scenario, 0.0 if math.isnan(technology_index) else technology_index)
    lasting = scenario.churn < 1 and scenario.link_failure < 1
    if math.isnan(value) or not len(merit) or not lasting:
        return {"degree_theory": math.nan, "merit_needed": math.nan, "theory": math.nan}
    rates = (
        scenario.slots,
        1.0 if math.isnan(filled) else filled,
        scenario.link_failure,
        scenario.churn,
        value,
    )
    now = Situation(merit, *rates)
    return {
        "degree_theory": now.mean_degree(),
        "merit_needed": _merit_needed(now),
        "theory": now.condensate(),
    }


def _merit_needed(now: Situation) -> float:
    return equilibrium.percolation_threshold(
        now.merit, now.slots, now.link_failure, now.churn, now.value, now.filled, in_degrees="reinforced"
    )
