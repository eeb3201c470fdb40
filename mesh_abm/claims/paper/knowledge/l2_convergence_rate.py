"""L2: knowledge converges to its average at rate lambda_2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.laplacian_flow import all_networks, states
from mesh_abm.theory.diffusion import algebraic_connectivity
from mesh_abm.theory.graphs import components

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SPAN = 8.0
"""Time of a stage, in units of 1/lambda_2."""
STAGES = 8
"""What is left after a stage is scaled up, (11) being linear, and followed further; the last one gives the rate."""
PATIENCE = 400.0
"""Time followed where lambda_2 is 0."""
RATE_ERROR = 0.05
"""Deviation of the late rate of decay from lambda_2 allowed, relative."""
LEFT = 0.01
"""Knowledge has converged once this part of the first distance from the average is left."""


def measure(lab: Lab) -> Evidence:
    """Decay of the distance from the mean on five connected networks and on two in pieces."""
    networks = all_networks(lab, lab.size(fast=240, full=600))
    table = pd.DataFrame(lab.map(decay, list(networks.items())))
    whole = table["pieces"] == 1
    error = float((table["rate"] / table["lambda_2"] - 1).abs()[whole].max())
    left = float(table["left"][~whole].max())
    says = (
        f"On connected networks the distance from the average falls in the end at lambda_2, within {error:.1%}; on a "
        f"network in pieces {left:.0%} of it stays for ever."
    )
    return Evidence({"rate_error": error, "left_in_pieces": left}, says, table)


def decay(task: tuple[str, Any]) -> dict[str, Any]:
    """Return name, lambda_2, pieces, late rate of decay and the part of the first distance that is left."""
    name, links = task
    lambda_2, pieces = algebraic_connectivity(links), components(links)[0]
    times = np.array([0.0, SPAN / lambda_2 if lambda_2 > 0 else PATIENCE])
    state, left, ratio = np.random.default_rng(5).random(links.shape[0]), 1.0, 1.0
    for _ in range(STAGES):
        before, after = states(links, state - state.mean(), times)
        ratio = float(np.linalg.norm(after) / np.linalg.norm(before))
        state, left = after / np.linalg.norm(after), left * ratio
    rate = float(-np.log(ratio) / times[1])
    return {"network": name, "lambda_2": lambda_2, "pieces": pieces, "rate": rate, "left": left}


def judge(figures: Figures) -> Verdict:
    """The rate must be right on connected networks; the average must be reached on the others too, as printed."""
    if figures["rate_error"] > RATE_ERROR:
        return Verdict.FAILS
    return Verdict.HOLDS if figures["left_in_pieces"] <= LEFT else Verdict.AS_CORRECTED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Late rate of decay against lambda_2."""
    panel.axes(
        "algebraic connectivity lambda_2 (1/unit of time)", "late rate of decay", log_x=True, log_y=True
    )
    whole = table[table["pieces"] == 1]
    ends = np.array([whole["lambda_2"].min() / 2, whole["lambda_2"].max() * 2])
    panel.curve(ends, ends, "rate = lambda_2")
    panel.points(whole["lambda_2"], whole["rate"], "connected networks, integrated")
    for _, row in whole.iterrows():
        panel.ax.annotate(
            row["network"], (row["lambda_2"], row["rate"]), (5, -11), textcoords="offset points", fontsize=8
        )


CLAIM = Claim(
    id="L2",
    place="section 5.1, lemma 2",
    says="Under (11) knowledge converges to the average over all devices, at the rate lambda_2(L).",
    right="On a connected undirected network. In pieces, lambda_2 is 0 and each piece keeps the average of its own: "
    "a mesh with S < 1 never agrees.",
    experiment="(11) integrated step by step, without eigenvalues, from random knowledge on a ring, a Poisson and a "
    "Barabasi-Albert network, on the largest component of a mesh of the model, on that whole mesh, and on a Poisson "
    "network in pieces.",
    statistic="late rate of decay of the distance from the average over lambda_2, less 1; part of the distance left",
    criterion="As corrected (on connected networks) if the rate is within 5 % of lambda_2 on all that are connected; "
    "holds if in pieces, too, less than 1 % of the distance is left in the end; else fails.",
    turned_by="A connected network whose late decay is not lambda_2.",
    assumption="Links are undirected and equally strong.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"rate_error": 0.3, "left_in_pieces": 0.5},
    draw=draw,
)
