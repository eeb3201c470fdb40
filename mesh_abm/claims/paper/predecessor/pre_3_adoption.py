"""PRE-3: the predecessor's reproduction number, and whether it passes 1 at the crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.dates import four_dates

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

GAIN = 0.24
"""beta gamma a month."""
LOSSES = (0.28, 0.25, 0.23, 0.18, 0.13)
"""kappa + mu a month: the corners of the quoted ranges and between."""
TOGETHER = 12.0
"""Dates within so many months are one event."""


def measure(lab: Lab) -> Evidence:
    """Integrate the adoption dynamics around R0 = 1, and date four events in simulated runs."""
    ends = [adopted_in_the_end(loss) for loss in LOSSES]
    right = all((end > 0.01) == (loss < GAIN) for end, loss in zip(ends, LOSSES, strict=True))
    replicates = lab.size(fast=4, full=12)
    dates = pd.DataFrame([four_dates(run.frame) for run in lab.runs("reference", replicates, months=120)])
    spread = dates.max(axis=1) - dates.min(axis=1)
    figures = {
        "threshold_at_one": float(right),
        "lowest_R0_of_quoted_ranges": GAIN / max(LOSSES),
        "highest_R0_of_quoted_ranges": GAIN / min(LOSSES),
        **{f"month_of_{name}": float(dates[name].median()) for name in dates},
        "median_spread_months": float(spread.median()),
    }
    says = (
        "Adoption lasts exactly where beta gamma > kappa + mu, which the quoted ranges put between "
        f"{GAIN / max(LOSSES):.2f} and {GAIN / min(LOSSES):.2f}; but in `reference` the dates that should coincide lie "
        f"{figures['median_spread_months']:.0f} months apart."
    )
    table = dates.median().rename_axis("event").reset_index(name="month")
    table["low"], table["high"] = dates.quantile(0.1).to_numpy(), dates.quantile(0.9).to_numpy()
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """The threshold, and whether the dates are one event."""
    if figures["threshold_at_one"] != 1:
        return Verdict.FAILS
    if np.isnan(figures["median_spread_months"]):
        return Verdict.UNDECIDED
    return Verdict.HOLDS if figures["median_spread_months"] <= TOGETHER else Verdict.AS_CORRECTED


def adopted_in_the_end(loss: float) -> float:
    """Return the share of adopters after 1,500 months from one in a thousand, by numerical integration."""
    path = solve_ivp(lambda _, s: GAIN * s * (1 - s) - loss * s, (0, 1_500), [1e-3], rtol=1e-9, atol=1e-12)
    return float(path.y[0, -1])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The four dates with the range of nine in ten runs."""
    panel.axes("", "month in `reference`")
    names = {"crossing": "costs cross", "adoption": "adoption R0 > 1", "component": "component over 5 %"}
    places = np.arange(len(table))
    panel.points(places, table["month"], "median over seeds", "first", (table["high"] - table["low"]) / 2)
    panel.ax.set_xticks(
        places, [names.get(event, "condensate law under half") for event in table["event"]], fontsize=7
    )


CLAIM = Claim(
    id="PRE-3",
    place="section 2.1 (ii), from the predecessor",
    says="Adoption sustains itself when R0 = beta gamma / (kappa + mu) passes 1, and it does so at the crossing.",
    right="The threshold is right and contains no number of devices. That it is passed at the crossing is an assumption: "
    "crossing, adoption, component and condensate have dates of their own.",
    experiment="ds/dt = beta gamma s (1 - s) - (kappa + mu) s integrated at the quoted rates; four dates in `reference`, 12 "
    "seeds, 120 months: x <= 0, adoption R0 > 1 to the end, component over 5 % to the end, law of the condensate under half.",
    statistic="whether adopters remain; months between the first and the last of the four dates",
    criterion="Fails if adopters remain on the wrong side of 1; else holds if the median spread of the dates is 12 months or "
    "less, and holds as corrected if it is more.",
    turned_by="Prices, churn and merit that move together, so that the four dates fall within a year.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"threshold_at_one": 0.0},
    draw=draw,
)
