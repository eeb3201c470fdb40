"""T1a: a mesh whose members cover all types exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.participation_game import Population

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES = 10
MEAN_DEGREE = 1.5
MULTIPLES = (1.0, 2.0, 2.9290, 4.0, 6.0, 9.0)
"""Devices in the component, in units of the number of types; 2.9290 is the coupon collector's H_10."""
COVERED, ALMOST_SURE = 0.5, 0.95


def measure(lab: Lab) -> Evidence:
    """How often the members of the largest component, each with a type drawn at random, have all types."""
    replicates = lab.size(fast=300, full=2_000)
    table = pd.DataFrame(
        [
            (multiple, *coverage(multiple, replicates, lab.rng(101, k)))
            for k, multiple in enumerate(MULTIPLES)
        ],
        columns=["multiple", "members", "covered"],
    )
    table["error"] = np.sqrt(table["covered"] * (1 - table["covered"]) / replicates)
    collector = float(TYPES * np.sum(1 / np.arange(1, TYPES + 1)))
    figures = {
        "covered_at_J_members": float(table["covered"].iloc[0]),
        "covered_at_J_H_J_members": float(table["covered"].iloc[2]),
        "covered_at_9_J_members": float(table["covered"].iloc[-1]),
        "J_H_J": collector,
    }
    says = (
        f"With {TYPES} types, {TYPES} connected members cover all in {figures['covered_at_J_members']:.1%} of meshes, "
        f"{collector:.0f} in {figures['covered_at_J_H_J_members']:.0%}, {9 * TYPES} in "
        f"{figures['covered_at_9_J_members']:.1%}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Whether one device a type is enough, or only several times as many, or not even these."""
    if figures["covered_at_J_members"] >= COVERED:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if figures["covered_at_9_J_members"] >= ALMOST_SURE else Verdict.FAILS


def coverage(multiple: float, replicates: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return mean members and share of meshes that cover all types, for components of about multiple x TYPES."""
    size = round(multiple * TYPES / 0.5828)  # the component holds .58 of the devices at this mean degree
    found = []
    for _ in range(replicates):
        population = Population.of(size, MEAN_DEGREE, rng)
        members = round(population.connected(np.ones(size, bool)) * size)
        found.append((members, len(np.unique(rng.integers(0, TYPES, members))) == TYPES))
    members, covered = np.mean(np.array(found, float), axis=0)
    return float(members), float(covered)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Coverage against members, with the two conditions."""
    panel.axes("members of the largest component", "meshes that cover all ten types", percent=True)
    panel.points(
        table["members"], table["covered"], "simulated, mean degree 1.5", "first", 2 * table["error"]
    )
    panel.mark(TYPES, "one member a type (printed)")
    panel.mark(29.29, "J H_J members (coupon collector)")


CLAIM = Claim(
    id="T1a",
    place="section 6, Theorem 1 (a) and step 1 of its proof",
    says="Above R0 = 1 a positive share of devices forms a component that covers all types of tasks once it has at least "
    "one member a type.",
    right="Members who choose types at random cover all of them from about J (1 + 1/2 + ... + 1/J) members on, not from J.",
    experiment="Random graphs of mean degree 1.5; members of the largest component draw one of ten types; graphs sized so "
    "that the component has 10 to 90 members on average, 2,000 graphs each.",
    statistic="share of graphs in which all types are covered",
    criterion="Holds if J members cover in at least half of the graphs; holds as corrected if they do not but 9 J members "
    "cover in 95 % of them.",
    turned_by="Devices that look which types are missing before they choose one (then J members are enough).",
    assumption="types chosen at random",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"covered_at_J_members": 0.8},
    draw=draw,
)
