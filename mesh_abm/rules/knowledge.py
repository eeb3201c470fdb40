"""Rule 8, knowledge: practice, exchange along links - equation (11) - and the spread of releases (SIS, (14))."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Knowledge:
    """u decays and grows with use, then flows along every link once; then updates spread."""

    def apply(self, model: MeshModel) -> None:
        state, par, members = model.state, model.par, model.members
        rates = (float(par.obsolescence), float(par.practice))
        over_rows(_practice, members.size, members, state.utilization, rates, state.knowledge)
        exchange(model)
        spread_updates(model)


def exchange(model: MeshModel) -> None:
    """The flow of (11) on each link alone, in slot order: both ends move (1 - exp(-2 e)) / 2 of their difference."""
    if model.par.exchange > 0:
        step = (1.0 - exp(-2.0 * model.par.exchange)) / 2.0
        _exchange(model.network.slots, model.members, step, model.state.knowledge)


def spread_updates(model: MeshModel) -> None:
    """Releases seed some members; then all at once: infection by neighbors up to date, recovery of those who were."""
    state, par, members = model.state, model.par, model.members
    key = stream_key(model.seed, "updates", model.month)
    seed_chance = float(par.update_seed) if (model.month - 1) % par.release_every == 0 else 0.0
    over_rows(_release, members.size, members, key, seed_chance, state.up_to_date)
    before = state.up_to_date.copy()
    rates = (float(par.update_rate), float(par.update_recovery))
    net = model.network
    over_rows(_spread, members.size, members, net.start, net.neighbors, before, rates, key, state.up_to_date)


@kernel
def _practice(start, stop, members, utilization, rates, knowledge):
    obsolescence, practice = rates
    for a in range(start, stop):
        i = members[a]
        use = 0.0 if np.isnan(utilization[i]) else utilization[i]
        knowledge[i] = (1.0 - obsolescence) * knowledge[i] + practice * use


@kernel
def _exchange(slots, members, step, knowledge):
    for i in members:
        for s in range(slots.shape[1]):
            k = slots[i, s]
            if k >= 0:
                moved = step * (knowledge[k] - knowledge[i])
                knowledge[i] += moved
                knowledge[k] -= moved


@kernel
def _release(start, stop, members, key, chance, up_to_date):
    for a in range(start, stop):
        i = members[a]
        up_to_date[i] |= uniform(substream(key, i), 0) < chance


@kernel
def _spread(start, stop, members, first, neighbors, before, rates, key, up_to_date):
    infection, recovery = rates
    for a in range(start, stop):
        i = members[a]
        u = uniform(substream(key, i), 1)
        if before[i]:
            up_to_date[i] = u >= recovery
        else:
            n = 0
            for e in range(first[i], first[i + 1]):
                n += before[neighbors[e]]
            up_to_date[i] = u < 1.0 - (1.0 - infection) ** n
