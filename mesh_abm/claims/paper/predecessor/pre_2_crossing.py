"""PRE-2: x = Q_bar - Q, and the crossing as the first x <= 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.scenario import Scenario

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SCENARIOS = ("reference", "optimist", "pessimist")


def measure(lab: Lab) -> Evidence:
    """Compare x <= 0 with cost parity computed from unit cost, efficiency and price, month by month."""
    tables = [_with_costs(name, run.frame) for name in SCENARIOS for run in lab.runs(name, 2, months=120)]
    table = pd.concat(tables, ignore_index=True)
    agree = (table["x"] <= 0) == (table["device_cost"] <= table["price"])
    reference = tables[0]
    figures = {
        "months_compared": float(len(table)),
        "months_that_agree": float(agree.mean()),
        "months_before": float((table["x"] > 0).sum()),
        "months_after": float((table["x"] <= 0).sum()),
    }
    first = reference["month"][reference["x"] <= 0]
    says = (
        f"In {figures['months_that_agree']:.1%} of {len(table):,} simulated months x <= 0 says the same as cost parity "
        f"({figures['months_before']:.0f} before, {figures['months_after']:.0f} after); `reference` crosses in month "
        f"{first.iloc[0] if len(first) else 'none'}."
    )
    return Evidence(figures, says, reference)


def judge(figures: Figures) -> Verdict:
    """The definition and parity are one thing, on both sides of the crossing."""
    if min(figures["months_before"], figures["months_after"]) == 0:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if figures["months_that_agree"] == 1 else Verdict.FAILS


def _with_costs(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return x beside what a query costs on the marginal device, which the definition does not use."""
    scenario = Scenario.load(name)
    efficiency = np.exp(scenario.efficiency_growth * frame["month"])
    running = float(np.mean([each.running_cost for each in scenario.classes]))
    cost = scenario.hardware_cost * frame["unit_cost"] / efficiency + running
    rows = pd.DataFrame(
        {
            "scenario": name,
            "month": frame["month"],
            "x": frame["distance_to_crossing"],
            "device_cost": cost,
            "price": frame["provider_price"],
        }
    )
    return rows[rows["month"] > 0]


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Both costs in `reference`, and where x becomes negative."""
    panel.axes("month", "micro-credits a query")
    panel.curve(table["month"], table["price"], "price of the provider", "provider")
    panel.curve(table["month"], table["device_cost"], "cost on the marginal device", "mesh")
    crossed = table["month"][table["x"] <= 0]
    if len(crossed):
        panel.mark(float(crossed.iloc[0]), "first x <= 0")


CLAIM = Claim(
    id="PRE-2",
    place="section 2.1, from the predecessor",
    says="x = Q_bar - Q measures the production that is missing until a device answers as cheaply as the provider; the "
    "crossing is the first x <= 0.",
    experiment="`reference`, `optimist` and `pessimist`, 120 months, two seeds: x against the cost of a query on the marginal "
    "device (hardware at the unit cost of the month, by efficiency, plus running cost) and the price.",
    statistic="share of months in which x <= 0 and cost <= price agree",
    criterion="Holds if all agree and there are months on both sides; fails otherwise.",
    turned_by="A month in which the two disagree.",
    assumption="the price is rounded to whole micro-credits, which could move a crossing by a month",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"months_that_agree": 0.9},
    draw=draw,
)
