"""How near devices come to a mesh by the closed form of docs/model.md: a yardstick for the assumptions.

The provider holds the share b of links that the law with churn gives (theory.condensation); a mesh appears about where
the mean degree among devices, 2 m (1 - b), reaches 1. Merit, quality and link value move as rules 1, 3 and 9 say while
all demand is the provider's. Nothing is simulated.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mesh_abm.calibration import Calibration, fits
from mesh_abm.scenario import FIELDS
from mesh_abm.theory.condensation import fitness_of_merit, with_churn

EVERY = 6
"""Months between the moments that are looked at."""

Column = npt.NDArray[np.float64]


def highest_degree(calibration: Calibration, months: int) -> float:
    """Return the highest mean degree among devices that the closed form gives in so many months."""
    index = technology(calibration, months)
    return max(degree(calibration, float(index[month]), month) for month in range(0, months + 1, EVERY))


def technology(calibration: Calibration, months: int) -> Column:
    """Return the technology index T = ln(A/c) of months 0 to `months` while the provider serves all demand.

    Q grows by what a constant demand buys: at first by the fitted pace, then as price and unit cost fall (rule 9).
    """
    alpha, extra = calibration["learning_exponent"].number, calibration["efficiency_growth"].number
    passed, pace = FIELDS["pass_through"].default, fits.volume_growth()
    index, produced = np.zeros(months + 1), 1.0
    for month in range(1, months + 1):
        cost, efficiency = produced**-alpha, math.exp(extra * month)
        index[month] = math.log(efficiency / cost)
        produced += pace * (1 - passed + passed * cost / efficiency) / cost
    return index


def degree(calibration: Calibration, index: float, month: int) -> float:
    """Return the mean degree among members that the closed form gives in a month at a technology index."""
    merit = _column(calibration, "merit") * math.exp(calibration["merit_gain"].number * index)
    able = merit >= calibration["capable_merit"].number
    share = _column(calibration, "share")[able] / _column(calibration, "share")[able].sum()
    gap = (1 - _column(calibration, "quality")[able]) * math.exp(
        -calibration["quality_growth"].number * month
    )
    fitness = np.column_stack([fitness_of_merit(merit[able]), share])
    value = _link_value(calibration, 1 - float(gap @ share))
    held = with_churn(fitness, value, calibration["link_failure"].number, calibration["churn"].number)
    return float(2 * FIELDS["slots"].default * (1 - held))


def _link_value(calibration: Calibration, quality: float) -> float:
    """The chance that a typical offer of an unspecialized device is preferred (rule 3)."""
    price, worth, noise = (
        calibration[name].number for name in ("provider_price", "query_value", "choice_noise")
    )
    ask = (float(np.mean(_column(calibration, "running_cost"))) + price) / 2
    return 1 / (1 + math.exp((worth * (1 - quality) + ask - price) / noise))


def _column(calibration: Calibration, key: str) -> Column:
    column = calibration[f"classes.{key}"].value
    return np.array(list(column.values()), float) if isinstance(column, dict) else np.array([])
