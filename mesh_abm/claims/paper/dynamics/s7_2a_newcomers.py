"""S7.2a: each newcomer raises lambda_2 and raises capability more than in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.newcomers import LINKS, SLOTS, all_rises
from mesh_abm.theory import ces

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES, RHO = 8, 0.5
SPECIALISTS = (100, 200, 400, 800)
"""Specialists in a mesh where all types are covered."""
NEARLY_ALL = 0.95
"""Each newcomer raises lambda_2 if at least this part do."""
PROPORTION = 0.02
"""An elasticity of capability above 1 by more than this is more than in proportion."""


def measure(lab: Lab) -> Evidence:
    """Newcomers that raise lambda_2, with one link and with the usual three, and capability as specialists join."""
    table = all_rises(lab)
    raised = table.groupby("links")["raised"].mean()
    figures = {
        "raised_with_one_link": float(raised[1]),
        "raised_with_usual_links": float(raised[SLOTS]),
        "elasticity": capability_elasticity(lab),
    }
    says = (
        f"{figures['raised_with_one_link']:.0%} of newcomers with one link raise lambda_2, "
        f"{figures['raised_with_usual_links']:.0%} of those with the usual {SLOTS}; a covered mesh gains capability with "
        f"elasticity {figures['elasticity']:.3f} in its specialists."
    )
    return Evidence(figures, says, table)


def capability_elasticity(lab: Lab) -> float:
    """Return the elasticity of (6) in the number of specialists of random type."""
    rng, draws = lab.rng(72), lab.size(fast=400, full=2_000)
    means = [
        np.mean(
            [
                ces.aggregate(rng.multinomial(n, np.full(TYPES, 1 / TYPES)).astype(float), RHO)
                for _ in range(draws)
            ]
        )
        for n in SPECIALISTS
    ]
    return float(np.polyfit(np.log(SPECIALISTS), np.log(means), 1)[0])


def judge(figures: Figures) -> Verdict:
    """As printed every newcomer; as corrected the usual one, with as many links as others opened."""
    superlinear = figures["elasticity"] > 1 + PROPORTION
    if superlinear and figures["raised_with_one_link"] >= NEARLY_ALL:
        return Verdict.HOLDS
    usual = figures["raised_with_usual_links"] >= NEARLY_ALL
    return Verdict.AS_CORRECTED if usual and superlinear else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Share of newcomers that raise lambda_2 against their links."""
    panel.axes("links of the newcomer", "newcomers that raise lambda_2", log_x=True, percent=True)
    found = table.groupby("links")["raised"].mean()
    panel.points(found.index, found, "measured")
    panel.curve(LINKS, np.ones(len(LINKS)), "as printed", "printed")
    panel.mark(SLOTS, "links that others opened")
    panel.ax.set_xticks(LINKS, [str(count) for count in LINKS])


CLAIM = Claim(
    id="S7.2a",
    place="section 7.2",
    says="Each specialist that joins raises lambda_2 and raises the capability of the mesh more than in proportion.",
    right="A link more never lowers lambda_2; a device more does unless it brings enough links (X-newcomer-lambda). Once all "
    "types are covered (6) has constant returns; see S5.4 for where the mesh does grow faster.",
    experiment="Newcomers join Barabasi-Albert networks of 80, 160 and 320 devices with three links each; specialists of "
    "random type join a mesh of 100 to 800.",
    statistic="share of newcomers that raise lambda_2, with one link and with three; elasticity of (6) in specialists",
    criterion="Holds if at least 95 % of the newcomers with one link raise lambda_2 and the elasticity exceeds 1.02; as "
    "corrected if those with three links do; else fails.",
    turned_by="Networks in which nearly every newcomer with the usual links raises lambda_2.",
    assumption="Partners are uniform; rho = 0.5, eight types.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"raised_with_one_link": 1.0, "raised_with_usual_links": 1.0, "elasticity": 1.5},
    draw=draw,
)
