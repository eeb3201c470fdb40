"""T1e: whether a population with a more diverse fitness needs fewer devices to match a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import beta

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES, RHO, PROVIDER = 6, 0.5, 2_000.0
EQUAL_MEAN = ((1.0, 1.0), (2.0, 2.0), (5.0, 5.0), (20.0, 20.0), (80.0, 80.0))
"""Beta distributions of fitness with mean 1/2, from the highest entropy to a low one."""
MIRRORED = ((5.0, 2.0), (2.0, 5.0))
"""Two with the same entropy, one mostly fit and one mostly unfit."""
FIT = (20.0, 2.0)
"""One with less entropy than the uniform, and a higher mean."""
FALLS, FLAT, APART = -0.1, -0.03, 1.1


def measure(lab: Lab) -> Evidence:
    """Devices drawn until they match the provider, for several distributions of fitness."""
    laws = (*EQUAL_MEAN, *MIRRORED, FIT)
    tasks = [(a, b, seed) for a, b in laws for seed in range(lab.size(fast=10, full=40))]
    found = pd.DataFrame(lab.map(needed, tasks), columns=["a", "b", "needed"])
    table = found.groupby(["a", "b"])["needed"].agg(["mean", "sem"]).reset_index()
    table["entropy"] = beta(table["a"], table["b"]).entropy()
    mean = table.set_index(["a", "b"])["mean"]
    figures = {
        "change_from_least_to_most_entropy": float(mean[EQUAL_MEAN[0]] / mean[EQUAL_MEAN[-1]] - 1),
        "ratio_at_equal_entropy": float(mean[MIRRORED[1]] / mean[MIRRORED[0]]),
        "uniform_over_mostly_fit": float(mean[EQUAL_MEAN[0]] / mean[FIT]),
        "entropy_in_units_of_100": float(beta(1, 1, scale=100).entropy() - beta(1, 1).entropy()),
    }
    says = (
        f"At equal mean, N* changes by {100 * figures['change_from_least_to_most_entropy']:+.1f}% from the least to the most "
        f"diverse fitness; at equal entropy it differs {figures['ratio_at_equal_entropy']:.2f}-fold, and the uniform fitness, "
        f"with the highest entropy of all, needs {figures['uniform_over_mostly_fit']:.2f} times what a narrow, fit one does."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Fewer devices with more entropy, or entropy beside the point."""
    change = figures["change_from_least_to_most_entropy"]
    if change <= FALLS and figures["uniform_over_mostly_fit"] < 1:
        return Verdict.HOLDS
    return (
        Verdict.FAILS if change >= FLAT and figures["ratio_at_equal_entropy"] >= APART else Verdict.UNDECIDED
    )


def needed(task: tuple[float, float, int]) -> tuple[float, float, float]:
    """Return how many devices, each able to do as much as its fitness, first match the provider."""
    a, b, seed = task
    rng = np.random.default_rng([seed, round(a), round(b)])
    n = int(8 * PROVIDER)
    kinds = populations.types(n, np.full(TYPES, 1 / TYPES), rng)
    target = populations.direct([PROVIDER / TYPES] * TYPES, RHO)
    return a, b, populations.members_needed(kinds, rng.beta(a, b, n), TYPES, RHO, target)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """N* against the entropy of fitness."""
    panel.axes("differential entropy of fitness (nats)", "devices needed, N*")
    fair = table["a"] == table["b"]
    panel.points(
        table["entropy"][fair], table["mean"][fair], "mean fitness 1/2", "first", 2 * table["sem"][fair]
    )
    panel.points(
        table["entropy"][~fair], table["mean"][~fair], "other means", "second", 2 * table["sem"][~fair]
    )
    panel.level(2 * PROVIDER, "K over mean fitness 1/2")


CLAIM = Claim(
    id="T1e",
    place="section 6, Theorem 1(e)",
    says="N* falls with the diversity of the population, measured by the entropy of its fitness distribution.",
    right="N* = K/(S cbar) knows only the mean. What diversity does is in the type shares: N* S = K "
    "(J/D)^((1-rho)/rho), D their Hill number (X-hill-number). Differential entropy also depends on the unit of "
    "fitness and can be negative.",
    experiment="Devices drawn one after another with fitness from eight beta distributions and types spread evenly, "
    "until they match a provider of capacity 2,000, J = 6, rho = .5; 40 draws each.",
    statistic="change of N* from the least to the most entropy at equal mean; ratio of N* at equal entropy",
    criterion="Holds if N* falls by 10% or more from the least to the most entropy at equal mean, and the uniform "
    "fitness needs fewest; fails if N* falls by less than 3% and differs by 10% or more at equal entropy; else "
    "undecided.",
    turned_by="A rule by which a device's type follows from its fitness, so that diverse fitness means diverse types.",
    assumption="what a device can do is its fitness; S does not depend on the distribution (through the condensate "
    "it may: that is a matter of mean odds, P3)",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"change_from_least_to_most_entropy": -0.3, "uniform_over_mostly_fit": 0.8},
    draw=draw,
)
