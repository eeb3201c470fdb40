"""Rule 4, response: thresholds decide which task a device takes up - equation (9), Bonabeau and others 1996."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesh_abm.agents import overrides
from mesh_abm.kernels import inlined, kernel
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import quality_of
from mesh_abm.state import IDLE
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

MOST_QUERIES = 2.0**31 - 2  # of one device and month; capacity is a 32-bit number


class Response:
    """A device is active with chance 1 - prod(1 - p_j), on one type; it then has a capacity and a quality."""

    def apply(self, model: MeshModel) -> None:
        state, n = model.state, model.members.size
        key = stream_key(model.seed, "response", model.month)
        over_rows(
            _respond, n, model.members, state.signal, state.thresholds, model.par.steepness, key, state.task,
            chunk=HEAVY,
        )  # fmt: skip
        if overrides(model.device_class, "choose_task"):
            self.ask_devices(model)
        self.set_offers(model)

    def ask_devices(self, model: MeshModel) -> None:
        """Devices with a `choose_task` of their own decide, knowing their response probabilities."""
        for device in model.member_agents():
            choice = device.choose_task(device.response())
            model.state.task[device.row] = IDLE if choice is None else device.valid_task(choice)

    def set_offers(self, model: MeshModel) -> None:
        """Capacity floor(C_i sigma_ij + U) and quality of every device that is on a task."""
        state, par = model.state, model.par
        rates = (
            float(par.specialist_ceiling),
            float(par.specialist_bonus),
            float(par.update_bonus),
            float(par.knowledge_gain),
        )
        over_rows(
            _set_offers, model.members.size, model.members, state.device_class, state.shares, state.knowledge,
            state.up_to_date, state.task, model.class_capacity(), model.class_quality(), rates,
            stream_key(model.seed, "capacity", model.month),
            state.full_capacity, state.capacity, state.quality, state.load, state.delivered, state.relayed,
            state.hosted,
        )  # fmt: skip


@inlined
def response(signal, threshold, n):
    """Equation (9): s^n / (s^n + theta^n), 0 without a signal."""
    s = signal * signal if n == 2.0 else signal**n  # squares are the usual case, and many times as fast
    total = s + (threshold * threshold if n == 2.0 else threshold**n)
    return s / total if total > 0.0 else 0.0


@kernel
def _respond(start, stop, members, signal, thresholds, n, key, task):
    n_types = thresholds.shape[1]
    local = signal.shape[0] > 1
    p = np.empty(n_types)
    for a in range(start, stop):
        i = members[a]
        heard = i if local else 0
        idle, total = 1.0, 0.0
        for j in range(n_types):
            p[j] = response(signal[heard, j], thresholds[i, j], n)
            idle *= 1.0 - p[j]
            total += p[j]
        own = substream(key, i)
        mark = uniform(own, 1) * total
        drawn, reached = (
            0,
            0.0,
        )  # found by counting: a loop that ends at the mark would be guessed wrong every time
        for j in range(n_types - 1):
            reached += p[j]
            drawn += reached <= mark
        task[i] = drawn if uniform(own, 0) >= idle else IDLE


@inlined
def full_capacity(class_capacity, knowledge, gain):
    """C_i: queries a month if all effort goes to one type."""
    return class_capacity * (1.0 + gain * knowledge / (1.0 + knowledge))


@kernel
def _set_offers(
    start, stop, members, device_class, shares, knowledge, up_to_date, task, class_capacity, class_quality, rates, key,
    full, capacity, quality, load, delivered, relayed, hosted,
):  # fmt: skip
    n_types = shares.shape[1]
    ceiling, bonus, update_bonus, gain = rates
    for a in range(start, stop):
        i = members[a]
        load[i] = delivered[i] = relayed[i] = hosted[i] = 0
        full[i] = full_capacity(class_capacity[device_class[i]], knowledge[i], gain)
        on_task = task[i] != IDLE
        share = shares[i, max(task[i], 0)]
        whole = np.floor(full[i] * share + uniform(substream(key, i), 0))
        capacity[i] = np.int32(min(whole, MOST_QUERIES)) if on_task else 0
        q = quality_of(class_quality[device_class[i]], share, n_types, ceiling, bonus)
        q = q * (1.0 + update_bonus) if up_to_date[i] else q
        quality[i] = q if on_task else 0.0
