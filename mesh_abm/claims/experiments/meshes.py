"""Meshes of the model itself in their stationary state, and their device networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from mesh_abm.claims.lab import Lab, Probe, Trajectory
    from mesh_abm.model import MeshModel

STANDING: dict[str, Any] = {
    "population": "fixed",
    "merit_gain": 0.0,
    "capacity_gain": 0.0,
    "classes.phone.merit": 2.0,
    "classes.laptop.merit": 2.0,
    "classes.desktop.merit": 2.0,
    "classes.workstation.merit": 2.0,
    "measure_every": 0,
}
"""Everybody is in, one in fifty is renewed each month, merits are high and stay so: nothing but the mesh changes."""
MONTHS = 48


def standing(
    lab: Lab, n: int, replicates: int, changes: Mapping[str, Any] | None = None, probe: Probe | None = None
) -> list[Trajectory]:
    """Return runs of meshes of `n` devices: `reference` with STANDING and then `changes`."""
    settings = {**STANDING, "n_owners": n, **(changes or {})}
    return lab.runs("reference", replicates, months=MONTHS, changes=settings, probe=probe)


def device_links(model: MeshModel) -> csr_array:
    """Return the adjacency matrix of the device network, a row for each member; a probe."""
    net, p = model.network, model.state.n_owners
    links = csr_array((np.ones(net.neighbors.size), net.neighbors, net.start), shape=(p, p))
    return links[model.members][:, model.members].tocsr()
