"""P5: with a degree exponent of at most 3 any rate of sharing sustains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.sis import KINDS, SLOTS, course, half_point, lasting, network
from mesh_abm.theory.epidemics import barabasi_albert_prevalence

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (1_000, 4_000, 12_000)
RATES = tuple(np.round(np.arange(0.02, 0.27, 0.01), 2))
LOW = 0.04
"""Rates up to this are "any nonzero rate": less than half of what a network without hubs needs."""
UNTIL = 500.0
"""Recovery times after which an outbreak counts as one that sustains itself."""
FALL = 0.85
"""With hubs, the threshold at the largest N over that at the smallest must be at most this."""
SPREADS = 4.0
SHOWN = 0.1
"""Rate at which prevalence is compared with the formula for many devices."""


def measure(lab: Lab) -> Evidence:
    """Which rates last on networks with hubs and without, at three sizes."""
    sizes, replicates = lab.size(fast=(500, 2_000), full=SIZES), lab.size(fast=12, full=24)
    tasks = [(kind, n, seed) for kind in KINDS for n in sizes for seed in range(replicates)]
    courses = pd.concat(lab.map(outbreaks, tasks), ignore_index=True)
    shares = courses.groupby(["kind", "n", "rate"]).agg(
        lasts=("lasts", "mean"), prevalence=("prevalence", "mean")
    )
    table = pd.DataFrame(
        {"kind": kind, "n": n, "threshold": middle, "error": error}
        for (kind, n), rows in shares.groupby(["kind", "n"])
        for middle, error in [half_point(RATES, rows["lasts"], replicates)]
    )
    hubs, hubs_error = fall(table[table["kind"] == KINDS[0]])
    even, even_error = fall(table[table["kind"] == KINDS[1]])
    low = courses[(courses["kind"] == KINDS[0]) & (courses["rate"] <= LOW)]
    figures = {
        "lasting_at_low_rates": float(low["lasts"].mean()),
        "fall_with_hubs": hubs,
        "fall_without": even,
        "fall_error": float(np.hypot(hubs_error, even_error)),
        "prevalence": float(shares.loc[(KINDS[0], max(sizes), SHOWN), "prevalence"]),
        "prevalence_for_many": float(barabasi_albert_prevalence(SHOWN, SLOTS)),
    }
    says = (
        f"At rates up to {LOW:g} {figures['lasting_at_low_rates']:.0%} of the outbreaks last: any finite network has a "
        f"threshold. From N = {min(sizes):,} to {max(sizes):,} it falls to {hubs:.2f} of its value with hubs, to "
        f"{even:.2f} without; at rate {SHOWN:g} only {figures['prevalence']:.1%} are up to date."
    )
    return Evidence(figures, says, table)


def outbreaks(task: tuple[str, int, int]) -> pd.DataFrame:
    """Return for one network whether outbreaks from everybody last at each of RATES, and the prevalence at SHOWN."""
    kind, n, seed = task
    neighbors, rng = network(kind, n, seed), np.random.default_rng((n, seed, 2 + KINDS.index(kind)))
    lasts = lasting(neighbors, RATES, UNTIL, rng)
    shown = course(neighbors, SHOWN, UNTIL, rng).prevalence if kind == KINDS[0] else float("nan")
    return pd.DataFrame({"kind": kind, "n": n, "rate": RATES, "lasts": lasts, "prevalence": shown})


def fall(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the threshold at the largest N over that at the smallest, and its standard error."""
    ordered = rows.sort_values("n")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    ratio = float(last["threshold"] / first["threshold"])
    return ratio, ratio * float(
        np.hypot(last["error"] / last["threshold"], first["error"] / first["threshold"])
    )


def judge(figures: Figures) -> Verdict:
    """As printed even low rates last; as corrected the threshold falls with N because of the hubs."""
    if figures["lasting_at_low_rates"] > 0.5:
        return Verdict.HOLDS
    falls = figures["fall_with_hubs"] <= FALL
    more = figures["fall_without"] - figures["fall_with_hubs"] > SPREADS * figures["fall_error"]
    return Verdict.AS_CORRECTED if falls and more else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Thresholds against N, with hubs and without."""
    panel.axes("devices N", "rate that lasts (per recovery rate)", log_x=True)
    for kind, role, name in (
        (KINDS[1], "second", "Poisson"),
        (KINDS[0], "first", "Barabasi-Albert, exponent 3"),
    ):
        rows = table[table["kind"] == kind]
        panel.points(rows["n"], rows["threshold"], name, role, 2 * rows["error"])
    panel.ax.axhline(0, color="#D55E00", linestyle=(0, (1, 1.2)), linewidth=2.0, label="as printed: any rate")
    panel.ax.set_ylim(bottom=-0.005)
    panel.ax.set_xticks(table["n"].unique(), [f"{tick:g}" for tick in table["n"].unique()])
    panel.ax.minorticks_off()


CLAIM = Claim(
    id="P5",
    place="section 5.3, proposition 5",
    says="On a network with degree exponent of at most 3, any nonzero rate of sharing knowledge sustains itself for ever.",
    right="In the limit of many devices. A finite network has a threshold, which falls slowly with N; just above it very "
    "few are up to date. And whether a mesh gets such degrees is another question (F4).",
    experiment="SIS event by event from everybody infected, on fixed Barabasi-Albert (exponent 3) and Poisson networks "
    "of mean degree 6 and three sizes, at rates from 0.02 to 0.26.",
    statistic="share of outbreaks at rates up to 0.04 that last 500 recovery times; rate at which half last, at the "
    "largest N over the smallest",
    criterion="Holds if more than half of the outbreaks at rates up to 0.04 last. As corrected if not, but the threshold "
    "with hubs falls to 0.85 or less over the sizes tried and by more than without hubs (4 standard errors). Else fails.",
    turned_by="Rates near zero that last on a finite network; or a threshold with hubs that does not fall as N grows.",
    assumption="A finite time stands for ever: outbreaks that last 500 recovery times from everybody infected.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"lasting_at_low_rates": 0.0, "fall_with_hubs": 0.95, "fall_without": 0.95, "fall_error": 0.01},
    draw=draw,
)
