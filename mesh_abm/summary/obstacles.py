"""What held the mesh back."""

from __future__ import annotations

import math

from mesh_abm.facts import REASONS, at_end, lately, recent
from mesh_abm.results.result import Result
from mesh_abm.terms import REASON_MEANINGS, REASON_NAMES
from mesh_abm.wording import listing, percent, sentence

CONDENSED = 0.5
"""Above this share of links the provider is said to hold the network."""


def paragraphs(result: Result) -> list[str]:
    """Return the reasons why devices did not serve more: per query, in the network, in membership."""
    parts = [_reasons(result), _condensate(result), _membership(result)]
    return [part for part in parts if part] or ["There were no members, so nothing was tried."]


def _reasons(result: Result) -> str:
    """Return the main reasons of queries, each with its meaning."""
    shares = {name: recent(result.frame, f"reason_{name}") for name in REASONS}
    total = sum(share for share in shares.values() if not math.isnan(share))
    if not total:
        return ""
    ranked = sorted((name for name in REASONS if shares[name] > 0.03), key=lambda name: -shares[name])[:4]
    parts = [f'"{REASON_NAMES[name]}" {percent(shares[name])} ({REASON_MEANINGS[name]})' for name in ranked]
    return (
        f"{sentence(lately(result.frame))} devices did not serve {percent(total)} of members' queries, "
        f"mainly for these reasons: {listing(parts)}."
    )


def _condensate(result: Result) -> str:
    """Return how much of the network the provider holds, and the part of churn in it."""
    held, law = at_end(result.frame, "condensate"), at_end(result.frame, "condensate_theory")
    if math.isnan(held):
        return _unlinked(result)
    if held == 0:
        return "The provider does not hold the network: no link points to it."
    grip = (
        "The provider holds the network"
        if held > CONDENSED
        else "The provider holds only a part of the network"
    )
    text = f'{grip}: at the end {percent(held)} of all links point to it (the "condensate")'
    if math.isnan(law):
        return text + "."
    text += f"; the closed form for a steady population gives {percent(law)}"
    return f"{text}.{_churn(result)}"


def _unlinked(result: Result) -> str:
    """Return that members have no links at all, which contacts by fitness or degree cannot mend."""
    if not at_end(result.frame, "members"):
        return ""
    text = "At the end no member has a link, not even to the provider"
    if result.scenario.kernel == "uniform":
        return text + "."
    return f"{text}: contacts follow links, so where all are gone none can be made."


def _churn(result: Result) -> str:
    """Return what the condensate would be without churn, by the closed form."""
    from mesh_abm.summary.situation import Situation

    now = Situation.at_end(result)
    if now is None or now.churn == 0:
        return ""
    with_churn, without = percent(now.condensate()), percent(now.change(churn=0.0).condensate())
    if with_churn == without:
        return ""
    return (
        " Churn feeds it, because devices come and go and the provider stays: each month "
        f"{percent(now.churn)} of members leave; if nobody left, the closed form would give {without} "
        f"instead of {with_churn}."
    )


def _membership(result: Result) -> str:
    """Return what keeps people from joining, in a population of adopters."""
    if result.scenario.population != "adoption":
        return ""
    r0, members = (
        at_end(result.frame, "adoption_r0"),
        at_end(result.frame, "members") / result.scenario.n_owners,
    )
    if math.isnan(r0) or members > 0.5:
        return ""
    if r0 < 1:
        return (
            f"Membership does not spread by itself: each member wins {r0:.2g} others over before leaving "
            f"(the adoption number R0; it must pass 1), so {percent(members)} of owners are members, "
            "mostly those who join without seeing others gain."
        )
    return (
        f"Membership spreads (each member wins {r0:.2g} others over before leaving) but has reached only "
        f"{percent(members)} of owners so far."
    )
