"""Axes of pictures of the data: logarithmic ones with few and plain ticks, and calendar years."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from mesh_abm.figures import style

SECONDS_A_DAY = 86_400


def log_axes(ax: Axes, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
    """Make the axes that have limits logarithmic, with a quiet grid and ticks at powers of ten (and thirds of them)."""
    if x is not None:
        ax.set_xscale("log")
        ax.set_xlim(*x)
        ax.grid(axis="x", color=style.GRID, linewidth=0.7)
        _ticks(ax.xaxis, *x)
    if y is not None:
        ax.set_yscale("log")
        ax.set_ylim(*y)
        _ticks(ax.yaxis, *y)


def year_axis(ax: Axes, first: str, last: str) -> None:
    """Make the x axis a calendar from one day to another, with a tick at the start of each year."""
    start, end = day(first), day(last)
    years = range(pd.Timestamp(first).year + 1, pd.Timestamp(last).year + 1)
    ax.set_xlim(start, end)
    ax.set_xticks([day(f"{year}-01-01") for year in years], [str(year) for year in years])


def day(date: str | pd.Timestamp) -> float:
    """Return a date as it stands on a calendar axis (days since 1970)."""
    return pd.Timestamp(date).timestamp() / SECONDS_A_DAY


def days(dates: Iterable[pd.Timestamp]) -> npt.NDArray[np.float64]:
    """Return dates as they stand on a calendar axis (days)."""
    return np.array([day(date) for date in dates])


def _ticks(axis: Axis, low: float, high: float) -> None:
    axis.set_major_locator(LogLocator(10, subs=(1.0,) if high / low > 1000 else (1.0, 3.0), numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.6g}"))
    axis.set_minor_locator(NullLocator())
