"""Axes with a bar for each field, widest on top: room on the left for names."""

from __future__ import annotations

import matplotlib.figure
from matplotlib.axes import Axes

from mesh_abm.figures import style

WIDTH, LEFT, RIGHT, ABOVE, BELOW, EACH = 7.6, 2.3, 0.5, 0.95, 0.72, 0.34


def bar_axes(title: str, x: str, names: list[str]) -> tuple[matplotlib.figure.Figure, Axes]:
    """Return a figure as high as its bars want, the first name on top (y = 0, growing downwards)."""
    height = ABOVE + BELOW + EACH * max(2, len(names))
    fig, ax = style.axes(title, x, "", size=(WIDTH, height), gutter=RIGHT)
    ax.set_position(
        (LEFT / WIDTH, BELOW / height, (WIDTH - LEFT - RIGHT) / WIDTH, 1 - (ABOVE + BELOW) / height)
    )
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), names, fontsize=style.SMALL)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.GRID, linewidth=0.7)
    return fig, ax
