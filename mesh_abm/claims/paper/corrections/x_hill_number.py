"""X-hill-number: what diversity means for the number of devices that match a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import entropy

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations
from mesh_abm.theory import ces

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES = 6
RHOS = (0.3, 0.5, 0.8)
PROVIDER = 4_000
SKEWS: dict[str, tuple[float, ...]] = {
    "equal": (1, 1, 1, 1, 1, 1),
    "one half": (5, 1, 1, 1, 1, 1),
    "one in all but a sixth": (25, 1, 1, 1, 1, 1),
    "halving": (32, 16, 8, 4, 2, 1),
    "two rare": (10, 10, 10, 10, 1, 1),
}
SPREADS, SMALL = 4.0, 0.005
"""Standard errors, and part of N*, allowed between counted and predicted."""
NARROW, WIDE = 0.05, 0.8
"""Standard deviations of log capability of a uniform and of a diverse population of equal mean."""
EFFECT, PAIR = 0.03, 0.05


def measure(lab: Lab) -> Evidence:
    """Devices counted until they match the provider, by skew of types; by spread of capability; at equal entropy."""
    replicates = lab.size(fast=8, full=40)
    tasks = [(name, rho, seed) for name in SKEWS for rho in RHOS for seed in range(replicates)]
    found = pd.DataFrame(lab.map(counted, tasks), columns=["skew", "rho", "needed"])
    table = found.groupby(["skew", "rho"])["needed"].agg(["mean", "sem"]).reset_index()
    table["hill"] = [
        ces.effective_types(SKEWS[one], rho) for one, rho in zip(table["skew"], table["rho"], strict=True)
    ]
    table["theory"] = (TYPES / table["hill"]) ** ((1 - table["rho"]) / table["rho"])
    allowed = SPREADS * table["sem"] + SMALL * table["theory"]
    figures = {
        "worst_excess": float(((table["mean"] - table["theory"]).abs() / allowed).max()),
        "change_with_spread_of_capability": change_with_spread(lab, replicates),
        "difference_at_equal_entropy": at_equal_entropy(lab, replicates),
        "needed_with_one_half": float(table.set_index(["skew", "rho"])["mean"]["one half", 0.5]),
    }
    says = (
        f"Counted device by device, N* over the provider's capacity is (J/D)^((1-rho)/rho) at every skew ("
        f"{figures['needed_with_one_half']:.3f} with half of the devices on one of six types). A wide spread of capability "
        f"changes it by {100 * figures['change_with_spread_of_capability']:+.1f}%, and two sets of shares with the same entropy "
        f"need numbers {100 * figures['difference_at_equal_entropy']:.0f}% apart."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """The Hill number of type shares, or the entropy of fitness?"""
    hill = figures["worst_excess"] <= 1 and figures["difference_at_equal_entropy"] >= PAIR
    change = figures["change_with_spread_of_capability"]
    if hill and abs(change) <= EFFECT:
        return Verdict.HOLDS
    return Verdict.FAILS if figures["worst_excess"] > 1 and change < -EFFECT else Verdict.UNDECIDED


def counted(task: tuple[str, float, int]) -> tuple[str, float, float]:
    """Return how many devices with these type shares match the provider, over its capacity."""
    name, rho, seed = task
    rng = np.random.default_rng([seed, list(SKEWS).index(name), round(100 * rho)])
    return name, rho, needed(np.array(SKEWS[name], float), rho, populations.SPREAD, rng)


def needed(shares: np.ndarray, rho: float, spread: float, rng: np.random.Generator) -> float:
    """Return the number of devices, drawn one after another, that first reach C_cent, over the provider's capacity."""
    n = 4 * PROVIDER
    each = rng.lognormal(-(spread**2) / 2, spread, n)
    kinds = populations.types(n, shares / shares.sum(), rng)
    target = populations.direct([PROVIDER / TYPES] * TYPES, rho)
    return populations.members_needed(kinds, each, TYPES, rho, target) / PROVIDER


def change_with_spread(lab: Lab, replicates: int) -> float:
    """Return the relative change of N* from narrow to wide capability of equal mean, types equal."""
    equal = np.ones(TYPES)
    means = [
        np.mean([needed(equal, 0.5, spread, lab.rng(seed, 7, at)) for seed in range(2 * replicates)])
        for at, spread in enumerate((NARROW, WIDE))
    ]
    return float(means[1] / means[0] - 1)


def at_equal_entropy(lab: Lab, replicates: int) -> float:
    """Return how far apart N* is for two sets of type shares with the same Shannon entropy, at rho = .5."""
    none_rare = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])

    def excess(part: float) -> float:  # one common type and five equal ones
        return float(entropy([part, *[(1 - part) / 5] * 5]) - entropy(none_rare))

    part = brentq(excess, 1 / 6, 0.99)
    one_common = np.array([part, *[(1 - part) / 5] * 5])
    means = [
        np.mean([needed(shares, 0.5, populations.SPREAD, lab.rng(seed, 8, at)) for seed in range(replicates)])
        for at, shares in enumerate((none_rare, one_common))
    ]
    return float(means[0] / means[1] - 1)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """N* over the provider's capacity against the Hill number."""
    panel.axes("effective types D (Hill number)", "devices needed over provider's capacity")
    hill = np.linspace(table["hill"].min(), TYPES, 100)
    for role, rho in zip(("first", "second", "third"), RHOS, strict=True):
        rows = table[table["rho"] == rho]
        panel.points(rows["hill"], rows["mean"], f"counted, rho = {rho:g}", role, 2 * rows["sem"])
        panel.curve(
            hill, (TYPES / hill) ** ((1 - rho) / rho), "(J/D)^((1-rho)/rho)" if rho == RHOS[0] else ""
        )


CLAIM = Claim(
    id="X-hill-number",
    place="section 6, Theorem 1(e)",
    says="Printed: N* falls with the entropy of the fitness distribution. Right: N* S = K (J/D)^((1-rho)/rho), with "
    "D the Hill number of order rho of the type shares.",
    derivation="hill-number",
    experiment="Devices drawn one after another, with types by five sets of shares, until they match a provider of "
    "capacity 4,000 that covers six types evenly, at rho = .3, .5, .8; 40 draws each. The same with narrow and wide "
    "capability of equal mean, and with two sets of shares of equal Shannon entropy.",
    statistic="number needed over the provider's capacity, less (J/D)^((1-rho)/rho), in units of what is allowed; "
    "change with spread; difference at equal entropy",
    criterion="Holds if all are within 4 standard errors and .5%, N* at equal Shannon entropy of types differs by 5% "
    "or more, and the spread of capability changes N* by 3% at most; fails if the Hill number misses and the spread "
    "lowers N* by more.",
    turned_by="A number needed that follows entropy and not the Hill number.",
    assumption="a provider that covers all types evenly; all members are connected",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_excess": 5.0, "change_with_spread_of_capability": -0.2},
    draw=draw,
)
