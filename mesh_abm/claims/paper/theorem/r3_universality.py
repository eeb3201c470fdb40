"""R3: whether all the models of Table 1 are one equation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

EXCESS = np.geomspace(1e-4, 1e-1, 13)
SAME = 0.05
"""Exponents closer than this are the same."""


def measure(lab: Lab) -> Evidence:
    """Solve the self-consistency equations just above their thresholds, each by halving."""
    table = pd.DataFrame(
        {"excess": EXCESS, **{name: [solve(e) for e in EXCESS] for name, solve in MODELS.items()}}
    )
    near = table["excess"] < 1e-2
    exponents = {
        name: float(np.polyfit(np.log(table["excess"][near]), np.log(table[name][near]), 1)[0])
        for name in MODELS
    }
    figures = {f"exponent_{name}": value for name, value in exponents.items()}
    figures["widest_gap"] = max(exponents.values()) - min(exponents.values())
    says = "Order appears as a power of the distance to the threshold: " + ", ".join(
        f"{name.replace('_', ' ')} {value:.2f}" for name, value in exponents.items()
    )
    return Evidence(figures, f"{says} (0 is a jump).", table)


def judge(figures: Figures) -> Verdict:
    """One equation everywhere has one exponent everywhere."""
    return Verdict.HOLDS if figures["widest_gap"] < SAME else Verdict.FAILS


def root(gap: Callable[[float], float]) -> float:
    """Return the largest root in (0, 1] of a function that falls through it."""
    grid = np.concatenate([np.geomspace(1e-9, 1e-2, 400), np.linspace(1e-2, 1.0, 4_000)[1:]])
    values = np.array([gap(float(x)) for x in grid])
    last = np.flatnonzero((values[:-1] > 0) & (values[1:] <= 0))[-1]
    return float(brentq(gap, grid[last], grid[last + 1], xtol=1e-14))


def component(excess: float) -> float:
    """Return S of (2)."""
    return root(lambda s: 1 - np.exp(-(1 + excess) * s) - s)


def spreading(excess: float) -> float:
    """Return the infected share of a mixed SIS population."""
    return root(lambda i: (1 + excess) * i * (1 - i) - i)


def ising(excess: float) -> float:
    """Return the mean-field magnetization."""
    return root(lambda m: np.tanh((1 + excess) * m) - m)


def potts_3(excess: float) -> float:
    """Return the mean-field order of three states at its critical coupling, 4 ln 2, and above."""

    def rise(m: float) -> float:
        grown = np.exp(4 * np.log(2) * (1 + excess) * m)
        return float((grown - 1) / (grown + 2)) - m

    return root(rise)


def participating(excess: float) -> float:
    """Return the larger share that joins a mesh, x = S(R x), at the fold R = 2.4554 and above."""
    reach = 2.4554074 * (1 + excess)
    return root(lambda x: float(percolation.giant_component(reach * x)) - x)


MODELS: dict[str, Callable[[float], float]] = {
    "component": component,
    "spreading": spreading,
    "ising": ising,
    "potts_3": potts_3,
    "participation": participating,
}


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Order against the distance to the threshold."""
    panel.axes("distance above the threshold, relative", "order (share)", log_x=True, log_y=True)
    roles = ("theory", "mesh", "first", "second", "third")
    labels = ("component, equation (2)", "spreading (SIS)", "Ising", "Potts, three states", "participation")
    for role, label, name in zip(roles, labels, MODELS, strict=True):
        panel.curve(table["excess"], table[name], label, role)


CLAIM = Claim(
    id="R3",
    place="section 6, Remark 3, and Table 1",
    says="All the fields of Table 1 have the same transcritical self-consistency equation and the same phase structure.",
    right="Components and spreading begin with exponent 1, Ising with 1/2 (a pitchfork), Potts with three states and "
    "participation with a jump.",
    experiment="The five self-consistency equations solved from 1e-4 to 1e-1 above their thresholds.",
    statistic="exponent of the order, from a fit below 1e-2",
    criterion="Holds if all exponents agree within .05; fails otherwise.",
    turned_by="The same exponent in all of them; they are solved, not simulated, so nothing else would.",
    measure=measure,
    judge=judge,
    counter={"widest_gap": 0.01},
    draw=draw,
)
