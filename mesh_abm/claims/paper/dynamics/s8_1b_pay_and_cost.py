"""S8.1b: must pay exceed what serving others costs a device?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.series import interval
from mesh_abm.model import MeshModel
from mesh_abm.rules import default_rules
from mesh_abm.rules.asks import Asks
from mesh_abm.rules.routing import Routing
from mesh_abm.state import IDLE

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

PAYS = (0.5, 1.0, 1.5, 2.0, 4.0)
"""Asks tried, in running costs."""
CLOSED = 0.0
"""In the place of a pay: others do not find the device, which works for its owner alone."""
EVERY = 20
"""One owner in so many asks as tried; all others ask by rule 5."""
MONTHS = 60
SETTING: dict[str, Any] = {
    "n_owners": 600,
    "population": "fixed",
    "churn": 0,
    "wallet_cap": 10**12,
    "measure_every": 0,
}
"""All owners are members for good and their wallets are never full, so wallets differ by trade alone."""


def measure(lab: Lab) -> Evidence:
    """What devices gain by serving others at each pay, against serving nobody, on the same random numbers."""
    seeds = range(1, lab.size(fast=6, full=24) + 1)
    tasks = [(seed, pay) for seed in seeds for pay in (*PAYS, CLOSED)]
    done = dict(zip(tasks, lab.map(wealth, tasks), strict=True))
    rows = [
        (seed, pay, (done[seed, pay][0] - done[seed, CLOSED][0]) / done[seed, pay][1])
        for seed in seeds
        for pay in PAYS
    ]
    table = pd.DataFrame(rows, columns=["seed", "pay", "net"])
    figures: dict[str, float] = {}
    for pay in PAYS:
        names = (f"net_at_{pay:g}", f"low_at_{pay:g}", f"high_at_{pay:g}")
        figures |= dict(zip(names, interval(table.loc[table["pay"] == pay, "net"]), strict=True))
    says = (
        f"Each answer to others leaves a device {figures['net_at_0.5']:+.2f} running costs if it is paid half of one, {figures['net_at_1']:+.2f} if paid one, "
        f"{figures['net_at_2']:+.2f} if paid two: its opportunity cost is {1 - figures['net_at_1']:.2f} running costs."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Serving below cost loses money and serving far above it gains; fails if serving below cost gains."""
    if figures["high_at_0.5"] < 0 < figures["low_at_4"]:
        return Verdict.HOLDS
    return Verdict.FAILS if figures["low_at_0.5"] > 0 else Verdict.UNDECIDED


@dataclass(frozen=True)
class CohortAsks:
    """Rule 5, but that one owner in EVERY asks `pay` running costs."""

    pay: float

    def apply(self, model: MeshModel) -> None:
        """Set the asks of the month."""
        Asks().apply(model)
        rows = cohort(model)
        costs = model.running_costs[model.state.device_class[rows]]
        model.state.ask[rows] = np.rint(self.pay * costs).astype(np.int64)


class ClosedToOthers:
    """Rule 6b, but that searches do not see the cohort, which goes on to work for itself."""

    def apply(self, model: MeshModel) -> None:
        """Search with the cohort out of sight."""
        rows = cohort(model)
        tasks = model.state.task[rows].copy()
        model.state.task[rows] = IDLE
        Routing().apply(model)
        model.state.task[rows] = tasks


def cohort(model: MeshModel) -> npt.NDArray[np.int32]:
    """Return the rows of the members whose asks are set."""
    members: npt.NDArray[np.int32] = model.members[model.members % EVERY == 0]
    return members


def wealth(task: tuple[int, float]) -> tuple[float, float]:
    """Return the money of the cohort at the end of a run, and the running cost of all it answered for others."""
    seed, pay = task
    rules = default_rules().replace(asks=CohortAsks(pay or 1.0))
    rules = rules if pay else rules.replace(routing=ClosedToOthers())
    model = MeshModel(**SETTING, rules=rules, rng=seed)
    cost = 0.0
    for _ in range(MONTHS):
        model.step()
        rows = cohort(model)
        cost += float(model.state.delivered[rows] @ model.running_costs[model.state.device_class[rows]])
    return float(model.state.wallet[cohort(model)].sum()), cost


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Net gain of an answer by its pay."""
    panel.axes("pay of an answer (running costs)", "net gain of an answer (running costs)")
    pays = np.linspace(0, max(PAYS), 2)
    panel.curve(pays, pays - 1, "if running cost were all")
    mean = table.groupby("pay")["net"].agg(["mean", "sem"]).reset_index()
    panel.points(mean["pay"], mean["mean"], "measured", "first", 2 * np.asarray(mean["sem"]))
    panel.level(0.0, "neither gain nor loss")


CLAIM = Claim(
    id="S8.1b",
    place="section 8.1 (ii)",
    says="A device that serves others must be paid more than its opportunity cost.",
    experiment="reference with all 600 owners as members for good; one owner in twenty asks .5 to 4 running costs, or is out of others' sight, in "
    "60 months on the same random numbers.",
    statistic="money of these owners at the end less their money if they serve nobody, over the running cost of what they answered for others: it counts "
    "what their own queries cost more, or less, because they serve",
    criterion="Holds if at half the running cost this is negative and at four times positive, both at 95 % confidence; fails if positive at half; undecided otherwise. "
    "Experiment revised after the first run, which took devices off the market by an ask so high that the mean ask, and with it every link of the mesh, went too.",
    turned_by="Skill that comes only by serving others, so that it pays to serve below cost; owners who also count time, wear or privacy.",
    assumption="Only money counts, over five years; running cost is electricity.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"low_at_0.5": 0.2, "high_at_0.5": 0.4, "low_at_4": 3.0},
    draw=draw,
)
