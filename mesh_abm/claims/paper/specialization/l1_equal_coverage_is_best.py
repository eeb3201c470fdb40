"""L1: of a given total capability, equal coverage of the types makes the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.populations import direct

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES = (2, 6, 12)
RHOS = (-1.0, 0.2, 0.5, 0.9)
DRAWS = 3_000
CLOSE = 1e-3
TIE = 1e-9


def measure(lab: Lab) -> Evidence:
    """Random allocations of one unit, and climbs from random starts."""
    cases = [(n, rho) for n in TYPES for rho in RHOS]
    table = pd.DataFrame([one_case(lab, n, rho) for n, rho in cases])
    figures = {
        "best_against_equal": float(table["best"].max()),
        "distance_of_optimum": float(table["distance"].max()),
    }
    says = (
        f"None of {DRAWS:,} random allocations per case exceeds equal coverage (best {figures['best_against_equal']:.6f} of it), "
        f"and every climb ends within {figures['distance_of_optimum']:.0e} of equal shares."
        if figures["best_against_equal"] <= 1 + TIE
        else f"Some allocation reaches {figures['best_against_equal']:.4f} of equal coverage."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Nothing better than equal coverage, found in two ways."""
    if figures["best_against_equal"] > 1 + TIE:
        return Verdict.FAILS
    found = figures["best_against_equal"] <= 1 + TIE and figures["distance_of_optimum"] <= CLOSE
    return Verdict.HOLDS if found else Verdict.UNDECIDED


def one_case(lab: Lab, n: int, rho: float) -> dict[str, float]:
    """Return the best of random allocations over equal coverage, and how far from equal shares climbing ends."""
    rng = lab.rng(1, n, round(100 * abs(rho)))
    concentration = rng.choice([0.1, 1.0, 10.0, 1000.0], DRAWS)
    allocations = [rng.dirichlet(np.full(n, one)) for one in concentration]
    equal = direct(np.full(n, 1 / n), rho)
    starts = [rng.dirichlet(np.full(n, 2.0)) for _ in range(5)]
    ends = [climb(start, rho) for start in starts]
    return {
        "types": n,
        "rho": rho,
        "best": max(direct(one, rho) for one in [*allocations, *ends]) / equal,
        "median": float(np.median([direct(one, rho) for one in allocations])) / equal,
        "distance": max(float(np.abs(end - 1 / n).max()) for end in ends),
    }


def climb(start: np.ndarray, rho: float) -> np.ndarray:
    """Return where a climb on the shares ends; they are kept positive and summing to 1 by a softmax."""

    def shares(x: np.ndarray) -> np.ndarray:
        weights = np.exp(x - x.max())
        return np.asarray(weights / weights.sum())

    found = optimize.minimize(
        lambda x: -np.log(max(direct(shares(x), rho), 1e-300)), np.log(start + 1e-6), method="BFGS"
    )
    return shares(found.x)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Best and median of random allocations over equal coverage."""
    panel.axes("rho", "C_eff over that of equal coverage")
    for role, (n, rows) in zip(("first", "second", "third"), table.groupby("types"), strict=True):
        panel.points(rows["rho"], rows["best"], f"best of all, J = {n:.0f}", role)
        panel.curve(rows["rho"], rows["median"], f"median allocation, J = {n:.0f}", role)
    panel.level(1.0, "equal coverage")


CLAIM = Claim(
    id="L1",
    place="section 4.1, Lemma 1",
    says="For rho < 1 and a given total, C_eff is largest when all types are covered equally.",
    experiment="One unit of capability divided at random 3,000 times, from nearly all on one type to nearly equal, "
    "for 2, 6 and 12 types and rho = -1, .2, .5, .9; then numerical climbs from five random starts.",
    statistic="best allocation over equal coverage; largest difference of a share at the end of a climb from 1/J",
    criterion="Holds if no allocation exceeds equal coverage (to 1e-9) and all climbs end within .001 of equal "
    "shares; fails if one exceeds it.",
    turned_by="An uneven allocation of the same total that does more, as with rho > 1 or types of unequal worth.",
    assumption="all types are worth the same",
    measure=measure,
    judge=judge,
    counter={"best_against_equal": 1.01},
    draw=draw,
)
