"""Rule 9, provider: it invests part of its revenue, which teaches its rivals too, and sets its price."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mesh_abm.state import IDLE

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Provider:
    """Investment, production, price and quality of the months to come."""

    def apply(self, model: MeshModel) -> None:
        self.invest(model)
        model.provider.price = PRICING[model.par.pricing](model)
        model.provider.quality = quality_by_type(model.weights, float(model.par.focus))

    def invest(self, model: MeshModel) -> None:
        """Spends floor(`reinvest` R) on capacity at `unit_price` c; what is bought and sold adds to production."""
        par, provider, tech, flows = model.par, model.provider, model.technology, model.flows
        budget = floor(par.reinvest * provider.revenue)
        bought = budget / (par.unit_price * tech.unit_cost)
        flows.revenue, flows.capacity_bought = provider.revenue, bought
        model.money.till -= budget
        model.money.spent += budget
        left = provider.capacity * (1 - par.depreciation) if par.depreciation < 1 else 0.0  # of infinity, too
        provider.capacity = left + bought
        tech.production += par.datacenter_volume * bought + par.device_volume * flows.joined


def cost_plus(model: MeshModel) -> float:
    """p = p0 (1 - pi + pi c / A): the part pi of the fall in cost is passed on."""
    par, tech = model.par, model.technology
    return model.provider.list_price * (
        1 - par.pass_through + par.pass_through * tech.unit_cost / tech.efficiency
    )


def undercut(model: MeshModel) -> float:
    """p = max(cost_share p0 c / A, min(p, (1 - undercut) mean ask of devices on a task)): it follows asks down."""
    par, tech, state, p = model.par, model.technology, model.state, model.provider.price
    on_task = state.task != IDLE
    if not on_task.any():
        return p
    cost = model.provider.list_price * tech.unit_cost / tech.efficiency
    floor_price = par.cost_share * cost if par.cost_share else 0.0  # of an infinite price, too
    return max(floor_price, min(p, (1 - par.undercut) * float(state.ask[on_task].mean())))


def fixed(model: MeshModel) -> float:
    """The price stays as it is."""
    return model.provider.price


PRICING = {"cost-plus": cost_plus, "undercut": undercut, "fixed": fixed}


def quality_by_type(weights: npt.NDArray[np.float64], focus: float) -> npt.NDArray[np.float64]:
    """min(1, f_j / sum_l w_l f_l), f_j = (J w_j)^focus, (J,): 0 is uniform (8), more neglects the long tail."""
    f = (weights.size * weights) ** focus
    return np.minimum(1.0, f / float(weights @ f))
