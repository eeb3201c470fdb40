"""X-newcomer-lambda: a newcomer raises lambda_2 only with enough links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.newcomers import LINKS, SLOTS, all_rises

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

MANY = 10
"""Links that count as enough."""
NEVER, MOSTLY = 0.02, 0.8
"""A newcomer never raises lambda_2 if at most the first part of them do, and mostly if at least the second."""


def measure(lab: Lab) -> Evidence:
    """Newcomers with 1 to 20 links join Barabasi-Albert networks of three sizes, each to the same network."""
    table = all_rises(lab)
    leaves = table[table["links"] == 1]
    figures = {
        "leaves": float(leaves["trials"].sum()),
        "raised_by_leaves": float(np.average(leaves["raised"], weights=leaves["trials"])),
        "raised_by_many": float(table.loc[table["links"] == MANY, "raised"].min()),
        "raised_by_usual": float(table.loc[table["links"] == SLOTS, "raised"].mean()),
    }
    says = (
        f"Of {figures['leaves']:.0f} newcomers with one link {figures['raised_by_leaves']:.0%} raised lambda_2, of those with "
        f"{SLOTS} links, as many as everybody opens, {figures['raised_by_usual']:.0%}, with {MANY} at least "
        f"{figures['raised_by_many']:.0%}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """The print wants leaves to raise it, the correction that they never do and that many links mostly do."""
    if figures["raised_by_leaves"] >= MOSTLY:
        return Verdict.FAILS
    apart = figures["raised_by_leaves"] <= NEVER and figures["raised_by_many"] >= MOSTLY
    return Verdict.HOLDS if apart else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Share of newcomers that raise lambda_2 against their links."""
    panel.axes("links of the newcomer", "newcomers that raise lambda_2", log_x=True, percent=True)
    for (n, rows), role in zip(table.groupby("n"), ("first", "second", "third"), strict=True):
        panel.points(rows["links"], rows["raised"], f"N = {n}", role, 2 * rows["error"])
    panel.curve(LINKS, np.ones(len(LINKS)), "as printed", "printed")
    panel.ax.set_xticks(LINKS, [str(count) for count in LINKS])


CLAIM = Claim(
    id="X-newcomer-lambda",
    place="section 7.2; lemma 2",
    says="Printed: each newcomer raises lambda_2 by adding connectivity. Right: a newcomer with one link never does; one with "
    "several may lower it; only with enough links does it rise. What never lowers it is a link more among those there.",
    derivation="newcomer-lambda",
    experiment="Newcomers with 1, 2, 3, 5, 10 or 20 links to uniform devices join Barabasi-Albert networks (three links a "
    "device) of 80, 160 and 320, each newcomer the same network.",
    statistic="share of newcomers that raise lambda_2, by number of links",
    criterion="The correction holds if at most 2 % of those with one link raise it and at least 80 % of those with ten do, at "
    "every size; it fails if 80 % of those with one link raise it; else undecided.",
    turned_by="Newcomers with one link that raise lambda_2.",
    assumption="Links are equally strong; partners are uniform.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"leaves": 100.0, "raised_by_leaves": 0.9, "raised_by_many": 0.95, "raised_by_usual": 0.9},
    draw=draw,
)
