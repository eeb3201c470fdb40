"""S8.2a: is taking the lowest ask the efficient routing?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.market_efficiency import (
    best,
    best_offer,
    lowest_ask,
    markets,
    under_conditions,
)
from mesh_abm.claims.experiments.series import interval
from mesh_abm.model import MeshModel

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

OWNERS, MONTHS = 600, 84
EFFICIENT = 0.99
"""Part of the best that counts as efficient."""
WAYS = ("lowest_ask", "best_offer", "model", "conditions")


def measure(lab: Lab) -> Evidence:
    """Parts of the best assignment that different choices reach, in markets grown by `reference`."""
    seeds = range(1, lab.size(fast=6, full=24) + 1)
    table = pd.DataFrame(lab.map(efficiencies, list(seeds)))
    figures: dict[str, float] = {}
    for way in WAYS:
        figures |= dict(zip((way, f"{way}_low", f"{way}_high"), interval(table[way]), strict=True))
    says = (
        f"Taking the lowest ask reaches {100 * figures['lowest_ask']:.0f} % of the best assignment, taking the offer worth most after its ask "
        f"{100 * figures['best_offer']:.0f} %, the model's own searches {100 * figures['model']:.0f} %; with asks at cost, equal quality, no latency and all found, "
        f"the lowest ask reaches {100 * figures['conditions']:.1f} %."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Efficient as it is, efficient under the conditions, or not even then."""
    if figures["lowest_ask_low"] >= EFFICIENT:
        return Verdict.HOLDS
    if figures["lowest_ask_high"] < EFFICIENT:
        return Verdict.AS_CORRECTED if figures["conditions_low"] >= EFFICIENT else Verdict.FAILS
    return Verdict.UNDECIDED


def efficiencies(seed: int) -> dict[str, float]:
    """Return what each way is worth over the best, over all types of the last month of a run."""
    model = MeshModel(n_owners=OWNERS, measure_every=0, rng=seed)
    model.run_for(MONTHS)
    rng = np.random.default_rng((82, seed))
    worth = dict.fromkeys(("best", "best_under_conditions", *WAYS), 0.0)
    for market in markets(model):
        order = rng.permutation(market.value.shape[0])
        ideal = under_conditions(market)
        worth["best"] += best(market)
        worth["best_under_conditions"] += best(ideal)
        worth["lowest_ask"] += lowest_ask(market, order)
        worth["best_offer"] += best_offer(market, order)
        worth["model"] += market.made
        worth["conditions"] += lowest_ask(ideal, order)
    most = {way: worth["best_under_conditions" if way == "conditions" else "best"] for way in WAYS}
    return {"seed": seed, **{way: worth[way] / most[way] if most[way] else float("nan") for way in WAYS}}


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Efficiency of each way, with the range of its runs."""
    panel.axes("", "part of the best assignment", percent=True)
    names = ["lowest ask", "best offer", "the model's searches", "lowest ask, ideal market"]
    panel.bars(names, [table[way].mean() for way in WAYS], "mean of runs")
    panel.points(
        np.arange(len(WAYS)),
        [table[way].mean() for way in WAYS],
        "95 % interval",
        "provider",
        [interval(table[way])[2] - table[way].mean() for way in WAYS],
    )
    panel.level(1.0, "best assignment")


CLAIM = Claim(
    id="S8.2a",
    place="section 8.2",
    says="The specialist with the lowest ask is the efficient choice for a query, so prices alone route efficiently.",
    right="If asks are marginal costs, quality and latency are equal, and all asks are found; else the offer must be judged by its worth after the ask.",
    experiment="Month 84 of reference with 600 owners: its queries, devices, capacities, asks and distances, assigned anew by each rule, against the "
    "assignment that is worth most (linear sum assignment).",
    statistic="value of answers less running cost and latency, over leaving all to the provider, as part of that of the best assignment",
    criterion="Holds if the lowest ask reaches 99 % of the best at 95 % confidence; if it does not, as corrected if it reaches 99 % in the same market with asks at "
    "running cost, equal quality, no latency and everybody found; else fails.",
    turned_by="Asks that follow cost, or devices of equal quality.",
    assumption="The provider's price counts as its cost; queries of a type are worth the same to everybody.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"lowest_ask_low": 0.995, "lowest_ask_high": 1.0, "conditions_low": 1.0},
    draw=draw,
)
