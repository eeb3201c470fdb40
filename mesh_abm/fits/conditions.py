"""What predictions presuppose of a run, and what a run has instead."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mesh_abm.facts import YEAR, at_end, lately, monthly_growth
from mesh_abm.fits.fit import Missing, Unmet
from mesh_abm.results.result import Result
from mesh_abm.wording import counted, listing, percent

STEADY = 0.005
"""Growth or decline a month up to which a population or its merit counts as steady."""
MEMORY = 2 * YEAR
"""Months for which a shock is felt in the network."""
MANY = 200
"""Members from which on laws for many devices are taken to hold."""

FEWEST = 20
"""Fewer members than this decide nothing."""

NO_MONTH = Missing("nothing to compare", "no month was run")


def window(result: Result) -> str:
    """Return the months that `facts.recent` takes the mean of, in words."""
    first = max(1, result.months - YEAR + 1)
    return f"month {result.months}" if first >= result.months else f"months {first} to {result.months}"


def too_few(result: Result, fewest: int = FEWEST) -> Missing | None:
    """Return why nothing is compared where no month was run or there are fewer members; None where neither is so."""
    if not result.months:
        return NO_MONTH
    members = int(at_end(result.frame, "members"))
    if members >= fewest:
        return None
    there = (
        f"there {_are(members)} at the end, too few to tell" if members else "there are no members at the end"
    )
    return Missing("nothing to compare", there)


def steady(result: Result, *, merit: bool = True) -> Iterator[Unmet]:
    """Yield what is not steady: members, their merit, or the rules, where a shock struck lately."""
    things = (("membership", "members"), ("merit", "mean_odds"))[: 1 + merit]
    growth = {name: monthly_growth(result.frame[column]) for name, column in things}
    months = min(YEAR, result.months)
    moving = [
        f"{name} {'grew' if rate > 0 else 'fell'} by {percent(abs(math.expm1(months * rate)))}"
        for name, rate in growth.items()
        if abs(rate) > STEADY
    ]
    if moving:
        yield Unmet("a steady population", f"{listing(moving)} {lately(result.frame)}")
    ends = [month for shock in result.scenario.shocks for month in (shock.month, shock.until) if month]
    felt = [month for month in ends if result.months - MEMORY < month <= result.months]
    if felt:
        yield Unmet("rules that stay the same", f"a shock changed them in month {max(felt)}")


def many(result: Result) -> Iterator[Unmet]:
    """Yield that members are few."""
    members = int(at_end(result.frame, "members"))
    if members < MANY:
        yield Unmet("many devices", f"there {_are(members)}")


def _are(members: int) -> str:
    return f"{'is' if members == 1 else 'are'} {counted(members, 'member')}"
