"""Mixes of what people ask: shares of task types (query_mix.csv)."""

from __future__ import annotations

from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import Input, Step, weakest
from mesh_abm.calibration.tables import kind_of, table
from mesh_abm.errors import ScenarioError, nearest

BASELINE_MIX = "chatgpt_consumer_2025"
"""The most detailed mix of consumers, and the newest (mesh_abm/data/README.md: the best single one)."""


def mix_names() -> tuple[str, ...]:
    """Return the names of the shipped mixes, in the order of the table."""
    return tuple(dict.fromkeys(table("query_mix")["mix"]))


def mix(name: str) -> dict[str, float]:
    """Return type -> share of a shipped mix (they sum to 1, `other` included); ScenarioError if there is none."""
    if name not in mix_names():
        known = ", ".join(mix_names())
        raise ScenarioError(
            f"mix = {name!r}: must be a shipped mix{nearest(name, mix_names())} (there are {known})", "mix"
        )
    rows = table("query_mix").query("mix == @name")
    return {str(kind): float(share) for kind, share in zip(rows["task_type"], rows["share"], strict=True)}


def steps(inputs: Inputs) -> list[Step]:
    """Return the mix, its number of types, and the share of queries that only the provider can serve."""
    rows = table("query_mix").query("mix == @BASELINE_MIX")
    kind = weakest(kind_of(text) for text in rows["kind"])
    shares = Input(BASELINE_MIX, f"{len(rows)} shares", kind, ";".join(dict.fromkeys(rows["source"])))
    frontier = inputs.take("frontier_share")
    return [
        Step(
            "mix",
            BASELINE_MIX,
            "",
            "the newest detailed mix of consumers, `other` counted as a type",
            (shares,),
        ),
        Step(
            "task_types",
            len(rows),
            "types",
            "the number of types of the mix",
            (shares,),
            note="types are an analyst's labels: their number is no natural unit",
        ),
        Step("frontier_share", float(frontier.value), "of queries", "assumed", (frontier,)),
    ]
