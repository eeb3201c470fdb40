"""The moments at which a mesh formed, marked in figures over time."""

from __future__ import annotations

from matplotlib.axes import Axes

from mesh_abm.figures import style
from mesh_abm.results.result import Result
from mesh_abm.summary.formation import component


def mark_phases(ax: Axes, result: Result) -> None:
    """Mark the months of nucleation and crystallization, if they were reached, with their names."""
    reached = [(month, _name(result, phase)) for phase, month in result.phases.items() if phase != "maturity"]
    style.mark_months(ax, sorted(reached))


def _name(result: Result, phase: str) -> str:
    """Return the phase's name, with a doubt where so few members can reach it by chance."""
    return f"{phase}?" if component(result.frame, result.phases[phase]).by_chance else phase
