"""S3.3: with two types there is no jump."""

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

NETWORK = potts_starts.NETWORKS[0]
JUMP, NONE = 0.2, 0.1
SLOPE, WITHIN = -0.25, 0.08
"""Mean field's fall of m with N at the threshold, exponent beta / nu* = (1/2) / 2, and how far off it may be measured; a
jump has slope 0."""


def measure(lab: Lab) -> Evidence:
    """Both starts for two states and, as a test of the test, three; then order at the threshold against size."""
    sizes = lab.size(fast=(1_000, 2_000, 4_000), full=(2_000, 4_000, 8_000))
    wanted = potts_starts.settings(
        [NETWORK], (2, 3), sizes, lab.size(fast=40, full=100), lab.size(fast=1, full=2)
    )
    gaps = potts_starts.gaps(potts_starts.from_both_starts(lab, wanted))
    largest = gaps[gaps["n"] == sizes[-1]].set_index("states")["mean"]
    table = at_threshold(lab)
    fit = np.polyfit(np.log(table["n"]), np.log(table["mean"]), 1)
    figures = {
        "gap_with_two": float(largest[2]),
        "gap_with_three": float(largest[3]),
        "slope_at_threshold": float(fit[0]),
    }
    says = (
        f"With two types the starts differ by {figures['gap_with_two']:.3f} at most (with three by "
        f"{figures['gap_with_three']:.2f}); at the threshold order falls as N to the {figures['slope_at_threshold']:.3f}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """No gap where the same test finds one for three states, and order that vanishes as in mean field."""
    if not figures["gap_with_three"] >= JUMP:
        return Verdict.UNDECIDED
    fades = abs(figures["slope_at_threshold"] - SLOPE) <= WITHIN
    if figures["gap_with_two"] <= NONE and fades:
        return Verdict.HOLDS
    return Verdict.FAILS if figures["gap_with_two"] >= JUMP else Verdict.UNDECIDED


def at_threshold(lab: Lab) -> pd.DataFrame:
    """Return order at K_s by size, mean and standard error over networks."""
    sizes, replicates = (500, 2_000, 8_000, 32_000)[: lab.size(fast=3, full=4)], lab.size(fast=12, full=24)
    tasks = [(n, seed) for n in sizes for seed in range(1, replicates + 1)]
    found = pd.DataFrame(lab.map(order_at_threshold, tasks), columns=["n", "order"])
    return found.groupby("n")["order"].agg(["mean", "sem"]).reset_index()


def order_at_threshold(task: tuple[int, int]) -> tuple[int, float]:
    """Return size and mean order of Swendsen-Wang at K_s of one network."""
    n, seed = task
    graph = potts_starts.network(NETWORK, n, seed)
    critical = potts.sparse_spinodal(potts_starts.branching(graph), 2)
    order = potts.order_parameter(graph, 2, [critical], 100, rng=seed, method="swendsen-wang")
    return n, float(order[0])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Order at the threshold against size."""
    panel.axes("devices N", "order m at the threshold", log_x=True, log_y=True)
    panel.points(table["n"], table["mean"], "two types, sampled", "first", 2 * table["sem"])
    n = table["n"].to_numpy(float)
    panel.curve(n, table["mean"].iloc[0] * (n / n[0]) ** SLOPE, "N to the -1/4: continuous")
    panel.curve(n, np.full(n.size, table["mean"].iloc[0]), "flat: a jump", "fourth")
    panel.ax.minorticks_off()
    panel.ax.set_xticks(table["n"], [f"{size:,}" for size in table["n"]])
    panel.ax.set_yticks([0.05, 0.1, 0.2], [".05", ".1", ".2"])


CLAIM = Claim(
    id="S3.3",
    place="section 3.3, after Proposition 2",
    says="With two types the transition is continuous.",
    experiment="Random networks of mean degree 10: two and three states from both starts (as P2); order at the "
    "threshold by Swendsen-Wang on 24 networks each of 500 to 32,000 nodes.",
    statistic="largest difference of the two starts; slope of ln m at the threshold against ln N",
    criterion="Holds if the starts differ by at most .1 with two states, by .2 or more with three, and the slope is "
    "-.25 within .08; fails if they differ by .2 or more with two.",
    turned_by="A gap between the starts with two states, or order at the threshold that does not fade with N.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"gap_with_two": 0.4},
    draw=draw,
)
