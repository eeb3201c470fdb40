"""TAB1-Ising/Potts: magnetization obeys the same equation, with its critical point at bJq = 1."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import gammaln, logsumexp

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.onset import CONTROLS, POINT, as_figures, of_figures, onset

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

SPINS = 200_000
POTTS_SIZES = (300, 600, 1_200, 2_400)
HALF_WAY = 0.3
"""Order parameters above this count as ordered: between the two states that coexist at three states."""
SMALL_JUMP = 0.1


def measure(_: Lab) -> Evidence:
    """Exact sums over all states of spins that all are neighbors: two states, and three."""
    ising = np.array([magnetization(SPINS, k) for k in CONTROLS])
    critical = [half_ordered(n) for n in POTTS_SIZES]
    jumps = [jump(n, k) for n, k in zip(POTTS_SIZES, critical, strict=True)]
    inverse = 1 / np.array(POTTS_SIZES)
    figures = {
        **as_figures(onset(CONTROLS, ising), "ising_"),
        "potts_point": float(np.polyfit(inverse[-3:], critical[-3:], 1)[1]),
        "potts_jump": jumps[-1],
        "potts_jump_of_half_the_spins": jumps[-2],
    }
    grid = np.linspace(0.5, 4.0, 71)
    table = pd.DataFrame(
        {
            "coupling": grid,
            "ising": [magnetization(20_000, k) for k in grid],
            "potts": [order(POTTS_SIZES[0], k) for k in grid],
            "giant": np.nan,
        }
    )
    says = (
        f"Two states: order begins at {figures['ising_point']:.3f} with exponent {figures['ising_exponent']:.2f}, a "
        f"pitchfork. Three states: it begins at {figures['potts_point']:.2f}, with a jump of {figures['potts_jump']:.2f}."
    )
    return Evidence(figures, says, table)


def magnetization(n: int, coupling: float) -> float:
    """Return the mean absolute magnetization of n Ising spins (+1 or -1), all neighbors: the sum over their states."""
    up = np.arange(n + 1)
    m = (2 * up - n) / n
    weights = gammaln(n + 1) - gammaln(up + 1) - gammaln(n - up + 1) + coupling * n * m**2 / 2
    return float(np.exp(weights - logsumexp(weights)) @ np.abs(m))


def order(n: int, coupling: float) -> float:
    """Return the mean order parameter (q x - 1)/(q - 1) of n three-state spins, x the share of the largest state."""
    states = _three_states(n)
    weights = states.weights(coupling)
    return float(np.exp(weights - logsumexp(weights)) @ states.order)


def half_ordered(n: int) -> float:
    """Return the coupling at which n three-state spins are as likely to be ordered as not."""
    states = _three_states(n)
    ordered = states.order > HALF_WAY

    def excess(coupling: float) -> float:
        weights = states.weights(coupling)
        return float(logsumexp(weights[ordered]) - logsumexp(weights[~ordered]))

    return float(brentq(excess, 1.0, 4.0, xtol=1e-8))


def jump(n: int, coupling: float) -> float:
    """Return the mean order of ordered states less that of the others."""
    states = _three_states(n)
    weights, ordered = states.weights(coupling), states.order > HALF_WAY
    means = [
        float(np.exp(weights[part] - logsumexp(weights[part])) @ states.order[part])
        for part in (ordered, ~ordered)
    ]
    return means[0] - means[1]


class States(NamedTuple):
    """Order parameter, logarithm of the number of arrangements, and minus energy over J of counts of three states."""

    order: npt.NDArray[np.float64]
    entropy: npt.NDArray[np.float64]
    agreement: npt.NDArray[np.float64]

    def weights(self, coupling: float) -> npt.NDArray[np.float64]:
        """Return the logarithms of their weights; `coupling` is bJ times the number of neighbors."""
        return self.entropy + coupling * self.agreement


@lru_cache(maxsize=2)
def _three_states(n: int) -> States:
    """Return all counts a >= b >= c of n spins; pairs of equal spins agree (energy -J sum delta / n)."""
    a, b = np.meshgrid(np.arange(n // 3, n + 1), np.arange(n // 2 + 1), indexing="ij")
    kept = (a >= b) & (b >= n - a - b) & (a + b <= n)
    counts = np.stack([a[kept], b[kept], n - a[kept] - b[kept]]).astype(float)
    equal = (counts[0] == counts[1]).astype(int) + (counts[1] == counts[2])
    orders = np.log(np.array([6.0, 3.0, 1.0]))[equal]
    entropy = orders + gammaln(n + 1) - gammaln(counts + 1).sum(axis=0)
    return States((3 * counts[0] / n - 1) / 2, entropy, (counts**2).sum(axis=0) / (2 * n))


def judge(figures: Figures) -> Verdict:
    """Transcritical would be: both begin at 1, in proportion to the distance, without a jump."""
    ising = of_figures(figures, "ising_")
    if ising.vague:
        return Verdict.UNDECIDED
    points = ising.is_at(1.0) and abs(figures["potts_point"] - 1.0) <= POINT
    if not points or figures["potts_jump"] > SMALL_JUMP:
        return Verdict.FAILS
    return Verdict.HOLDS if ising.has_exponent(1.0) else Verdict.AS_CORRECTED


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Order parameters against the coupling."""
    panel.axes("coupling bJ x number of neighbors", "order parameter")
    panel.curve(table["coupling"], table["ising"], "two states (Ising)", "first")
    panel.curve(table["coupling"], table["potts"], "three states (Potts)", "second")
    panel.mark(1.0, "printed critical point")
    above = table["coupling"] > 1
    line = np.minimum(2 * (table["coupling"][above] - 1), 1.0)
    panel.curve(table["coupling"][above], line, "transcritical, as percolation", "printed")


CLAIM = Claim(
    id="TAB1-Ising/Potts",
    place="section 6, table 1, row 3",
    says="Magnetization in the Ising and Potts models becomes positive at bJq = 1, by the same transcritical equation.",
    right="Ising (two states, q read as the number of neighbors): critical at 1, m = tanh(Km), a pitchfork with exponent "
    "1/2. Potts with three states or more: a jump, at 2.77 for three states (all neighbors), before the disordered state "
    "loses its stability at bJ<k> = q.",
    experiment="Exact sums over all states of spins that all are neighbors of each other: 200,000 spins of two states; 300 to "
    "2,400 spins of three states, the critical coupling extrapolated in 1/N.",
    statistic="critical coupling and exponent (two states); coupling at which order is as likely as disorder, and the jump "
    "between them (three states)",
    criterion="Holds if both begin at 1 (within 0.02), with exponent 1 (within 0.1) and a jump of at most 0.1; as corrected "
    "if only the exponent is another; else fails. Undecided if a standard error of the fit exceeds 0.1.",
    turned_by="Three states that order at the same coupling, continuously.",
    assumption="All spins are neighbors (mean field), which is the setting of the table.",
    measure=measure,
    judge=judge,
    counter={
        "ising_point": 1.0,
        "ising_exponent": 1.0,
        "ising_point_error": 0.001,
        "ising_exponent_error": 0.01,
        "potts_point": 1.0,
        "potts_jump": 0.0,
    },
    draw=draw,
)
