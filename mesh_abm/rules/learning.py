"""Rule 7, learning: what a device did becomes easier to take up and easier to do - equation (10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Learning:
    """theta falls by xi on the type served and rises by phi on all others; shares of effort move to the type served."""

    def apply(self, model: MeshModel) -> None:
        state, par = model.state, model.par
        steps = (float(par.reinforcement), float(par.decay), float(par.learning_rate))
        bounds = (float(par.threshold_min), float(par.threshold_max))
        over_rows(
            _learn,
            model.members.size,
            model.members,
            state.task,
            state.load,
            steps,
            bounds,
            state.thresholds,
            state.shares,
        )


@kernel
def _learn(start, stop, members, task, load, steps, bounds, thresholds, shares):
    n_types = shares.shape[1]
    xi, phi, rate = steps
    low, high = bounds
    for a in range(start, stop):
        i = members[a]
        served = task[i] if load[i] >= 1 else -1
        for j in range(n_types):
            moved = thresholds[i, j] + (-xi if j == served else phi)
            thresholds[i, j] = min(max(moved, low), high)
        if served >= 0:
            for j in range(n_types):
                shares[i, j] *= 1.0 - rate
            shares[i, served] += rate
