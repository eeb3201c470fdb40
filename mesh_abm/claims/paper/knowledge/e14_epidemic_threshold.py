"""E14: updates last above the threshold <k>/<k^2>."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.sis import KINDS, half_point, lasting, network
from mesh_abm.theory.epidemics import sis_threshold

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (1_000, 3_000, 9_000)
LEVELS = {
    "Barabasi-Albert": tuple(np.round(np.arange(0.6, 2.85, 0.1), 2)),
    "Poisson": tuple(np.round(np.arange(0.8, 1.71, 0.02), 2)),
}
"""Infection rates tried, in units of (14)."""
PATIENCE = 5.0
"""An outbreak lasts if it is there after this times the square root of N recovery times."""
TOLERANCE = 0.05
"""The threshold agrees with (14) if its limit for many devices is so close, or within SPREADS standard errors."""
SPREADS = 4.0


def measure(lab: Lab) -> Evidence:
    """The rate at which half of the outbreaks last, on networks redrawn all the time and on fixed ones."""
    sizes, replicates = lab.size(fast=(500, 1_000, 2_000), full=SIZES), lab.size(fast=12, full=32)
    tasks = [(kind, n, seed) for kind in KINDS for n in sizes for seed in range(replicates)]
    tried = pd.concat(lab.map(lasting_levels, tasks), ignore_index=True)
    table = pd.DataFrame(
        {"kind": kind, "n": n, "annealed": annealed, "threshold": middle, "error": error}
        for (kind, n, annealed), rows in tried.groupby(["kind", "n", "annealed"])
        for middle, error in [half_point(LEVELS[kind], rows.groupby("level")["lasts"].mean(), replicates)]
    )
    annealed, annealed_error = limit(table[(table["kind"] == "Poisson") & table["annealed"]])
    fixed, fixed_error = limit(table[(table["kind"] == "Poisson") & ~table["annealed"]])
    hubs = table[(table["kind"] == KINDS[0]) & (table["n"] == max(sizes))].set_index("annealed")["threshold"]
    figures = {
        "annealed": annealed,
        "annealed_error": annealed_error,
        "fixed": fixed,
        "fixed_error": fixed_error,
        "fixed_with_hubs": float(hubs[False]),
        "annealed_with_hubs": float(hubs[True]),
    }
    says = (
        f"With contacts redrawn all the time, outbreaks last from {annealed:.3f} of <k>/<k^2> on (limit for many "
        f"devices); on a fixed network from {fixed:.3f}. With hubs, N = {max(sizes):,}: {hubs[True]:.2f} and "
        f"{hubs[False]:.2f}."
    )
    return Evidence(figures, says, table)


def lasting_levels(task: tuple[str, int, int]) -> pd.DataFrame:
    """Return for one network whether an outbreak from everybody lasts, at each level, annealed and fixed."""
    kind, n, seed = task
    neighbors = network(kind, n, seed)
    unit, until = sis_threshold(neighbors.degrees), PATIENCE * np.sqrt(n)
    rng = np.random.default_rng((n, seed, KINDS.index(kind)))
    rows = [
        (kind, n, annealed, level, lasts)
        for annealed in (False, True)
        for level, lasts in zip(
            LEVELS[kind],
            lasting(neighbors, [level * unit for level in LEVELS[kind]], until, rng, annealed=annealed),
            strict=True,
        )
    ]
    return pd.DataFrame(rows, columns=["kind", "n", "annealed", "level", "lasts"])


def limit(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the threshold for many devices and its standard error: a line in 1/sqrt(N), where it is 0."""
    x = 1 / np.sqrt(rows["n"].to_numpy())
    (_, value), cov = np.polyfit(x, rows["threshold"], 1, w=1 / rows["error"], cov="unscaled")
    return float(value), float(np.sqrt(cov[1, 1]))


def judge(figures: Figures) -> Verdict:
    """(14) must be the threshold where contacts are redrawn; as printed, also where they are not."""
    if not agrees(figures["annealed"], figures["annealed_error"]):
        return Verdict.FAILS
    return Verdict.HOLDS if agrees(figures["fixed"], figures["fixed_error"]) else Verdict.AS_CORRECTED


def agrees(threshold: float, error: float) -> bool:
    """Whether a threshold in units of (14) is 1."""
    return abs(threshold - 1) <= max(TOLERANCE, SPREADS * error)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Thresholds over (14) against N."""
    panel.axes("devices N", "threshold over <k>/<k^2>", log_x=True)
    panel.level(1.0, "<k>/<k^2>, as printed")
    looks = {
        (KINDS[1], True): ("first", "Poisson, redrawn"),
        (KINDS[1], False): ("second", "Poisson, fixed"),
        (KINDS[0], True): ("fourth", "with hubs, redrawn"),
        (KINDS[0], False): ("third", "with hubs, fixed"),
    }
    for (kind, annealed), (role, name) in looks.items():
        rows = table[(table["kind"] == kind) & (table["annealed"] == annealed)]
        panel.points(rows["n"], rows["threshold"], name, role, 2 * rows["error"])
    panel.ax.set_xticks(table["n"].unique(), [f"{tick:g}" for tick in table["n"].unique()])
    panel.ax.minorticks_off()


CLAIM = Claim(
    id="E14",
    place="section 5.3, equation (14)",
    says="Updates that are caught from neighbors and forgotten again (SIS) last if their rate exceeds <k>/<k^2>.",
    right="Where contacts are redrawn all the time (annealed). On a fixed network a device gets back what it just passed "
    "on, and lasting spread needs more: a sixth to a third here, and at least 1/lambda_1 of the adjacency matrix.",
    experiment="SIS event by event from everybody infected, on Poisson and Barabasi-Albert networks of mean degree 6 "
    "and three sizes, fixed and with every contact redrawn, at rates from 0.6 to 2.8 times (14).",
    statistic="rate at which half of the outbreaks last 5 sqrt(N) recovery times, over (14); for the Poisson network its "
    "limit for many devices, a line in 1/sqrt(N)",
    criterion="As corrected if the limit is 1 within 0.05 (or 4 standard errors) with contacts redrawn and not on the "
    "fixed network; holds if on both, fails if not even with contacts redrawn.",
    turned_by="Outbreaks that last on fixed networks just above <k>/<k^2>, as N grows.",
    assumption="Infection and recovery are independent of each other and without memory.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"annealed": 1.3, "annealed_error": 0.01, "fixed": 1.3, "fixed_error": 0.01},
    draw=draw,
)
