"""T1c: whether a mesh comes back after a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.participation_game import Population

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

REACH = 3.0
SIZES = (4_000, 16_000, 64_000)
PUSHES = np.array([-0.9, -0.7, -0.6, -0.5, -0.3, -0.1, -0.05, 0.05, 0.08])
"""What is added to the share of members, in shares of the population."""
SMALL = 0.1
NEAR = 0.02


def measure(lab: Lab) -> Evidence:
    """Push members out of (or into) each of the two equilibria and let best responses follow."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=4, full=12)
    tasks = [(size, seed) for size in sizes for seed in range(replicates)]
    found = pd.concat(lab.map(pushed, tasks), ignore_index=True)
    largest = found[found["devices"] == max(sizes)]
    small = largest[largest["push"].abs() <= SMALL].groupby("equilibrium")["returned"].mean()
    figures = {
        "upper_returns": float(small["upper"]),
        "lower_returns": float(small["lower"]),
        "smallest_push_that_ends_the_mesh": float(
            -largest[(largest["equilibrium"] == "upper") & ~largest["returned"]]["push"].max()
        ),
    }
    table = (
        largest[largest["equilibrium"] == "upper"].groupby("push")["end"].agg(["mean", "sem"]).reset_index()
    )
    says = (
        f"After pushes of up to a tenth of all devices the larger mesh comes back in {figures['upper_returns']:.0%} of "
        f"cases, the smaller in {figures['lower_returns']:.0%}; a loss of "
        f"{figures['smallest_push_that_ends_the_mesh']:.0%} ends even the larger one."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Every equilibrium with a mesh stable; or the upper one only; or none."""
    if figures["upper_returns"] < 0.95:
        return Verdict.FAILS
    return Verdict.HOLDS if figures["lower_returns"] >= 0.95 else Verdict.AS_CORRECTED


def pushed(task: tuple[int, int]) -> pd.DataFrame:
    """Return where pushes lead in one population, from the equilibria that its own responses have."""
    size, seed = task
    population = Population.of(size, REACH, np.random.default_rng((103, size, seed)))
    upper, lower = population.settle(1.0, 1.0), divide(population)
    rows = [
        (size, name, push, end, abs(end - start) < NEAR)
        for name, start in (("upper", upper), ("lower", lower))
        for push in PUSHES
        if 0 <= start + push <= 1
        for end in [population.settle(start + push, 1.0)]
    ]
    return pd.DataFrame(rows, columns=["devices", "equilibrium", "push", "end", "returned"])


def divide(population: Population) -> float:
    """Return the share above which best responses lead up and below which they lead down, by halving."""
    low, high = 0.05, 0.85
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if population.settle(middle, 1.0) > middle else (middle, high)
    return (low + high) / 2


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Where pushes from the larger mesh end."""
    panel.axes("devices pushed out (-) or in (+), share of all", "share of devices in the end", percent=True)
    panel.points(
        table["push"], table["mean"], "from the larger equilibrium at R0 v = 3", "first", 2 * table["sem"]
    )
    panel.mark(0.0, "no push")


CLAIM = Claim(
    id="T1c",
    place="section 6, Theorem 1 (c)",
    says="The equilibrium with a mesh is locally asymptotically stable.",
    right="Of the two equilibria with a mesh the larger one is, the smaller one is not; and a loss down to the smaller one "
    "ends the mesh.",
    experiment="The participation game at R0 v = 3 in populations of 4,000 to 64,000: pushes from both equilibria, then "
    "best responses.",
    statistic="share of pushes of up to a tenth of all devices after which the mesh is back within 2 points",
    criterion="Holds if both come back in 95 % of cases; holds as corrected if only the larger does; fails if it does not.",
    turned_by="Members who leave in waves faster than others answer, so that the larger equilibrium overshoots.",
    assumption="members answer to the mesh as it stands, all at once",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"upper_returns": 0.5},
    draw=draw,
)
