"""One visual language for every picture of the project.

Colors are fixed per thing (after Okabe and Ito 2008, told apart with any color vision), and nothing is told by color
alone: lines have styles too, and names stand beside what they name. Figures have fixed margins, so that their axes
align when they stand under one another. Nothing here touches pyplot or global settings: safe in several threads.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator, NullLocator

INK, MUTED, GRID, PAPER = "#222222", "#666666", "#E3E3E3", "#FFFFFF"

COLORS: dict[str, str] = {
    "mesh": "#009E73",
    "self": "#56B4E9",
    "provider": "#D55E00",
    "unserved": "#B3B3B3",
    "theory": "#444444",
    "head": "#0072B2",
    "tail": "#CC79A7",
    "ask": "#009E73",
    "bid": "#0072B2",
}
"""What each thing is drawn in."""

DASHES: dict[str, Any] = {
    "mesh": "-",
    "self": (0, (6, 1.5, 1, 1.5)),
    "provider": (0, (9, 1.5)),
    "unserved": (0, (1, 1.2)),
    "theory": (0, (4, 2)),
    "head": "-",
    "tail": (0, (6, 1.5, 1, 1.5)),
    "ask": "-",
    "bid": (0, (1, 1.2)),
}
"""How the line of each thing is dashed: enough to tell them apart in print."""

_HUES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#5B4A9C", "#7A4B12")


def _mixed(color: str, towards: str, part: float) -> str:
    """Return `color` moved by `part` of the way towards another."""
    a, b = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (color, towards))
    return "#" + "".join(f"{round(v):02X}" for v in a + part * (b - a))


TASK_COLORS: tuple[str, ...] = (
    *_HUES,
    *(_mixed(hue, "#000000", 0.45) for hue in _HUES),
    *(_mixed(hue, "#FFFFFF", 0.55) for hue in _HUES),
)
"""A color for each type of task; only the first eight are told apart at a glance."""

CLASS_COLORS: tuple[str, ...] = tuple(
    _mixed(hue, "#000000", part) for part in (0.0, 0.4) for hue in (*_HUES[3:], *_HUES[:3])
)
"""A color for each class of device."""

FILLS: dict[str, str] = {
    "mesh": COLORS["mesh"],
    "self": _mixed(COLORS["self"], "#FFFFFF", 0.25),
    "provider": _mixed(COLORS["provider"], "#FFFFFF", 0.62),
    "unserved": "#EFEFEF",
}
"""Areas, from dark to light: told apart in grayscale too."""

OTHERS = "#C9C9C9"
"""Whatever is lumped together as "the others"."""

WIDE = (7.6, 3.5)
"""Inches: a figure of the report."""

LEFT, TOP, BOTTOM, GUTTER = 0.95, 0.52, 0.66, 1.6
"""Margins in inches; the gutter on the right is where lines are named."""

SMALL, BODY, HEADING = 8.0, 9.0, 11.0
"""Font sizes in points."""


def axes(
    title: str, x: str, y: str, size: tuple[float, float] = WIDE, gutter: float = GUTTER
) -> tuple[Canvas, Axes]:
    """Return a figure with one pair of axes: title above on the left, `x` and `y` naming quantity and unit."""
    fig, (ax,) = panels(title, [x], [y], size=size, gutter=gutter)
    return fig, ax


def panels(
    title: str,
    x: Sequence[str],
    y: Sequence[str],
    size: tuple[float, float] = WIDE,
    gutter: float = GUTTER,
    between: float = 0.85,
    bottom: float = BOTTOM,
    top: float = TOP,
) -> tuple[Canvas, list[Axes]]:
    """Return a figure with axes side by side, one for each label in `x` and `y`; `between` is their gap in inches."""
    width, height = size
    fig = canvas(title, size)
    count = len(x)
    each = (width - LEFT - gutter - between * (count - 1)) / count
    made = []
    for k, (xlabel, ylabel) in enumerate(zip(x, y, strict=True)):
        left = LEFT + k * (each + between)
        box = (left / width, bottom / height, each / width, (height - top - bottom) / height)
        made.append(_plain(fig.add_axes(box), xlabel, ylabel))
    return fig, made


def rows(
    title: str, y: Sequence[str], x: str, size: tuple[float, float] | None = None, gutter: float = GUTTER
) -> tuple[Canvas, list[Axes]]:
    """Return a figure with axes under one another that share the x axis, one for each label in `y`, from the top."""
    width, height = size or (WIDE[0], TOP + BOTTOM + 1.35 * len(y) + 0.3 * (len(y) - 1))
    fig = canvas(title, (width, height))
    each = (height - TOP - BOTTOM - 0.3 * (len(y) - 1)) / len(y)
    made: list[Axes] = []
    for k, label in enumerate(y):
        bottom = height - TOP - each * (k + 1) - 0.3 * k
        box = (LEFT / width, bottom / height, (width - LEFT - gutter) / width, each / height)
        made.append(_plain(fig.add_axes(box), x if k == len(y) - 1 else "", label))
    return fig, made


def canvas(title: str, size: tuple[float, float]) -> Canvas:
    """Return an empty figure with its title."""
    fig = Canvas(figsize=size, facecolor=PAPER)
    fig.text(0.12 / size[0], 1 - 0.14 / size[1], title, fontsize=HEADING, weight="bold", color=INK, va="top")
    return fig


def _plain(ax: Axes, x: str, y: str) -> Axes:
    """Return the axes with quiet frame, ticks and grid."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(MUTED)
    ax.tick_params(labelsize=SMALL, color=MUTED, labelcolor=INK, length=3)
    ax.grid(axis="y", color=GRID, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.set_xlabel(x, fontsize=BODY, color=INK)
    ax.set_ylabel(y, fontsize=BODY, color=INK)
    if y:
        ax.yaxis.label.set_verticalalignment("center")
        ax.yaxis.set_label_coords(-0.7 * 72 / _width_in_points(ax), 0.5)
    return ax


def line(thing: str, **changes: Any) -> dict[str, Any]:
    """Return the keywords of `Axes.plot` that draw the line of a thing, e.g. ``ax.plot(x, y, **line("mesh"))``."""
    width = 1.4 if thing == "theory" else 2.0
    return {"color": COLORS[thing], "linestyle": DASHES[thing], "linewidth": width} | changes


def points(thing: str, **changes: Any) -> dict[str, Any]:
    """Return the keywords of `Axes.plot` that draw single values of a thing as open circles."""
    return {
        "color": "none",
        "marker": "o",
        "markersize": 6,
        "markeredgecolor": COLORS[thing],
        "markeredgewidth": 1.3,
        "zorder": 4,
        "clip_on": False,
    } | changes


def leader(color: str, end: float) -> dict[str, Any]:
    """Return the line from a label to what it names; it meets the label at its left (`end` 0) or right (1)."""
    return {
        "arrowstyle": "-",
        "color": color,
        "lw": 0.8,
        "shrinkA": 0,
        "shrinkB": 0,
        "relpos": (end, 0.5),
    }


def end_labels(ax: Axes, labels: Iterable[tuple[float, str, str]], size: float = BODY) -> None:
    """Name lines at the right edge: (y, text, color), moved apart where they would overlap; y = NaN is left out.

    Call it last, when the limits of the axes are final.
    """
    assert isinstance(ax.figure, Canvas)
    ax.figure.draw_without_rendering()
    wanted = [(y, text, color) for y, text, color in labels if np.isfinite(y)]
    wanted.sort(key=lambda item: item[0])
    line = 1.3 * size / _height_in_points(ax)
    at = [ax.transAxes.inverted().transform(ax.transData.transform((0, y)))[1] for y, _, _ in wanted]
    sizes = [line * (text.count("\n") + 1) for _, text, _ in wanted]
    for (_, text, color), true, place in zip(wanted, at, spread(at, sizes), strict=True):
        ax.annotate(
            text,
            (1.0, float(np.clip(true, 0, 1))),
            (1.0 + 14 / _width_in_points(ax), place),
            xycoords="axes fraction",
            fontsize=size,
            color=readable(color),
            va="center",
            annotation_clip=False,
            arrowprops=leader(color, 0),
        )


def spread(places: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return ascending places in [0, 1] moved as little as needed so that things of these sizes do not overlap."""
    size = np.asarray(sizes, float)
    got = np.clip(np.asarray(places, float), size / 2, 1 - size / 2)
    gaps = (size[1:] + size[:-1]) / 2
    for k, gap in enumerate(gaps):
        got[k + 1] = max(got[k + 1], got[k] + gap)
    if len(got) and got[-1] > 1 - size[-1] / 2:
        got[-1] = 1 - size[-1] / 2
    for k in range(len(gaps) - 1, -1, -1):
        got[k] = min(got[k], got[k + 1] - gaps[k])
    return [float(v) for v in got]


def _height_in_points(ax: Axes) -> float:
    return float(ax.get_window_extent().height) * 72 / ax.figure.dpi


def _width_in_points(ax: Axes) -> float:
    return float(ax.get_window_extent().width) * 72 / ax.figure.dpi


def readable(color: str) -> str:
    """Return a color dark enough for text on white (at least 4.5 to 1, WCAG 2.1), as near as can be to this one."""
    for part in np.linspace(0, 1, 21):
        candidate = _mixed(color, "#000000", float(part))
        if 1.05 / (luminance(candidate) + 0.05) >= 4.5:
            return candidate
    return INK


def luminance(color: str) -> float:
    """Return the relative luminance of a color, 0 black to 1 white (WCAG 2.1)."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def percent_axis(ax: Axes, top: float | None = None, bottom: float = 0.0) -> None:
    """Show the y axis, which holds shares, as per cent from `bottom` to `top` (none: what the data need)."""
    ax.set_ylim(bottom=bottom, top=top)
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.10g}%"))


def month_axis(ax: Axes, months: int, start: str | None = None, labels: bool = True) -> None:
    """Set the x axis to months 0 to `months`; with `start` ("2026-01" is month 1) the calendar stands below them."""
    most = max(2.0, _width_in_points(ax) / 36)
    step = next((s for s in (1, 2, 3, 6, 12, 24, 36, 60, 120, 240) if months / s <= most), 600)
    ticks = list(range(0, max(months, 1) + 1, step))
    ax.set_xlim(0, max(months, 1))
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FixedFormatter([_tick(t, start, step) for t in ticks]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.tick_params(labelbottom=labels)


def _tick(month: int, start: str | None, step: int) -> str:
    """Return the label of a month's tick, with its calendar date on a second line if there is one."""
    if start is None:
        return str(month)
    year, first = (int(part) for part in start.split("-")[:2])
    index = year * 12 + first - 1 + month - 1
    return (
        f"{month}\n{(index + 1) // 12}"
        if step % 12 == 0 and first == 1
        else f"{month}\n{index // 12}-{index % 12 + 1:02d}"
    )


def log_axis(ax: Axes) -> None:
    """Make the y axis logarithmic, with few and plain ticks; call it when the data are drawn."""
    ax.set_yscale("log")
    low, high = np.log10(ax.get_ylim())
    steps = (1.0,) if high - low > 2.5 else (1.0, 3.0) if high - low > 1 else (1.0, 2.0, 3.0, 5.0, 7.0)
    every = max(1, int((high - low) / 4))
    ticks = [part * 10.0**power for power in range(int(low) - 1, int(high) + 2, every) for part in steps]
    ax.yaxis.set_major_locator(FixedLocator([t for t in ticks if low <= np.log10(t) <= high]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _plain_number(v)))
    ax.yaxis.set_minor_locator(NullLocator())


def plain_numbers(ax: Axes) -> None:
    """Write the numbers of the y axis in full, with few ticks."""
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _plain_number(v)))


def _plain_number(value: float) -> str:
    """Return a number for a tick: "1,500", "2.5M", "3bn"."""
    for size, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:.4g}{name}"
    return f"{value:,.6g}"


def mark(shape: str, color: str, text: str) -> Line2D:
    """Return an entry for a legend: a mark with its name."""
    edge = INK if shape == "s" else "none"
    return Line2D(
        [],
        [],
        marker=shape,
        color="none",
        markerfacecolor=color,
        markeredgecolor=edge,
        markersize=6,
        label=text,
    )


def few_ticks(count: int) -> MaxNLocator:
    """Return a locator of at most so many round ticks."""
    return MaxNLocator(count)


def note(ax: Axes, text: str, x: float = 0.5, y: float = 0.5, **changes: Any) -> None:
    """Write a remark inside the axes (fractions of them), e.g. why they are empty."""
    look: dict[str, Any] = {
        "fontsize": BODY,
        "color": MUTED,
        "ha": "center",
        "va": "center",
        "linespacing": 1.4,
    } | changes
    ax.text(x, y, text, transform=ax.transAxes, **look)


def mark_months(ax: Axes, marks: Sequence[tuple[float, str]]) -> None:
    """Mark moments, (month, name) in order of time, by thin vertical lines with their names above the axes."""
    width = _width_in_points(ax)
    shown = [ax.get_xaxis_transform().transform((month, 0)) for month, _ in marks]
    places = [ax.transAxes.inverted().transform(point)[0] for point in shown]
    sizes = [0.62 * SMALL * (len(name) + 2) / width for _, name in marks]
    for (month, name), place in zip(marks, spread(places, sizes), strict=True):
        ax.axvline(month, color=MUTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        ax.text(
            place, 1.015, name, transform=ax.transAxes, fontsize=SMALL, color=MUTED, ha="center", va="bottom"
        )


def to_svg(fig: Canvas) -> str:
    """Return the figure as an SVG element to stand in a page: no XML header, no date, text as outlines.

    The same figure gives the same bytes, and no font need be installed where it is looked at.
    """
    out = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "mesh_abm"}):
        fig.savefig(out, format="svg", facecolor=PAPER, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :].rstrip() + "\n"


def to_png(fig: Canvas, dpi: int = 180) -> bytes:
    """Return the figure as a PNG image: for pictures of thousands of marks."""
    out = io.BytesIO()
    fig.savefig(out, format="png", dpi=dpi, facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()
