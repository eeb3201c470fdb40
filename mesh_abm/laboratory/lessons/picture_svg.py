"""A picture of a lesson as a figure for paper: what the page shows, with the prediction over it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from mesh_abm.figures import style
from mesh_abm.laboratory.charts import Line
from mesh_abm.laboratory.lessons.drawing import GUESS
from mesh_abm.laboratory.lessons.lesson import Picture
from mesh_abm.laboratory.lessons.questions import Guess

SIZE = (6.6, 3.5)
"""Inches."""


def svg(picture: Picture, guess: Guess) -> str:
    """Return the picture as an SVG element; a prediction that is a curve is drawn over it."""
    chart = picture.chart
    fig, (ax,) = style.panels(chart.title, [chart.x_label], [chart.unit], SIZE, gutter=0.35, bottom=1.12)
    for line in chart.lines:
        _draw(ax, line, picture.curves.get(line.key, [[], []]))
    if isinstance(guess, tuple):
        ax.plot(
            *zip(*guess, strict=True), color=GUESS, linestyle=(0, (4, 2.5)), linewidth=2, label="you drew"
        )
    ax.set_xlim(*picture.domain)
    ax.set_ylim(chart.low, chart.high)
    if chart.percent:
        style.percent_axis(ax, chart.high)
    for mark in picture.marks:
        _mark(ax, picture, mark)
    fig.legend(
        fontsize=style.SMALL, frameon=False, loc="lower left", ncols=2, borderpad=0.2, labelspacing=0.3
    )
    return style.to_svg(fig)


def _draw(ax: Axes, line: Line, curve: list[list[float]]) -> None:
    if not curve[0]:
        return
    dash: Any = (0, tuple(part / 2 for part in line.dash)) if line.dash else "-"
    ax.plot(
        *curve,
        color=line.color,
        linestyle=dash,
        linewidth=1.4 if line.theory else 2,
        label=line.label,
    )


def _mark(ax: Axes, picture: Picture, mark: Any) -> None:
    low, high = picture.domain
    right = mark["x"] > (low + high) / 2
    y = mark.get("y")
    if y is None:
        ax.axvline(mark["x"], color=mark["color"], linewidth=1.2, linestyle=(0, (2, 2)))
    else:
        ax.plot([mark["x"]], [y], marker="o", color=mark["color"], markersize=6, clip_on=False, zorder=5)
    ax.annotate(
        mark["label"],
        (mark["x"], 0.97 if y is None else y),
        (-5 if right else 5, 0 if y is None else 6),
        xycoords=ax.get_xaxis_transform() if y is None else "data",
        textcoords="offset points",
        ha="right" if right else "left",
        va="top" if y is None else "bottom",
        fontsize=style.SMALL,
        color=style.readable(mark["color"]),
    )
