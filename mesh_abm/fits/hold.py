"""The provider's hold beside its law, and the links between devices that the law leaves."""

from __future__ import annotations

import numpy as np

from mesh_abm.facts import recent
from mesh_abm.fits.conditions import many, steady, too_few, window
from mesh_abm.fits.fit import Comparison, Criterion, Missing, Unmet
from mesh_abm.fits.registry import predicts
from mesh_abm.phases import NUCLEATION
from mesh_abm.results.result import Result
from mesh_abm.summary.formation import component
from mesh_abm.summary.situation import Situation
from mesh_abm.wording import number, percent

OTHER_KERNEL = Missing("no prediction", "the law is that of links made by fitness")
NO_LINKS = Missing("no prediction", "no offer could be made, so that links have no value")
FULL = 0.9
"""Share of filled slots from which on they count as filled."""


@predicts(
    "condensate", "Condensate with churn", source="docs/model.md, section 9; (5) with deaths",
    figure="condensate", criterion=Criterion("points", 0.05), scale="share",
)  # fmt: skip
def condensate(result: Result) -> Comparison | Missing:
    """Share of filled slots that point to the provider, from merits, link value, churn and link failure. Presupposes a
    steady population, and attempts enough to fill the slots."""
    if result.scenario.kernel != "fitness":
        return OTHER_KERNEL
    if (missing := too_few(result)) is not None:
        return missing
    measured, law = recent(result.frame, "condensate"), recent(result.frame, "condensate_theory")
    return Comparison(measured, law, window(result), [*steady(result), *_filled(result), *many(result)])


@predicts(
    "mean_degree", "Links 2 m f (1 - b)", source="docs/model.md, section 9", figure="threshold",
    criterion=Criterion("relative", 0.1),
)  # fmt: skip
def mean_degree(result: Result) -> Comparison | Missing:
    """Mean degree of the device network from slots m, their filled share f and the condensate b by its law.
    Presupposes what the law does."""
    if result.scenario.kernel != "fitness":
        return OTHER_KERNEL
    if (missing := too_few(result)) is not None:
        return missing
    measured = recent(result.frame, "mean_degree")
    return Comparison(
        measured, _recent_law(result), window(result), [*steady(result), *_filled(result), *many(result)]
    )


@predicts(
    "s_inf",
    "Mesh threshold",
    source="docs/model.md, section 9",
    figure="threshold",
    criterion=Criterion("same"),
)
def mesh_threshold(result: Result) -> Comparison | Missing:
    """Whether the devices hold together: they do if the factor by which merits must grow, with in-degrees that vary
    with merit and age, is below 1. Presupposes a steady population."""
    if (missing := too_few(result)) is not None:
        return missing
    now = Situation.at_end(result)
    if now is None:
        return OTHER_KERNEL if result.scenario.kernel != "fitness" else NO_LINKS
    if now.link_failure >= 1:
        return Missing("no prediction", "no link lasts a month")
    last, factor, leading = component(result.frame, result.months), now.giant_factor(), now.factor()
    holds = last.share > NUCLEATION and not last.by_chance
    whole = f"{_together(holds)} ({percent(last.share)} in one component{', by chance' if last.by_chance else ''})"
    needed = (
        f"{_together(factor <= 1)} (factor on merits {number(factor)}; {number(leading)} to leading order)"
    )
    return Comparison(
        float(holds), float(factor <= 1), f"month {result.months}", [*steady(result), *many(result)],
        shown=(whole, needed),
    )  # fmt: skip


def _together(holds: bool) -> str:
    return "together" if holds else "apart"


def law_of_links(result: Result) -> np.ndarray:
    """Return by month the mean degree 2 m f (1 - b) with b by its law."""
    frame = result.frame
    return np.asarray(2 * result.scenario.slots * frame["filled_slots"] * (1 - frame["condensate_theory"]))


def _recent_law(result: Result) -> float:
    return recent(result.frame.assign(law=law_of_links(result)), "law")


def _filled(result: Result) -> list[Unmet]:
    """Return whether slots stay empty for want of attempts."""
    filled = recent(result.frame, "filled_slots")
    return [Unmet("filled slots", f"{percent(filled)} are")] if filled < FULL else []
