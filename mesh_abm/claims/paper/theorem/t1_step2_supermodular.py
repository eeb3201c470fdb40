"""T1-step2: whether choosing a type is a game of complements."""

from __future__ import annotations

from itertools import pairwise, permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import ces

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

RHO = 0.5
AGENTS, TYPES = 6, 3
SAME = 1e-12


def measure(lab: Lab) -> Evidence:
    """Enumerate the game of six devices and three types, each paid what it adds to C_eff."""
    increasing = sum(has_increasing_differences(order) for order in permutations(range(TYPES)))
    profiles = list(product(range(TYPES), repeat=AGENTS))
    equilibria = [profile for profile in profiles if is_equilibrium(profile)]
    alone = [payoff(0, np.array([k, 1, 1])) for k in range(AGENTS - 1)]
    table = pd.DataFrame({"others_of_my_type": range(AGENTS - 1), "payoff": alone})
    figures = {
        "orders_with_increasing_differences": float(increasing),
        "orders": float(len(list(permutations(range(TYPES))))),
        "equilibria": float(len(equilibria)),
        "capabilities_of_equilibria": float(len({round(capability(profile), 9) for profile in equilibria})),
    }
    says = (
        f"In none of the {figures['orders']:.0f} ways to order the types do the gains from a higher type rise when others "
        f"move up: {increasing} do. The game has {len(equilibria)} equilibria in pure strategies."
        if not increasing
        else f"{increasing} of {figures['orders']:.0f} orders of the types have increasing differences."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Supermodular for some order of types, and one equilibrium, is what the proof uses."""
    supermodular = figures["orders_with_increasing_differences"] > 0
    return Verdict.HOLDS if supermodular and figures["equilibria"] == 1 else _otherwise(figures)


def _otherwise(figures: Figures) -> Verdict:
    refuted = figures["orders_with_increasing_differences"] == 0 and figures["equilibria"] > 1
    return Verdict.FAILS if refuted else Verdict.UNDECIDED


def payoff(kind: int, others: np.ndarray) -> float:
    """Return what a device of a type adds to the capability of the others, counted by type."""
    own = np.eye(TYPES)[kind]
    return float(ces.aggregate(others + own, RHO, pooled=True)) - float(
        ces.aggregate(others, RHO, pooled=True)
    )


def has_increasing_differences(order: tuple[int, ...]) -> bool:
    """Whether the gain from the next higher type never falls when another device moves up."""
    for counts in product(range(AGENTS - 1), repeat=TYPES):
        if sum(counts) != AGENTS - 1:
            continue
        for low, high in pairwise(order):  # my move
            for below, above in pairwise(order):  # another's move
                before = np.array(counts, float)
                if before[below] == 0:
                    continue
                after = before - np.eye(TYPES)[below] + np.eye(TYPES)[above]
                gains = [payoff(high, others) - payoff(low, others) for others in (before, after)]
                if gains[1] < gains[0] - SAME:
                    return False
    return True


def is_equilibrium(profile: tuple[int, ...]) -> bool:
    """Whether no device gains by another type."""
    counts = np.bincount(profile, minlength=TYPES).astype(float)
    return not any(
        payoff(other, counts - np.eye(TYPES)[kind]) > payoff(kind, counts - np.eye(TYPES)[kind]) + SAME
        for kind in set(profile)
        for other in range(TYPES)
    )


def capability(profile: tuple[int, ...]) -> float:
    """Return C_eff of a profile."""
    return float(ces.aggregate(np.bincount(profile, minlength=TYPES).astype(float), RHO, pooled=True))


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The payoff of a type against how many have chosen it."""
    panel.axes("others that have chosen my type", "what I add to C_eff (queries a month)")
    panel.points(
        table["others_of_my_type"], table["payoff"], "one other device on each of the two other types"
    )
    panel.curve(table["others_of_my_type"], table["payoff"], "falls: congestion, not complements", "first")


CLAIM = Claim(
    id="T1-step2",
    place="section 6, step 2 of the proof of Theorem 1",
    says="Joining and choosing a type is a supermodular game, so extremal equilibria exist and the one with a mesh is "
    "unique.",
    right="Choosing a type is congestion: each further device on a type lowers what that type pays. Any relabeling of "
    "types is another equilibrium.",
    experiment="All 729 profiles of six devices and three types, each paid its marginal product in (6) at rho = .5.",
    statistic="orders of the types under which payoffs have increasing differences; number of pure equilibria",
    criterion="Holds if some order has increasing differences and there is one equilibrium; fails if none has and there "
    "are several.",
    turned_by="A payoff that rises with the number of devices on one's own type, such as shared tools.",
    assumption="a device is paid its marginal product",
    measure=measure,
    judge=judge,
    counter={"orders_with_increasing_differences": 2.0, "equilibria": 1.0},
    draw=draw,
)
