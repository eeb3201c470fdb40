"""P1a: no mesh is always a solution of (2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import random_networks

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

R0 = np.round(np.linspace(0.0, 10.0, 101), 1)
SEED = 1e-6
"""A start next to nothing."""
STEPS = 2_000
DEVICES = 1_000
EDGE = 0.05


def measure(lab: Lab) -> Evidence:
    """Iterate (2) from nothing and from next to nothing; look at meshes in which nobody links."""
    left = map_of(R0, np.full(R0.shape, SEED), STEPS)
    table = pd.DataFrame({"r0": R0, "from_zero": map_of(R0, np.zeros(R0.shape), STEPS), "from_seed": left})
    empty = random_networks.independent(DEVICES, 0.0, lab.rng(11))
    figures = {
        "largest_from_zero": float(np.abs(table["from_zero"]).max()),
        "largest_component_without_links": random_networks.largest_component(DEVICES, empty) / DEVICES,
        "seed_kept_below_one": float(left[R0 <= 1.0 - EDGE].max()),
        "seed_kept_above_one": float(left[R0 >= 1.0 + EDGE].min()),
    }
    says = (
        f"From 0 the iteration stays at 0 at all {R0.size} values of R0; from a millionth it returns to 0 for R0 below 1 "
        f"and grows to at least {figures['seed_kept_above_one']:.3f} for R0 of {1 + EDGE:g} or more."
    )
    return Evidence(figures, says, table)


def map_of(r0: np.ndarray, start: np.ndarray, steps: int) -> np.ndarray:
    """Return where S -> 1 - exp(-R0 S) stands after so many steps."""
    s = start
    for _ in range(steps):
        s = -np.expm1(-r0 * s)
    return s


def judge(figures: Figures) -> Verdict:
    """Zero is a solution if nothing becomes something at no R0, and a mesh without links has no large component."""
    solved = figures["largest_from_zero"] == 0.0
    return (
        Verdict.HOLDS
        if solved and figures["largest_component_without_links"] <= 1.0 / DEVICES
        else Verdict.FAILS
    )


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Where both starts end."""
    panel.axes("mean degree R0", "share after 2,000 steps of (2)", percent=True)
    table = table.iloc[::3]
    panel.points(table["r0"], table["from_zero"], "start at 0", "second")
    panel.points(table["r0"], table["from_seed"], "start at a millionth", "first")
    panel.mark(1.0, "R0 = 1")


CLAIM = Claim(
    id="P1a",
    place="section 3.2, Proposition 1 (a)",
    says="Equation (2) has the solution S = 0 at every R0.",
    right="It is unstable for R0 > 1: the smallest start grows away from it.",
    experiment="The map of (2) iterated 2,000 times from 0 and from a millionth at 101 values of R0 from 0 to 10; the "
    "largest component of 1,000 devices that open no link.",
    statistic="largest value reached from 0; largest component without links",
    criterion="Holds if 0 stays exactly 0 at every R0 and no component without links holds more than one device.",
    turned_by="A source of connection that needs no connected device, such as links given from outside.",
    measure=measure,
    judge=judge,
    counter={"largest_from_zero": 0.1, "largest_component_without_links": 0.1},
    draw=draw,
)
