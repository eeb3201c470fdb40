"""X-monoculture: what capability does when the Potts model orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations, potts_starts
from mesh_abm.theory import potts

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

STATES, RHO = 6, 0.5
RATIOS = potts_starts.RATIOS[STATES]
WHERE = 0.88
"""Coupling over K_s at which both branches are compared: in the window of two branches."""
AVOIDING = -3.0
"""Coupling per link at which neighbors avoid each other's type."""
SPREADS, LEAST = 4.0, 0.1


def measure(lab: Lab) -> Evidence:
    """Capability and equal neighbors on both branches, and with neighbors that avoid each other's type."""
    sizes = lab.size(fast=(1_000, 2_000, 4_000), full=(2_000, 4_000, 8_000))
    replicates, sweeps = lab.size(fast=2, full=3), lab.size(fast=40, full=100)
    tasks = [(n, seed, sweeps) for n in sizes for seed in range(1, replicates + 1)]
    rows = pd.concat(lab.map(three_states, tasks))
    table = rows.groupby(["n", "branch", "ratio"]).agg(
        capability=("capability", "mean"), error=("capability", "sem"), equal=("equal", "mean")
    )
    table = table.reset_index()
    here = table[(table["n"] == sizes[-1]) & table["ratio"].isin([WHERE, 0.0])].set_index("branch")
    drop = here["capability"]["random"] - here["capability"]["ordered"]
    figures = {
        "disordered": float(here["capability"]["random"]),
        "ordered": float(here["capability"]["ordered"]),
        "avoiding": float(here["capability"]["avoiding"]),
        "error": float(np.hypot(here["error"]["random"], here["error"]["ordered"])),
        "equal_neighbors_disordered": float(here["equal"]["random"]),
        "equal_neighbors_ordered": float(here["equal"]["ordered"]),
        "equal_neighbors_avoiding": float(here["equal"]["avoiding"]),
        "mean_field_at_the_jump": at_mean_field_jump(),
    }
    says = (
        f"Where both branches last, C_eff is {figures['disordered']:.2f} of even coverage before the jump and "
        f"{figures['ordered']:.2f} after it ({100 * figures['equal_neighbors_ordered']:.0f}% of neighbors then share a task); "
        f"devices that avoid their neighbors' task keep {figures['avoiding']:.2f}."
        if drop > 0
        else f"C_eff rises from {figures['disordered']:.2f} to {figures['ordered']:.2f} of even coverage at the jump."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Does order lower capability, beyond chance?"""
    drop, error = figures["disordered"] - figures["ordered"], SPREADS * figures["error"]
    alike = figures["equal_neighbors_ordered"] > 1 / STATES > figures["equal_neighbors_avoiding"]
    if drop - error >= LEAST and alike:
        return Verdict.HOLDS
    return Verdict.FAILS if drop + error < 0 else Verdict.UNDECIDED


def three_states(task: tuple[int, int, int]) -> pd.DataFrame:
    """Return capability and equal neighbors on one random network: led up, led down, and with avoidance."""
    n, seed, sweeps = task
    graph = potts_starts.network(potts_starts.NETWORKS[0], n, seed)
    couplings = np.array(RATIOS) * potts.sparse_spinodal(potts_starts.branching(graph), STATES)
    up = potts.final_states(graph, STATES, couplings, sweeps, rng=seed)
    down = potts.final_states(graph, STATES, couplings[::-1], sweeps, rng=seed, start="cold")[::-1]
    apart = potts.final_states(graph, STATES, [AVOIDING], sweeps, rng=seed)
    each, ends = populations.capabilities(n, np.random.default_rng(seed)), np.array(graph.edges)
    branches = [("random", RATIOS, up), ("ordered", RATIOS, down), ("avoiding", (0.0,), apart)]
    return pd.DataFrame(
        [
            (n, seed, name, ratio, *seen(state, each, ends))
            for name, ratios, states in branches
            for ratio, state in zip(ratios, states, strict=True)
        ],
        columns=["n", "seed", "branch", "ratio", "capability", "equal"],
    )


def seen(state: np.ndarray, each: np.ndarray, ends: np.ndarray) -> tuple[float, float]:
    """Return C_eff over that of even coverage of the same total, and the share of equal neighbors."""
    pools = populations.pools(state, each, STATES)
    even = populations.direct([pools.sum() / STATES] * STATES, RHO)
    return populations.direct(pools, RHO) / even, float(np.mean(state[ends[:, 0]] == state[ends[:, 1]]))


def at_mean_field_jump() -> float:
    """Return the same ratio in the ordered state of the complete graph at its transition."""
    m = potts.mean_field(STATES).jump
    shares = [(1 + (STATES - 1) * m) / STATES] + [(1 - m) / STATES] * (STATES - 1)
    return populations.direct(shares, RHO) / populations.direct([1 / STATES] * STATES, RHO)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Capability on both branches against the coupling, largest size."""
    panel.axes("coupling over K_s", "C_eff over even coverage")
    largest = table[table["n"] == table["n"].max()]
    for role, branch, name in (
        ("first", "random", "from random types"),
        ("second", "ordered", "from one type"),
    ):
        rows = largest[largest["branch"] == branch]
        panel.points(rows["ratio"], rows["capability"], name, role, 2 * rows["error"])
        panel.curve(rows["ratio"], rows["capability"], "", role)
    panel.level(
        float(largest["capability"][largest["branch"] == "avoiding"].iloc[0]),
        "neighbors avoid each other's type",
    )
    panel.mark(WHERE, "compared here")


CLAIM = Claim(
    id="X-monoculture",
    place="section 3.3, Proposition 2, and section 7.2",
    says="Printed: at the Potts transition division of labor crystallizes. Right: what crystallizes is a "
    "monoculture, and C_eff falls.",
    derivation="monoculture",
    experiment="Heat bath with six states on random networks of mean degree 10 with 2,000, 4,000 and 8,000 devices, "
    "three each, led up from random types and down from one type; capability log-normal, each device on the task of "
    "its state, rho = .5. For contrast the same with neighbors that avoid each other's type.",
    statistic="C_eff over that of even coverage on either branch at .88 of K_s; share of links between equal types",
    criterion="Holds if order lowers C_eff by .1 or more beyond 4 standard errors, and equal neighbors are more than "
    "1/q in the ordered state and fewer with avoidance; fails if C_eff rises beyond 4 standard errors.",
    turned_by="An ordered state of the ferromagnetic model whose types are covered more evenly.",
    assumption="a device's state is the task it does, as the remark to Proposition 4 has it",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"ordered": 1.0, "disordered": 0.5},
    draw=draw,
)
