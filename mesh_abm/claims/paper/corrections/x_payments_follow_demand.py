"""X-payments-follow-demand: payments to settle grow with demand, not with links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.meshes import standing

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SLOTS = (4, 8, 16, 32, 64)
DEMANDS = (0.5, 1.0, 2.0, 4.0)
"""Queries a month and device."""
SIZES = (500, 1_000, 2_000)
USUAL_SLOTS, USUAL_DEMAND = 16, 1.0
AVERAGED = 12
"""Last months averaged."""
HALF = 0.5
"""An elasticity is nearer to 1 above this, nearer to 0 below."""
SPREADS = 4.0


def measure(lab: Lab) -> Evidence:
    """Settlement needed by meshes of the model, with links varied at fixed demand and demand varied at fixed links."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=3, full=6)
    settings = [(n, slots, USUAL_DEMAND) for n in sizes for slots in SLOTS]
    settings += [(n, USUAL_SLOTS, demand) for n in sizes for demand in DEMANDS if demand != USUAL_DEMAND]
    table = pd.DataFrame([row for setting in settings for row in payments(lab, setting, replicates)])
    links, links_error = elasticity(table[table["demand"] == USUAL_DEMAND], "mean_degree")
    demand, demand_error = elasticity(table[table["slots"] == USUAL_SLOTS], "demand")
    ratio = table["needed"] / table["mean_degree"]
    figures = {
        "elasticity_links": links,
        "error_links": links_error,
        "elasticity_demand": demand,
        "error_demand": demand_error,
        "spread_per_link": float(ratio.max() / ratio.min()),
    }
    says = (
        f"Doubling links at fixed demand multiplies payments by {2**links:.2f}, doubling demand at fixed links by "
        f"{2**demand:.2f}; payments per link vary by a factor of {figures['spread_per_link']:.0f}."
    )
    return Evidence(figures, says, table)


def payments(lab: Lab, setting: tuple[int, int, float], replicates: int) -> list[dict[str, float]]:
    """Return n, slots, demand, mean degree and deliveries to settle a device and month, a row a run."""
    n, slots, demand = setting
    rows = []
    for run in standing(lab, n, replicates, {"kernel": "uniform", "slots": slots, "demand": demand}):
        last = run.frame.iloc[-AVERAGED:]
        means = last[["mean_degree", "settlement_needed"]].mean()
        rows.append(
            {
                "n": n,
                "slots": slots,
                "demand": demand,
                "mean_degree": float(means["mean_degree"]),
                "needed": float(means["settlement_needed"]),
            }
        )
    return rows


def elasticity(rows: pd.DataFrame, cause: str) -> tuple[float, float]:
    """Return the slope of the logarithm of payments against that of a cause, and its standard error."""
    (slope, _), cov = np.polyfit(np.log(rows[cause]), np.log(rows["needed"]), 1, cov=True)
    return float(slope), float(np.sqrt(cov[0, 0]))


def judge(figures: Figures) -> Verdict:
    """The print wants payments to follow links at fixed demand; the correction, demand at fixed links."""
    sides = [
        (figures[f"elasticity_{cause}"] - HALF) / max(figures[f"error_{cause}"], 1e-12)
        for cause in ("links", "demand")
    ]
    if sides[0] < -SPREADS and sides[1] > SPREADS:
        return Verdict.HOLDS
    return Verdict.FAILS if sides[0] > SPREADS and sides[1] < -SPREADS else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Payments against mean degree, at four levels of demand."""
    panel.axes("mean degree <k>", "payments (1/device and month)", log_x=True, log_y=True)
    rows = table.groupby(["demand", "slots"])[["mean_degree", "needed"]].mean().reset_index()
    usual = rows[rows["demand"] == USUAL_DEMAND]
    first = usual.iloc[0]
    panel.curve(
        usual["mean_degree"],
        usual["mean_degree"] * first["needed"] / first["mean_degree"],
        "as printed: N<k>",
        "printed",
    )
    for demand, role in zip(DEMANDS, ("third", "first", "second", "fourth"), strict=True):
        one = rows[rows["demand"] == demand]
        panel.points(one["mean_degree"], one["needed"], f"demand {demand:g}", role)
    panel.ax.set_yticks((0.25, 0.5, 1.0, 2.0, 4.0), [f"{tick:g}" for tick in (0.25, 0.5, 1.0, 2.0, 4.0)])
    panel.ax.minorticks_off()


CLAIM = Claim(
    id="X-payments-follow-demand",
    place="section 8.1, proposition 6",
    says="Printed: the mesh must settle O(N<k>) transactions a second. Right: as many as there are paid queries, each with "
    "its relays; links only matter as far as they find a specialist.",
    derivation="payments-follow-demand",
    experiment="Meshes of the model with uniform links and 500 to 2,000 devices: 4 to 64 slots a device at one query a month, "
    "and 0.5 to 4 queries a month at 16 slots.",
    statistic="elasticity of the deliveries to settle (settlement_needed) in mean degree and in demand",
    criterion="The correction holds if the elasticity in demand is above 0.5 and that in mean degree below 0.5, each by 4 "
    "standard errors; it fails if the other way round; else undecided.",
    turned_by="A mesh whose payments grow with links when demand does not.",
    assumption="A query is paid for when it is answered; nobody pays for holding a link.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"elasticity_links": 1.0, "error_links": 0.05, "elasticity_demand": 0.0, "error_demand": 0.05},
    draw=draw,
)
