"""The figures of the phase explorer: the condensate over merit, and where in merit and churn it dissolves."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from mesh_abm.figures import style
from mesh_abm.laboratory.explorers import condensate
from mesh_abm.laboratory.explorers.condensate import RANGES, Point
from mesh_abm.laboratory.explorers.sheet import Sheet
from mesh_abm.wording import number

SIZE, GUTTER = (5.8, 2.75), 1.75
FINE = 160
TOP_MERIT = 20.0
"""Largest merit of the map."""
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


@lru_cache(maxsize=32)
def over_merit(point: Point) -> Sheet:
    """Return the predicted condensate over the mean merit of devices, with the point and the boundary."""
    title = "How much of all links the provider holds"
    _, ax = style.axes(
        title, "mean merit of devices (of the provider's)", "condensate", size=SIZE, gutter=GUTTER
    )
    merits = np.geomspace(RANGES["merit"].low, RANGES["merit"].high, FINE)
    law, limit = condensate.shares(merits, point), condensate.growth_limit(merits, point)
    growing = point.population == "growth"
    if not growing:
        ax.plot(
            merits,
            law,
            label="predicted, with churn\nand link failure",
            **style.line("theory", linewidth=2.0),
        )
    ax.plot(merits, limit, label="predicted, growth\nonly: equation (5)", **_limit(growing))
    _merit_axis(ax.xaxis, ax.set_xscale, merits)
    ax.set_xlim(merits[0], merits[-1])
    style.percent_axis(ax, 1.0)
    _mark_boundary(ax, condensate.boundary(point))
    ax.plot(
        [point.merit],
        [condensate.predicted(point)],
        label="you are here",
        **style.points("theory", markersize=9),
    )
    ax.plot([], [], "o", color=style.COLORS["provider"], markersize=8, label="measured, mean\nof 12 months")
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.04), frameon=False, fontsize=style.SMALL, labelspacing=0.8,
              handlelength=2.2)  # fmt: skip
    return Sheet.of(ax, title)


@lru_cache(maxsize=32)
def boundaries(point: Point) -> Sheet:
    """Return the map of merit and churn: above the line devices hold all links between them."""
    title = "Where the provider's hold dissolves"
    _, ax = style.axes(title, "churn (per month)", "mean merit of devices", size=SIZE, gutter=GUTTER)
    churns = np.linspace(RANGES["churn"].low, RANGES["churn"].high, 61)
    needed = condensate.boundary_over_churn(point, churns)
    low = RANGES["merit"].low
    _merit_axis(ax.yaxis, ax.set_yscale, np.array([low, TOP_MERIT]))
    ax.set_ylim(low, TOP_MERIT)
    ax.set_xlim(churns[0], churns[-1])
    shown = np.where(np.isfinite(needed), np.minimum(needed, TOP_MERIT), TOP_MERIT)
    ax.fill_between(churns, low, shown, color=style.FILLS["provider"], alpha=0.55, linewidth=0)
    ax.fill_between(churns, shown, TOP_MERIT, color=style.COLORS["mesh"], alpha=0.2, linewidth=0)
    known = needed <= TOP_MERIT
    ax.plot(churns[known], needed[known], **style.line("theory"))
    ax.plot([point.rates[0]], [point.merit], **style.points("theory", markersize=9))
    style.note(
        ax, "condensed: the provider\nholds a share", 0.62, 0.16, fontsize=style.SMALL, color=style.INK
    )
    style.note(ax, "fit-get-rich", 0.12, 0.9, fontsize=style.SMALL, color=style.INK)
    ax.plot([], [], label="the condensate\ndissolves", **style.line("theory"))
    ax.plot([], [], label="you are here", **style.points("theory", markersize=9))
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.04), frameon=False, fontsize=style.SMALL, labelspacing=0.8,
              handlelength=2.2)  # fmt: skip
    return Sheet.of(ax, title)


def _limit(alone: bool) -> dict[str, Any]:
    """Return how the growth limit looks: as the prediction itself, or behind it."""
    if alone:
        return style.line("theory", linewidth=2.0)
    return {"color": style.MUTED, "linestyle": (0, (1, 1.6)), "linewidth": 1.6}


def _mark_boundary(ax: Axes, merit: float) -> None:
    if not math.isfinite(merit) or not ax.get_xlim()[0] <= merit <= ax.get_xlim()[1]:
        return
    ax.axvline(merit, color=style.MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
    ax.annotate(
        f"dissolves at {number(merit, 3)}", (merit, 1.0), (0, 3), xycoords=("data", "axes fraction"),
        textcoords="offset points", fontsize=style.SMALL, color=style.MUTED, ha="center", va="bottom",
        annotation_clip=False,
    )  # fmt: skip


def _merit_axis(axis: Any, scale: Any, values: np.ndarray) -> None:
    """Show merits on a logarithmic axis with plain numbers."""
    scale("log")
    ticks = [tick for tick in TICKS if values[0] <= tick <= values[-1]]
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)
