"""PRE-4: whether a crossing can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.dates import crossing
from mesh_abm.scenario import Scenario

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SHOCK_MONTH = 70
PRICES = (0.9, 0.7, 0.5, 0.3)
"""What the shock leaves of the price: the claim must withstand each."""
MONTHS = 120


def measure(lab: Lab) -> Evidence:
    """Runs of `reference` as they are, and with the provider cheaper from month 70 on, by 10 to 70 %."""
    replicates = lab.size(fast=4, full=12)
    plain = [run.frame for run in lab.runs("reference", replicates, months=MONTHS)]
    shocked = {
        left: [run.frame for run in lab.runs(cheaper(left), replicates, months=MONTHS)] for left in PRICES
    }
    every = plain + [frame for frames in shocked.values() for frame in frames]
    reversed_ = {
        left: float(np.mean([undone(frame) for frame in frames])) for left, frames in shocked.items()
    }
    crossed = [frame for frame in plain if crossing(frame) < SHOCK_MONTH]
    figures = {
        "production_ever_falls": float(any((np.diff(frame["unit_cost"]) > 0).any() for frame in every)),
        "crossed_before_the_shock": len(crossed) / len(plain),
        "undone_without_shock": float(np.mean([undone(frame) for frame in plain])),
        "undone_with_shock": max(reversed_.values()),
        "cut_that_undoes_it": min(
            (1 - left for left, share in reversed_.items() if share >= 0.5), default=1.0
        ),
    }
    says = (
        f"Production never fell, and no crossing was undone by itself ({figures['undone_without_shock']:.0%}); price cuts "
        f"undo it in up to {figures['undone_with_shock']:.0%} of runs, from a cut of {figures['cut_that_undoes_it']:.0%} on."
    )
    table = pd.DataFrame({"month": plain[0]["month"], "1.0": plain[0]["distance_to_crossing"]})
    for left, frames in shocked.items():
        table[str(left)] = frames[0]["distance_to_crossing"]
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Never undone; undone only when the threshold is moved by a shock; undone by itself, or Q falls."""
    if figures["crossed_before_the_shock"] < 0.5:
        return Verdict.UNDECIDED
    if figures["production_ever_falls"] or figures["undone_without_shock"] >= 0.5:
        return Verdict.FAILS
    return Verdict.AS_CORRECTED if figures["undone_with_shock"] >= 0.5 else Verdict.HOLDS


def cheaper(left: float) -> Scenario:
    """Return `reference` with the provider's price cut for good, to what is `left` of it."""
    shock = {"kind": "price", "month": SHOCK_MONTH, "value": left}
    return Scenario.load("reference").replace(shocks=[shock])


def undone(frame: pd.DataFrame) -> bool:
    """Whether x is positive in some month after the crossing."""
    month = crossing(frame)
    return bool((frame["distance_to_crossing"][frame["month"] > month] > 0).any())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """x with and without the price cut."""
    late = table[table["month"] >= 40]
    panel.axes("month", "x: production missing to the crossing")
    panel.curve(late["month"], late["1.0"], "price as it is", "theory")
    for role, left in zip(("first", "second", "third", "fourth"), PRICES, strict=True):
        panel.curve(late["month"], late[str(left)], f"price cut by {1 - left:.0%} in month 70", role)
    panel.ax.set_ylim(-40_000, 60_000)
    panel.level(0.0, "crossed: below this line")


CLAIM = Claim(
    id="PRE-4",
    place="section 2.1 (iii), from the predecessor",
    says="The crossing cannot be undone, because cumulative production only grows.",
    right="Production only grows, but Q_bar moves too: it rises when the provider becomes cheaper. Irreversible only while it "
    "does not.",
    experiment="`reference` over 120 months, 12 seeds, as it is and with the provider's price cut by 10, 30, 50 and 70 % from "
    "month 70 on.",
    statistic="share of runs in which x is positive again after the crossing",
    criterion="Undecided if fewer than half of the runs cross before month 70; fails if production falls or half of the runs "
    "are undone without a shock; holds as corrected if half are undone by some price cut only; else holds. "
    "(Revised after the first run, which tried a cut of 30 % only: the claim is that nothing undoes a crossing.)",
    turned_by="A provider that cannot lower its price.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"production_ever_falls": 1.0},
    draw=draw,
)
