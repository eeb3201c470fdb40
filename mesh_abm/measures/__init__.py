"""What is recorded each month: the registry of measures, and the table by type of task."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from mesh_abm.measures import capability, costly, service, structure  # noqa: F401  (they enter the registry)
from mesh_abm.measures.registry import REGISTRY, Measure
from mesh_abm.measures.snapshot import Snapshot
from mesh_abm.rules.offers import link_value

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


def measure(s: Snapshot) -> dict[str, Any]:
    """Every measure of the month by name; in month 0 flows are NaN."""
    start = s.model.month == 0
    if start:
        s.flows.link_value = link_value(s.model)
    return {m.name: nan if m.flow and start else m.of(s) for m in REGISTRY.values()}


def measure_types(s: Snapshot) -> list[dict[str, Any]]:
    """A row per type: demand, who served it, mean ask and bid, devices on it and their mean quality."""
    f = s.flows
    counts = (f.demand, f.by_self, f.by_mesh, f.by_provider, f.unserved)
    columns = (*counts, s.asks, s.bids, s.by_type.active.astype(np.int64), s.qualities)
    by_type = zip(range(s.state.n_types), *(column.tolist() for column in columns), strict=True)
    return [dict(zip(TYPE_COLUMNS, (s.model.month, *values), strict=True)) for values in by_type]
