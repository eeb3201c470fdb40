"""Are there hubs? The degrees of the device network."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator
from scipy.stats import poisson

from mesh_abm.facts import at_end, lately, latest, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.fits.degree_sequence import degrees
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent

POOR = 0.1
"""Kolmogorov-Smirnov distance from which on a fit is called poor."""
ENOUGH = 200
"""Members from which on a hundredth of them is more than a device or two."""


def draw(result: Result) -> Figure:
    """Return the figure "degrees": the share of devices with at least so many links to devices, on log scales."""
    found = degrees(result)
    data = tail(found)
    data["poisson"] = poisson.sf(data["degree"] - 1, found.mean()) if len(data) else []
    title = "Hubs: devices with at least so many links to other devices"
    fig, ax = style.axes(title, "links to other devices (log scale)", "share of members")
    if data.empty:
        style.note(ax, "no device has a link to another")
        ax.set_xticks([])
        ax.set_yticks([])
    else:
        ax.plot(
            data["degree"], data["share"], color=style.COLORS["mesh"], marker="o", markersize=3.5, linewidth=1
        )
        ax.set_xscale("log")
        style.log_axis(ax)
        _degree_axis(ax, float(data["degree"].max()))
        ax.set_ylim(top=1.3)
        if latest(result.frame, "tail_distance") <= POOR:
            _guide(ax, data, latest(result.frame, "tail_exponent"), latest(result.frame, "tail_start"))
        _independent(ax, data)
    return Figure.drawn("degrees", title, _sentence(result), fig, data, fits=result.fits)


def _independent(ax: Axes, data: pd.DataFrame) -> None:
    """Draw and name the degrees that independent links would give, as far down as there are devices."""
    shown = data[data["poisson"] >= data["share"].min()]
    if len(shown) < 2:
        return
    ax.plot(shown["degree"], shown["poisson"], **style.line("theory"))
    last = shown.iloc[-1]
    thinner = last["poisson"] < last["share"]  # the name stands on the side that is free
    ax.annotate(
        "Poisson degrees",
        (last["degree"], last["poisson"]),
        (-14, 4) if thinner else (6, 0),
        textcoords="offset points",
        ha="right" if thinner else "left",
        fontsize=style.SMALL,
        color=style.COLORS["theory"],
    )


def _degree_axis(ax: Axes, most: float) -> None:
    ticks = [step * 10.0**power for power in range(9) for step in (1, 2, 5) if step * 10.0**power <= most]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.xaxis.set_minor_locator(NullLocator())


def tail(degree: np.ndarray) -> pd.DataFrame:
    """Return for each degree from 1 that occurs the share of devices with that degree or more."""
    values = np.sort(degree[degree > 0])
    if not len(values):
        return pd.DataFrame({"degree": [], "share": []})
    at, first = np.unique(values, return_index=True)
    return pd.DataFrame({"degree": at, "share": (len(values) - first) / len(degree)})


def _guide(ax: Axes, data: pd.DataFrame, exponent: float, start: float) -> None:
    """Draw the fitted tail a little above the points, from the degree at which it starts."""
    fitted = data[data["degree"] >= start]
    if not np.isfinite(exponent) or len(fitted) < 2:
        return
    x = fitted["degree"].to_numpy(float)
    y = 1.8 * fitted["share"].iloc[0] * (x / x[0]) ** (1 - exponent)
    ax.plot(x, y, color=style.MUTED, linewidth=1.0)
    ax.annotate(
        f"fitted tail,\nexponent {number(exponent)}",
        (x[0], y[0]),
        (6, 4),
        textcoords="offset points",
        fontsize=style.SMALL,
        color=style.MUTED,
    )


def _sentence(result: Result) -> str:
    frame = result.frame
    mean, most = at_end(frame, "mean_degree"), at_end(frame, "max_degree")
    if not most > 0:
        return "At the end no device has a link to another device: all turn to the provider alone."
    text = f"At the end a device has {number(mean)} links to other devices on average, the best linked {most:,.0f}"
    if np.isfinite(hubs := recent(frame, "hub_share")) and at_end(frame, "members") >= ENOUGH:
        text += f"; the busiest hundredth of members did {percent(hubs)} of all deliveries and relaying {lately(frame)}"
    exponent = latest(frame, "tail_exponent")
    if np.isnan(exponent):
        return text + ". No tail was fitted to the degrees."
    return f"{text}. {_tail_in_words(exponent, latest(frame, 'tail_start'), latest(frame, 'tail_distance'))}"


def _tail_in_words(exponent: float, start: float, distance: float) -> str:
    """Return what the fitted power law says, and how well it fits."""
    law = f"a power law with exponent {number(exponent)} from {start:.0f} links on"
    if distance > POOR:
        return f"No power law fits the tail well (the best is {law}, off by up to {percent(distance)})."
    kind = "a few hubs dominate" if exponent <= 3 else "hubs stay modest"
    return f"The tail is fitted by {law} (off by up to {percent(distance)}): {kind}; the border is 3."
