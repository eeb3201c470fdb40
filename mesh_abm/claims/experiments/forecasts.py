"""Predictions judged on scenarios: the runs they share, the answer of each scenario, and what the answers amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from scipy import stats

from mesh_abm.claims.claim import Figures, Verdict
from mesh_abm.claims.drawing import Panel
from mesh_abm.claims.experiments.series import over_runs
from mesh_abm.claims.lab import Lab, Trajectory

MECHANISM = ("reference", "baseline", "optimist")
"""Scenarios in which the mechanism of a prediction is looked for."""
DATED = ("baseline", "optimist", "pessimist")
"""Scenarios calibrated on data, whose month 1 is January 2026: they judge dates."""
SCENARIOS = ("reference", "baseline", "optimist", "pessimist")
FALSE_ALARM = 0.05
"""Chance at most, per scenario, of an answer that more runs would not bear out."""
SHARED = {"measure_every": 0}
"""Costly measures are left out: they change nothing else in a run."""
ROLES = {"reference": "first", "optimist": "mesh", "baseline": "third", "pessimist": "fourth"}

RULE = (
    "A scenario supports the prediction if at 5 % false alarm (exact binomial) more than half of its runs show it, "
    "does not support it if fewer than half do, and decides nothing else. Holds: some of reference, baseline, optimist "
    "support it, none does not, and the same for the dates in baseline, optimist, pessimist. As corrected: so without "
    "the dates. Fails: some do not support it and none does. Undecided otherwise."
)
"""How answers of scenarios make a verdict, in words."""


def scenario_runs(lab: Lab, name: str) -> list[Trajectory]:
    """Return the runs of a scenario that all predictions share."""
    return lab.runs(name, replicates(lab), changes=SHARED)


def replicates(lab: Lab) -> int:
    """Return the number of runs of each scenario; five that agree would be enough for an answer."""
    return lab.size(fast=5, full=24)


def counts(outcomes: Mapping[str, Iterable[bool | None]], kind: str = "") -> dict[str, float]:
    """Return as figures how many runs of each scenario were judged and how many show what is predicted.

    An outcome of None is not judged: what the prediction speaks of did not come about. `kind` ("dated") goes into the
    names, which are `<scenario>_<kind>_yes` and `.._judged`.
    """
    figures: dict[str, float] = {}
    for name, found in outcomes.items():
        judged = [one for one in found if one is not None]
        stem = f"{name}_{kind}" if kind else name
        figures |= {f"{stem}_yes": float(sum(judged)), f"{stem}_judged": float(len(judged))}
    return figures


def answer(yes: float, judged: float) -> int:
    """Return 1 if more than half of all runs would show it, -1 if fewer would, 0 if that is not decided."""
    if not judged > 0:
        return 0
    tails = {
        side: stats.binomtest(int(yes), int(judged), 0.5, alternative=side).pvalue
        for side in ("greater", "less")
    }
    return int(tails["greater"] <= FALSE_ALARM) - int(tails["less"] <= FALSE_ALARM)


def answers(figures: Figures, kind: str = "") -> dict[str, int]:
    """Return the answer of each scenario that the figures of `counts` tell of."""
    names = DATED if kind else MECHANISM
    stems = {name: f"{name}_{kind}" if kind else name for name in names}
    return {
        name: answer(figures[f"{stem}_yes"], figures[f"{stem}_judged"])
        for name, stem in stems.items()
        if f"{stem}_yes" in figures
    }


def verdict(figures: Figures) -> Verdict:
    """Return the verdict by RULE; without figures for dates the mechanism alone decides."""
    found = set(answers(figures).values())
    if 1 in found and -1 not in found:
        dates = set(answers(figures, "dated").values())
        return Verdict.AS_CORRECTED if dates and (1 not in dates or -1 in dates) else Verdict.HOLDS
    return Verdict.FAILS if -1 in found and 1 not in found else Verdict.UNDECIDED


def in_words(figures: Figures, kind: str = "") -> str:
    """Return how many runs of each scenario show it, and what that says: "reference 5 of 6 (supported)"."""
    words = {1: "supported", -1: "not supported", 0: "not decided"}
    stem = f"_{kind}" if kind else ""
    return ", ".join(
        f"{name} {figures[f'{name}{stem}_yes']:.0f} of {figures[f'{name}{stem}_judged']:.0f} ({words[found]})"
        for name, found in answers(figures, kind).items()
    )


def paths(runs: Mapping[str, list[Trajectory]], column: str) -> pd.DataFrame:
    """Return the mean of a column by scenario and month over runs, with its range, for drawing."""
    return pd.concat([over_runs(found, column).assign(scenario=name) for name, found in runs.items()])


def draw_paths(panel: Panel, table: pd.DataFrame) -> None:
    """Draw the table of `paths`: the mean of each scenario and the range of its runs."""
    for name, rows in table.groupby("scenario", sort=False):
        role = ROLES[str(name)]
        panel.curve(rows["month"], rows["mean"], str(name), role)
        panel.ax.fill_between(
            rows["month"], rows["low"], rows["high"], color=panel.ax.lines[-1].get_color(), alpha=0.18, lw=0
        )
