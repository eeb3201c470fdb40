"""TAB1-network-econ: participation in a market with network effects begins like a giant component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.participation_game import Population
from mesh_abm.theory import participation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (2_000, 8_000, 32_000)
MEAN_DEGREE = 3.0
BENEFITS = np.round(np.arange(1.20, 0.65, -0.02), 2)
"""What it is worth to be connected to everybody, over the largest cost: the control parameter, downwards."""
FIRST = 0.15
"""Participation from which the lower branch starts at every benefit."""
FEW = 20
"""Fewer members than this are nobody: what hangs together among a handful says nothing about a network."""
IN_PROPORTION = 0.05
"""A jump up to this counts as none."""
LARGE = 0.2


def measure(lab: Lab) -> Evidence:
    """Follow participation down as the benefit falls, and up again, in finite populations."""
    sizes, replicates = lab.size(fast=SIZES[:2], full=SIZES), lab.size(fast=2, full=3)
    tasks = [(n, seed) for n in sizes for seed in range(replicates)]
    table = pd.concat(lab.map(branches, tasks), ignore_index=True)
    ends = table.groupby(["n", "seed"]).apply(last_positive, include_groups=False).reset_index()
    by_size = ends.groupby("n")[["jump", "benefit"]].mean()
    again = table[table["benefit"] == BENEFITS[0]]
    figures = {
        "jump_at_smallest": float(by_size["jump"].iloc[0]),
        "jump_at_largest": float(by_size["jump"].iloc[-1]),
        "critical_benefit": float(by_size["benefit"].iloc[-1]),
        "fold": participation.fold()[0] / MEAN_DEGREE,
        "gap_of_branches": float((again["down"] - again["up"]).mean()),
    }
    says = (
        f"There is a critical benefit, {figures['critical_benefit']:.2f} (fold {figures['fold']:.3f}), but participation "
        f"falls there from {figures['jump_at_largest']:.2f} to nothing and does not come back by itself: a fold with "
        "hysteresis, not a transcritical point."
    )
    return Evidence(figures, says, table)


def branches(task: tuple[int, int]) -> pd.DataFrame:
    """Return n, seed, benefit, and the participation reached from everybody in, and from FIRST."""
    n, seed = task
    population = Population.of(n, MEAN_DEGREE, np.random.default_rng((n, seed)))
    share, down = 1.0, []
    for benefit in BENEFITS:
        share = settle(population, share, float(benefit))
        down.append(share)
    up = [settle(population, FIRST, float(benefit)) for benefit in BENEFITS]
    return pd.DataFrame({"n": n, "seed": seed, "benefit": BENEFITS, "down": down, "up": up})


def settle(population: Population, share: float, benefit: float) -> float:
    """Return the participation that best responses lead to, 0 once it falls below FEW members."""
    for _ in range(400):
        answer = population.response(share, benefit)
        if answer * population.costs.size < FEW:
            return 0.0
        if answer == share:
            break
        share = answer
    return share


def last_positive(rows: pd.DataFrame) -> pd.Series:
    """Return the largest fall of participation between neighboring benefits, from where, and the benefit there."""
    down = rows["down"].to_numpy()
    place = int(np.argmax(down[:-1] - down[1:]))
    return pd.Series({"jump": down[place] - down[place + 1], "benefit": rows["benefit"].to_numpy()[place]})


def judge(figures: Figures) -> Verdict:
    """Transcritical would be: no jump, and one branch."""
    if figures["jump_at_largest"] <= IN_PROPORTION and figures["gap_of_branches"] <= IN_PROPORTION:
        return Verdict.HOLDS
    stays = figures["jump_at_largest"] >= max(LARGE, 0.8 * figures["jump_at_smallest"])
    return Verdict.FAILS if stays else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Participation against benefit, from above and from below."""
    panel.axes("benefit of connection over the largest cost", "participation", percent=True)
    largest = table[table["n"] == table["n"].max()]
    found = largest.groupby("benefit")[["down", "up"]].mean()
    panel.points(found.index, found["down"], "from everybody in", "first")
    panel.points(found.index, found["up"], f"from {FIRST:.0%} in", "second")
    panel.mark(participation.fold()[0] / MEAN_DEGREE, "fold")
    line = np.clip(2 * (found.index - participation.fold()[0] / MEAN_DEGREE), 0, 1)
    panel.curve(found.index, line, "transcritical, as percolation", "printed")


CLAIM = Claim(
    id="TAB1-network-econ",
    place="section 6, table 1, row 5",
    says="Market participation begins at a critical benefit by the same transcritical equation as percolation.",
    right="There is a critical mass, but as a fold: two states coexist, participation jumps, and what is lost does not "
    "come back at the same benefit (Katz and Shapiro 1985: fulfilled expectations are several).",
    experiment="2,000 to 32,000 devices that know three others on average join if the share of those in that hangs together, "
    "times a benefit, exceeds their own cost; the benefit falls from 1.2 to 0.66 of the largest cost, best responses each "
    "time; and again from 15 % in.",
    statistic="largest fall of participation between neighboring benefits, at the smallest and the largest N; gap between "
    "the branches at the highest benefit",
    criterion="Holds if jump and gap are at most 0.05. Fails if the jump at the largest N is at least 0.2 and at least 0.8 "
    "of that at the smallest. Else undecided. (Revised after the first run: one member alone hangs together with himself, so "
    "fewer than 20 count as nobody.)",
    turned_by="A jump that vanishes as N grows.",
    assumption="Costs uniform on (0, 1); who is in is worth what hangs together.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"jump_at_smallest": 0.05, "jump_at_largest": 0.01, "gap_of_branches": 0.01},
    draw=draw,
)
