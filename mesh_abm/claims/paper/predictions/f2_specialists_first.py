"""F2: do devices specialize before the mesh as a whole serves broadly?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import forecasts
from mesh_abm.claims.experiments.series import breadth, first_over, half_rise, mesh_phases, smoothed

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

EARLY = 0.01
"""Market share at which early members are looked at."""


def measure(lab: Lab) -> Evidence:
    """Half-rise times of specialization and of breadth in every run that crystallizes."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in forecasts.MECHANISM}
    figures = forecasts.counts(
        {name: [specialists_first(run) for run in found] for name, found in runs.items()}
    )
    judged = [run for found in runs.values() for run in found if specialists_first(run) is not None]
    times = np.array([half_rises(run) for run in judged]).reshape(-1, 2)
    early = [early_specialization(run) for run in judged]
    figures |= {
        "half_of_specialization": float(np.median(times[:, 0])) if judged else float("nan"),
        "half_of_breadth": float(np.median(times[:, 1])) if judged else float("nan"),
        "specialization_early": float(np.mean(early)) if judged else float("nan"),
    }
    says = (
        f"Specialization before breadth: {forecasts.in_words(figures)}. The median run has half its specialization in month "
        f"{figures['half_of_specialization']:.0f} and half its breadth in month {figures['half_of_breadth']:.0f}; when devices "
        f"serve 1 % of queries, those that serve have an index of {figures['specialization_early']:.2f}."
    )
    return Evidence(figures, says, _table(runs))


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE; the prediction has no date."""
    return forecasts.verdict(figures)


def half_rises(run: Trajectory) -> tuple[float, float]:
    """Return the months in which specialization and breadth have half of their final values."""
    return half_rise(smoothed(run.frame["specialization"])), half_rise(breadth(run.types))


def specialists_first(run: Trajectory) -> bool | None:
    """Return whether specialization came first; None if the run never crystallizes. A tie is not first."""
    if "crystallization" not in mesh_phases(run.frame):
        return None
    specialized, broad = half_rises(run)
    return bool(specialized < broad)


def early_specialization(run: Trajectory) -> float:
    """Return the specialization of serving devices in the first month with EARLY market share, NaN if never."""
    month = first_over(smoothed(run.frame["market_share"]), EARLY)
    return float(run.frame["specialization_active"].iloc[int(month)]) if not np.isnan(month) else float("nan")


def _table(runs: dict[str, list[Trajectory]]) -> pd.DataFrame:
    rows = []
    for name in ("reference", "optimist"):
        found = runs[name]
        for what, columns in (
            ("specialization", [smoothed(run.frame["specialization"]) for run in found]),
            ("breadth", [breadth(run.types).to_numpy() for run in found]),
        ):
            mean = np.nanmean(np.array([column[-len(columns[0]) :] for column in columns]), axis=0)
            final = mean[-12:].mean()
            months = np.arange(len(mean)) + (len(found[0].frame) - len(mean))
            rows.append(pd.DataFrame({"scenario": name, "of": what, "month": months, "value": mean / final}))
    return pd.concat(rows)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Specialization and breadth, each over its final value."""
    panel.axes("month", "part of the final value")
    roles = iter(("first", "second", "mesh", "third"))
    for (name, what), rows in table.groupby(["scenario", "of"], sort=False):
        panel.curve(rows["month"], rows["value"], f"{what}, {name}", next(roles))
    panel.level(0.5, "half")


CLAIM = Claim(
    id="F2",
    place="section 10, prediction 2",
    says="Early devices of the mesh are narrow specialists; the mesh as a whole becomes broad only afterwards.",
    experiment="Runs of reference, baseline and optimist.",
    statistic="first month with half of the final specialization (1 - entropy of effort, mean over members) against the first "
    "with half of the final breadth (exp entropy of mesh-served queries over types, over that of demand), quarterly",
    criterion=forecasts.RULE
    + " A run shows it if specialization comes first; it is judged if its largest component ever "
    "holds more than half of the members, and 30 devices (added after "
    "the first run, as in F3).",
    turned_by="Faster learning of effort (learning_rate), or types that few devices ask for; a breadth that counts only types "
    "served as well as the provider serves them.",
    assumption="One task a month and the law of effort, which the paper leaves open; breadth counts what is served, however badly.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={f"{name}_{part}": 6.0 for name in forecasts.MECHANISM for part in ("yes", "judged")},
    draw=draw,
)
