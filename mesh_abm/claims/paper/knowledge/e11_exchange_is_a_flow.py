"""E11: knowledge on the network follows du/dt = -L u."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.meshes import device_links, standing
from mesh_abm.rules.knowledge import exchange
from mesh_abm.theory.diffusion import distance, evolve

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab
    from mesh_abm.model import MeshModel

RATES = (0.4, 0.2, 0.1, 0.05, 0.025)
"""Shares exchanged over a link a month."""
FLOW = 2.0
"""Rate times months: how far each course is followed."""
CLOSE = 0.02
"""A course agrees if it ends within this part of the first spread of knowledge."""
ORDER = 0.8
"""The error of exchanging link after link must fall at least so fast with the rate (1: in proportion)."""
DRIFT = 1e-10
"""Change of mean knowledge allowed for rounding."""


def measure(lab: Lab) -> Evidence:
    """Exchange over the links of a mesh, one link after the other, beside the flow at that rate and at rate 1."""
    n = lab.size(fast=300, full=800)
    table = standing(lab, n, 1, probe=courses)[0].seen
    last = table.iloc[-1]
    order = float(np.polyfit(np.log(table["rate"]), np.log(table["with_rate"]), 1)[0])
    figures = {
        "error_with_rate": float(last["with_rate"]),
        "error_as_printed": float(last["as_printed"]),
        "order": order,
        "drift": float(table["drift"].max()),
    }
    says = (
        f"Exchange at {last['rate']:g} a month ends within {last['with_rate']:.1%} of the flow at that rate, and "
        f"{last['as_printed']:.0%} of the first spread away from the flow as printed; the mean moves by "
        f"{figures['drift']:.0e}, so exchange alone creates no knowledge."
    )
    return Evidence(figures, says, table)


def courses(model: MeshModel) -> pd.DataFrame:
    """Return rate, relative error against the flow with that rate and as printed, and drift of the mean; a probe."""
    start = np.random.default_rng(model.seed).random(model.members.size)
    links, spread, rows = device_links(model), distance(start), []
    for rate in RATES:
        months = round(FLOW / rate)
        model.put_in_force(model.par.replace(exchange=rate))
        model.state.knowledge[model.members] = start
        for _ in range(months):
            exchange(model)
        end = model.state.knowledge[model.members]
        errors = [
            float(np.linalg.norm(end - evolve(links, start, time))) / spread
            for time in (rate * months, float(months))
        ]
        rows.append((rate, *errors, abs(float(end.mean() - start.mean()))))
    return pd.DataFrame(rows, columns=["rate", "with_rate", "as_printed", "drift"])


def judge(figures: Figures) -> Verdict:
    """The flow needs a rate unless the printed one, 1 a month, already agrees."""
    if figures["drift"] > DRIFT:
        return Verdict.FAILS
    if figures["error_as_printed"] <= CLOSE:
        return Verdict.HOLDS
    agrees = figures["error_with_rate"] <= CLOSE and figures["order"] >= ORDER
    return Verdict.AS_CORRECTED if agrees else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Distance from each flow against the rate."""
    panel.axes(
        "share exchanged over a link (1/month)",
        "distance from the flow (of the first spread)",
        log_x=True,
        log_y=True,
    )
    rates, errors = table["rate"].to_numpy(), table["with_rate"].to_numpy()
    panel.curve(rates, errors[-1] * rates / rates[-1], "in proportion to the rate")
    panel.points(rates, errors, "flow with this rate")
    panel.points(rates, table["as_printed"], "flow as printed, rate 1", "third")
    panel.ax.set_xticks(RATES, [f"{tick:g}" for tick in RATES])
    panel.ax.minorticks_off()


CLAIM = Claim(
    id="E11",
    place="section 5.1, equation (11)",
    says="Knowledge on the network changes as du/dt = -L u, L the graph Laplacian.",
    right="With a rate (1/month) in front of L, which sets how fast neighbors exchange. The mean is conserved: "
    "diffusion levels knowledge and creates none.",
    experiment="A mesh of the model, knowledge at random; every month each link once, one after the other, moves both "
    "ends towards each other at rates from 0.025 to 0.4 a month, until rate times months is 2. Beside it the exact "
    "flow, with that rate and as printed (rate 1).",
    statistic="distance between simulated and exact knowledge over the first spread; order of its fall with the rate",
    criterion="As corrected if at the lowest rate the course ends within 2 % of the flow with that rate, the distance "
    "falls with the rate at order 0.8 or more, and the mean moves by less than 1e-10; holds if the flow at rate 1 "
    "agrees within 2 % too.",
    turned_by="Exchange between neighbors that does not tend to the flow, or that changes the mean.",
    assumption="Knowledge is a level that neighbors average; what cannot be averaged does not diffuse like this.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"error_with_rate": 0.3, "error_as_printed": 0.3, "order": 0.0, "drift": 1e-15},
    draw=draw,
)
