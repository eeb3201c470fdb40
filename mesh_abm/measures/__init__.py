"""What is recorded each month: the registry of measures, and the table by type of task."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from mesh_abm.measures import capability, costly, service, structure  # noqa: F401  (they enter the registry)
from mesh_abm.measures.registry import REGISTRY, Measure
from mesh_abm.measures.snapshot import Snapshot
from mesh_abm.rules.offers import link_value

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

__all__ = ["COLUMNS", "REGISTRY", "SHARES", "TYPE_COLUMNS", "Measure", "Snapshot", "measure", "measure_types"]

COLUMNS: tuple[str, ...] = tuple(sorted(REGISTRY, key=lambda name: name != "month"))  # month first
SHARES = tuple(m.name for m in REGISTRY.values() if m.unit.startswith(("share", "index", "probability")))
TYPE_COLUMNS = (
    "month",
    "type",
    "demand",
    "self",
    "mesh",
    "provider",
    "unserved",
    "mean_ask",
    "bid",
    "active",
    "quality",
)


def measure(model: MeshModel) -> dict[str, Any]:
    """Every measure of this month by name; in month 0 flows are NaN."""
    if model.month == 0:
        model.flows.link_value = link_value(model)
    s = Snapshot(model)
    return {m.name: nan if m.flow and model.month == 0 else m.of(s) for m in REGISTRY.values()}


def measure_types(model: MeshModel) -> list[dict[str, Any]]:
    """A row per type: demand, who served it, mean ask and bid, devices on it and their mean quality."""
    s, f = Snapshot(model), model.flows
    active = s.per_type()
    quality = s.per_type(s.state.quality)
    ends = (f.demand, f.by_self, f.by_mesh, f.by_provider, f.unserved)
    rows = []
    for j in range(s.state.n_types):
        counts = (int(e[j]) for e in ends)
        mean_quality = float(quality[j] / active[j]) if active[j] else nan
        values = (model.month, j, *counts, float(s.asks[j]), float(s.bids[j]), int(active[j]), mean_quality)
        rows.append(dict(zip(TYPE_COLUMNS, values, strict=True)))
    return rows
