"""Rule 5, asks: a device that was busier than its target raises its price, one that was idler lowers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesh_abm.agents import overrides
from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

HIGHEST_ASK = 10**15  # a billion credits: keeps sums of money within 64 bits


class Asks:
    """a <- max(running cost, rint(a exp(ask_rate (use - target_use)))) for devices that had capacity last month."""

    def apply(self, model: MeshModel) -> None:
        state, par = model.state, model.par
        rates = (float(par.ask_rate), float(par.target_use))
        costs = model.running_costs
        over_rows(
            _adjust,
            model.members.size,
            model.members,
            state.device_class,
            state.utilization,
            costs,
            rates,
            state.ask,
        )
        if overrides(model.device_class, "set_ask"):
            for device in model.member_agents():
                state.ask[device.row] = device.valid_ask(device.set_ask(int(state.ask[device.row])))


@kernel
def _adjust(start, stop, members, device_class, utilization, costs, rates, ask):
    ask_rate, target = rates
    for a in range(start, stop):
        i = members[a]
        if not np.isnan(utilization[i]):
            wanted = np.rint(ask[i] * np.exp(ask_rate * (utilization[i] - target)))
            ask[i] = max(costs[device_class[i]], np.int64(min(wanted, HIGHEST_ASK)))
