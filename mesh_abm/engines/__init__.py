"""Engines: where many independent tasks run - in this process, in processes of this machine, on a cluster.

An engine calls a function on each of many tasks and hands back what came of each, in any order, with the task's place.
Function, tasks and values must be picklable (a function of a module, not a lambda). What comes of a task never
depends on the engine or on the number of workers.
"""

from __future__ import annotations

from mesh_abm.engines.choosing import engine_named
from mesh_abm.engines.engine import Engine, EngineError, Outcome, values_in_order
from mesh_abm.engines.processes import LocalProcesses
from mesh_abm.engines.this_process import ThisProcess

__all__ = [
    "Engine",
    "EngineError",
    "LocalProcesses",
    "Outcome",
    "ThisProcess",
    "engine_named",
    "values_in_order",
]
