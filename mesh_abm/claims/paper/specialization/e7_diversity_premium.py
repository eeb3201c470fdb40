"""E7: what equal coverage makes more than coverage of one type."""

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

TYPES = (2, 3, 6, 12, 22)
RHOS = (0.2, 0.35, 0.5, 0.7, 0.9)
TOTAL = 37.0
SAME = 1e-9


def measure(lab: Lab) -> Evidence:
    """Both allocations summed term by term, beside (7)."""
    table = pd.DataFrame([(n, rho) for n in TYPES for rho in RHOS], columns=["types", "rho"])
    table["summed"] = [ratio(int(n), rho) for n, rho in table.itertuples(index=False)]
    table["formula"] = ces.diversity_premium(table["types"].to_numpy(), table["rho"].to_numpy())
    by_type = table.pivot(index="types", columns="rho", values="summed").to_numpy()
    figures = {
        "worst_error": float((table["formula"] / table["summed"] - 1).abs().max()),
        "rises_with_types": float(np.all(np.diff(by_type, axis=0) > 0)),
        "falls_with_rho": float(np.all(np.diff(by_type, axis=1) < 0)),
        "six_types_rho_half": ratio(6, 0.5),
        "one_type_alone_rho_minus_one": direct([TOTAL, *[0.0] * 5], -1.0),
    }
    says = (
        f"Summed term by term, equal coverage of six types makes {figures['six_types_rho_half']:.3f} times what one type makes "
        f"at rho = .5; (7) is right to {figures['worst_error']:.0e} everywhere between 0 and 1. Below 0 one type alone makes "
        "nothing, and there is no ratio."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """(7), and its direction in J and rho."""
    trends = figures["rises_with_types"] == 1 and figures["falls_with_rho"] == 1
    return Verdict.HOLDS if figures["worst_error"] <= SAME and trends else Verdict.FAILS


def ratio(n: int, rho: float) -> float:
    """Return C_eff of a total spread evenly over C_eff of the same on one type."""
    return direct([TOTAL / n] * n, rho) / direct([TOTAL, *[0.0] * (n - 1)], rho)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The premium against the number of types."""
    panel.axes("types J", "equal coverage over one type", log_y=True)
    roles = ("first", "second", "third", "fourth", "mesh")
    for role, (rho, rows) in zip(roles, table.groupby("rho"), strict=True):
        panel.points(rows["types"], rows["summed"], f"summed, rho = {rho:g}", role)
        panel.curve(rows["types"], rows["formula"], "(7)" if rho == RHOS[-1] else "")


CLAIM = Claim(
    id="E7",
    place="section 4.1, equation (7)",
    says="Equal coverage makes J^((1-rho)/rho) times what coverage of one type makes, more with more types and less "
    "with a higher rho.",
    experiment="A total of 37 spread over 2 to 22 types and put on one, summed term by term at rho from .2 to .9.",
    statistic="largest relative difference of (7) from the ratio of the sums; direction in J and rho",
    criterion="Holds if (7) agrees to 1e-9 and the ratio rises with J and falls with rho everywhere.",
    turned_by="A ratio other than (7) for some rho between 0 and 1.",
    assumption="0 < rho < 1, the range printed beside (6); the lemma's rho < 1 would take in negative values",
    measure=measure,
    judge=judge,
    counter={"worst_error": 0.1},
    draw=draw,
)
