"""F4: do hubs emerge, with a fat tail of degrees and most of the traffic?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.degree_tails import Tail, tails
from mesh_abm.claims.experiments.series import mesh_phases, smoothed

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

EXPONENT, TRAFFIC = 3.0, 0.30
"""The paper's figures: a tail exponent of 3 at most, and the busiest hundredth with over 30 % of traffic."""
WITHIN, LOOKS = 36, (12, 24, 36)
"""Months after crystallization, and those at which the tail is fitted."""


def measure(lab: Lab) -> Evidence:
    """Tails of degrees and traffic of the busiest devices in the three years after crystallization."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in forecasts.MECHANISM}
    began = {(name, run.seed): crystallized(run) for name in runs for run in runs[name]}
    judged = {key: month for key, month in began.items() if month is not None}
    tasks = [(name, seed, tuple(month + look for look in LOOKS)) for (name, seed), month in judged.items()]
    fitted = dict(zip(judged, lab.map(tails, tasks), strict=True))
    rows = [
        _row(name, run, began[name, run.seed], fitted.get((name, run.seed), []))
        for name in runs
        for run in runs[name]
    ]
    table = pd.DataFrame([row for row in rows if row])
    outcomes = {
        name: [_shown(began[name, run.seed], table, name, run.seed) for run in runs[name]] for name in runs
    }
    figures = forecasts.counts(outcomes)
    known = (
        table if len(table) else pd.DataFrame({"exponent": [np.nan], "fat": [np.nan], "traffic": [np.nan]})
    )
    figures |= {
        "exponent_median": float(known["exponent"].median()),
        "fat_share": float(known["fat"].astype(float).mean()),
        "traffic_median": float(known["traffic"].median()),
    }
    says = (
        f"Fat tail and hub traffic within three years: {forecasts.in_words(figures)}. The smallest exponent has a median of "
        f"{figures['exponent_median']:.1f} (3 or less, and no exponential, in {100 * figures['fat_share']:.0f} % of runs), "
        f"and the busiest hundredth does {100 * figures['traffic_median']:.0f} % of deliveries and relaying at most."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE; the date is part of what is looked for."""
    return forecasts.verdict(figures)


def crystallized(run: Trajectory) -> int | None:
    """Return the month of crystallization if WITHIN months of the run follow, else None."""
    month = mesh_phases(run.frame).get("crystallization")
    return month if month is not None and month + WITHIN < len(run.frame) else None


def _row(name: str, run: Trajectory, month: int | None, found: list[Tail]) -> dict[str, object]:
    """Return the smallest exponent, whether a tail was fat, and the highest quarter of the hubs' traffic; {} if not judged."""
    if month is None:
        return {}
    traffic = smoothed(run.frame["hub_share"])[month + 2 : month + WITHIN + 1]
    exponents = [one.exponent for one in found if not np.isnan(one.exponent)]
    return {
        "scenario": name,
        "seed": run.seed,
        "exponent": min(exponents, default=float("nan")),
        "fat": any(one.fat(EXPONENT) for one in found),
        "traffic": float(np.nanmax(traffic)),
    }


def _shown(month: int | None, table: pd.DataFrame, name: str, seed: int) -> bool | None:
    if month is None:
        return None
    row = table[(table["scenario"] == name) & (table["seed"] == seed)].iloc[0]
    return bool(row["fat"] and row["traffic"] > TRAFFIC)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Each run by its smallest exponent and the traffic of its busiest devices."""
    panel.axes(
        "smallest exponent of the degree tail in three years", "traffic of the busiest 1 %", percent=True
    )
    for name, rows in table.groupby("scenario", sort=False):
        panel.points(rows["exponent"], rows["traffic"], f"runs of {name}", forecasts.ROLES[str(name)])
    panel.mark(EXPONENT, "exponent 3: should be left of it")
    panel.level(TRAFFIC, "30 %: should be above")


CLAIM = Claim(
    id="F4",
    place="section 10, prediction 4",
    says="Within three years of crystallization the tail of the degree distribution has an exponent of 3 or less, and under 1 % of "
    "devices handle over 30 % of the routing.",
    right="With turnover the exponent is 1 + (mu + g)/((g + 2 mu + kappa) eta/C - kappa - mu): 3 or less only where growth g or fitness "
    "beats churn mu and link failure kappa.",
    experiment="Runs of reference, baseline and optimist; degrees fitted 12, 24 and 36 months after the largest component first "
    "holds more than half of the members.",
    statistic="exponent of the power law by maximum likelihood above the smallest degree that fits best (Clauset, Shalizi, Newman 2009), "
    "against an exponential; part of mesh deliveries and paid relaying done by the busiest hundredth of members, quarterly",
    criterion=forecasts.RULE
    + " A run shows it if one of the three tails has an exponent of 3 or less without an exponential being "
    "better at 5 %, and some quarter of the three years has over 30 % of traffic at the busiest hundredth; it is judged if it crystallizes 36 "
    "months before its end.",
    turned_by="Less churn and link failure against growth, far fitter devices among equals, or queries that look for the best of all "
    "rather than the first offer.",
    assumption="Churn and link failure of the predecessor; slots are few, and searches end at the first offer.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{name}_{part}": 6.0 for name in forecasts.MECHANISM for part in ("yes", "judged")},
    draw=draw,
)
