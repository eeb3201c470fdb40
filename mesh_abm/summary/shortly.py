"""The result in three sentences."""

from __future__ import annotations

import math

from mesh_abm.facts import REASONS, recent
from mesh_abm.results.result import Result
from mesh_abm.summary.formation import verdict
from mesh_abm.summary.situation import Situation
from mesh_abm.terms import REASON_MEANINGS
from mesh_abm.wording import as_high, at_month, months, percent


def paragraph(result: Result) -> str:
    """Return whether a mesh formed, what it serves, and what is in its way."""
    if not result.months:
        return "No month was run."
    return " ".join(part for part in (_mesh(result), _share(result), _obstacle(result), _factor(result)) if part)


def _mesh(result: Result) -> str:
    length = f"in this run of {months(result.months)}"
    kind = verdict(result)
    if kind == "formed":
        return f"A mesh of devices forms {length}: more than half of the members are connected from {_when(result)} on."
    if kind == "dissolved":
        return f"A mesh of devices forms {length} (in {_when(result)}) and falls apart again."
    return f"A mesh begins to form {length}, and does not get far." if kind == "begun" else f"No mesh of devices forms {length}."


def _when(result: Result) -> str:
    return at_month(result.phases["crystallization"], result.scenario.start)


def _share(result: Result) -> str:
    devices = recent(result.frame, "share_mesh") + recent(result.frame, "share_self")
    return f"In its last year devices serve {percent(devices)} of all queries, the provider {percent(recent(result.frame, 'share_provider'))}."


def _obstacle(result: Result) -> str:
    """Return the main reason why members' queries went past the devices."""
    shares = {name: recent(result.frame, f"reason_{name}") for name in REASONS}
    known = {name: share for name, share in shares.items() if not math.isnan(share)}
    if not known or max(known.values()) < 0.01:
        return ""
    main = max(known, key=lambda name: known[name])
    return f"What most often stood in the way of a member's query: {REASON_MEANINGS[main]} ({percent(known[main])} of members' queries)."


def _factor(result: Result) -> str:
    now = Situation.at_end(result)
    if now is None or verdict(result) == "formed" or now.factor() <= 1:
        return ""
    return f"By the closed form, devices' merit beside the provider would have to be {as_high(now.factor())} for a network of devices to hold together."
