"""S3.4: which shape of fitness at its maximum makes a condensate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.growing_network import Rules, grow

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

EXPONENTS = (-0.5, 0.0, 0.5, 1.0, 2.0, 3.0)
FAST, FULL = (1_000, 8_000, 64_000), (4_000, 64_000, 1_000_000)
MACROSCOPIC = 0.1
"""A share that counts as macroscopic, in the largest network."""
FALLING = 0.6
"""A share that falls below this part of itself from the smallest to the largest network vanishes."""


def measure(lab: Lab) -> Evidence:
    """Share of links that point to the largest node, by the exponent of the fitness density at its maximum."""
    sizes, replicates = lab.size(fast=FAST, full=FULL), lab.size(fast=24, full=8)
    tasks = [(a, n, seed) for a in EXPONENTS for n in sizes for seed in range(replicates)]
    found = pd.DataFrame(tasks, columns=["exponent", "n", "seed"])
    found["share"] = lab.map(largest_node, tasks)
    table = found.groupby(["exponent", "n"])["share"].agg(["mean", "sem", "min", "max"]).reset_index()
    mean = table.set_index(["exponent", "n"])["mean"]
    peaked = [a for a in EXPONENTS if a <= 0]
    figures = {
        "peaked_share": float(max(mean[a, sizes[-1]] for a in peaked)),
        "peaked_kept": float(max(mean[a, sizes[-1]] / mean[a, sizes[0]] for a in peaked)),
        "thin_share": float(mean[3.0, sizes[-1]]),
        "thin_kept": float(mean[3.0, sizes[-1]] / mean[3.0, sizes[0]]),
    }
    says = (
        f"With exponent 3 the largest of {sizes[-1]:,} nodes holds {figures['thin_share']:.0%} of all links; with exponents "
        f"of 0 and less at most {figures['peaked_share']:.1%}, and that falls as the network grows."
    )
    return Evidence(figures, says, table)


def largest_node(task: tuple[float, int, int]) -> float:
    """Return the share of links that point to the largest node of one grown network, fitness density (a+1)(1-eta)^a."""
    a, n, seed = task
    rng = np.random.default_rng((34, int(10 * (a + 1)), n, seed))
    fitness = 1.0 - rng.random(n) ** (1.0 / (a + 1.0))
    return float(grow(fitness, Rules(slots=2, provider=False), rng).shares.max())


def judge(figures: Figures) -> Verdict:
    """As printed: condensed for a <= 0 and not for a > 0. The other way round: fails."""
    peaked = figures["peaked_share"] >= MACROSCOPIC and figures["peaked_kept"] > FALLING
    thin = figures["thin_share"] >= MACROSCOPIC and figures["thin_kept"] > FALLING
    if peaked and not thin:
        return Verdict.HOLDS
    return Verdict.FAILS if thin and not peaked else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Share of the largest node against size, a line for each exponent."""
    panel.axes("devices N", "links that point to the largest node", log_x=True, log_y=True)
    roles = {3.0: "first", 1.0: "third", 0.0: "second", -0.5: "fourth"}
    for a, role in roles.items():
        rows = table[table["exponent"] == a]
        panel.curve(rows["n"], rows["mean"], "", role)
        panel.points(rows["n"], rows["mean"], f"exponent {a:g}", role, 2 * rows["sem"])


CLAIM = Claim(
    id="S3.4",
    place="section 3.4, phase structure",
    says="A fitness density that goes as (eta_max - eta)^a at its maximum condenses on the single fittest node if a <= 0; if "
    "a > 0 many nodes share the links.",
    right="The sign is reversed: (a + 1)(1 - eta)^a gives I = 1/a in (5), so it condenses for a > 1 (the share outside the "
    "others' reach is 1 - 1/a) and never for a <= 0, where I is infinite. Many devices close to the maximum compete its fittest "
    "node down. With a continuous density no single node keeps the condensate for good (Dereich, Mailler and Morters 2017).",
    experiment="Growth to 4,000, 64,000 and 1,000,000 devices with a = -0.5, 0, 0.5, 1, 2 and 3, two links each, no provider; 8 "
    "networks of each.",
    statistic="share of links that point to the largest node, and what is left of it from the smallest to the largest size",
    criterion="A share is macroscopic if it is 10 % or more in the largest network and over .6 of that in the smallest. Holds if "
    "it is so for a <= 0 and not for a = 3; fails if it is so for a = 3 and for no a <= 0.",
    turned_by="A largest node that keeps its share under a <= 0 as networks grow.",
    assumption="fitness is drawn anew for each device from one density",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"peaked_share": 0.4, "peaked_kept": 1.0, "thin_share": 0.01, "thin_kept": 0.3},
    draw=draw,
)
