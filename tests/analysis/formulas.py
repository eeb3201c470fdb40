"""Models that are a formula of the scenario: stores with known answers, filled in no time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.scenario import Scenario
from mesh_abm.streams import generator

A, B = 7.0, 0.1
"""Of Ishigami's function."""


@dataclass
class Formula:
    """Stands for a model: the same numbers in every month, month 0 included."""

    columns: dict[str, Any]

    @property
    def datacollector(self) -> Formula:
        return self

    def run_for(self, months: int) -> None:
        self.months = months

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        return pd.DataFrame({"month": range(self.months + 1), **self.columns})


def ishigami(scenario: Scenario) -> Any:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, the shares churn, link_failure, update_rate taken to (-pi, pi)."""
    x1, x2, x3 = (
        math.pi * (2 * s - 1) for s in (scenario.churn, scenario.link_failure, scenario.update_rate)
    )
    return Formula({"s_inf": math.sin(x1) + A * math.sin(x2) ** 2 + B * x3**4 * math.sin(x1)})


def noise(scenario: Scenario) -> float:
    """Standard normal, by seed."""
    return float(generator(scenario.seed or 0, "test", 0).standard_normal())


def linear(scenario: Scenario) -> Any:
    """2 churn - link_failure + 0.01 noise; a network of <k^2>/<k> = 20 churn, slots full, half of offers preferred."""
    value = 2 * scenario.churn - scenario.link_failure + 0.01 * noise(scenario)
    return Formula(
        {
            "s_inf": value,
            "condensate": 0.9,
            "sis_threshold": 1 / (20 * scenario.churn),
            "filled_slots": 1.0,
            "link_value": 0.5,
            "technology_index": 0.0,
        }
    )


def condensed(scenario: Scenario) -> Any:
    """A condensate of 0.85 - 2 (0.2 - churn) / 3, above 0.8 for churn above 0.125; half of offers are preferred."""
    return Formula(
        {
            "condensate": 0.85 - 2 * (0.2 - scenario.churn) / 3,
            "sis_threshold": 0.4,
            "filled_slots": 1.0,
            "link_value": 0.5,
            "technology_index": 0.0,
        }
    )


def plain(scenario: Scenario) -> Any:
    """2 churn - link_failure."""
    return Formula({"s_inf": 2 * scenario.churn - scenario.link_failure})


def constant(scenario: Scenario) -> Any:
    """The same everywhere."""
    return Formula({"s_inf": 1.0})


def step(scenario: Scenario) -> Any:
    """A smooth step in link_value at 0.3 + 10/n_owners + 0.1/n_owners noise, of width 0.01."""
    n = scenario.n_owners
    middle = 0.3 + 10 / n + 0.1 / n * noise(scenario)
    return Formula({"s_inf": float(1 / (1 + np.exp(-((scenario.link_value or 0) - middle) / 0.01)))})


def slots_step(scenario: Scenario) -> Any:
    """0 up to 11 slots, 1 from 12 on."""
    return Formula({"s_inf": float(scenario.slots >= 12)})


def not_defined(scenario: Scenario) -> Any:
    """A measure that is not defined."""
    return Formula({"s_inf": float("nan")})


def fails(scenario: Scenario) -> Any:
    """No model at all."""
    raise ArithmeticError("cannot be built")


def growing(scenario: Scenario) -> Any:
    """s_inf rises by 0.1 a month from 0, condensate is never defined."""
    months = np.arange(scenario.months + 1)
    return Formula({"s_inf": 0.1 * months, "condensate": np.full(len(months), np.nan)})
