"""Many runs: a plan says which, an engine makes them, a store keeps each as it finishes.

`sweep` runs a plan; a store that it has filled in part is gone on with. `open_store` reads one.
"""

from __future__ import annotations

from mesh_abm.sweeps.plan import Plan, PlanError
from mesh_abm.sweeps.reading import Store, open_store
from mesh_abm.sweeps.sweeping import sweep

__all__ = ["Plan", "PlanError", "Store", "open_store", "sweep"]
