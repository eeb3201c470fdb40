"""Logarithmic axes with few and plain ticks."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from mesh_abm.figures import style


def log_axes(ax: Axes, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
    """Make the axes that have limits logarithmic, with a quiet grid and ticks at powers of ten (and thirds of them)."""
    for axis, limits in (("x", x), ("y", y)):
        if limits is None:
            continue
        getattr(ax, f"set_{axis}scale")("log")
        getattr(ax, f"set_{axis}lim")(*limits)
        target = getattr(ax, f"{axis}axis")
        wide = limits[1] / limits[0] > 1000
        target.set_major_locator(LogLocator(10, subs=(1.0,) if wide else (1.0, 3.0), numticks=12))
        target.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.6g}"))
        target.set_minor_locator(NullLocator())
        ax.grid(axis=axis, color=style.GRID, linewidth=0.7)
