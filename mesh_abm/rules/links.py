"""Rule 3, links: empty slots make contacts on the network as it stands and keep some of them.

Kernels: *fitness* (Bianconi and Barabasi 2001), *degree* (Barabasi and Albert 1999), *uniform* (the Erdos-Renyi limit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh_abm.agents import overrides
from mesh_abm.kernels import inlined, kernel
from mesh_abm.network import EMPTY, PROVIDER, linked
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import link_value
from mesh_abm.streams import below, stream_key, substream, uniform
from mesh_abm.technology import fitness

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]

TRIES = 64  # draws of a member and slot before a contact fails for want of a filled slot
FAILED = -3  # the outcome of a contact that met nobody
ASK_NOBODY = np.zeros((0, 0, 0), np.int8)  # stands for "no device has a say": the kernel's own chances decide


class Links:
    """All empty slots try at the same time, up to `attempts` contacts each, until one is kept."""

    def apply(self, model: MeshModel) -> None:
        model.flows.link_value = link_value(model)
        chosen = np.full_like(model.network.slots, EMPTY)
        verdicts = ask_devices(model) if overrides(model.device_class, "keep_link") else ASK_NOBODY
        parts = over_rows(
            _choose, model.members.size, *contact_arguments(model), verdicts, chosen, chunk=HEAVY
        )
        tried = np.concatenate([np.zeros(0, np.int64), *parts])
        opened = over_rows(_commit, tried.size, tried, chosen, model.network.slots)
        model.flows.links_opened = sum(opened)
        model.network.rebuild(model.members)


def contact_arguments(model: MeshModel) -> tuple[Any, ...]:
    """Who may be contacted, and with what chance a device is kept: v eta, or v alone."""
    par, v = model.par, model.flows.link_value
    weighted = par.kernel == "fitness"
    keep = v * fitness(model.state.merit) if weighted else np.full(1, v)
    key = stream_key(model.seed, "links", model.month)
    return model.members, model.network.slots, keep, par.kernel == "uniform", par.attempts, key


def ask_devices(model: MeshModel) -> npt.NDArray[np.int8]:
    """Each device's own verdict (0 or 1) on each contact its empty slots could make; (members, m, attempts)."""
    members, slots, keep, uniform_kernel, attempts, key = contact_arguments(model)
    shape = (members.size, slots.shape[1], attempts)
    verdicts = np.zeros(shape, np.int8)
    for a, device in enumerate(model.member_agents()):
        for s in np.flatnonzero(model.network.slots[device.row] == EMPTY):
            for t in range(attempts):
                k = int(contact_of(members, slots, uniform_kernel, key, device.row, s, t))
                if k >= 0 and k != device.row:
                    chance = float(keep[k if len(keep) > 1 else 0])
                    verdicts[a, s, t] = bool(device.keep_link(model.device_at(k), chance))
    return verdicts


@inlined
def meet(members, slots, own, draw):
    """A filled slot of all members uniformly at random, then its owner or its target: proportional to degree."""
    n_slots = slots.shape[1]
    for t in range(TRIES):
        i = members[below(own, draw + 2 * t, members.size)]
        s = below(own, draw + 2 * t + 1, n_slots)
        target = slots[i, s]
        if target != EMPTY:
            return i if uniform(own, draw + 2 * TRIES) < 0.5 else target
    return FAILED


@inlined
def contact(members, slots, uniform_kernel, own, attempt):
    """Whom attempt number `attempt` of the slot with stream `own` meets: a member's row, PROVIDER or FAILED."""
    draw = attempt * (2 * TRIES + 2)
    if uniform_kernel:
        return members[below(own, draw, members.size)]
    return meet(members, slots, own, draw)


@kernel
def contact_of(members, slots, uniform_kernel, key, i, s, attempt):
    """The contact of attempt `attempt` of slot s of device i, as the kernel draws it."""
    return contact(members, slots, uniform_kernel, substream(substream(key, i), s), attempt)


@kernel
def _choose(start, stop, members, slots, keep, uniform_kernel, attempts, key, verdicts, chosen):
    """Fills `chosen` (P, m) with the contacts kept by the empty slots of members start..stop-1; returns those slots.

    A slot is named by its place in the table of slots.
    """
    n_slots = slots.shape[1]
    tried = np.empty((stop - start) * n_slots + 1, np.int64)
    of_member = np.empty((stop - start) * n_slots + 1, np.int64)
    n = 0
    for a in range(start, stop):
        for s in range(n_slots):  # every slot is written down, and filled ones written over
            tried[n], of_member[n] = members[a] * n_slots + s, a
            n += slots[members[a], s] == EMPTY
    for e in range(n):
        i, s = tried[e] // n_slots, tried[e] % n_slots
        own = substream(substream(key, i), s)
        for t in range(attempts):
            k = contact(members, slots, uniform_kernel, own, t)
            if k == PROVIDER:
                chosen[i, s] = k
                break
            if k == FAILED or k == i or linked(slots, i, k):
                continue
            again = False
            for other in range(s):
                again |= chosen[i, other] == k
            if again:
                continue
            if verdicts.size > 0:
                kept = verdicts[of_member[e], s, t] > 0
            else:
                chance = keep[k] if keep.size > 1 else keep[0]
                kept = uniform(own, t * (2 * TRIES + 2) + 2 * TRIES + 1) < chance
            if kept:
                chosen[i, s] = k
                break
    return tried[:n]


@kernel
def _commit(start, stop, tried, chosen, slots):
    """Writes the chosen contacts; where two devices chose each other the slot of the lower number keeps the link."""
    n_slots = slots.shape[1]
    opened = 0
    for e in range(start, stop):
        i, s = tried[e] // n_slots, tried[e] % n_slots
        k = chosen[i, s]
        clash = False
        if 0 <= k < i:
            for other in range(n_slots):
                clash |= chosen[k, other] == i
        slots[i, s] = EMPTY if clash else k
        opened += k >= 0 and not clash
    return opened
