"""What it would take for devices to form a network, by the closed form, and what else would do it."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.facts import YEAR, at_end, lately, recent
from mesh_abm.results.result import Result
from mesh_abm.summary.situation import Situation, growth_needed, pace, wait
from mesh_abm.wording import as_high, at_month, calendar, listing, money, months, number, percent, sentence

LONGEST = 1200
"""Months: beyond this a date says nothing."""


def paragraphs(result: Result) -> list[str]:
    """Return what it would take, in words."""
    now = Situation.at_end(result)
    if now is None:
        return [
            "The closed form is for links made by fitness among devices that make offers; it does not "
            "apply to this run.",
            *_joining(result),
        ]
    return [_threshold(result, now), *_otherwise(now), *_joining(result)]


def _threshold(result: Result, now: Situation) -> str:
    """Return how far merits are from the threshold, and when it is reached."""
    who = "members" if now.of_members else "owners who could join (members are too few to judge by)"
    text = (
        "Merit is what a device is worth beside the provider: quality of answers times speed, the "
        f"provider's being 1. The mean merit of {who} is {number(now.mean_merit())}. By the closed form a "
        f"device then has {number(now.mean_degree())} links to other devices; the network holds together "
        "from about 1"
    )
    factor, giant = now.factor(), now.giant_factor()
    if math.isinf(factor):
        return (
            f"{text}. With these slots, churn, link failure and chance that an offer is preferred, no "
            "merit is enough."
        )
    if factor <= 1:
        return (
            f"{text}. That is passed{_since(result)}: by the closed form the mean stays above 1 until "
            f"merits fall to {percent(factor)} of what they are."
        )
    return f"{text}. Merits would have to be {as_high(factor)}{_giant(giant)}. {_path(result, now, factor)}".rstrip()


def _since(result: Result) -> str:
    """Return since when the measured mean degree has stayed above 1, if it has."""
    low = result.frame.loc[~(result.frame["mean_degree"] > 1), "month"]
    month = int(low.iloc[-1]) + 1 if len(low) else 0
    return f" since {at_month(month, result.scenario.start)}" if month <= result.months else ""


def _giant(factor: float) -> str:
    return (
        f" ({as_high(factor).removesuffix(' as high')} if one counts that some devices have many more "
        "links than others)"
        if math.isfinite(factor)
        else ""
    )


def _path(result: Result, now: Situation, factor: float) -> str:
    """Return when technology gets there at the pace of the last year, with the weaker devices that it lets in."""
    needed, rate = _needed(result, now), pace(result)
    if not result.months:
        return ""
    text = ""
    if needed > 1.05 * factor:
        far = (
            f"they would have to be {as_high(needed)}"
            if math.isfinite(needed)
            else "technology alone does not get there"
        )
        text = f"Progress also makes weaker devices good enough to join, and these link less: counting them, {far}. "
    if rate <= 0:
        return (
            f"{text}{sentence(lately(result.frame))} technology did not raise merits at all: at this pace "
            "it never comes."
        )
    text += f"{sentence(lately(result.frame))} technology raised merits by {percent(math.expm1(YEAR * rate))} a year"
    time = wait(needed, rate)
    return f"{text}; at this pace {_date(result, time)}." if math.isfinite(time) else f"{text}."


def _needed(result: Result, now: Situation) -> float:
    """Return the factor along the path of technology, at least the one for those who could join now."""
    scenario = result.scenario.at(result.months)
    if scenario.capable_merit <= 0:
        return now.factor()
    return max(now.factor(), growth_needed(now, scenario, at_end(result.frame, "technology_index")))


def _date(result: Result, time: float) -> str:
    """Return a time from the end of the run in words, with its date where it is not too far."""
    start, month = result.scenario.start, result.months + math.ceil(time)
    date = calendar(month, start) if time <= LONGEST else None
    return f"that takes {months(time)}" + (f", until {date}" if date else "")


def changes(now: Situation) -> list[tuple[str, Situation]]:
    """Return what else could be otherwise, one thing at a time and then two together."""
    others = [
        ("without churn (nobody leaves)", now.change(churn=0.0)),
        ("with half the link failure", now.change(link_failure=now.link_failure / 2)),
        ("with link value 1 (every offer preferred to the provider's)", now.change(value=1.0)),
        ("with twice as many slots", now.change(slots=2 * now.slots)),
        ("without churn and with link value 1", now.change(churn=0.0, value=1.0)),
    ]
    first = 0 if now.churn else 1  # without churn, the first changes nothing and the last repeats the third
    return [("as it is", now), *others[first : len(others) - first]]


def table(result: Result) -> pd.DataFrame:
    """Return for the run as it is and for single changes: condensate, mean degree, factor, giant component, months."""
    now = Situation.at_end(result)
    rate = pace(result)
    rows = [
        (
            text,
            case.condensate(),
            case.mean_degree(),
            case.factor(),
            case.giant_factor(),
            wait(_needed(result, case), rate),
        )
        for text, case in (changes(now) if now is not None else [])
    ]
    return pd.DataFrame(
        rows, columns=["change", "condensate", "mean_degree", "factor", "giant_factor", "months"]
    )


def _otherwise(now: Situation) -> list[str]:
    """Return which single changes would do it without more merit, and what the others leave to be done."""
    if now.factor() <= 1:
        return []
    cases = [(text, case.factor()) for text, case in changes(now)[1:]]
    enough = [text for text, factor in cases if factor <= 1 and " and " not in text] or [
        text for text, factor in cases if factor <= 1
    ]
    others = [f"{number(factor)} {text}" for text, factor in cases if 1 < factor < math.inf]
    parts = [f"What else would do it, with merits as they are: {listing(enough, 'or')}."] if enough else []
    if others:
        least = "" if enough else "Nothing else would do it alone. "
        parts.append(f"{least}{_instead(now.factor())} the factor on merits would be {listing(others)}.")
    return [" ".join(parts)] if parts else []


def _instead(factor: float) -> str:
    return "Where no factor is enough as it is," if math.isinf(factor) else f"Instead of {number(factor)}"


def _joining(result: Result) -> list[str]:
    """Return what membership needs to spread: gamma max(0, 2B - 1) > mu (docs/model.md, rule 2)."""
    par = result.scenario.at(result.months)
    benefit = recent(result.frame, "member_benefit")
    if par.population != "adoption" or math.isnan(benefit) or not at_end(result.frame, "adoption_r0") < 1:
        return []
    if par.churn >= par.contagion:
        return [
            "A mesh also needs members, and here nothing would make membership spread: "
            f"{percent(par.churn)} leave a month, and imitation brings at most {percent(par.contagion)}."
        ]
    dollars = par.calibration is not None
    chance = (1 + par.churn / par.contagion) / 2
    needed = par.standing_cost + par.information_friction * math.log(chance / (1 - chance))
    return [
        "A mesh also needs members. Membership spreads by itself once a member gains more than "
        f"{money(needed, dollars)} a month; {lately(result.frame)} a member gained "
        f"{money(benefit, dollars)}."
    ]
