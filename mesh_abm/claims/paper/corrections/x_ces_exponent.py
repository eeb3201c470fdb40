"""X-ces-exponent: the power of J in the capability of a specialized mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Figures, Verdict
from mesh_abm.claims.experiments import populations

if TYPE_CHECKING:
    from mesh_abm.claims.drawing import Panel
    from mesh_abm.claims.lab import Lab

RHOS = (0.3, 0.5, 0.8)
TYPES = (2, 3, 4, 6, 12, 24)
DEVICES = 24_000
PROVIDER = 1_000.0
"""Total capacity of the provider, in devices."""
CLOSE, APART = 0.02, 0.5


def measure(lab: Lab) -> Evidence:
    """Devices dealt out to the types in turn and added up; then devices counted until they match a provider."""
    each = populations.capabilities(DEVICES, lab.rng(16))
    rows = [(rho, n, per_device(each, n, rho), needed(each, n, rho)) for rho in RHOS for n in TYPES]
    table = pd.DataFrame(rows, columns=["rho", "types", "per_device", "needed"])
    slopes = np.array(
        [
            np.polyfit(np.log(part["types"]), np.log(part["per_device"]), 1)[0]
            for _, part in table.groupby("rho")
        ]
    )
    inverse = 1 / np.array(RHOS)
    figures = {
        "error_of_printed": float(np.abs(slopes - (inverse - 2)).max()),
        "error_of_right": float(np.abs(slopes - (inverse - 1)).max()),
        "most_needed_over_provider": float(table["needed"].max() / PROVIDER),
        "least_needed_over_provider": float(table["needed"].min() / PROVIDER),
    }
    says = (
        f"Added up device by device, capability goes with J to the 1/rho - 1 within {figures['error_of_right']:.3f} (the printed "
        f"power is off by {figures['error_of_printed']:.3f}); whatever J, {figures['least_needed_over_provider']:.2f} to "
        f"{figures['most_needed_over_provider']:.2f} times the provider's capacity matches it, not J times."
    )
    return Evidence(figures, says, table)


def judge(figures: Figures) -> Verdict:
    """Whose power of J is it?"""
    printed, right = figures["error_of_printed"], figures["error_of_right"]
    if right <= CLOSE and printed >= APART:
        return Verdict.HOLDS
    return Verdict.FAILS if printed <= CLOSE and right >= APART else Verdict.UNDECIDED


def per_device(each: np.ndarray, n_types: int, rho: float) -> float:
    """Return C_mesh over the total capability, devices dealt out to the types in turn."""
    kinds = np.arange(DEVICES) % n_types
    return populations.direct(populations.pools(kinds, each, n_types), rho) / float(each.sum())


def needed(each: np.ndarray, n_types: int, rho: float) -> float:
    """Return how many of these devices match a provider that spreads its capacity evenly."""
    target = populations.direct([PROVIDER / n_types] * n_types, rho)
    return populations.members_needed(np.arange(DEVICES) % n_types, each, n_types, rho, target)


def draw(panel: Panel, table: pd.DataFrame) -> None:
    """Capability per device against the number of types, at rho = .5."""
    panel.axes("types J", "C_mesh over total capability", log_x=True, log_y=True)
    n = np.array(TYPES, float)
    for role, rho in zip(("first", "second", "third"), RHOS, strict=True):
        rows = table[table["rho"] == rho]
        panel.points(rows["types"], rows["per_device"], f"added up, rho = {rho:g}", role)
        panel.curve(n, n ** (1 / rho - 1), "J to the 1/rho - 1" if rho == RHOS[0] else "")
        panel.curve(n, n ** (1 / rho - 2), "as printed, 1/rho - 2" if rho == RHOS[0] else "", "printed")
    panel.ax.minorticks_off()
    panel.ax.set_xticks(TYPES, [str(count) for count in TYPES])


CLAIM = Claim(
    id="X-ces-exponent",
    place="section 6, equation (16)",
    says="Printed: C_mesh = J^(1/rho - 2) S N cbar. Right: J^(1/rho - 1) S N cbar.",
    derivation="ces-exponent",
    experiment="24,000 devices of log-normal capability dealt out to 2 to 24 types in turn and added up at rho = .3, "
    ".5, .8; the same devices counted until they match a provider of capacity 1,000.",
    statistic="slope of the logarithm of C_mesh over total capability on ln J, less either power",
    criterion="Holds if the slope is within .02 of 1/rho - 1 and .5 or more from 1/rho - 2 at every rho; fails if "
    "the other way round.",
    turned_by="Evenly covered devices whose capability goes with another power of J.",
    assumption="devices cover the types evenly and do nothing but their own",
    measure=measure,
    judge=judge,
    counter={"error_of_printed": 0.0, "error_of_right": 1.0},
    draw=draw,
)
