"""The result in three sentences."""

from __future__ import annotations

import math

from mesh_abm.facts import REASONS, lately, recent
from mesh_abm.results.result import Result
from mesh_abm.summary.formation import crystallized, verdict
from mesh_abm.summary.situation import Situation
from mesh_abm.terms import REASON_MEANINGS
from mesh_abm.wording import as_high, at_month, months, percent, sentence


def paragraph(result: Result) -> str:
    """Return whether a mesh formed, what it serves, and what is in its way."""
    if not result.months:
        return "No month was run."
    return " ".join(
        part for part in (_mesh(result), _share(result), _obstacle(result), _factor(result)) if part
    )


def _mesh(result: Result) -> str:
    length = f"in this run of {months(result.months)}"
    kind, month = verdict(result), crystallized(result.frame)
    when = "" if month is None else at_month(month, result.scenario.start)
    if kind == "formed":
        return (
            f"A mesh of devices forms {length}: more than half of the members are connected from {when} on."
        )
    if kind == "dissolved":
        return f"A mesh of devices forms {length} (in {when}) and falls apart again."
    return (
        f"A mesh begins to form {length}, and does not get far."
        if kind == "begun"
        else f"No mesh of devices forms {length}."
    )


def _share(result: Result) -> str:
    devices = recent(result.frame, "share_mesh") + recent(result.frame, "share_self")
    provider = percent(recent(result.frame, "share_provider"))
    return f"{sentence(lately(result.frame))} devices serve {percent(devices)} of all queries, the provider {provider}."


def _obstacle(result: Result) -> str:
    """Return the main reason why members' queries went past the devices."""
    shares = {name: recent(result.frame, f"reason_{name}") for name in REASONS}
    known = {name: share for name, share in shares.items() if not math.isnan(share)}
    if not known or max(known.values()) < 0.01:
        return ""
    main = max(known, key=lambda name: known[name])
    return (
        f"What most often stood in the way of a member's query: {REASON_MEANINGS[main]} "
        f"({percent(known[main])} of members' queries)."
    )


def _factor(result: Result) -> str:
    now = Situation.at_end(result)
    if now is None or verdict(result) == "formed" or now.factor() <= 1:
        return ""
    if math.isinf(now.factor()):
        return (
            "By the closed form no merit of devices would be enough for a network of them to hold together."
        )
    return (
        f"By the closed form, devices' merit beside the provider would have to be {as_high(now.factor())} "
        "for a network of devices to hold together."
    )
