"""The state of technology: what production has taught and what it does to costs, merits and qualities."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mesh_abm.scenario import Scenario

F64 = npt.NDArray[np.float64]


@dataclass
class Technology:
    """Cumulative production Q and what follows from it; at the start c = A = 1, T = 0."""

    base: float  # Q0, production before month 1
    production: float  # Q
    unit_cost: float = 1.0  # c, relative to the start
    efficiency: float = 1.0  # A
    index: float = 0.0  # T = ln(A / c)
    quality_gap: float = 1.0  # part of the classes' initial gap to quality 1 that is left
    merit_factor: float = 1.0  # product of the merit shocks in force
    distance: float = math.inf  # x = Q_bar - Q, as of rule 1

    @classmethod
    def at_start(cls, scenario: Scenario) -> Technology:
        base = scenario.cumulative_production * scenario.n_owners
        return cls(base=base, production=base)

    def advance(self, par: Scenario, price: float) -> None:
        """One month on: Wright's law in Q, exponential growth of A, a closing quality gap (both accumulate)."""
        self.unit_cost = (self.production / self.base) ** -par.learning_exponent
        self.efficiency *= math.exp(par.efficiency_growth)
        self.quality_gap *= math.exp(-par.quality_growth)
        self.index = math.log(self.efficiency / self.unit_cost)
        self.measure_distance(par, price)

    def measure_distance(self, par: Scenario, price: float) -> None:
        """x = Q_bar - Q at the present price."""
        self.distance = self.crossing_production(par, price) - self.production

    def class_merit(self, par: Scenario) -> F64:
        """r of each class, personal factor not applied, (classes,)."""
        merits = np.array([c.merit for c in par.classes])
        return merits * self.merit_factor * math.exp(par.merit_gain * self.index)

    def class_capacity(self, par: Scenario) -> F64:
        """Queries a month of each class, knowledge not applied, (classes,)."""
        return np.array([c.capacity for c in par.classes]) * math.exp(par.capacity_gain * self.index)

    def class_quality(self, par: Scenario) -> F64:
        """q_k of each class, (classes,)."""
        return 1.0 - (1.0 - np.array([c.quality for c in par.classes])) * self.quality_gap

    def crossing_production(self, par: Scenario, price: float) -> float:
        """Q_bar: the production at which a device answers as cheaply as the provider's price; inf if none does."""
        margin = price - float(np.mean([c.running_cost for c in par.classes]))
        if not margin > 0:
            return math.inf
        ratio = par.hardware_cost / (self.efficiency * margin)
        if par.learning_exponent == 0:
            return 0.0 if ratio <= 1 else math.inf
        with np.errstate(over="ignore"):
            return float(self.base * np.float64(ratio) ** (1 / par.learning_exponent))


def fitness(merit: F64) -> F64:
    """eta = r / (1 + r), so that eta / (1 - eta) = r (docs/model.md, rule 1)."""
    with np.errstate(divide="ignore"):
        return 1.0 / (1.0 + 1.0 / merit)
