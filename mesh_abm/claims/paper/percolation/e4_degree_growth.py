"""E4: how the degree of a device grows with the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.growing_network import Rules, grow
from mesh_abm.theory import condensation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SIZES = (2**14, 2**16, 2**18)
FITNESS = (0.3, 0.6, 0.9)
SLOTS = 2
ROLES = ("first", "second", "third")
COHORTS = np.array([1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4])
"""Age of a cohort at its first arrival, as part of the network's size at the end; each takes in 10 % more."""
WIDTH = 1.1
REDRAWS = 300
SPREADS, SLACK = 4.0, 0.02
"""Standard errors allowed and what is allowed beside them in an exponent: a false alarm in about 1 of 2,600."""
PREFACTOR_SLACK = 0.1


def measure(lab: Lab) -> Evidence:
    """Mean degrees of cohorts by fitness in networks that only grow."""
    replicates = lab.size(fast=12, full=40)
    sizes = lab.size(fast=SIZES[:2], full=SIZES)
    tasks = [(n, seed) for n in sizes for seed in range(replicates)]
    found = pd.concat(lab.map(cohorts, tasks), ignore_index=True)
    law = condensation.solve_sample(FITNESS, max(FITNESS))
    found["theory"] = SLOTS * found["growth"] ** np.asarray(law.growth_exponent(found["fitness"].to_numpy()))
    last = found[found["n"] == max(sizes)]
    fits = pd.DataFrame([(eta, *fitted(rows)) for eta, rows in last.groupby("fitness")]).set_index(0)
    fits.columns = pd.Index(["exponent", "exponent_error", "prefactor", "prefactor_error"])
    fits["predicted"] = law.growth_exponent(fits.index.to_numpy())
    gap, off = (fits["exponent"] - fits["predicted"]).abs(), (fits["prefactor"] / SLOTS - 1.0).abs()
    figures = {
        "worst_excess": float((gap / (SPREADS * fits["exponent_error"] + SLACK)).max()),
        "worst_prefactor_excess": float(
            (off / (SPREADS * fits["prefactor_error"] / SLOTS + PREFACTOR_SLACK)).max()
        ),
        **{f"exponent_{eta:g}": float(fits["exponent"][eta]) for eta in FITNESS},
        **{f"predicted_{eta:g}": float(fits["predicted"][eta]) for eta in FITNESS},
    }
    says = "Degrees grow with the size of the network to the power " + ", ".join(
        f"{figures[f'exponent_{eta:g}']:.3f} at fitness {eta:g} (eta/C = {figures[f'predicted_{eta:g}']:.3f})"
        for eta in FITNESS
    )
    groups = found.groupby(["n", "fitness", "growth", "theory"])["degree"]
    return Evidence(figures, says + ".", groups.agg(["mean", "sem"]).reset_index())


def cohorts(task: tuple[int, int]) -> pd.DataFrame:
    """Return mean degrees by fitness and cohort at the end of one growth; growth is size now over size at arrival."""
    n, seed = task
    rng = np.random.default_rng((4, n, seed))
    net = grow(rng.choice(FITNESS, n), Rules(slots=SLOTS, provider=False), rng)
    rows = []
    for part in COHORTS:
        of_age = (net.arrival >= part * n) & (net.arrival < WIDTH * part * n)
        for eta in FITNESS:
            chosen = of_age & (net.fitness == eta)
            grown = 1.0 / (part * np.sqrt(WIDTH))
            rows.append((n, seed, eta, grown, net.degree[chosen].mean()))
    return pd.DataFrame(rows, columns=["n", "seed", "fitness", "growth", "degree"])


def fitted(rows: pd.DataFrame) -> tuple[float, float, float, float]:
    """Return exponent and prefactor of a power law through mean degrees, each with its error by redrawing networks."""
    degrees = rows.pivot(index="growth", columns="seed", values="degree").dropna(axis=1)
    x, each = np.log(degrees.index.to_numpy(dtype=float)), degrees.to_numpy()
    rng = np.random.default_rng(REDRAWS)
    slope, constant = np.polyfit(x, np.log(each.mean(axis=1)), 1)
    redrawn = [
        np.polyfit(x, np.log(each[:, rng.integers(0, each.shape[1], each.shape[1])].mean(axis=1)), 1)
        for _ in range(REDRAWS)
    ]
    errors = np.std(redrawn, axis=0, ddof=1)
    return float(slope), float(errors[0]), float(np.exp(constant)), float(np.exp(constant) * errors[1])


def judge(figures: Figures) -> Verdict:
    """Exponents eta/C and prefactor m, within what chance and finite size allow."""
    right = figures["worst_excess"] <= 1 and figures["worst_prefactor_excess"] <= 1
    return Verdict.HOLDS if right else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Mean degree by cohort and fitness."""
    panel.axes("size of the network / size at arrival", "mean degree", log_x=True, log_y=True)
    table = table[table["n"] == table["n"].max()]
    panel.ax.set_xticks([4, 8, 16, 32, 64], ["4", "8", "16", "32", "64"])
    panel.ax.set_yticks([2, 5, 10, 20, 40], ["2", "5", "10", "20", "40"])
    panel.ax.minorticks_off()
    for number, (role, (eta, rows)) in enumerate(zip(ROLES, table.groupby("fitness"), strict=True)):
        panel.curve(rows["growth"], rows["theory"], "" if number else "m (t/t_i)^(eta/C)")
        panel.points(rows["growth"], rows["mean"], f"fitness {eta:g}", role, 2 * rows["sem"])


CLAIM = Claim(
    id="E4",
    place="section 3.4, equation (4)",
    says="In a network that grows by fitness times degree, a node's degree grows as (t/t_i) to the power eta_i/C.",
    right="In the mean, with the number of own links m in front, for growth without deaths; t counts arrivals.",
    experiment="Growth to 16,384 to 262,144 devices of fitness 0.3, 0.6 or 0.9, two links each, no provider; mean degrees of "
    "five cohorts by fitness, 40 networks of each size.",
    statistic="slope of log mean degree on log (t/t_i) less eta/C with C from (5); prefactor",
    criterion="At the largest size every exponent within 4 standard errors plus .02 of eta/C and every prefactor within 4 "
    "standard errors plus 10 % of m.",
    turned_by="Exponents that drift away from eta/C as networks grow; deaths, under which (4) has another exponent (X-hubs-under-churn).",
    assumption="a node is found in proportion to fitness times degree",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_excess": 2.0},
    draw=draw,
)
