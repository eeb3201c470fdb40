"""X-unique-equilibrium: a fold, not one equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.participation_game import Population
from mesh_abm.theory import participation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

VALUES = np.round(np.arange(0.60, 1.31, 0.05), 2)
"""What being connected is worth, in units of the highest cost; R0 is 3 with everybody in."""
MEAN_DEGREE = 3.0
SIZES = (4_000, 16_000, 64_000)
SEED_SHARE = 0.02
"""Members who are in anyway, so that a mesh could begin."""
GAP = 0.3


def measure(lab: Lab) -> Evidence:
    """Raise the value of the mesh step by step and lower it again, best responses following."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=4, full=12)
    tasks = [(size, seed) for size in sizes for seed in range(replicates)]
    found = pd.concat(lab.map(loop, tasks), ignore_index=True)
    mean = found.groupby(["devices", "value"])[["up", "down"]].mean().reset_index()
    table = mean[mean["devices"] == max(sizes)].reset_index(drop=True)
    predicted = participation.fold()[0] / MEAN_DEGREE
    lost = found[found["down"] > GAP].groupby(["devices", "seed"])["value"].min()
    figures = {
        "widest_gap": float((table["down"] - table["up"]).max()),
        "gap_in_smallest": float(_gap(mean, min(sizes))),
        "value_at_which_the_mesh_is_lost": float(lost[max(sizes)].median()),
        "predicted_fold": float(predicted),
    }
    says = (
        f"Between the same values the mesh stands on the way down and not on the way up: up to "
        f"{figures['widest_gap']:.0%} of devices apart; it is lost at a value of "
        f"{figures['value_at_which_the_mesh_is_lost']:.2f} (fold predicted at {predicted:.3f})."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Hysteresis that stays as the population grows, and a fold where it is predicted; or one branch."""
    if figures["widest_gap"] < GAP / 3:
        return Verdict.FAILS
    folded = figures["widest_gap"] >= GAP and figures["gap_in_smallest"] >= GAP
    near = abs(figures["value_at_which_the_mesh_is_lost"] - figures["predicted_fold"]) <= 0.051
    return Verdict.HOLDS if folded and near else Verdict.UNDECIDED


def loop(task: tuple[int, int]) -> pd.DataFrame:
    """Return the settled shares of one population on the way up and on the way down."""
    size, seed = task
    population = Population.of(size, MEAN_DEGREE, np.random.default_rng((105, size, seed)))
    shares = {
        "up": _follow(population, VALUES, SEED_SHARE),
        "down": _follow(population, VALUES[::-1], 1.0)[::-1],
    }
    return pd.DataFrame({"devices": size, "seed": seed, "value": VALUES, **shares})


def _follow(population: Population, values: np.ndarray, share: float) -> list[float]:
    settled = []
    for value in values:
        share = max(SEED_SHARE, population.settle(share, float(value)))
        settled.append(share)
    return settled


def _gap(mean: pd.DataFrame, devices: int) -> float:
    rows = mean[mean["devices"] == devices]
    return float((rows["down"] - rows["up"]).max())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Both ways."""
    panel.axes("value of being connected (highest cost = 1)", "share of devices that are in", percent=True)
    panel.points(table["value"], table["up"], "raised from below", "second")
    panel.points(table["value"], table["down"], "lowered from above", "first")
    panel.mark(participation.fold()[0] / MEAN_DEGREE, "fold of the theory")


CLAIM = Claim(
    id="X-unique-equilibrium",
    place="section 6, Theorem 1 (b), against the fold of the participation game",
    says="Printed: the equilibrium with a mesh is unique. Right: joining has a fold, so participation tips and comes back "
    "later than it went, with no Potts model at all.",
    derivation="unique-equilibrium",
    experiment="The participation game at R0 = 3 in populations of 4,000 to 64,000: the value of being connected raised from "
    ".6 to 1.3 and lowered again, 2 % of devices in anyway.",
    statistic="largest difference between the two ways; value at which the mesh is lost",
    criterion="Holds if they differ by 30 points or more in the smallest and the largest population and the mesh is lost "
    "within one step (.05) of the predicted fold; fails if they differ by less than 10 points.",
    turned_by="The same shares on the way up and on the way down.",
    assumption="gains come from being connected, costs differ",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"widest_gap": 0.01},
    draw=draw,
)
