"""E6: the CES of capability by type, and whether its types are complements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.theory import ces

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

RHOS = (0.1, 0.3, 0.5, 0.7, 0.9)
TYPES = 6
MIXES = 2_000
STEP = 1e-4
ALL = 1.0 - 1e-9


def measure(lab: Lab) -> Evidence:
    """Elasticity by differences, transfers between types, and two devices added to random pools."""
    mixes = lab.rng(6).exponential(1.0, (MIXES, TYPES)) ** 2
    table = pd.DataFrame(
        {
            "rho": RHOS,
            "elasticity": [elasticity(mixes, rho) for rho in RHOS],
            "transfers_that_raise": [transfers(mixes, rho) for rho in RHOS],
            "with_empty_type": [without_one_type(rho) for rho in RHOS],
            "different_beat_equal": [different_beat_equal(mixes, rho) for rho in RHOS],
        }
    )
    figures = {
        "least_elasticity": float(table["elasticity"].min()),
        "transfers_that_raise": float(table["transfers_that_raise"].min()),
        "left_without_one_type": float(table["with_empty_type"].min()),
        "different_beat_equal": float(table["different_beat_equal"].min()),
    }
    says = (
        f"Moving capability to a scarcer type raised C_eff in {100 * figures['transfers_that_raise']:.0f}% of cases, but the "
        f"elasticity of substitution is {figures['least_elasticity']:.2f} or more (complements have less than 1), a mesh "
        f"without one of {TYPES} types keeps {100 * figures['left_without_one_type']:.0f}% or more, and two different "
        f"specialists beat two equal ones in {100 * figures['different_beat_equal']:.0f}% of unbalanced meshes."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Balance pays: as corrected; balance pays and types are complements: as printed."""
    if not figures["transfers_that_raise"] >= ALL:
        return Verdict.FAILS
    complements = figures["least_elasticity"] < 1.0 and figures["different_beat_equal"] >= ALL
    return Verdict.HOLDS if complements else Verdict.AS_CORRECTED


def elasticity(mixes: np.ndarray, rho: float) -> float:
    """Return the median of -d ln(C1/C2) / d ln(price1/price2) along a change of C1, prices the marginal products."""
    low, high = mixes.copy(), mixes.copy()
    high[:, 0] *= 1 + STEP
    prices = np.log([marginal(pools, 0, rho) / marginal(pools, 1, rho) for pools in (low, high)])
    return float(np.median(-np.log1p(STEP) / (prices[1] - prices[0])))


def marginal(pools: np.ndarray, kind: int, rho: float) -> np.ndarray:
    """Return the marginal product of a type, by central differences."""
    more, less = pools.copy(), pools.copy()
    more[:, kind] *= 1 + STEP
    less[:, kind] *= 1 - STEP
    rise = np.asarray(ces.aggregate(more, rho, pooled=True) - ces.aggregate(less, rho, pooled=True))
    return rise / (2 * STEP * pools[:, kind])


def transfers(mixes: np.ndarray, rho: float) -> float:
    """Return in which part of cases a tenth of the difference, moved from the largest type to the least, helps."""
    rows, largest, least = np.arange(len(mixes)), mixes.argmax(axis=1), mixes.argmin(axis=1)
    moved = (mixes[rows, largest] - mixes[rows, least]) / 10
    after = mixes.copy()
    after[rows, largest] -= moved
    after[rows, least] += moved
    gain = ces.aggregate(after, rho, pooled=True) - ces.aggregate(mixes, rho, pooled=True)
    return float(np.mean(gain > 0))


def without_one_type(rho: float) -> float:
    """Return what equal pools keep of C_eff when one of them is emptied."""
    equal = np.ones(TYPES)
    gone = np.r_[np.ones(TYPES - 1), 0.0]
    return float(ces.aggregate(gone, rho) / ces.aggregate(equal, rho))


def different_beat_equal(mixes: np.ndarray, rho: float) -> float:
    """Return in which part of meshes one specialist each of types 1 and 2 adds more than two of type 1."""
    unit = np.eye(TYPES) * STEP
    two, both = mixes + 2 * unit[0], mixes + unit[0] + unit[1]
    return float(np.mean(ces.aggregate(both, rho, pooled=True) > ces.aggregate(two, rho, pooled=True)))


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The measured elasticity against rho, and where complements would be."""
    panel.axes("rho", "elasticity of substitution", log_y=True)
    rho = np.linspace(0.02, 0.92, 100)
    panel.curve(rho, 1 / (1 - rho), "1/(1 - rho)")
    panel.points(table["rho"], table["elasticity"], "by differences")
    panel.band(rho, np.full(100, 0.5), np.ones(100), "complements, as the paper says", "second")


CLAIM = Claim(
    id="E6",
    place="section 4.1, equation (6)",
    says="Capability adds up over types as a CES with rho between 0 and 1, whose types are complements: two devices "
    "of different types add more than two equal ones.",
    right="It rewards balance, but its types are substitutes (elasticity 1/(1 - rho) > 1): a type that nobody covers "
    "does not stop the rest, and a second specialist of a scarce type may add more than one of a common type.",
    experiment="2,000 random pools of six types at rho from .1 to .9: elasticity by numerical differences of "
    "marginal products, transfers from the largest to the least type, one type emptied, two small devices added.",
    statistic="least elasticity; part of transfers that raise C_eff; part of pools in which different devices beat "
    "equal ones",
    criterion="Fails unless all transfers raise C_eff; holds if besides the elasticity is below 1 and different "
    "devices always win; else as corrected.",
    turned_by="Types whose absence stops the others, which is rho < 0.",
    measure=measure,
    judge=judge,
    counter={"transfers_that_raise": 0.6},
    draw=draw,
)
