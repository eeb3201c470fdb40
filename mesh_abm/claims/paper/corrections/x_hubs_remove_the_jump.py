"""X-hubs-remove-the-jump: on which networks the Potts transition is a jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import potts_starts
from mesh_abm.theory import potts

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

STATES = (3, 6, 10)
RANDOM, HUBS = potts_starts.NETWORKS[0], potts_starts.NETWORKS[3]
JUMP, NONE = 0.2, 0.1
OFF = 0.3
"""How far on either side of g_c(q) the tail exponents of the numerical solution are."""
CUTOFFS = (1e3, 1e5, 1e7)
FADING, LASTING = 0.8, 0.95
"""Part of the jump left when the largest degree grows from 1e5 to 1e7: below, it vanishes; above, it stays."""
GRID = 400


def measure(lab: Lab) -> Evidence:
    """Both starts on random networks and on networks with hubs; then power laws with ever larger hubs."""
    sizes = lab.size(fast=(1_000, 2_000, 4_000), full=(2_000, 4_000, 8_000))
    wanted = potts_starts.settings(
        (RANDOM, HUBS), STATES, sizes, lab.size(fast=40, full=100), lab.size(fast=1, full=2)
    )
    table = potts_starts.gaps(potts_starts.from_both_starts(lab, wanted))
    last = table[table["n"] == sizes[-1]].set_index("network")["mean"]
    below = [part_left(q, potts.critical_tail_exponent(q) - OFF) for q in STATES]
    above = [part_left(q, potts.critical_tail_exponent(q) + OFF) for q in STATES]
    figures = {
        "least_gap_without_hubs": float(last[RANDOM].min()),
        "largest_gap_with_hubs": float(last[HUBS].max()),
        "left_of_jump_below_g_c": max(below),
        "left_of_jump_above_g_c": min(above),
    }
    says = (
        f"At N = {sizes[-1]:,} the starts stay {figures['least_gap_without_hubs']:.2f} or more apart without hubs and at most "
        f"{figures['largest_gap_with_hubs']:.2f} with them. Making the largest hub of a power law 100 times larger leaves "
        f"{100 * figures['left_of_jump_below_g_c']:.0f}% or less of the jump below g_c and "
        f"{100 * figures['left_of_jump_above_g_c']:.0f}% or more above it."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """A jump on every network, or only on those without strong hubs."""
    if figures["largest_gap_with_hubs"] >= JUMP:
        return Verdict.FAILS
    sampled = figures["least_gap_without_hubs"] >= JUMP and figures["largest_gap_with_hubs"] <= NONE
    solved = figures["left_of_jump_below_g_c"] <= FADING and figures["left_of_jump_above_g_c"] >= LASTING
    return Verdict.HOLDS if sampled and solved else Verdict.UNDECIDED


def part_left(states: int, exponent: float) -> float:
    """Return the jump (over link ends) with the largest cutoff over that with the second largest."""
    jumps = [jump(states, exponent, cutoff) for cutoff in CUTOFFS[-2:]]
    return jumps[1] / jumps[0] if jumps[0] > 0 else 0.0


def jump(states: int, exponent: float, cutoff: float) -> float:
    """Return the jump of the annealed model, solved from its free energy, for degrees 5 to a cutoff."""
    degrees = np.geomspace(5.0, cutoff, GRID)
    law = np.column_stack([degrees, degrees ** (1 - exponent)])  # equal steps of the logarithm
    return potts.annealed(law, states, smallest_jump=0.0).weighted_jump


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The gap against size with and without hubs, by number of states."""
    panel.axes("devices N", "largest gap of m between the starts", log_x=True)
    roles = {RANDOM: ("first", "mesh", "fourth"), HUBS: ("second", "third", "provider")}
    for name, part in ((RANDOM, "random"), (HUBS, "hubs")):
        for role, q in zip(roles[name], STATES, strict=True):
            rows = table[(table["network"] == name) & (table["states"] == q)]
            panel.points(rows["n"], rows["mean"], f"{part}, q = {q}", role, 2 * rows["sem"])
            panel.curve(rows["n"], rows["mean"], "", role)
    panel.level(JUMP, "a jump")
    panel.level(NONE, "none")
    panel.ax.minorticks_off()
    sizes = sorted(set(table["n"]))
    panel.ax.set_xticks(sizes, [f"{n:,}" for n in sizes])


CLAIM = Claim(
    id="X-hubs-remove-the-jump",
    place="section 3.3, Proposition 2",
    says="Printed: for q > 2 the transition is first order on every graph with mean degree above 1. Right: only "
    "where the tail exponent of degrees is above g_c(q), which lies between 3 and 4.",
    derivation="hubs-remove-the-jump",
    experiment="Heat bath with 3, 6 and 10 states on random and on Barabasi-Albert networks of mean degree 10 (tail "
    "exponent 3), 2,000 to 8,000 nodes, led up from random and down from ordered states. And the annealed model "
    "solved for power laws .3 below and above g_c(q), the largest degree 1e5 and 1e7.",
    statistic="largest difference of m between the starts; part of the jump left when the largest degree grows a "
    "hundredfold",
    criterion="Holds if the starts differ by .2 or more without hubs and .1 at most with them, for all q at the "
    "largest N, and the solved jump keeps at most 80% below g_c and at least 95% above; fails if the starts differ "
    "by .2 or more with hubs.",
    turned_by="Two lasting branches on a network with a tail exponent of 3.",
    assumption="degrees of neighbors are uncorrelated",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"largest_gap_with_hubs": 0.4},
    draw=draw,
)
