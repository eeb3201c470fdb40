"""X-churn-condensate: an immortal provider lives on the deaths of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.growing_network import Rules, grow
from mesh_abm.theory import condensation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

FITNESS = 0.5
"""Of every device: half that of the provider, where growth alone leaves no condensate."""
PARTS = (0.25, 0.5, 0.75, 1.0)
"""Churn as part of all loss of links, in continuous time and a population that stays the same."""
FAST, FULL = (500, 1_000, 2_000), (1_000, 4_000, 16_000)
RENEWALS = 40.0
"""How often each link is lost before the share is read."""
MONTHLY = ((0.01, 1.0), (0.05, 1.0), (0.2, 1.0), (0.05, 0.8))
"""Churn a month and chance that a link to a device is kept, in the model itself; link failure 0.08."""
FAILURE, DEVICES, MONTHS, LAST = 0.08, 2_000, 300, 120
SPREADS, SLACK = 4.0, 0.015
"""Standard errors, and what finite size moves: a false alarm in about 1 of 2,000 with eight settings."""
QUIET: dict[str, Any] = {
    "n_owners": DEVICES,
    "population": "fixed",
    "merit_spread": 0.0,
    "merit_gain": 0.0,
    "task_types": 1,
    "demand": 1e-9,
    "standing_cost": 0.0,
    "link_failure": FAILURE,
    "measure_every": 0,
}
"""Nothing but links changes."""


def measure(lab: Lab) -> Evidence:
    """Provider's share under churn, in the standalone simulator at three sizes and in the model."""
    table = pd.concat([standalone(lab), model(lab)], ignore_index=True)
    allowed = SPREADS * table["error"] + SLACK
    right = (table["share"] - table["law"]).abs() / allowed
    printed = (table["share"] - table["printed"]).abs() / allowed
    figures = {
        "worst_excess": float(right.max()),
        "least_distance_from_printed": float(printed.min()),
        "share_at_most_churn": float(table["share"].max()),
        "worst_excess_in_model": float(right[table["setting"] == "model"].max()),
    }
    says = (
        f"At half the provider's fitness growth leaves no condensate; with churn the provider holds {table['share'].min():.2f} to "
        f"{table['share'].max():.2f} of all slots, at most {float((table['share'] - table['law']).abs().max()):.3f} from the law with "
        f"z_c and v."
    )
    return Evidence(figures, says, table)


def standalone(lab: Lab) -> pd.DataFrame:
    """Return the shares of the turnover simulator in its largest size, and those of smaller ones as a row each."""
    sizes, replicates = lab.size(fast=FAST, full=FULL), lab.size(fast=4, full=6)
    tasks = [(n, part, seed) for n in sizes for part in PARTS for seed in range(replicates)]
    found = pd.DataFrame(tasks, columns=["n", "part", "seed"])
    found["share"] = lab.map(turned_over, tasks)
    rows = found.groupby(["n", "part"])["share"].agg(share="mean", error="sem").reset_index()
    rows["law"] = [condensation.small_rates(FITNESS, churn=p, link_failure=1.0 - p) for p in rows["part"]]
    return rows.assign(
        setting=rows["n"].map("turnover, N = {:,}".format), printed=condensation.with_churn(FITNESS)
    )


def turned_over(task: tuple[int, float, int]) -> float:
    """Return the provider's share of a population of n after its links have been renewed many times."""
    n, part, seed = task
    rng = np.random.default_rng((82, n, int(100 * part), seed))
    arrivals = int(n * (1.0 + RENEWALS * part))
    rules = Rules(slots=3, deaths=1.0, failures=(1.0 - part) / part)
    return float(grow(np.full(arrivals, FITNESS), rules, rng, start=n).shares[0])


def model(lab: Lab) -> pd.DataFrame:
    """Return the shares of the model's own provider among devices of merit 1."""
    kinds = {f"classes.{name}.merit": 1.0 for name in ("phone", "laptop", "desktop", "workstation")}
    rows = []
    for churn, value in MONTHLY:
        runs = lab.runs(
            "reference",
            lab.size(fast=4, full=12),
            months=MONTHS,
            changes={**QUIET, **kinds, "churn": churn, "link_value": value},
        )
        shares = np.array([run.frame["condensate"].iloc[-LAST:].mean() for run in runs])
        rows.append(
            {
                "setting": "model",
                "n": DEVICES,
                "part": churn / (churn + FAILURE),
                "share": float(shares.mean()),
                "error": float(shares.std(ddof=1) / np.sqrt(shares.size)),
                "law": condensation.with_churn(FITNESS, value, FAILURE, churn),
                "printed": condensation.with_churn(FITNESS, value),
            }
        )
    return pd.DataFrame(rows)


def judge(figures: Figures) -> Verdict:
    """By the law everywhere and by growth alone nowhere: the correction. By growth alone: the print."""
    if figures["worst_excess"] <= 1 and figures["least_distance_from_printed"] > 1:
        return Verdict.HOLDS
    return Verdict.FAILS if figures["share_at_most_churn"] <= SLACK else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Provider's share against the part of churn in the loss of links."""
    panel.axes("churn as part of all loss of links", "slots that point to the provider", percent=True)
    part = np.linspace(0.02, 1.0, 100)
    law = [condensation.small_rates(FITNESS, churn=p, link_failure=1.0 - p) for p in part]
    panel.curve(part, law, "1 - I with z_c, small rates")
    panel.curve(part, np.zeros(part.size), "1 - I of (5)", "printed")
    rows = table[table["setting"] != "model"]
    rows = rows[rows["n"] == rows["n"].max()]
    panel.points(rows["part"], rows["share"], rows["setting"].iloc[0], "first", 2 * rows["error"])
    rows = table[table["setting"] == "model"]
    panel.points(rows["part"], rows["share"], "the model", "second", 2 * rows["error"])
    panel.points(rows["part"], rows["law"], "its law in monthly steps", "theory")


CLAIM = Claim(
    id="X-churn-condensate",
    place="section 3.4, Proposition 3, with the churn of (1)",
    says="Printed: the condensate ends when the fitness of devices has broadened. Right: where devices leave and the provider does "
    "not, it ends where E[v eta/(z_c - v eta)] = 1 with z_c = 1 + mu/(g + kappa + mu).",
    derivation="churn-condensate",
    experiment="All devices of fitness 0.5, where (5) leaves no condensate. Turnover of 1,000, 4,000 and 16,000 devices with churn "
    "as 1/4 to all of the loss of links, 6 networks each; the model with 2,000 devices at churn of 1, 5 and 20 % a month and link "
    "values of 1 and 0.8, mean of the last 120 of 300 months, 12 runs each.",
    statistic="provider's share of slots, less the law with z_c and v, and less 1 - I of (5), in units of what is allowed",
    criterion="Holds if every share is within 4 standard errors plus .015 of the law (in the model: its form for monthly steps) and "
    "none is within that of (5); fails if no share exceeds .015.",
    turned_by="A provider that loses its links as devices do.",
    assumption="the provider never leaves; lost links are opened anew at once, or within a month",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_excess": 20.0, "least_distance_from_printed": 0.1, "share_at_most_churn": 0.01},
    draw=draw,
)
