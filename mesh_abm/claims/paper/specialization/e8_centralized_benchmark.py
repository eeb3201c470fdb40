"""E8: the capability of a provider that spreads its units evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.populations import direct
from mesh_abm.theory import ces

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

UNITS, EACH, TYPES = 40, 2.5, 8
RHOS = (0.2, 0.35, 0.5, 0.7, 0.9)
FOCUS = 1.0
"""Exponent of an uneven provider: what it gives to type j is proportional to 1/(j + 1)."""
OWNERS = 200
SAME = 1e-9


def measure(lab: Lab) -> Evidence:
    """Every unit added up, even and uneven, and the simulated provider's own measure."""
    table = pd.DataFrame({"rho": RHOS})
    table["formula"] = ces.centralized(UNITS, EACH, TYPES, table["rho"].to_numpy())
    table["even"] = [added_up(np.full(TYPES, 1 / TYPES), rho) for rho in RHOS]
    weights = np.arange(1.0, TYPES + 1) ** -FOCUS
    table["uneven"] = [added_up(weights / weights.sum(), rho) for rho in RHOS]
    table["mesh"] = [direct([UNITS * EACH / TYPES] * TYPES, rho) for rho in RHOS]
    figures = {
        "worst_error": float((table["formula"] / table["even"] - 1).abs().max()),
        "error_of_simulated_provider": simulated_provider(lab),
        "mesh_over_provider_of_equal_capacity": float((table["mesh"] / table["even"]).max()),
        "least_of_uneven_provider": float((table["uneven"] / table["even"]).min()),
    }
    says = (
        f"(8) is what the units add up to, to {figures['worst_error']:.0e}. A mesh of the same total capacity makes "
        f"{figures['mesh_over_provider_of_equal_capacity']:.3f} of it: the premium cancels. A provider that neglects the tail "
        f"makes as little as {figures['least_of_uneven_provider']:.2f} of (8)."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """The sum, by hand and in the simulation."""
    right = figures["worst_error"] <= SAME and figures["error_of_simulated_provider"] <= SAME
    return Verdict.HOLDS if right else Verdict.FAILS


def added_up(shares: np.ndarray, rho: float) -> float:
    """Return the CES of the pools that the units fill one after another."""
    pools = np.zeros(TYPES)
    for _ in range(UNITS):
        pools += EACH * shares
    return direct(pools, rho)


def simulated_provider(lab: Lab) -> float:
    """Return how far the first month's measure `c_cent` is from the sum over types of the provider's capacity."""
    (run,) = lab.runs("reference", 1, months=1, changes={"n_owners": OWNERS, "provider_capacity": 3.0})
    capacity = 3.0 * OWNERS
    return abs(float(run.frame["c_cent"].iloc[-1]) / direct([capacity / 8] * 8, 0.5) - 1)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """What the units add up to, over (8)."""
    panel.axes("rho", "capability over C_cent of (8)")
    panel.curve(table["rho"], np.ones(len(table)), "(8)")
    panel.points(table["rho"], table["even"] / table["formula"], "units added up, even")
    panel.points(table["rho"], table["uneven"] / table["formula"], "units added up, tail neglected", "second")
    panel.points(table["rho"], table["mesh"] / table["formula"], "mesh of the same total", "theory")
    panel.ax.set_ylim(0, 1.1)


CLAIM = Claim(
    id="E8",
    place="section 4.2, equation (8)",
    says="A provider of M equal units spread evenly over J types has C_cent = J^((1-rho)/rho) M cbar.",
    right="As printed. The premium stands in C_mesh as well and cancels: against an even provider only total "
    "capacity decides.",
    experiment="Forty units of 2.5 added up over eight types, evenly and with shares 1, 1/2, .. 1/8, at rho from .2 "
    "to .9; and the first month of a simulated provider.",
    statistic="relative difference of (8) from the sum",
    criterion="Holds if (8) is the sum over even units to 1e-9, and so is what the simulation measures.",
    turned_by="Even units that add up to something else.",
    assumption="the provider serves all types equally well; one that neglects types has less than (8)",
    measure=measure,
    judge=judge,
    counter={"worst_error": 0.1},
    draw=draw,
)
