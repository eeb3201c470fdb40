"""What it would take for devices to form a network, by the closed form, and what else would do it."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.facts import at_end, recent
from mesh_abm.results.result import Result
from mesh_abm.summary.situation import Situation, pace, wait
from mesh_abm.wording import at_month, listing, months, number, percent, times

LONGEST = 1200
"""Months: beyond this a date says nothing."""


def paragraphs(result: Result) -> list[str]:
    """Return what it would take, in words."""
    now = Situation.at_end(result)
    if now is None:
        return [
            "The closed form is for links made by fitness among devices that could join; it does not apply to this run.",
            *_joining(result),
        ]
    return [_threshold(result, now), *_otherwise(now), *_joining(result)]


def _threshold(result: Result, now: Situation) -> str:
    """Return how far merits are from the threshold, and when it is reached."""
    who = "members" if now.of_members else "owners who could join (members are too few to judge by)"
    text = (
        f"Merit is what a device is worth beside the provider: quality of answers times speed, the provider's being 1. The mean merit of {who} is "
        f"{number(now.mean_merit())}. By the closed form a device then has {number(now.mean_degree())} links to other devices; "
        "the network holds together from about 1"
    )
    factor, giant = now.factor(), now.giant_factor()
    if math.isinf(factor):
        return f"{text}. With these slots, churn, link failure and chance that an offer is preferred, no merit is enough."
    if factor <= 1:
        return f"{text}. That is passed: merits could be {times(1 / factor)} smaller before the mean falls below 1."
    return f"{text}. All merits would have to grow {times(factor)}{_giant(giant)}. {_when(result, factor)}"


def _giant(factor: float) -> str:
    return f" ({times(factor)} if one counts that some devices have many more links than others)" if math.isfinite(factor) else ""


def _when(result: Result, factor: float) -> str:
    rate = pace(result)
    needed = wait(factor, rate)
    if math.isinf(needed):
        return "In the last year technology did not raise merits at all, so at this pace it never comes."
    yearly = percent(math.expm1(12 * rate))
    text = f"In the last year technology raised merits by {yearly}; at this pace that takes {months(needed)}"
    if needed <= LONGEST and result.scenario.start is not None:
        text += f", until {at_month(result.months + math.ceil(needed), result.scenario.start).split(' (')[0]}"
    return text + "."


def changes(now: Situation) -> list[tuple[str, Situation]]:
    """Return what else could be otherwise, one thing at a time and then together."""
    single = [
        ("nobody leaves (churn 0)", {"churn": 0.0}),
        ("links fail half as often", {"link_failure": now.link_failure / 2}),
        ("every offer is preferred to the provider's (link value 1)", {"value": 1.0}),
        ("twice as many slots for links", {"slots": 2 * now.slots}),
    ]
    both = ("churn 0 and link value 1", {"churn": 0.0, "value": 1.0})
    return [("as it is", now), *((text, now.change(**change)) for text, change in (*single, both))]


def table(result: Result) -> pd.DataFrame:
    """Return for the run as it is and for single changes: condensate, mean degree, factor, giant component, months."""
    now = Situation.at_end(result)
    rate = pace(result)
    rows = [
        (text, case.condensate(), case.mean_degree(), case.factor(), case.giant_factor(), wait(case.factor(), rate))
        for text, case in (changes(now) if now is not None else [])
    ]
    return pd.DataFrame(rows, columns=["change", "condensate", "mean_degree", "factor", "giant_factor", "months"])


def _otherwise(now: Situation) -> list[str]:
    """Return which single changes would do it without more merit, and what the others leave to be done."""
    if now.factor() <= 1:
        return []
    cases = [(text, case.factor()) for text, case in changes(now)[1:]]
    enough = [text for text, factor in cases if factor <= 1]
    others = [f"{times(factor)} with {text}" for text, factor in cases if 1 < factor < math.inf]
    parts = []
    if enough:
        parts.append(f"What else would do it, with merits as they are: {listing(enough, 'or')}.")
    if others:
        least = "" if enough else "Nothing else would do it alone. "
        parts.append(f"{least}The factor on merits would be {listing(others)}.")
    return [" ".join(parts)] if parts else []


def _joining(result: Result) -> list[str]:
    """Return what membership needs to spread: gamma max(0, 2B - 1) > mu (docs/model.md, rule 2)."""
    par = result.scenario.at(result.months)
    benefit = recent(result.frame, "member_benefit")
    if par.population != "adoption" or math.isnan(benefit) or not at_end(result.frame, "adoption_r0") < 1:
        return []
    if par.churn >= par.contagion:
        return [f"A mesh also needs members, and here nothing would make membership spread: {percent(par.churn)} leave a month, and imitation brings at most {percent(par.contagion)}."]
    chance = (1 + par.churn / par.contagion) / 2
    needed = par.standing_cost + par.information_friction * math.log(chance / (1 - chance))
    return [
        f"A mesh also needs members. Membership spreads by itself once a member gains more than {number(needed / 1e6, 3)} credits a month; in the last year "
        f"it was {number(benefit / 1e6, 3)}."
    ]
