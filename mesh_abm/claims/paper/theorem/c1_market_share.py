"""C1: what falls as the mesh grows: the provider's share of capability, and its share of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm import DeviceClass, Scenario
from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (250, 1_000, 4_000)
MERITS = (0.3, 0.6, 1.0, 1.5, 2.2)
MONTHS, LAST = 160, 40
SPREADS = 4.0


def measure(lab: Lab) -> Evidence:
    """The condensate of fixed populations of three sizes and five merits; the provider's share of capability."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=3, full=10)
    rows = []
    for size in sizes:
        for merit in MERITS:
            runs = lab.runs(population(size, merit), replicates)
            held = [run.frame["condensate"].iloc[-LAST:].mean() for run in runs]
            share = [_provider_share(run.frame) for run in runs]
            rows.append(
                (size, merit, np.mean(held), np.std(held, ddof=1) / np.sqrt(len(held)), np.mean(share))
            )
    table = pd.DataFrame(rows, columns=["owners", "merit", "condensate", "error", "capability_share"])
    smallest, largest = (
        table[table["owners"] == size].reset_index(drop=True) for size in (min(sizes), max(sizes))
    )
    moved = (largest["condensate"] - smallest["condensate"]).abs()
    allowed = SPREADS * np.hypot(largest["error"], smallest["error"]) + 0.02
    fall = smallest["capability_share"] - largest["capability_share"]
    figures = {
        "capability_share_falls_by": float(fall.min()),
        "condensate_moves_with_size": float((moved / allowed).max()),
        "condensate_falls_with_merit": float(largest["condensate"].is_monotonic_decreasing),
        "condensate_at_lowest_merit": float(largest["condensate"].iloc[0]),
        "condensate_at_highest_merit": float(largest["condensate"].iloc[-1]),
    }
    says = (
        f"From {min(sizes):,} to {max(sizes):,} devices the provider's share of capability falls, by at least "
        f"{100 * figures['capability_share_falls_by']:.0f} points; its share of links stays as it is at every merit, and "
        f"falls from {largest['condensate'].iloc[0]:.0%} to {largest['condensate'].iloc[-1]:.0%} as merit rises."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Both shares fall with size; or capability only, links by merit; or not even that."""
    if figures["capability_share_falls_by"] <= 0 or figures["condensate_falls_with_merit"] != 1:
        return Verdict.FAILS
    return Verdict.AS_CORRECTED if figures["condensate_moves_with_size"] <= 1 else Verdict.HOLDS


def population(size: int, merit: float) -> Scenario:
    """Return a fixed population of equal devices, beside a provider of fixed capacity."""
    device = DeviceClass(name="device", share=1.0, merit=merit, capacity=6.0, quality=0.7, running_cost=100)
    return Scenario(
        n_owners=size,
        months=MONTHS,
        population="fixed",
        classes=(device,),
        merit_spread=0.0,
        merit_gain=0.0,
        efficiency_growth=0.0,
        churn=0.05,
        link_failure=0.05,
        link_value=1.0,
        provider_capacity=3_000.0 / size,
        depreciation=0.0,
        reinvest=0.0,
    )


def _provider_share(frame: pd.DataFrame) -> float:
    last = frame.iloc[-LAST:]
    return float((last["c_cent"] / (last["c_cent"] + last["c_mesh"])).mean())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The condensate against merit for each size: the curves lie on each other."""
    panel.axes("merit of devices (provider = 1)", "share of links that point to the provider", percent=True)
    for role, (owners, rows) in zip(("first", "second", "third"), table.groupby("owners"), strict=False):
        panel.points(rows["merit"], rows["condensate"], f"{owners:,} devices", role, 2 * rows["error"])


CLAIM = Claim(
    id="C1",
    place="section 6, Corollary 1",
    says="Beyond N* the provider's market share falls with every member, and its condensate fades continuously.",
    right="Its share of capability, C_cent / (C_mesh + C_cent), falls with N; its share of links does not depend on N: it "
    "falls with merit, continuously, with a kink where it ends.",
    experiment="MeshModel with fixed populations of 250, 1,000 and 4,000 equal devices of five merits beside one provider of "
    "3,000 queries a month, churn and link failure 5 %, last 40 of 160 months, 10 seeds.",
    statistic="share of capability and condensate, largest against smallest population",
    criterion="Fails if the share of capability does not fall or the condensate does not fall with merit; holds as corrected "
    "if they do but the condensate at equal merit differs by less than 4 standard errors plus 2 points; else holds.",
    turned_by="A condensate that shrinks as members are added at equal merit.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"capability_share_falls_by": -0.1},
    draw=draw,
)
