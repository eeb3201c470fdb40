"""E9: the chance that a device takes up a task, in the simulated mesh."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.model import MeshModel
from mesh_abm.runs import settle
from mesh_abm.theory import thresholds

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

STEEPNESS = 3.0
WARM_UP, WATCHED = 12, 12
BINS = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0])
SPREADS = 4.5
"""Standard errors allowed: a false alarm in about 1 of 10,000 with eleven bins."""
SAME = 1e-12


def measure(lab: Lab) -> Evidence:
    """Watch simulated devices choose tasks, beside what (9) says of their signals and thresholds."""
    seeds = range(1, lab.size(fast=2, full=8) + 1)
    pairs = np.concatenate(lab.map(choices, [(seed, lab.size(fast=300, full=600)) for seed in seeds]))
    table = in_bins(pairs[:, 0], pairs[:, 1])
    figures = {
        "worst_z": float(table["z"].abs().max()),
        "choices": float(len(pairs)),
        "exact_error": exact_error(),
        "at_equality": float(thresholds.response(0.7, 0.7, 2)),
    }
    says = (
        f"Over {len(pairs):,} choices of simulated devices the share that takes up a task is what (9) says, at most "
        f"{figures['worst_z']:.1f} standard errors off; where signal and threshold agree the chance is "
        f"{figures['at_equality']:.3f}."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Simulated choices and exact fractions both agree with (9)."""
    right = figures["exact_error"] <= SAME and figures["at_equality"] == 0.5
    if right and figures["worst_z"] <= SPREADS:
        return Verdict.HOLDS
    return Verdict.FAILS


def choices(task: tuple[int, int]) -> np.ndarray:
    """Return for each device, type and watched month the chance of that task by (9), and whether it was chosen."""
    seed, owners = task
    changes = {"population": "fixed", "churn": 0.0, "steepness": STEEPNESS, "n_owners": owners}
    model = MeshModel.from_scenario(settle("reference", seed=seed, set=changes))
    model.run_for(WARM_UP)
    seen = []
    for _ in range(WATCHED):
        signal, theta = model.state.signal.copy(), model.state.thresholds.copy()
        model.step()
        took = model.state.task[:, None] == np.arange(signal.shape[1])
        seen.append(np.column_stack([chance(signal, theta).ravel(), took.ravel()]))
    return np.concatenate(seen)


def chance(signal: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return the chance of each task when at most one is taken: active with 1 - prod (1 - P), then in proportion to P."""
    p = np.where(signal > 0, signal**STEEPNESS / (signal**STEEPNESS + theta**STEEPNESS), 0.0)
    total = p.sum(axis=1, keepdims=True)
    active = 1 - np.prod(1 - p, axis=1, keepdims=True)
    return np.asarray(active * p / np.where(total > 0, total, 1.0))


def in_bins(expected: np.ndarray, took: np.ndarray) -> pd.DataFrame:
    """Return expected and observed shares by bins of the expected one, with the difference in standard errors."""
    frame = pd.DataFrame({"bin": np.digitize(expected, BINS[1:-1]), "expected": expected, "took": took})
    frame["variance"] = expected * (1 - expected)
    groups = frame.groupby("bin")
    table = groups[["expected", "took"]].mean()
    table["n"] = groups.size()
    table["error"] = np.sqrt(groups["variance"].sum()) / table["n"]
    error = table["error"].where(table["error"] > 0, 1e-12)
    return table.assign(z=(table["took"] - table["expected"]) / error).reset_index()


def exact_error() -> float:
    """Return the largest difference of the library's (9) from exact fractions."""
    cases = [(s, t, n) for s in range(1, 8) for t in range(1, 8) for n in (1, 2, 3, 5)]
    exact = [float(Fraction(s**n, s**n + t**n)) for s, t, n in cases]
    found = [thresholds.response(s, t, n) for s, t, n in cases]
    return float(np.abs(np.array(exact) - np.array(found)).max())


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Observed against expected shares."""
    panel.axes("chance of the task by (9)", "share of devices that took it")
    panel.points(table["expected"], table["took"], "simulated, 2 s.e.", "first", 2 * table["error"])
    panel.curve([0, 1], [0, 1], "as (9) says")


CLAIM = Claim(
    id="E9",
    place="section 4.3, equation (9)",
    says="A device takes up a task with probability s^n/(s^n + theta^n) for a signal s and its threshold theta.",
    right="As printed for s >= 0 and theta > 0; s = theta = 0 has to be defined (0 here), and a device that can do "
    "one task at a time needs a rule for several (here one in proportion to P).",
    experiment="A simulated mesh of 600 devices with n = 3, eight runs: twelve months in which each device's task is "
    "set beside signals and thresholds before it chose. And 196 exact fractions.",
    statistic="observed less expected share by bins of the expected share, in standard errors",
    criterion="Holds if every one of eleven bins is within 4.5 standard errors (a false alarm in 10,000) and the "
    "function is exact to 1e-12 and 1/2 at s = theta; else fails.",
    turned_by="Devices that respond otherwise to signal and threshold.",
    assumption="it is a rule; that people's devices respond so is not tested",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_z": 9.0},
    draw=draw,
)
