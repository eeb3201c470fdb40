"""X-multihoming: the more partners a device has, the less any one of them can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.finite_size import extrapolated
from mesh_abm.claims.experiments.growing_network import Rules, grow
from mesh_abm.theory import condensation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

FITNESS = 0.3
SLOTS = (1, 2, 4, 8)
FAST, FULL = (500, 4_000, 32_000), (2_000, 16_000, 128_000)
SPREADS, SLACK = 4.0, 0.01
"""Standard errors and extrapolation error allowed: a false alarm in about 1 of 2,000 with eight settings."""


def measure(lab: Lab) -> Evidence:
    """Provider's share with distinct partners and with repeated ones, by the number of slots."""
    sizes, replicates = lab.size(fast=FAST, full=FULL), lab.size(fast=10, full=16)
    settings = [(m, distinct) for distinct in (True, False) for m in SLOTS]
    tasks = [(*setting, n, seed) for setting in settings for n in sizes for seed in range(replicates)]
    found = np.reshape(lab.map(grown_share, tasks), (len(settings), len(sizes), replicates))
    table = pd.DataFrame(settings, columns=["slots", "distinct"])
    table[["share", "error"]] = [extrapolated(stages) for stages in found]
    repeated = condensation.with_churn(FITNESS)
    table["law"] = [condensation.distinct_partners(FITNESS, m) if only else repeated for m, only in settings]
    allowed = SPREADS * table["error"] + SLACK
    several = table["distinct"] & (table["slots"] > 1)
    figures = {
        "worst_excess": float(((table["share"] - table["law"]).abs() / allowed).max()),
        "least_distance_from_printed": float(((table["share"] - repeated).abs() / allowed)[several].min()),
        "worst_over_cap": float((table["share"] * table["slots"] - 1.0)[table["distinct"]].max()),
        **{f"share_{m}": float(x) for (m, only), x in zip(settings, table["share"], strict=True) if only},
    }
    says = (
        "With distinct partners the provider's share is "
        + ", ".join(f"{figures[f'share_{m}']:.3f}" for m in SLOTS)
        + f" for {', '.join(map(str, SLOTS))} slots; with repeated ones about {repeated:.3f} for any."
    )
    return Evidence(figures, says, table)


def grown_share(task: tuple[int, bool, int, int]) -> float:
    """Return the provider's share of link targets of one grown network."""
    slots, distinct, n, seed = task
    rng = np.random.default_rng((83, slots, int(distinct), seed))  # not n: larger ones are later stages
    return float(grow(np.full(n, FITNESS), Rules(slots=slots, distinct=distinct), rng).shares[0])


def judge(figures: Figures) -> Verdict:
    """By the law with the cap, and away from what holds without it: the correction. Near that for any slots: the print."""
    apart = figures["least_distance_from_printed"] > 1
    if figures["worst_excess"] <= 1 and apart and figures["worst_over_cap"] <= 0.02:
        return Verdict.HOLDS
    return Verdict.FAILS if not apart else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Share against slots."""
    panel.axes("slots a device", "links that point to the provider", percent=True)
    panel.curve(SLOTS, [1.0 / m for m in SLOTS], "cap 1/m", "mesh")
    panel.curve(SLOTS, [condensation.distinct_partners(FITNESS, m) for m in SLOTS], "law, distinct partners")
    panel.curve(SLOTS, np.full(len(SLOTS), condensation.with_churn(FITNESS)), "1 - I of (5)", "printed")
    rows = table[table["distinct"]]
    panel.points(rows["slots"], rows["share"], "distinct, extrapolated", "first", 2 * rows["error"])
    rows = table[~table["distinct"]]
    panel.points(rows["slots"], rows["share"], "repeated, extrapolated", "second", 2 * rows["error"])


CLAIM = Claim(
    id="X-multihoming",
    place="section 3.4, phase structure",
    says="Printed: in the condensed phase the fittest node takes a macroscopic part of all links, 1 - I, whatever else. Right: if "
    "the partners of a device are distinct, at most 1/m.",
    derivation="multihoming",
    experiment="Growth around a provider of fitness 1 among devices of 0.3 with 1, 2, 4 and 8 links each, to distinct partners or "
    "with repeats, to 2,000, 16,000 and 128,000 devices, 16 networks.",
    statistic="provider's share of link targets extrapolated to infinite size, less the law",
    criterion="Holds if every share is within 4 standard errors plus .01 of the law (with repeats: 1 - I), none with distinct "
    "partners exceeds 1/m by more than 2 %, and those with two or more slots are not within the allowance of 1 - I; fails if one is. "
    "Revised after the first run, whose allowances were wide: the three sizes are now stages of the same networks.",
    turned_by="Devices that point several of their slots to the same node, as the model's rules let them.",
    assumption="a device opens its links one after another, each to a node it is not yet linked to",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"least_distance_from_printed": 0.2},
    draw=draw,
)
