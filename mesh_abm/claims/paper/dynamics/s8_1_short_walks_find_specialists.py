"""S8.1: hubs make specialists findable by short walks."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.meshes import standing
from mesh_abm.claims.experiments.sis import KINDS
from mesh_abm.claims.experiments.walks import PLACES, WALKS, Search, found_share

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (3_000, 10_000, 30_000)
COMMON, RARE = 0.01, 0.001
"""Share of devices that are specialists for a query."""
HOPS = 6
SEARCHES = 2_000
MODEL_SLOTS, HUB_SLOTS = (1, 2, 3, 4, 6), 6
FINDABLE = 0.5
"""Specialists are findable if so many searches find one."""
SPREADS = 4.0


def measure(lab: Lab) -> Evidence:
    """Searches on networks with hubs and without; and the model's own routing with and without hubs."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=4, full=12)
    tasks = [
        Search(kind, n, max(1, round(share * n)), place, walk, HOPS, SEARCHES, seed)
        for kind, n, seed in product(KINDS, sizes, range(replicates))
        for share, place, walk in product((COMMON, RARE), PLACES, WALKS)
    ]
    found = pd.DataFrame(tasks).assign(found=lab.map(found_share, tasks))
    found["share"] = np.where(found["specialists"] / found["n"] > (COMMON + RARE) / 2, COMMON, RARE)
    keys = ["kind", "n", "share", "place", "walk"]
    table = found.groupby(keys)["found"].agg(["mean", "sem"]).reset_index()
    best = {
        (kind, share): table[
            (table["kind"] == kind)
            & (table["share"] == share)
            & (table["n"] == max(sizes))
            & (table["place"] == PLACES[0])
            & (table["walk"] == WALKS[0])
        ].iloc[0]
        for kind in KINDS
        for share in (COMMON, RARE)
    }
    hubs, even = best[KINDS[0], COMMON], best[KINDS[1], COMMON]
    at_hubs = table[
        (table["kind"] == KINDS[0]) & (table["n"] == max(sizes)) & (table["place"] == PLACES[1])
    ].set_index(["share", "walk"])["mean"]
    with_hubs, without = model_searches(lab)
    figures = {
        "common_with_hubs": float(hubs["mean"]),
        "common_without": float(even["mean"]),
        "error": float(np.hypot(hubs["sem"], even["sem"])),
        "rare_with_hubs": float(best[KINDS[0], RARE]["mean"]),
        "common_at_hubs": float(at_hubs[COMMON, WALKS[0]]),
        "rare_at_hubs": float(at_hubs[RARE, WALKS[0]]),
        "rare_at_hubs_biased": float(at_hubs[RARE, WALKS[1]]),
        "model_with_hubs": with_hubs,
        "model_without": without,
    }
    says = (
        f"A uniform walk of {HOPS} looks finds specialists that are 1 % of the devices in {figures['common_with_hubs']:.0%} of "
        f"the searches with hubs, in {figures['common_without']:.0%} without; if they are 0.1 %, in "
        f"{figures['rare_with_hubs']:.0%}; {figures['rare_at_hubs']:.0%} if they are hubs themselves."
    )
    return Evidence(figures, says, table)


def model_searches(lab: Lab) -> tuple[float, float]:
    """Return the share of the model's searches that find the type, with links by degree and with uniform links.

    Links by degree also go to the provider, so the number of slots with uniform links is varied, and the share read off
    at the same mean degree of the device network.
    """
    even = np.array([_searched(lab, "uniform", slots) for slots in MODEL_SLOTS])
    degree, found = _searched(lab, "degree", HUB_SLOTS)
    return found, float(np.interp(degree, even[:, 0], even[:, 1]))


def _searched(lab: Lab, kernel: str, slots: int) -> tuple[float, float]:
    """Return mean degree and the share of searches that met a device on the type asked for, over the last year."""
    changes = {"kernel": kernel, "slots": slots, "link_value": 0.5, "frontier_share": 0.0}
    runs = standing(lab, lab.size(fast=500, full=1_000), lab.size(fast=2, full=6), changes)
    lost = ["reason_no_path", "reason_no_specialist"]
    years = [run.frame.iloc[-12:] for run in runs]
    degree = float(np.mean([year["mean_degree"].mean() for year in years]))
    return degree, 1.0 - float(np.mean([year[lost].sum(axis=1).mean() for year in years]))


def judge(figures: Figures) -> Verdict:
    """Hubs must help; then specialists are findable, rare ones at hubs too, or common ones only."""
    if figures["common_with_hubs"] - figures["common_without"] <= SPREADS * figures["error"]:
        return Verdict.FAILS
    if min(figures["rare_with_hubs"], figures["rare_at_hubs"]) >= FINDABLE:
        return Verdict.HOLDS
    findable = max(figures["common_with_hubs"], figures["common_at_hubs"]) >= FINDABLE
    return Verdict.AS_CORRECTED if findable else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Searches that succeed, by network and by who the specialists are."""
    panel.axes("", f"searches that succeed within {HOPS} looks", percent=True)
    rows = table[(table["n"] == table["n"].max()) & (table["walk"] == WALKS[0])]
    names = [f"{share:.1%} {place}" for share, place in product((COMMON, RARE), PLACES)]
    for kind, role, part in ((KINDS[0], "first", -1), (KINDS[1], "second", 1)):
        one = rows[rows["kind"] == kind].set_index(["share", "place"])["mean"]
        panel.bars(names, [one[key] for key in product((COMMON, RARE), PLACES)], kind, role, part)
    panel.level(FINDABLE, "findable")


CLAIM = Claim(
    id="S8.1",
    place="section 8.1",
    says="Specialists gather links, and hubs make them findable by short random walks.",
    right="Hubs help, most of all if the specialists are hubs themselves or the walk prefers them. But specialists that are "
    "one in a thousand stay out of reach of six looks for most searches, unless they are hubs.",
    experiment="Walks of six looks at all neighbors from uniform devices, on Barabasi-Albert and Poisson networks of mean "
    "degree 6 and 3,000 to 30,000 devices; specialists are 1 % or 0.1 %, anywhere or in proportion to degree. And the "
    "routing of the model itself, with links by degree and with uniform links at the same mean degree (shown, not judged).",
    statistic="share of searches that find a specialist, at the largest N",
    criterion="Fails if hubs do not raise it for common specialists by 4 standard errors. Else holds if at least half of the "
    "searches for rare specialists succeed, anywhere and at hubs; as corrected if only those for common ones do; else fails.",
    turned_by="Searches with hubs that find rare specialists as easily as common ones.",
    assumption="Six looks are short; a walk sees all neighbors of where it is.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        "common_with_hubs": 0.4,
        "common_without": 0.4,
        "error": 0.02,
        "rare_with_hubs": 0.1,
        "rare_at_hubs": 0.1,
        "common_at_hubs": 0.4,
    },
    draw=draw,
)
