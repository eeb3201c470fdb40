"""What a sweep says: phase diagrams, response curves, global sensitivity, tornados, tipping points.

Each is a function of a saved store (a tipping point: of a scenario) that returns a DataFrame. The pictures are in
`mesh_abm.analysis.pictures`, the commands under `mesh-abm analyze`.
"""

from __future__ import annotations

from mesh_abm.analysis.phase_diagram import phase
from mesh_abm.analysis.ranges import documented_ranges
from mesh_abm.analysis.reading import AnalysisError, Reading
from mesh_abm.analysis.response import response
from mesh_abm.analysis.sensitivity import sensitivity
from mesh_abm.analysis.tipping import flips, tipping
from mesh_abm.analysis.tornado import tornado, tornado_plan

__all__ = [
    "AnalysisError",
    "Reading",
    "documented_ranges",
    "flips",
    "phase",
    "response",
    "sensitivity",
    "tipping",
    "tornado",
    "tornado_plan",
]
