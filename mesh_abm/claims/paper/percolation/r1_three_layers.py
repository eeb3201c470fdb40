"""R1: connection, traffic and capability as three layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

MERITS = (0.1, 0.3, 1.0, 3.0, 9.0)
PRICES = (500.0, 2_000.0)
MONTHS, LAST = 84, 24
DEVICES = 1_000
SAME = 0.05
"""Shares of links and of traffic this close are taken as the same."""
FOLLOWS = 0.9
"""Rank correlation from which traffic is said to follow links: with five settings, all in order."""
QUIET: dict[str, Any] = {
    "n_owners": DEVICES,
    "population": "fixed",
    "merit_gain": 0.0,
    "capacity_gain": 0.0,
    "quality_growth": 0.0,
    "link_value": 1.0,
    "frontier_share": 0.0,
    "pricing": "fixed",
    "measure_every": 0,
}
"""Everybody is in, nothing is learned, no query is for the provider only, and links do not hang on prices."""


def measure(lab: Lab) -> Evidence:
    """The provider's share of links and of queries, by merit, and at one merit by price."""
    settings = [(merit, 1_000.0) for merit in MERITS] + [(1.0, price) for price in PRICES]
    rows = [row for merit, price in settings for row in shares(lab, merit, price)]
    found = pd.DataFrame(rows, columns=["merit", "price", "links", "traffic"])
    groups = found.groupby(["merit", "price"])
    table = groups[["links", "traffic"]].mean().join(groups["traffic"].sem().rename("error")).reset_index()
    by_merit = table[table["price"] == 1_000.0]
    at_prices = table[(table["merit"] == 1.0) & table["price"].isin(PRICES)]
    figures = {
        "widest_gap": float((table["links"] - table["traffic"]).abs().max()),
        "rank_correlation": float(stats.spearmanr(by_merit["links"], by_merit["traffic"]).statistic),
        "traffic_moved_by_price": float(np.ptp(at_prices["traffic"])),
        "links_moved_by_price": float(np.ptp(at_prices["links"])),
    }
    says = (
        f"Traffic follows links (rank correlation {figures['rank_correlation']:.2f}) but is not the same share: up to "
        f"{figures['widest_gap']:.0%} of all apart, and a price four times as high moves {figures['traffic_moved_by_price']:.0%} of "
        f"traffic and {figures['links_moved_by_price']:.1%} of links."
    )
    return Evidence(figures, says, table)


def shares(lab: Lab, merit: float, price: float) -> list[tuple[float, float, float, float]]:
    """Return merit, price, and the provider's shares of slots and of served queries over the last months of each run."""
    kinds = {f"classes.{name}.merit": merit for name in ("phone", "laptop", "desktop", "workstation")}
    runs = lab.runs(
        "reference",
        lab.size(fast=3, full=10),
        months=MONTHS,
        changes={**QUIET, **kinds, "provider_price": price},
    )
    late = [run.frame.iloc[-LAST:] for run in runs]
    return [
        (merit, price, float(one["condensate"].mean()), float(1.0 - one["market_share"].mean()))
        for one in late
    ]


def judge(figures: Figures) -> Verdict:
    """Same share: as printed. In the same order only: the layers compose, but a share of links is no share of traffic."""
    if figures["widest_gap"] <= SAME:
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if figures["rank_correlation"] >= FOLLOWS else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Share of traffic against share of links."""
    panel.axes("slots that point to the provider", "queries that the provider serves", percent=True)
    panel.curve([0, 1], [0, 1], "same share", "printed")
    rows = table[table["price"] == 1_000.0]
    panel.points(rows["links"], rows["traffic"], "merit 0.1 to 9", "first", 2 * rows["error"])
    rows = table[table["price"] != 1_000.0]
    panel.points(rows["links"], rows["traffic"], "price halved, doubled", "second", 2 * rows["error"])


CLAIM = Claim(
    id="R1",
    place="section 3.4, Remark 1",
    says="The layers compose: percolation connects the mesh, the condensate says how traffic flows in it, capability decides "
    "whether it beats the center.",
    right="A share of links is not a share of traffic: what flows over a link is decided by prices, quality and capacity too. "
    "Both have to be measured.",
    experiment="The model with everybody in, at five merits of devices, link values given and prices fixed, and at one merit with "
    "the provider's price halved and doubled; the last 24 of 84 months, 10 runs each.",
    statistic="provider's share of served queries less its share of filled slots; their rank correlation over merits",
    criterion="Holds if the shares are within 5 points in every setting; holds as corrected if not, but traffic falls with links at "
    "a rank correlation of .9 or more; fails otherwise.",
    turned_by="Traffic that does not follow links at all, or that is the same share under every price.",
    assumption="queries are routed as in the model: nearest specialists by walks, choice by logit",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"widest_gap": 0.01},
    draw=draw,
)
