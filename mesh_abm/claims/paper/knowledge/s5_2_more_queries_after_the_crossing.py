"""S5.2: past the bandwidth crossing the mesh serves more queries than the provider, and not before."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

CAPACITIES = (1.0, 3.0, 30.0)
"""Queries a month and owner that the provider can answer at the start."""
SLOTS = (2, 4, 16)
MONTHS = 168
SURE = 0.95
"""A condition counts as sufficient, or necessary, if it is right in this part of the months."""


def measure(lab: Lab) -> Evidence:
    """Months of model runs before and after N <k> passes the provider's capacity, and who served more."""
    n, replicates = lab.size(fast=400, full=1000), lab.size(fast=1, full=3)
    parts = []
    for capacity, slots in product(CAPACITIES, SLOTS):
        changes = {"n_owners": n, "provider_capacity": capacity, "slots": slots, "measure_every": 0}
        for run in lab.runs("reference", replicates, months=MONTHS, changes=changes):
            months = run.frame.iloc[1:]
            part = months[
                ["month", "bandwidth_ratio", "share_mesh", "share_provider", "reason_no_specialist"]
            ]
            parts.append(part.assign(capacity=capacity, slots=slots, seed=run.seed))
    table = pd.concat(parts, ignore_index=True)
    after = table["bandwidth_ratio"] > 1
    more = table["share_mesh"] > table["share_provider"]
    figures = {
        "months_before": float((~after).sum()),
        "months_after": float(after.sum()),
        "more_after": float(more[after].mean()),
        "less_before": float((~more)[~after].mean()),
        "no_specialist_after": float(table["reason_no_specialist"][after].mean()),
    }
    says = (
        f"Past the crossing the mesh served more than the provider in {figures['more_after']:.0%} of the months, before "
        f"it less in {figures['less_before']:.0%}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """As printed the crossing is sufficient and necessary; as corrected one of the two."""
    if not (figures["months_before"] and figures["months_after"]):
        return Verdict.UNDECIDED
    sufficient, necessary = figures["more_after"] >= SURE, figures["less_before"] >= SURE
    if sufficient and necessary:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if sufficient or necessary else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Queries of the mesh over those of the provider against N <k> over the provider's capacity."""
    panel.axes("N<k> over the provider's capacity", "served by mesh over provider", log_x=True, log_y=True)
    seen = table[(table["share_mesh"] > 0) & (table["share_provider"] > 0) & (table["bandwidth_ratio"] > 0)]
    for (capacity, rows), role in zip(seen.groupby("capacity"), ("first", "second", "third"), strict=True):
        yearly = rows[rows["month"] % 6 == 0]
        panel.points(
            yearly["bandwidth_ratio"],
            yearly["share_mesh"] / yearly["share_provider"],
            f"K = {capacity:g}",
            role,
        )
    panel.mark(1.0, "crossing (13)")
    panel.level(1.0, "mesh serves as much")
    panel.ax.set_ylim(bottom=1e-3)
    panel.ax.set_xlim(left=float(np.min([1e-2])))


CLAIM = Claim(
    id="S5.2",
    place="section 5.2",
    says="Once N<k> exceeds the provider's bandwidth the mesh serves more queries than the provider, and it cannot "
    "dominate before.",
    right="Who serves more follows demand, findable specialists, prices and quality; links are in the way only where they "
    "are full. See E13 for the bandwidth itself.",
    experiment="Runs of `reference` over 14 years with the provider's capacity at 1, 3 and 30 queries a month and owner "
    "and 2, 4 and 16 slots a device.",
    statistic="share of months past the crossing in which the mesh served more, and of months before it in which it served "
    "less",
    criterion="Holds if both are at least 95 %, as corrected if one is, fails if none is; undecided if runs were on one "
    "side only.",
    turned_by="Runs in which the two crossings coincide whatever the provider's capacity and the slots of devices.",
    assumption="The rules of the model: links have no bandwidth of their own, devices and the provider have capacities.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"months_before": 100.0, "months_after": 100.0, "more_after": 0.99, "less_before": 0.99},
    draw=draw,
)
