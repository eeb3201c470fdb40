"""E16: the capability of a connected, evenly specialized mesh, and the number of devices that matches a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations
from mesh_abm.theory.percolation import giant_component

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES = (3, 6, 12)
RHOS = (0.3, 0.5, 0.8)
MEAN_DEGREE = 2.0
SPREADS, SMALL = 4.0, 0.02
"""Standard errors, and part of the value for chance in S and in the types of finite meshes, allowed."""


def measure(lab: Lab) -> Evidence:
    """Random networks whose connected devices each do one task, added up, beside (16)."""
    sizes = lab.size(fast=(1_000, 2_000, 4_000), full=(2_000, 8_000, 32_000))
    tasks = [(n, seed) for n in sizes for seed in range(1, lab.size(fast=6, full=16) + 1)]
    rows = pd.concat(lab.map(added_up, tasks))
    table = rows.groupby(["n", "types", "rho"])["per_device"].agg(["mean", "sem"]).reset_index()
    table["right"] = table["types"] ** (1 / table["rho"] - 1)
    table["printed"] = table["types"] ** (1 / table["rho"] - 2)
    largest = table[table["n"] == sizes[-1]]
    equal_point = float((largest["right"] / largest["mean"]).sub(1).abs().max())
    figures = {
        "excess_of_printed": excess(largest, "printed"),
        "excess_of_right": excess(largest, "right"),
        "error_of_printed_n_star": equal_point,
    }
    says = (
        f"At N = {sizes[-1]:,}, capability added up is J^(1/rho - 1) S N cbar within what chance allows (excess "
        f"{figures['excess_of_right']:.2f}; printed form {figures['excess_of_printed']:.0f}); the N* printed after it matches a "
        f"provider within {100 * equal_point:.1f}%."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """As printed; or with the stray 1/J removed, from which the printed N* follows."""
    if figures["excess_of_printed"] <= 1:
        return Verdict.HOLDS
    corrected = figures["excess_of_right"] <= 1 and figures["error_of_printed_n_star"] <= 2 * SMALL
    return Verdict.AS_CORRECTED if corrected else Verdict.FAILS


def excess(table: pd.DataFrame, column: str) -> float:
    """Return the largest difference from a form, in units of what is allowed."""
    allowed = SPREADS * table["sem"] + SMALL * table["mean"]
    return float(((table["mean"] - table[column]).abs() / allowed).max())


def added_up(task: tuple[int, int]) -> pd.DataFrame:
    """Return C_mesh of one network over S N cbar, with S of (2), for all numbers of types and rho."""
    n, seed = task
    rng = np.random.default_rng([16, n, seed])
    inside = populations.connected(n, MEAN_DEGREE, seed)
    each = populations.capabilities(n, rng)
    scale = float(giant_component(MEAN_DEGREE)) * n
    rows = []
    for n_types in TYPES:
        kinds = populations.types(n, np.full(n_types, 1 / n_types), rng)
        by_type = populations.pools(kinds[inside], each[inside], n_types)
        rows += [(n, n_types, rho, populations.direct(by_type, rho) / scale) for rho in RHOS]
    return pd.DataFrame(rows, columns=["n", "types", "rho", "per_device"])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Capability per connected device against J, largest size."""
    panel.axes("types J", "C_mesh over S N cbar", log_x=True, log_y=True)
    largest = table[table["n"] == table["n"].max()]
    n = np.array([TYPES[0], TYPES[-1]], float)
    for role, rho in zip(("first", "second", "third"), RHOS, strict=True):
        rows = largest[largest["rho"] == rho]
        panel.points(rows["types"], rows["mean"], f"added up, rho = {rho:g}", role, 2 * rows["sem"])
        panel.curve(n, n ** (1 / rho - 1), "J to the 1/rho - 1" if rho == RHOS[0] else "")
        panel.curve(n, n ** (1 / rho - 2), "(16) as printed" if rho == RHOS[0] else "", "printed")
    panel.ax.minorticks_off()
    panel.ax.set_xticks(TYPES, [str(count) for count in TYPES])


CLAIM = Claim(
    id="E16",
    place="section 6, equation (16)",
    says="A connected mesh of evenly spread specialists has C_mesh = J^(1/rho - 2) S N cbar, more than the provider "
    "above N* = M c_cent/(S cbar).",
    right="C_mesh = J^(1/rho - 1) S N cbar: a 1/J is left over in the first step. The printed N* follows from this "
    "form; the printed one would make it J times larger.",
    experiment="Random networks of mean degree 2 with 2,000, 8,000 and 32,000 devices, 16 each; types drawn evenly, "
    "capability log-normal; the devices of the largest component added up by type, J = 3, 6, 12, rho = .3, .5, .8.",
    statistic="C_mesh over S N cbar with S of (2), less either power of J, in units of what is allowed",
    criterion="Holds if the printed power is within 4 standard errors and 2% at the largest N; as corrected if 1/rho "
    "- 1 is and the printed N* is right within 4%; else fails.",
    turned_by="Connected specialists that add up to the printed power of J.",
    assumption="specialists cover all types evenly",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"excess_of_printed": 0.5},
    draw=draw,
)
