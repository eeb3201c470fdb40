"""E1: the reproduction number of the mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import random_networks
from mesh_abm.theory import percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (500, 4_000, 32_000)
R0 = (0.7, 1.5, 3.0)
VALUE = 0.8
FAILURE, CHURN = 0.08, 0.05
"""Link failure and churn a month; without churn, and with it."""
SPREADS = 4.0
"""Standard errors allowed: a false alarm in about 1 of 900 with eighteen settings."""
FINITE = 5.0
"""Double links and the device itself: this much over N, relative."""


def measure(lab: Lab) -> Evidence:
    """Mean degree and largest component of pairs that link and unlink, with and without churn."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=8, full=24)
    tasks = [
        (n, r0, mu, seed) for n in sizes for r0 in R0 for mu in (0.0, CHURN) for seed in range(replicates)
    ]
    found = pd.DataFrame(lab.map(stationary, tasks), columns=["n", "r0", "churn", "degree", "share"])
    groups = found.groupby(["n", "r0", "churn"])
    table = groups[["degree", "share"]].mean().join(groups["degree"].sem().rename("error")).reset_index()
    rate = table["r0"] / table["n"]
    for name, loss in (
        ("printed", FAILURE + table["churn"]),
        ("per_link", FAILURE + 2.0 * table["churn"]),
    ):
        formed = rate * (FAILURE + 2.0 * table["churn"]) / VALUE
        table[name] = percolation.reproduction_number(table["n"], formed, VALUE, loss)
    allowed = SPREADS * table["error"] + FINITE / table["n"] * table["degree"]
    churning, quiet = table["churn"] > 0, table["churn"] == 0
    largest = table[quiet & (table["n"] == max(sizes))].set_index("r0")["share"]
    figures = {
        "excess_without_churn": float(((table["degree"] - table["printed"]).abs() / allowed)[quiet].max()),
        "excess_churn_counted_once": float(
            ((table["degree"] - table["printed"]).abs() / allowed)[churning].max()
        ),
        "excess_churn_of_both_ends": float(
            ((table["degree"] - table["per_link"]).abs() / allowed)[churning].max()
        ),
        "component_at_r0_0.7": float(largest[0.7]),
        "component_at_r0_1.5": float(largest[1.5]),
    }
    ratio = float((table["degree"] / table["printed"])[churning].mean())
    says = (
        f"Without churn the mean degree is N beta v/D; with churn it is {ratio:.2f} of that with D = kappa + mu, because "
        f"either end may leave. The largest component holds {largest[0.7]:.1%} at R0 = 0.7 and {largest[1.5]:.1%} at 1.5."
    )
    return Evidence(figures, says, table)


def stationary(task: tuple[int, float, float, int]) -> tuple[int, float, float, float, float]:
    """Return size, R0, churn, mean degree and largest share of one network in its stationary state."""
    n, r0, churn, seed = task
    formed = r0 * (FAILURE + 2.0 * churn) / n  # beta v
    ends = random_networks.turnover(
        n, formed, FAILURE, churn, np.random.default_rng((1, n, int(10 * r0), int(100 * churn), seed))
    )
    share = random_networks.largest_component(n, ends) / n
    return n, r0, churn, random_networks.mean_degree(n, ends), share


def judge(figures: Figures) -> Verdict:
    """Mean degree by (1) without churn and a component only above 1; then D decides whether as printed or as corrected."""
    threshold = figures["component_at_r0_0.7"] < 0.05 and figures["component_at_r0_1.5"] > 0.4
    if figures["excess_without_churn"] > 1 or not threshold:
        return Verdict.FAILS
    if figures["excess_churn_counted_once"] <= 1:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if figures["excess_churn_of_both_ends"] <= 1 else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Measured mean degree against what (1) says, by the two readings of D."""
    panel.axes("R0 of (1) with D = kappa + 2 mu", "mean degree")
    panel.curve(R0, R0, "mean degree = R0")
    rows = table[(table["n"] == table["n"].max()) & (table["churn"] > 0)]
    panel.curve(rows["r0"], rows["printed"], "D = kappa + mu", "printed")
    panel.points(rows["r0"], rows["degree"], "with churn", "first", 2 * rows["error"])
    rows = table[(table["n"] == table["n"].max()) & (table["churn"] == 0)]
    panel.points(rows["r0"], rows["degree"], "without churn", "second", 2 * rows["error"])


CLAIM = Claim(
    id="E1",
    place="section 3.1, equation (1)",
    says="N beta v/D with D from friction kappa and churn mu says whether the mesh sustains itself: above 1 it does.",
    right="With beta a rate a pair and month, v a chance, and D the loss rate of a link: kappa plus mu for each of its two "
    "mortal ends. It is then the mean degree, up to terms of order 1/N.",
    experiment="500 to 32,000 devices whose pairs link at rate beta v, whose links fail at kappa = 0.08 and who are replaced "
    "at mu = 0 or 0.05 a month, simulated to their stationary state at R0 = 0.7, 1.5 and 3.",
    statistic="mean degree less N beta v/D in units of what is allowed; largest component",
    criterion="Fails unless, without churn, every mean degree is within 4 standard errors plus 5/N of (1) and the largest "
    "component holds under 5 % at 0.7 and over 40 % at 1.5. Then holds if that is so with D = kappa + mu under churn too, and "
    "holds as corrected if with D = kappa + 2 mu.",
    turned_by="Links that outlive one of their ends, or devices with a fixed number of links.",
    assumption="every pair may link; where devices have a fixed number of slots, mean degree does not grow with N",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"excess_churn_of_both_ends": 9.0},
    draw=draw,
)
