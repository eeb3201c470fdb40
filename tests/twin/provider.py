"""The centralized provider and step 9: it invests, and sets its price."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from mesh_abm.scenario import Scenario

    from .model import TwinModel


class Provider(mesa.Agent):  # type: ignore[misc]
    """Serves any type up to a common capacity K a month, at one price p, with quality by type."""

    model: TwinModel

    def __init__(self, model: TwinModel, par: Scenario) -> None:
        super().__init__(model)
        self.base_price = float(par.provider_price)  # p0
        self.price = self.base_price  # p, kept real
        self.capacity = float(par.provider_capacity * par.n_owners)  # K
        self.till = 0
        self.load = 0
        self.release = 1.0  # factor on quality, by shocks
        self.weights: list[float] = [float(w) for w in par.weights()]

    @property
    def posted_price(self) -> float:
        """The price that is paid and compared: rounded, or infinite."""
        return round(self.price) if math.isfinite(self.price) else math.inf

    def qualities(self) -> list[float]:
        """Quality by type: min(1, f_j / sum w f), f_j = (J w_j)^focus, lifted by releases."""
        types = len(self.weights)
        effort = [(types * w) ** self.model.par.focus for w in self.weights]
        mean = sum(w * f for w, f in zip(self.weights, effort, strict=True))
        return [self.release * min(1.0, f / mean) for f in effort]

    def mean_quality(self) -> float:
        """Mean quality over the query mix."""
        return sum(w * q for w, q in zip(self.weights, self.qualities(), strict=True))

    def open(self) -> None:
        """A new month: nothing served yet, demand by the mix in force."""
        self.load = 0
        self.weights = [float(w) for w in self.model.par.weights()]

    def room(self) -> float:
        """Queries it can still serve this month; at most floor(K) in all."""
        places = math.floor(self.capacity) if math.isfinite(self.capacity) else math.inf
        return places - self.load

    def sell(self, queries: int = 1) -> int:
        """Serve queries; returns the money due, already in the till."""
        due = int(self.posted_price) * queries
        self.load += queries
        self.till += due
        self.model.flows.revenue += due
        return due

    def invest(self) -> None:
        """Part of the month's revenue buys capacity; that and new devices drive the learning curve."""
        par, technology, flows = self.model.par, self.model.technology, self.model.flows
        budget = math.floor(par.reinvest * flows.revenue)
        self.till -= budget
        self.model.ledger.spent += budget
        bought = budget / (par.unit_price * technology.unit_cost)
        self.capacity = self.capacity * (1 - par.depreciation) + bought
        technology.production += par.datacenter_volume * bought + par.device_volume * flows.joined

    def set_price(self) -> None:
        """Cost-plus passes falling cost on; undercut is a ratchet below the devices' asks; fixed stays."""
        par, technology = self.model.par, self.model.technology
        relative_cost = technology.unit_cost / technology.efficiency  # c / A
        if par.pricing == "cost-plus":
            self.price = self.base_price * (1 - par.pass_through + par.pass_through * relative_cost)
        elif par.pricing == "undercut":
            asks = [device.ask for device in self.model.members if device.task is not None]
            if asks:
                target = (1 - par.undercut) * sum(asks) / len(asks)
                floor = par.cost_share * self.base_price * relative_cost
                self.price = max(floor, min(self.price, target))
