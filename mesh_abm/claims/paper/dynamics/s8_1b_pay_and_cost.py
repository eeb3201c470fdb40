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
NOT_LEARNING: dict[str, Any] = {"reinforcement": 0, "decay": 0, "learning_rate": 0, "practice": 0}
ARMS: dict[str, dict[str, Any]] = {"learning": {}, "plain": NOT_LEARNING}
"""As the model is, where serving teaches; and where it leaves a device as it was."""
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
    seeds = range(1, lab.size(fast=6, full=20) + 1)
    tasks = [(arm, seed, pay) for arm in ARMS for seed in seeds for pay in (*PAYS, CLOSED)]
    done = dict(zip(tasks, lab.map(wealth, tasks), strict=True))
    rows = [
        (arm, seed, pay, (done[arm, seed, pay][0] - done[arm, seed, CLOSED][0]) / done[arm, seed, pay][1])
        for arm, seed, pay in tasks
        if pay != CLOSED
    ]
    table = pd.DataFrame(rows, columns=["arm", "seed", "pay", "net"])
    figures: dict[str, float] = {}
    for arm in ARMS:
        for pay in PAYS:
            nets = table.loc[(table["arm"] == arm) & (table["pay"] == pay), "net"]
            names = (f"{arm}_at_{pay:g}", f"{arm}_low_at_{pay:g}", f"{arm}_high_at_{pay:g}")
            figures |= dict(zip(names, interval(nets), strict=True))
    says = (
        f"Each answer leaves a device {figures['learning_at_0.5']:+.2f} running costs if it is paid half of one, {figures['learning_at_1']:+.2f} if paid one, "
        f"{figures['learning_at_2']:+.2f} if paid two; {figures['plain_at_0.5']:+.2f}, {figures['plain_at_1']:+.2f} and {figures['plain_at_2']:+.2f} where serving teaches nothing."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Serving below cost loses money and serving far above it gains: as the model is, or where serving teaches nothing."""
    if figures["learning_high_at_0.5"] < 0 < figures["learning_low_at_4"]:
        return Verdict.HOLDS
    if figures["learning_low_at_0.5"] > 0:
        plain = figures["plain_high_at_0.5"] < 0 < figures["plain_low_at_4"]
        return Verdict.AS_CORRECTED if plain else Verdict.FAILS
    return Verdict.UNDECIDED


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


def wealth(task: tuple[str, int, float]) -> tuple[float, float]:
    """Return the money of the cohort at the end of a run, and the running cost of all it answered for others."""
    arm, seed, pay = task
    rules = default_rules().replace(asks=CohortAsks(pay or 1.0))
    rules = rules if pay else rules.replace(routing=ClosedToOthers())
    model = MeshModel(**(SETTING | ARMS[arm]), rules=rules, rng=seed)
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
    names = {"learning": "as the model is", "plain": "serving teaches nothing"}
    for role, arm in zip(("first", "second"), ARMS, strict=True):
        mean = table[table["arm"] == arm].groupby("pay")["net"].agg(["mean", "sem"]).reset_index()
        panel.points(mean["pay"], mean["mean"], names[arm], role, 2 * np.asarray(mean["sem"]))
    panel.level(0.0, "neither gain nor loss")


CLAIM = Claim(
    id="S8.1b",
    place="section 8.1 (ii)",
    says="A device that serves others must be paid more than its opportunity cost.",
    right="Where serving others leaves a device as it was. Where it teaches, the opportunity cost can be negative: who never serves others stays unable to serve itself.",
    experiment="reference with all 600 owners as members for good; one owner in twenty asks .5 to 4 running costs, or is out of others' sight, in "
    "60 months on the same random numbers; as it is, and without learning, practice and change of thresholds.",
    statistic="money of these owners at the end less their money if they serve nobody, over the running cost of what they answered for others: it counts "
    "what their own queries cost more, or less, because they serve",
    criterion="Holds if at half the running cost this is negative and at four times positive, both at 95 % confidence, as the model is. If it is positive at half: as corrected if it "
    "behaves so without learning, else fails. Undecided otherwise. Revised after the first run, which had the first arm only, and took devices off the market by an ask so high that "
    "the mean ask, and with it every link of the mesh, went too.",
    turned_by="Owners who also count time, wear or privacy; a model in which skill comes by training rather than by serving.",
    assumption="Only money counts, over five years; running cost is electricity.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        "learning_low_at_0.5": 0.2,
        "learning_high_at_0.5": 0.4,
        "plain_high_at_0.5": 0.3,
        "plain_low_at_4": 3.0,
    },
    draw=draw,
)
