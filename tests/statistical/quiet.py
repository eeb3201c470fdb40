"""Models in which nothing but the network changes, so that the laws of networks can be seen alone."""

from __future__ import annotations

from typing import Any

from mesh_abm.model import MeshModel
from mesh_abm.scenario import DeviceClass

QUIET: dict[str, Any] = {
    "churn": 0, "link_failure": 0, "merit_spread": 0, "task_types": 1, "demand": 1e-9, "standing_cost": 0,
    "efficiency_growth": 0, "learning_exponent": 0, "measure_every": 0,
}  # fmt: skip


def of_merit(*merits):
    """Device classes of these merits, in equal parts."""
    same = {"share": 1 / len(merits), "capacity": 1, "quality": 0.5, "running_cost": 1}
    return tuple(DeviceClass(name=f"c{i}", merit=merit, **same) for i, merit in enumerate(merits))


def rewire(model, months=1):
    """Steps of rules 2 and 3 alone: who leaves and joins, which links fail and open."""
    for _ in range(months):
        model.month += 1
        model.open_month()
        model.rules.population.apply(model)
        model.rules.links.apply(model)
    return model


def grown(n, start, arrivals, seed, personal=1, **fields):
    """A mesh that grew to n members, and its sizes before each month; `personal` multiplies each owner's merit."""
    fields = {
        "population": "growth",
        "initial_members": start / n,
        "arrivals": arrivals,
        "link_value": 1,
    } | fields
    model, sizes = MeshModel(**(QUIET | {"n_owners": n, "attempts": 8} | fields), rng=seed), []
    model.state.personal[:] = personal
    model.update_merits()
    while model.members.size < n:
        sizes.append(int(model.members.size))
        rewire(model)
    return model, sizes
