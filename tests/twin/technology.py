"""Step 1: the learning curve and what it makes of merit, capacity and quality."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesh_abm.device_classes import DeviceClass
    from mesh_abm.scenario import Scenario


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), the exponent clipped to +-60 as in every logit of the model."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


class Technology:
    """Cumulative production Q, unit cost c, efficiency A, index T = ln(A / c) and the class qualities."""

    def __init__(self, par: Scenario) -> None:
        self.initial_production: float = par.cumulative_production * par.n_owners
        self.production = self.initial_production
        self.efficiency = 1.0
        self.quality_gap = 1.0  # what is left of a class's initial gap to quality 1
        self.unit_cost = 1.0
        self.index = 0.0

    def advance(self, par: Scenario) -> None:
        """c from the production so far; A and the quality gap accumulate, in the first month too."""
        self.unit_cost = (self.production / self.initial_production) ** (-par.learning_exponent)
        self.efficiency *= math.exp(par.efficiency_growth)
        self.quality_gap *= math.exp(-par.quality_growth)
        self.index = math.log(self.efficiency / self.unit_cost)

    def merit_growth(self, par: Scenario) -> float:
        """Factor by which merits have grown since the start."""
        return math.exp(par.merit_gain * self.index)

    def quality(self, device_class: DeviceClass) -> float:
        """Quality q_k of an unspecialized device of the class."""
        return float(1.0 - (1.0 - device_class.quality) * self.quality_gap)

    def distance_to_crossing(self, par: Scenario, price: float) -> float:
        """x = Q_bar - Q: production still missing until devices match the provider's price."""
        margin = price - sum(k.running_cost for k in par.classes) / len(par.classes)
        if margin <= 0:
            return math.inf
        needed = par.hardware_cost / (self.efficiency * margin)
        if par.learning_exponent == 0:
            threshold = 0.0 if needed <= 1 else math.inf
        else:
            threshold = self.initial_production * needed ** (1 / par.learning_exponent)
        return float(threshold - self.production)
