"""P6: does the load of settlement grow with links, and can a millisecond reach everybody?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.series import interval
from mesh_abm.facts import YEAR

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

MONTHS = 48
SCANS: dict[str, tuple[float, ...]] = {
    "slots": (2, 4, 8, 16),
    "demand": (0.5, 1, 2),
    "n_owners": (400, 800, 1600),
}
"""Fields scanned one at a time, by doubling, about MIDDLE."""
MIDDLE: dict[str, Any] = {"slots": 8, "demand": 1, "n_owners": 800}
SETTING: dict[str, Any] = {
    "population": "fixed",
    "churn": 0,
    "kernel": "uniform",
    "link_value": 1.0,
    "looks": 64,
    "efficiency_growth": 0,
    "learning_exponent": 0,
    "measure_every": 0,
}
"""A mesh whose degree is set by its slots and by nothing else; everybody seen is looked at."""
PROPORTIONAL, FLAT = 0.75, 0.5
"""Elasticities above which payments follow, and below which they do not."""
RADIUS, FIBER = 6371.0, 200.0
"""Of the Earth in km; km that light goes in fiber in a millisecond."""
PAIRS = 200_000


def measure(lab: Lab) -> Evidence:
    """Payments a month by degree, demand and number of devices, and how far apart pairs of devices are."""
    replicates = lab.size(fast=5, full=12)
    rows = []
    for field, values in SCANS.items():
        for value in values:
            changes = SETTING | MIDDLE | {field: value}
            rows += [
                (field, value, run.seed, *payments(run.frame, changes))
                for run in lab.runs("reference", replicates, months=MONTHS, changes=changes)
            ]
    table = pd.DataFrame(rows, columns=["scan", "value", "seed", "degree", "demand", "devices", "payments"])
    column = {"slots": "degree", "demand": "demand", "n_owners": "devices"}
    figures: dict[str, float] = {}
    for scan, name in column.items():
        slopes = [
            _elasticity(found[name], found["payments"])
            for _, found in table[table["scan"] == scan].groupby("seed")
        ]
        figures |= dict(
            zip((f"of_{name}", f"of_{name}_low", f"of_{name}_high"), interval(slopes), strict=True)
        )
    figures["pairs_within_1_ms"] = within(1.0, lab.rng(6))
    says = (
        f"Payments grow with the degree to the power {figures['of_degree']:.2f} at given demand, with demand to the power "
        f"{figures['of_demand']:.2f}, with devices to the power {figures['of_devices']:.2f}; light reaches "
        f"{100 * figures['pairs_within_1_ms']:.2f} % of random pairs on Earth within a millisecond of fiber."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """As printed: in proportion to links, and anybody reached in a millisecond."""
    follows = min(figures["of_degree_low"], figures["of_devices_low"]) > PROPORTIONAL
    if follows and figures["pairs_within_1_ms"] > 0.5:
        return Verdict.HOLDS
    return (
        Verdict.FAILS
        if figures["of_degree_high"] < FLAT or figures["pairs_within_1_ms"] < 0.5
        else Verdict.UNDECIDED
    )


def payments(frame: pd.DataFrame, changes: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return mean degree, demand a device, devices, and deliveries settled a month, of the last year."""
    last = frame.iloc[-YEAR:]
    owners = float(changes["n_owners"])
    return (
        float(last["mean_degree"].mean()),
        float(changes["demand"]),
        owners,
        float(last["settled"].mean() * owners),
    )


def within(milliseconds: float, rng: np.random.Generator) -> float:
    """Return the share of pairs of places, uniform on a sphere like the Earth, that light in fiber joins in that time."""
    places = rng.normal(size=(2, PAIRS, 3))
    places /= np.linalg.norm(places, axis=2, keepdims=True)
    angle = np.arccos(np.clip((places[0] * places[1]).sum(axis=1), -1, 1))
    return float((RADIUS * angle <= FIBER * milliseconds).mean())


def _elasticity(x: pd.Series, y: pd.Series) -> float:
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Payments by mean degree and by demand, each over its smallest setting."""
    panel.axes("mean degree, or demand, over its smallest", "payments over the smallest")
    panel.curve([1, 8], [1, 8], "in proportion to links", "printed")
    for role, (scan, name) in zip(
        ("first", "second"), (("slots", "degree"), ("demand", "demand")), strict=True
    ):
        rows = (
            table[table["scan"] == scan]
            .groupby("value")
            .agg(x=(name, "mean"), y=("payments", "mean"), sem=("payments", "sem"))
        )
        low = rows.iloc[0]
        panel.points(
            rows["x"] / low["x"], rows["y"] / low["y"], f"by {name}", role, 2 * rows["sem"] / low["y"]
        )


CLAIM = Claim(
    id="P6",
    place="section 8.1, proposition 6",
    says="The mesh needs a settlement layer for O(N <k>) transactions a second at O(1) ms between arbitrary pairs, and no existing system does that.",
    right="Payments follow demand: N x paid queries x (1 + relays), and netting or channels cut them. A millisecond is 200 km of fiber, so it cannot "
    "hold between arbitrary pairs. Whether an existing system meets the rest is dated and not tested here.",
    experiment="reference with fixed population and uniform links; 2 to 16 slots at given demand, demand .5 to 2 at given slots, 400 to 1,600 devices. Random pairs of "
    "places on a sphere.",
    statistic="elasticity of deliveries settled a month (last of four years) to mean degree, demand and devices; part of pairs within 200 km",
    criterion="Holds if the elasticities to degree and to devices exceed .75 (95 % confidence) and most pairs are within a millisecond; fails if that to "
    "degree is under .5 or most pairs are not; undecided otherwise.",
    turned_by="A mesh so sparse that links limit what is found, where more links do bring more payments.",
    assumption="Every delivery is paid by itself; places uniform on the globe (people live closer together, but not that close).",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"of_degree_low": 0.9, "of_degree_high": 1.1, "of_devices_low": 0.9, "pairs_within_1_ms": 0.9},
    draw=draw,
)
