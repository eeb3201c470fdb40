"""The phases of a run, marked in figures over time."""

from __future__ import annotations

from matplotlib.axes import Axes

from mesh_abm.figures import style
from mesh_abm.results.result import Result


def mark_phases(ax: Axes, result: Result, names: bool = True) -> None:
    """Mark the months in which the phases of the run began, with their names unless told not to."""
    reached = sorted(result.phases.items(), key=lambda item: item[1])
    for k, (phase, month) in enumerate(reached):
        late = month > 0.8 * max(result.months, 1)
        style.mark_month(ax, month, phase if names else "", 0.99 - 0.075 * k, "right" if late else "left")
