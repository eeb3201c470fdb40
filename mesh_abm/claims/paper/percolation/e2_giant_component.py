"""E2: the giant component of a mesh whose degrees are Poisson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (1_000, 10_000, 100_000)
MEAN_DEGREES = (0.5, 1.5, 2.0, 3.0)
SPREADS = 4.0
"""Standard errors allowed: a false alarm in about 1 of 1,300 with twelve settings."""
FINITE = 1.0
"""Allowance for finite size: this much over the square root of N, in shares."""


def measure(lab: Lab) -> Evidence:
    """Largest components of random graphs, at three sizes, beside S of (2)."""
    replicates = lab.size(fast=6, full=30)
    sizes = lab.size(fast=SIZES[:2], full=SIZES)
    tasks = [(n, r0, seed) for n in sizes for r0 in MEAN_DEGREES for seed in range(replicates)]
    found = pd.DataFrame(lab.map(largest_share, tasks), columns=["n", "r0", "share"])
    table = found.groupby(["n", "r0"])["share"].agg(["mean", "sem"]).reset_index()
    table["theory"] = percolation.giant_component(table["r0"].to_numpy())
    allowed = SPREADS * table["sem"] + FINITE / np.sqrt(table["n"])
    excess = (table["mean"] - table["theory"]).abs() / allowed
    largest = table[table["n"] == max(sizes)]
    gap = float((largest["mean"] - largest["theory"]).abs().max())
    says = (
        f"At N = {max(sizes):,} the largest component is within {gap:.4f} of (2) at every mean degree tried."
    )
    return Evidence({"worst_excess": float(excess.max()), "gap_at_largest_n": gap}, says, table)


def judge(figures: Figures) -> Verdict:
    """All settings within what chance and finite size allow."""
    return Verdict.AS_CORRECTED if figures["worst_excess"] <= 1 else Verdict.FAILS


def largest_share(task: tuple[int, float, int]) -> tuple[int, float, float]:
    """Return size, mean degree and largest component of one random graph."""
    n, r0, seed = task
    graph = nx.fast_gnp_random_graph(n, r0 / (n - 1), seed=seed)
    return n, r0, max(map(len, nx.connected_components(graph))) / n


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The curve of (2) with the simulated components on it."""
    panel.axes("mean degree R0", "share of devices in the largest component", percent=True)
    r0 = np.linspace(0, 3.2, 300)
    panel.curve(r0, percolation.giant_component(r0), "S of equation (2)")
    for role, (n, rows) in zip(("first", "second", "third"), table.groupby("n"), strict=False):
        panel.points(rows["r0"], rows["mean"], f"simulated, N = {n:,}", role, 2 * rows["sem"])


CLAIM = Claim(
    id="E2",
    place="section 3.2, equation (2)",
    says="The share of devices in the giant component solves S = 1 - exp(-R0 S).",
    right="With Poisson degrees, independent links and many devices; links opened by every device, or links lost only "
    "with their ends, have other thresholds (X-link-rule).",
    experiment="Random graphs of 1,000, 10,000 and 100,000 devices at mean degree 0.5, 1.5, 2 and 3; 30 graphs each.",
    statistic="largest component over N, less S of (2), in units of what is allowed",
    criterion="Every difference within 4 standard errors plus 1 over the square root of N.",
    turned_by="A difference that does not shrink as N grows.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_excess": 3.0},
    draw=draw,
)
