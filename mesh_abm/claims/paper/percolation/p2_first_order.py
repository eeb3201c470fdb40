"""P2: whether specialization as a Potts model jumps on every network with more than one link a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import potts_starts

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

STATES = (3, 6)
JUMP, NONE = 0.2, 0.1
"""Difference of the two starts that counts as a jump, and below which there is none."""
KEPT = 0.7
"""Part of the difference at the smallest size that must be left at the largest: a jump does not fade with N."""


def measure(lab: Lab) -> Evidence:
    """Both starts on four kinds of network at three sizes."""
    sizes = lab.size(fast=(1_000, 2_000, 4_000), full=(2_000, 4_000, 8_000))
    wanted = potts_starts.settings(
        potts_starts.NETWORKS, STATES, sizes, lab.size(fast=40, full=100), lab.size(fast=1, full=2)
    )
    table = potts_starts.gaps(potts_starts.from_both_starts(lab, wanted))
    last, first = (
        table[table["n"] == n].set_index(["network", "states"])["mean"] for n in (sizes[-1], sizes[0])
    )
    poisson, hubs = potts_starts.NETWORKS[0], potts_starts.NETWORKS[3]
    figures = {
        "smallest_gap_of_random_networks": float(last[poisson].min()),
        "part_kept_as_n_grows": float((last[poisson] / first[poisson]).min()),
        "smallest_gap_of_any_network": float(last.min()),
        "largest_gap_with_hubs": float(last[hubs].max()),
    }
    says = (
        f"At N = {sizes[-1]:,} the two starts stay {figures['smallest_gap_of_random_networks']:.2f} apart or more on random "
        f"networks of mean degree 10, and {figures['largest_gap_with_hubs']:.2f} at most on networks with hubs and the "
        "same mean degree."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Jumps on all networks: as printed. On those without hubs only: under that condition."""
    jumps = figures["smallest_gap_of_random_networks"] >= JUMP and figures["part_kept_as_n_grows"] >= KEPT
    if jumps and figures["smallest_gap_of_any_network"] >= JUMP:
        return Verdict.HOLDS
    if jumps and figures["largest_gap_with_hubs"] <= NONE:
        return Verdict.AS_CORRECTED
    return Verdict.FAILS if figures["smallest_gap_of_random_networks"] <= NONE else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The gap between the starts against size, six states."""
    panel.axes("devices N", "largest gap of m between the starts", log_x=True)
    shown = table[table["states"] == STATES[-1]]
    for role, name in zip(("first", "second", "third", "fourth"), potts_starts.NETWORKS, strict=True):
        rows = shown[shown["network"] == name]
        panel.points(rows["n"], rows["mean"], f"{name} (q = {STATES[-1]})", role, 2 * rows["sem"])
        panel.curve(rows["n"], rows["mean"], "", role)
    panel.level(JUMP, "a jump")
    panel.level(NONE, "none")
    panel.ax.minorticks_off()
    sizes = sorted(set(table["n"]))
    panel.ax.set_xticks(sizes, [f"{n:,}" for n in sizes])


CLAIM = Claim(
    id="P2",
    place="section 3.3, Proposition 2",
    says="With more than two types, and a mean degree above 1, the share of devices in the largest specialization "
    "jumps at a critical coupling, on any graph.",
    right="It jumps on networks without strong hubs, from 1/q and not from 0. With a tail exponent up to g_c(q), "
    "between 3 and 4, it is continuous (X-hubs-remove-the-jump). And what jumps is a monoculture (X-monoculture).",
    experiment="Heat bath with 3 and 6 states on random networks of mean degree 3 and 10, regular ones of degree 10, "
    "and Barabasi-Albert ones of mean degree 10; 2,000, 4,000 and 8,000 nodes; couplings led up from a random start "
    "and down from an ordered one, 100 sweeps at each; two networks each.",
    statistic="largest difference of m = (q x_max - 1)/(q - 1) between the two starts over the couplings",
    criterion="A jump: a difference of .2 or more at the largest N, of which 70% or more was there at the smallest. "
    "Holds if all networks jump; as corrected if random ones of degree 10 do and those with hubs stay below .1; "
    "fails if random ones stay below .1.",
    turned_by="Two lasting branches on networks with hubs, or none on random networks.",
    assumption="neighbors prefer the same type, as the Potts model has it; a branch that lasts 100 sweeps and does "
    "not fade as N grows is metastable",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"smallest_gap_of_any_network": 0.4},
    draw=draw,
)
