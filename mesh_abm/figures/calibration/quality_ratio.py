"""How near the best model that fits a device comes to the best hosted one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.calibration import fits
from mesh_abm.calibration.choices import START
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.scales import day, days, year_axis

MONTHS = 72


def draw() -> Drawing:
    """Return the figure "quality_ratio": best device-size over best hosted score by board, with the fit."""
    data = fits.boards()[["board", "date", "device_model", "device", "hosted_model", "hosted", "ratio"]]
    fit = fits.gap_over_boards()
    title = "Device-size models close the gap to hosted ones, unevenly"
    fig, ax = style.axes(
        title, "version of the board (LiveBench)", "best device-size / best hosted score", size=(7.6, 3.9)
    )
    when = _curve(ax, data["date"].iloc[0], fit)
    _boards(ax, data)
    style.percent_axis(ax, 1.0, 0.6)
    year_axis(ax, "2024-03-01", str(when.date()))
    names = (
        f"gap shrinks by {1 - np.exp(fit.slope):.1%}\na month (fitted)",
        "one standard\nerror either way",
    )
    top, edge = (_ratio(fit, np.array(MONTHS), sign) for sign in (0, 1))
    style.end_labels(ax, [(float(top), names[0], style.COLORS["theory"]), (float(edge), names[1], "#8A8A8A")])
    return Drawing("quality_ratio", title, _sentence(data, fit), fig, data)


def _curve(ax: Axes, first: pd.Timestamp, fit: fits.Line) -> pd.Timestamp:
    months = np.arange(0, MONTHS + 1)
    dates = days(first + pd.DateOffset(months=int(month)) for month in months)
    low, high = (_ratio(fit, months, sign) for sign in (1, -1))
    ax.fill_between(dates, low, high, color="#DDDDDD", linewidth=0)
    ax.plot(dates, _ratio(fit, months, 0), **style.line("theory"))
    return first + pd.DateOffset(months=MONTHS)


def _ratio(fit: fits.Line, months: npt.NDArray[Any], errors: int) -> npt.NDArray[np.float64]:
    """The fitted ratio, with the slope so many standard errors off about the middle of the points."""
    return np.asarray(1 - np.exp(fit.at(months) + errors * fit.error * (months - fit.middle)))


def _boards(ax: Axes, data: pd.DataFrame) -> None:
    used = data["board"] == fits.newest_ratio()["board"]
    when = days(data["date"])
    ax.scatter(when, data["ratio"], s=34, color=style.COLORS["mesh"], zorder=3)
    ax.scatter(when[used], data["ratio"][used], s=110, facecolor="none", edgecolor=style.INK, zorder=4)
    row = data[used].iloc[0]
    ax.annotate(
        f"{row['ratio']:.0%}: quality at the start of the\nbest model that runs on a device",
        (day(row["date"]), row["ratio"]),
        (50, -46),
        textcoords="offset points",
        fontsize=style.SMALL,
        color=style.INK,
        arrowprops={"arrowstyle": "-", "color": style.INK, "lw": 0.8},
    )
    ax.axvline(day(START), color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    ax.annotate(
        "start",
        (day(START), 0.61),
        (4, 0),
        textcoords="offset points",
        fontsize=style.SMALL,
        color=style.MUTED,
    )


def _sentence(data: pd.DataFrame, fit: fits.Line) -> str:
    low, high = data["ratio"].min(), data["ratio"].max()
    return (
        f"On {len(data)} boards the best device-size model reached {low:.0%} to {high:.0%} of the best hosted score. "
        f"The fitted gap shrinks by {-fit.slope:.3f} a month (standard error {fit.error:.3f}): "
        f"{fit.points} points, with questions that changed from board to board, support no more than the direction."
    )
