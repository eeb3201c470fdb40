"""Rule 6d, calls heard: what nobody nearby could answer is heard by the origin and wherever the search went.

Signals are the stimuli of (9): s <- m s + (1 - m) x calls heard, in units of a type's average demand lambda / J.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows
from mesh_abm.rules.routing import NO_CAPACITY, NO_PATH

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Hearing:
    """A query that ended for want of a path, a specialist or capacity is a call; locally each device hears its own."""

    def apply(self, model: MeshModel) -> None:
        par, signal, memory = model.par, model.state.signal, float(model.par.signal_memory)
        local = par.signal == "local"
        heard = np.zeros(signal.shape, np.int32)
        _hear(model.queries, model.offers, model.fate, local, heard)
        per_call = per_heard_call(model, local)
        if local:
            over_rows(_remember, model.members.size, model.members, signal, heard, memory, per_call)
        else:
            signal[0] = memory * signal[0] + per_call * heard[0]


def per_heard_call(model: MeshModel, local: bool) -> float:
    """(1 - m) J / lambda for a device's own signal, (1 - m) J / (lambda N) for the global one; 0 without demand."""
    listeners = 1 if local else model.members.size
    calls = model.par.demand * listeners
    return (1 - model.par.signal_memory) * model.par.task_types / calls if calls > 0 else 0.0


@kernel
def _hear(queries, offers, fate, local, heard):
    origins, types, moves, paths = queries.origin, queries.type, offers.moves, offers.path
    for q in range(fate.size):
        if NO_PATH <= fate[q] <= NO_CAPACITY:
            j = types[q]
            if local:
                heard[origins[q], j] += 1
                for m in range(moves[q]):
                    heard[paths[q, m], j] += 1
            else:
                heard[0, j] += 1


@kernel
def _remember(start, stop, members, signal, heard, memory, per_call):
    for a in range(start, stop):
        i = members[a]
        for j in range(signal.shape[1]):
            signal[i, j] = memory * signal[i, j] + per_call * heard[i, j]
