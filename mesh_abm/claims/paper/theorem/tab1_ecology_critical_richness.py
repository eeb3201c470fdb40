"""TAB1-ecology: productivity has a critical species richness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

RICHNESS = (1, 2, 4, 8, 16, 32)
COMPETITION = 0.6
"""Interspecific competition is uniform on (0, this), intraspecific is 1."""
LONG = 300.0
"""Time to the equilibrium of a mixture, in units of growth rates."""
ZERO = 0.1
"""Productivity counts as zero below this part of that of the richest mixtures."""
SPREADS = 4.0


def measure(lab: Lab) -> Evidence:
    """Productivity and resilience of random mixtures of 1 to 32 species."""
    tasks = [(count, seed) for count in RICHNESS for seed in range(lab.size(fast=20, full=60))]
    table = pd.DataFrame(lab.map(mixture, tasks))
    means = table.groupby("richness")[["productivity", "resilience"]].mean()
    errors = table.groupby("richness")["productivity"].sem().to_numpy()
    steps = np.diff(means["productivity"]) / np.diff(RICHNESS)
    figures = {
        "one_species": float(means["productivity"].iloc[0] / means["productivity"].iloc[-1]),
        "second_species": float(steps[0]),
        "largest_later_gain": float(steps[1:].max()),
        "error": float(np.hypot(errors[:-1], errors[1:]).max()),
        "resilience_of_one": float(means["resilience"].iloc[0]),
        "partition_gap": float(table["partition_gap"].max()),
    }
    says = (
        f"One species already has {figures['one_species']:.0%} of the productivity of 32, and comes back from a shock at "
        f"rate {figures['resilience_of_one']:.2f}; a further species adds at most {figures['largest_later_gain']:.2f}, the second one {figures['second_species']:.2f}. The additive partition of the "
        f"gain holds to {figures['partition_gap']:.0e}: it is an identity, no bifurcation."
    )
    return Evidence(figures, says, table)


def mixture(task: tuple[int, int]) -> dict[str, Any]:
    """Return richness, productivity, resilience and the gap of Loreau and Hector's partition for one random mixture."""
    count, seed = task
    rng = np.random.default_rng((count, seed))
    alone = rng.uniform(0.5, 1.5, count)
    effects = rng.uniform(0, COMPETITION, (count, count))
    np.fill_diagonal(effects, 1.0)

    def growth(_: float, n: np.ndarray) -> np.ndarray:
        return np.asarray(n * (1 - effects @ n / alone))

    end = solve_ivp(growth, (0, LONG), alone / count, rtol=1e-8, atol=1e-12, method="LSODA").y[:, -1]
    alive = np.flatnonzero(end > 1e-6)
    community = -(end[alive] / alone[alive])[:, None] * effects[np.ix_(alive, alive)]
    gains = end / alone - 1 / count
    partition = count * gains.mean() * alone.mean() + count * np.mean(
        (gains - gains.mean()) * (alone - alone.mean())
    )
    return {
        "richness": count,
        "productivity": float(end.sum()),
        "resilience": float(-np.linalg.eigvals(community).real.max()),
        "partition_gap": float(abs(end.sum() - alone.mean() - partition)),
    }


def judge(figures: Figures) -> Verdict:
    """A critical richness: nothing below it, then a rise. None: the first species counts most."""
    if figures["one_species"] <= ZERO and figures["largest_later_gain"] > figures["second_species"]:
        return Verdict.HOLDS
    slack = SPREADS * figures["error"]
    concave = figures["largest_later_gain"] <= figures["second_species"] + slack
    none = figures["one_species"] > ZERO and concave and figures["resilience_of_one"] > 0
    return Verdict.FAILS if none else Verdict.UNDECIDED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Productivity and resilience against richness."""
    panel.axes("species in the mixture", "productivity; resilience (1/time)", log_x=True)
    for column, role, name in (
        ("productivity", "first", "productivity"),
        ("resilience", "second", "resilience"),
    ):
        found = table.groupby("richness")[column].agg(["mean", "sem"])
        panel.points(found.index, found["mean"], name, role, 2 * found["sem"])
    panel.ax.set_ylim(bottom=0)


CLAIM = Claim(
    id="TAB1-ecology",
    place="section 6, table 1, row 4",
    says="Productivity as a function of species richness has a critical point, a minimum richness, by the same equation.",
    right="Productivity rises with richness from the first species on, by ever less. What Loreau and Hector give is a "
    "partition of the gain of a mixture into complementarity and selection, an identity without critical point.",
    experiment="Random mixtures of 1 to 32 competing species (Lotka and Volterra), integrated to their equilibrium.",
    statistic="productivity of one species over that of 32; gain by the second species and by each later one; rate of return after "
    "a small shock",
    criterion="Holds if one species has at most a tenth of the productivity of 32 and a later species adds more than the "
    "second. Fails if it has more, no later species adds more than the second (4 standard errors), and one species alone "
    "comes back from a shock. Else undecided. (Revised after the first run, which compared doublings, of ever more species.)",
    turned_by="Mixtures that produce nothing below some richness.",
    assumption="Species compete; where each needs the others to live there can be a least richness.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        "one_species": 0.0,
        "second_species": 0.0,
        "largest_later_gain": 0.5,
        "error": 0.01,
        "resilience_of_one": 0.0,
    },
    draw=draw,
)
