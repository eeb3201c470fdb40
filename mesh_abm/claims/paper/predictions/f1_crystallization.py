"""F1: is there a jump from under 5 % to over 25 % of queries within eighteen months?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import diffusion_curves, driven, forecasts
from mesh_abm.claims.experiments.series import calendar, first_over, rise_time, smoothed

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab, Trajectory

LOW, HIGH, MONTHS = 0.05, 0.25, 18
"""The paper's figures: from under LOW to over HIGH of queries within so many months."""
YEARS = (2030.0, 2034.0)
"""The paper's date, 2030 to 2033."""
DECISIVE = 10.0
"""Difference of the information criterion that counts as very strong (Kass and Raftery 1995)."""
HYSTERESIS = 0.05
"""Least difference of market share between the way up and the way down that counts, on the slowest drive."""
LEVELS = (0.5, 1.0, 2.0, 4.0, 8.0)
DWELLS = (24, 96)
"""Factors of merit, and months at each of them on a fast and on a slow drive; a member stays 50 months on average."""


def measure(lab: Lab) -> Evidence:
    """Rise times and dates of the scenarios, curves fitted to them, and a mesh driven up and down."""
    runs = {name: forecasts.scenario_runs(lab, name) for name in forecasts.SCENARIOS}
    figures = forecasts.counts({name: [fast(run) for run in runs[name]] for name in forecasts.MECHANISM})
    figures |= forecasts.counts(
        {name: [in_time(run) for run in runs[name]] for name in forecasts.DATED}, "dated"
    )
    rises = {name: [rise(run) for run in runs[name]] for name in forecasts.MECHANISM}
    risen = [run for name in forecasts.MECHANISM for run in runs[name] if not np.isnan(rise(run))]
    figures |= {f"{name}_months": _median(found) for name, found in rises.items()}
    figures |= fitted([run.frame["market_share"].to_numpy() for run in risen], lab) | hysteresis(lab)
    return Evidence(figures, _says(figures), forecasts.paths(runs, "market_share"))


def judge(figures: Figures) -> Verdict:
    """By forecasts.RULE; a jump besides needs the fits and a lasting hysteresis."""
    found = forecasts.verdict(figures)
    jump = figures["gain_of_step"] > DECISIVE and figures["hysteresis_low"] > HYSTERESIS
    return Verdict.AS_CORRECTED if found is Verdict.HOLDS and not jump else found


def rise(run: Trajectory) -> float:
    """Return the months from under LOW to over HIGH, of quarterly means, NaN if HIGH is never exceeded."""
    return rise_time(smoothed(run.frame["market_share"]), LOW, HIGH)


def fast(run: Trajectory) -> bool | None:
    """Return whether the rise took MONTHS at most; None if the share was not over LOW for as long before the end."""
    began = first_over(smoothed(run.frame["market_share"]), LOW)
    if np.isnan(began) or began + MONTHS >= len(run.frame):
        return None
    return bool(rise(run) <= MONTHS)


def in_time(run: Trajectory) -> bool:
    """Return whether the whole rise took MONTHS at most and ended within YEARS."""
    end = calendar(first_over(smoothed(run.frame["market_share"]), HIGH))
    return bool(rise(run) <= MONTHS and YEARS[0] <= end < YEARS[1])


def fitted(shares: list[np.ndarray], lab: Lab) -> dict[str, float]:
    """Return the medians over series of what a step gains over smooth curves, and of Bass's p + q; NaN without series."""
    fits = lab.map(diffusion_curves.fit, shares)
    return {
        "gain_of_step": _median([one.gain_of_step for one in fits]),
        "bass_p_plus_q": _median([one.p_plus_q for one in fits]),
    }


def hysteresis(lab: Lab) -> dict[str, float]:
    """Return the widest gap between ways: on a fast drive, on a slow one with its interval, and with all members held."""
    replicates = lab.size(fast=4, full=12)
    still = driven.STILL | {"classes": driven.later_classes()}
    kinds = {"fast": (DWELLS[0], {}), "slow": (DWELLS[1], {}), "fixed": (DWELLS[0], {"population": "fixed"})}
    found = {
        name: driven.widest(
            driven.branches(lab, driven.Drive(LEVELS, dwell), still | more, "market_share", replicates)
        )
        for name, (dwell, more) in kinds.items()
    }
    return {
        "drive_moves": found["slow"]["range"],
        "gap_fast": found["fast"]["gap"],
        "gap_slow": found["slow"]["gap"],
        "hysteresis_low": found["slow"]["low"],
        "hysteresis_high": found["slow"]["high"],
        "gap_fixed": found["fixed"]["gap"],
    }


def _median(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else float("nan")


def _says(figures: Figures) -> str:
    lasting = "they stay apart" if figures["hysteresis_low"] > HYSTERESIS else "mostly a lag"
    return (
        f"From 5 to 25 % within 18 months: {forecasts.in_words(figures)}; and in 2030 to 2033: "
        f"{forecasts.in_words(figures, 'dated')}. The rise takes {figures['reference_months']:.0f} months in reference and {figures['optimist_months']:.0f} in optimist; "
        f"a smooth curve fits {'better' if figures['gain_of_step'] < 0 else 'worse'} than a jump. Driven up and down, the ways differ by "
        f"{100 * figures['gap_fast']:.0f} points of market share at {DWELLS[0]} months a level and by {100 * figures['gap_slow']:.0f} at {DWELLS[1]}: {lasting}."
    )


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The devices' share of served queries in all scenarios."""
    panel.axes("month", "queries served by devices", percent=True)
    forecasts.draw_paths(panel, table)
    panel.level(LOW, "5 %: to be left")
    panel.level(HIGH, "25 %: to be reached within 18 months")


CLAIM = Claim(
    id="F1",
    place="section 10, prediction 1",
    says="The devices' share of queries jumps from under 5 % to over 25 % within 18 months, in 2030 to 2033: a first-order "
    "transition, not diffusion.",
    right="A fast rise alone would not tell: Bass with p + q = .5 a year passes 5 to 25 % in 18 months once p is .1 a year. "
    "Hysteresis tells, and the fold of participation (T1b) brings it without any Potts model.",
    experiment="Runs of reference, baseline, optimist and pessimist; Bass, logistic and step fitted to every rise; and reference "
    "with the technology of its month 100 and no progress, merits driven by shocks from half to eight times and back, 24 or 96 months at each of five "
    "levels, with adoption and (24 months) with all owners held as members.",
    statistic="months from the last quarter under 5 % to the first over 25 % of market share; Bayesian information criterion of "
    "the step against the better smooth curve; gap in market share between way down and way up",
    criterion=forecasts.RULE
    + " A run shows it if the rise takes 18 months at most; it is judged for the mechanism if "
    "the share was over 5 % at least 18 months before its end, for the date always. To hold as printed, the step must besides "
    "be better by 10, and the gap on the slow drive over 5 points at 95 % confidence. The drive was revised after "
    "the first run: with the technology of month 1 it moved market share by one point only, and could show nothing.",
    turned_by="Adoption that imitates faster than merit grows: a contagion many times the churn, or a sudden fall of hosted service.",
    assumption="The pace of relative merit (learning exponent, efficiency_growth) and of imitation (contagion).",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        **{f"{name}_yes": 6.0 for name in forecasts.MECHANISM},
        **{f"{name}_judged": 6.0 for name in forecasts.MECHANISM},
        **{f"{name}_dated_yes": 6.0 for name in forecasts.DATED},
        **{f"{name}_dated_judged": 6.0 for name in forecasts.DATED},
        "gain_of_step": 20.0,
        "hysteresis_low": 0.2,
    },
    draw=draw,
)
