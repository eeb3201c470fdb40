"""S8.3: does settlement bind before devices and connectivity do?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts, settlement_caps

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SCENARIOS = ("reference", "optimist")


def measure(lab: Lab) -> Evidence:
    """The largest obstacle of the mesh, by the cap on settlement."""
    table = pd.concat([settlement_caps.scan(lab, name).assign(scenario=name) for name in SCENARIOS])
    names = list(settlement_caps.OBSTACLES)
    table["largest"] = table[names].idxmax(axis=1)
    table["binds"] = (table["largest"] == "settlement") & (table["settlement"] > 0)
    figures: dict[str, float] = {}
    for (name, cap), rows in table.groupby(["scenario", "cap"]):
        figures |= {
            f"{name}_yes_at_{cap:g}": float(rows["binds"].sum()),
            f"{name}_runs_at_{cap:g}": float(len(rows)),
        }
    for name in SCENARIOS:
        bound = [cap for cap in settlement_caps.CAPS if binds(figures, name, cap) == 1]
        figures[f"{name}_binds_up_to"] = max(bound, default=0.0)
    loose = table[table["cap"] == max(settlement_caps.CAPS)][names].mean()
    says = (
        f"Settlement turns away more than anything else up to a capacity of {figures['reference_binds_up_to']:g} times the need in reference and "
        f"{figures['optimist_binds_up_to']:g} times in optimist; beyond, it is {loose.idxmax()} ({100 * loose.max():.0f} % of members' queries)."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """First whatever its capacity, first if its capacity is small, or never first."""
    found = {(name, cap): binds(figures, name, cap) for name in SCENARIOS for cap in settlement_caps.CAPS}
    if all(one == 1 for one in found.values()):
        return Verdict.HOLDS
    smallest = [found[name, min(settlement_caps.CAPS)] for name in SCENARIOS]
    if all(one == 1 for one in smallest):
        return Verdict.AS_CORRECTED
    return Verdict.FAILS if all(one == -1 for one in smallest) else Verdict.UNDECIDED


def binds(figures: Figures, name: str, cap: float) -> int:
    """Return whether settlement is the largest obstacle in most runs: 1 yes, -1 no, 0 not decided."""
    return forecasts.answer(figures[f"{name}_yes_at_{cap:g}"], figures[f"{name}_runs_at_{cap:g}"])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """What turns queries away from the mesh, by the cap, in reference."""
    panel.axes(
        "settlement capacity / deliveries settled without a cap", "members' queries turned away", percent=True
    )
    rows = table[table["scenario"] == "reference"].groupby("cap")[list(settlement_caps.OBSTACLES)].mean()
    for role, name in zip(("first", "second", "third", "fourth"), settlement_caps.OBSTACLES, strict=True):
        panel.points(rows.index, rows[name], name, role)
        panel.curve(rows.index, rows[name], "_", role)


CLAIM = Claim(
    id="S8.3",
    place="section 8.3",
    says="Growth of the mesh may be constrained by settlement before it is constrained by device capability or connectivity.",
    right="If its capacity is small against what the mesh would settle; else other things bind first. The levels of Smirl 2026d that the section names are not in the paper.",
    experiment="The capped runs of F6 in reference and optimist: settlement at .25 to 1.5 times the deliveries settled without a cap.",
    statistic="in the year before the release, the obstacle that turns most of the members' queries away from the mesh: settlement, connectivity (no path, no specialist met), "
    "device capacity, or model quality",
    criterion="For each cap, settlement binds if it is the largest obstacle in more than half of all runs (exact binomial, 5 %). Holds if so at every cap, also above the need; as corrected "
    "if at the smallest in both scenarios; fails if at none of the smallest; undecided otherwise.",
    turned_by="A settlement system whose capacity is known, or needs that grow faster than it.",
    assumption="Capacity of settlement is given from outside, and one delivery is one settlement.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        f"{name}_{what}_at_{cap:g}": value
        for name in SCENARIOS
        for cap in settlement_caps.CAPS
        for what, value in (("yes", 0.0), ("runs", 6.0))
    },
    draw=draw,
)
