"""S5.4: the capability of the mesh grows faster than the number of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.meshes import standing
from mesh_abm.theory import ces, percolation

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

TYPES, RHO = 8, 0.5
SPREAD = 0.5
"""Of the logarithm of a device's capability."""
PAIRS = 1_250
"""With links by pairs, one over the chance of a link: mean degree is N over this."""
KNOWN = 4.0
"""With links by slots, the mean degree at every N."""
SIZES = (2_000, 2_500, 3_125, 4_000)
FEW = (2, 3, 4, 6, 8)
"""Devices at first, when types are not yet covered (all connected)."""
MODEL_SIZES = (250, 500, 1_000, 2_000)
ABOVE = 0.05
"""An elasticity is above 1 if it is so by this and by SPREADS standard errors."""
SPREADS = 4.0
RULES = ("by pairs", "by slots", "all, few devices", "model")


def measure(lab: Lab) -> Evidence:
    """Elasticity of the capability of the largest component in N under four rules."""
    draws = lab.size(fast=60, full=300)
    tasks = [(rule, n, draws) for rule, sizes in zip(RULES, (SIZES, SIZES, FEW), strict=False) for n in sizes]
    table = pd.concat([*lab.map(capabilities, tasks), model_capabilities(lab)], ignore_index=True)
    figures = {}
    for rule, name in zip(RULES, ("pairs", "slots", "few", "model"), strict=True):
        figures[name], figures[f"{name}_error"] = elasticity(table[table["rule"] == rule])
    pairs = table[table["rule"] == RULES[0]]
    connected = pairs["n"] * percolation.giant_component(pairs["n"].to_numpy() / PAIRS)
    figures["pairs_theory"] = elasticity(pairs.assign(log=np.log(connected)))[0]
    says = (
        f"Doubling the devices multiplies capability by {2 ** figures['pairs']:.2f} where the mean degree grows with N, by "
        f"{2 ** figures['slots']:.2f} where it does not, by {2 ** figures['model']:.2f} in the model (diffusion "
        f"included), and by {2 ** figures['few']:.2f} among the first devices, while types are still without specialist."
    )
    return Evidence(figures, says, table)


def capabilities(task: tuple[str, int, int]) -> pd.DataFrame:
    """Return rule, n and log of mean capability (6) of the largest component with its standard error."""
    rule, n, draws = task
    rng = np.random.default_rng((RULES.index(rule), n))
    found = np.array([_capability(rule, n, rng) for _ in range(draws)])
    error = found.std(ddof=1) / np.sqrt(draws) / found.mean()
    return pd.DataFrame({"rule": [rule], "n": [n], "log": [np.log(found.mean())], "error": [error]})


def _capability(rule: str, n: int, rng: np.random.Generator) -> float:
    pools = np.zeros((n, TYPES))
    pools[np.arange(n), rng.integers(0, TYPES, n)] = np.exp(SPREAD * rng.standard_normal(n))
    if rule == RULES[2]:
        return float(ces.aggregate(pools, RHO))
    degree = n / PAIRS if rule == RULES[0] else KNOWN
    ends = rng.integers(0, n, (2, rng.poisson(n * degree / 2)))
    labels = connected_components(coo_array((np.ones(ends.shape[1]), tuple(ends)), (n, n)), directed=False)[1]
    return float(ces.aggregate(pools[labels == np.argmax(np.bincount(labels))], RHO))


def model_capabilities(lab: Lab) -> pd.DataFrame:
    """The same of meshes of the model, knowledge and its diffusion included."""
    rows = []
    for n in MODEL_SIZES:
        runs = standing(lab, n, lab.size(fast=4, full=12))
        found = np.array([float(run.frame["c_mesh"].iloc[-1]) for run in runs])
        error = found.std(ddof=1) / np.sqrt(found.size) / found.mean()
        rows.append((RULES[3], n, float(np.log(found.mean())), error))
    return pd.DataFrame(rows, columns=["rule", "n", "log", "error"])


def elasticity(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the slope of log capability against log n, and its standard error."""
    (slope, _), cov = np.polyfit(np.log(rows["n"]), rows["log"], 1, w=1 / rows["error"], cov="unscaled")
    return float(slope), float(np.sqrt(cov[0, 0]))


def judge(figures: Figures) -> Verdict:
    """As printed superlinear always; as corrected under conditions only."""
    above = {
        name: figures[name] - 1 > max(ABOVE, SPREADS * figures[f"{name}_error"])
        for name in ("pairs", "slots", "few", "model")
    }
    if all(above.values()):
        return Verdict.HOLDS
    return Verdict.AS_CORRECTED if any(above.values()) else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Capability over its value at the smallest N, against N over that."""
    panel.axes("devices N over the smallest N", "capability over its first value", log_x=True, log_y=True)
    reach = np.geomspace(1, 8, 20)
    panel.curve(reach, reach, "in proportion to N")
    for rule, role in zip(RULES, ("first", "second", "third", "fourth"), strict=True):
        rows = table[table["rule"] == rule]
        panel.points(
            rows["n"] / rows["n"].iloc[0], np.exp(rows["log"] - rows["log"].iloc[0]), f"links {rule}", role
        )
    panel.ax.set_xticks((1, 2, 4, 8), [f"{tick:g}" for tick in (1, 2, 4, 8)])
    panel.ax.minorticks_off()


CLAIM = Claim(
    id="S5.4",
    place="section 5.4",
    says="The capability of the mesh grows faster than in proportion to N over the relevant range.",
    right="Where the mean degree grows with N and the giant component is still growing: elasticity 1/(1 - R(1 - S)). And "
    "among the first few devices, while types lack a specialist. With a fixed number of links a device and all types "
    "covered, (6) has constant returns; diffusion adds nothing that grows with N.",
    experiment="Random specialists on random networks with N from 2,000 to 4,000: linked with a fixed chance a pair (mean "
    "degree 1.6 to 3.2), and with mean degree 4 at every N; two to eight devices all linked; meshes of the model with "
    "250 to 2,000 devices, knowledge included.",
    statistic="elasticity of (6) over the largest component in N",
    criterion="An elasticity is above 1 if it is by more than 0.05 and 4 standard errors. Holds if all four are; as "
    "corrected if some are; fails if none is.",
    turned_by="Elasticities above 1 in the model and with fixed mean degree.",
    assumption="Specialists choose types at random; elasticity of substitution at rho = 0.5.",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={
        **dict.fromkeys(("pairs", "slots", "few", "model"), 1.3),
        **dict.fromkeys(("pairs_error", "slots_error", "few_error", "model_error"), 0.01),
    },
    draw=draw,
)
