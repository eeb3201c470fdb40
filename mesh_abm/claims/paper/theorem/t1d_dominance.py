"""T1d: the number of members at which the mesh matches the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments.participation_game import Population
from mesh_abm.theory import ces, equilibrium

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

REACH = 0.001
"""b: R0 per member, beta v / D."""
UNITS = (500, 2_000, 5_000)
TYPES, RHO = 5, 0.5
AROUND = np.array([0.9, 0.95, 1.0, 1.05, 1.1])
NEAR = 0.02


def measure(lab: Lab) -> Evidence:
    """Capability of the largest component against the provider's, as members are added."""
    replicates = lab.size(fast=12, full=80)
    tasks = [(units, float(part), seed) for units in UNITS for part in AROUND for seed in range(replicates)]
    found = pd.DataFrame(lab.map(ratio_of_capabilities, tasks), columns=["units", "members", "ratio"])
    table = found.groupby(["units", "members"])["ratio"].agg(["mean", "sem"]).reset_index()
    rows = {units: table[table["units"] == units] for units in UNITS}
    crossing = {units: float(np.interp(1.0, rows[units]["mean"], rows[units]["members"])) for units in UNITS}
    predicted = {units: expected(units) for units in UNITS}
    figures = {f"members_at_parity_{units}": crossing[units] for units in UNITS}
    figures["worst_relative_error"] = max(abs(crossing[units] / predicted[units] - 1) for units in UNITS)
    figures["rises_at_parity"] = float(all(rows[units]["mean"].is_monotonic_increasing for units in UNITS))
    says = (
        f"A provider of {UNITS[0]} units is matched by {crossing[UNITS[0]]:,.0f} members (predicted "
        f"{predicted[UNITS[0]]:,.0f}), one of {UNITS[1]:,} by {crossing[UNITS[1]]:,.0f} ({predicted[UNITS[1]]:,.0f})."
    )
    table["relative"] = [
        members / expected(int(units))
        for units, members in zip(table["units"], table["members"], strict=True)
    ]
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """A finite critical mass where N* = K / S(N*) says, and the mesh ahead beyond it."""
    right = figures["worst_relative_error"] <= NEAR and figures["rises_at_parity"] == 1
    return Verdict.HOLDS if right else Verdict.FAILS


def expected(units: int) -> float:
    """Return N* when R0 grows with members."""
    return float(equilibrium.critical_mass_implicit(units, 1.0, 1.0, REACH, 1.0, 1.0))


def ratio_of_capabilities(task: tuple[int, float, int]) -> tuple[int, int, float]:
    """Return units, members, and C_mesh / C_cent of one random mesh of specialists, evenly spread over types."""
    units, part, seed = task
    members = round(expected(units) * part)
    rng = np.random.default_rng((104, units, members, seed))
    population = Population.of(members, REACH * members, rng)
    connected = round(population.connected(np.ones(members, bool)) * members)
    by_type = np.bincount(rng.permutation(np.arange(connected) % TYPES), minlength=TYPES).astype(float)
    mesh = float(ces.aggregate(by_type, RHO, pooled=True))
    return units, members, mesh / float(ces.centralized(units, 1.0, TYPES, RHO))


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """The ratio of capabilities around the predicted critical mass."""
    panel.axes("members / predicted N*", "C_mesh / C_cent")
    for role, (units, rows) in zip(("first", "second", "third"), table.groupby("units"), strict=True):
        panel.points(rows["relative"], rows["mean"], f"provider of {units:,} units", role, 2 * rows["sem"])
    panel.level(1.0, "parity")
    panel.mark(1.0, "N* = K / S(b N*)")


CLAIM = Claim(
    id="T1d",
    place="section 6, Theorem 1 (d) and step 4, with equation (16)",
    says="Beyond a finite number of members N* = M c_cent / (S c) the capability of the mesh exceeds the provider's.",
    right="With S the component at N* itself, so N* solves N* = K / S(b N*); members of equal quality and evenly spread over "
    "types. It lies above 1/b, where the component begins.",
    experiment="Meshes as random graphs with R0 = .001 N, members of the largest component specialized evenly on five types, "
    "against a provider of 500, 2,000 and 5,000 units; capabilities by (6) at rho = .5.",
    statistic="members at which C_mesh = C_cent, by interpolation",
    criterion="Holds if parity is within 2 % of the predicted N* for all three and the ratio rises there; fails otherwise.",
    turned_by="Members of unequal quality, or a component that does not grow with members (fixed links per device).",
    assumption="links per device grow with the number of members, as (1) says",
    simulated=True,
    measure=measure,
    judge=judge,
    counter={"worst_relative_error": 0.2},
    draw=draw,
)
