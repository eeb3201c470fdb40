"""The picture of docs/mean-field.md: small panels, a column a scenario, a row a measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from mesh_abm.figures import style

if TYPE_CHECKING:
    from docs.mean_field import Comparison

# measure, its name on the page, what it is drawn as, and its axis
PANELS: tuple[tuple[str, str, str, Callable[[Axes], object]], ...] = (
    ("members", "members", "mesh", style.plain_numbers),
    ("condensate", "condensate", "provider", style.percent_axis),
    ("mean_degree", "mean degree", "mesh", style.plain_numbers),
    ("s_inf", "largest component", "mesh", style.percent_axis),
    ("specialization", "specialization", "tail", style.percent_axis),
    ("mean_ask", "mean ask", "ask", style.plain_numbers),
    ("share_self", "share self", "self", style.percent_axis),
    ("market_share", "market share", "mesh", style.percent_axis),
    ("technology_index", "technology T", "head", style.plain_numbers),
)
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 8.6, 1.0, 0.2, 1.0, 0.55  # inches
HEIGHT, BETWEEN, GUTTER = 0.95, 0.2, 0.62
SPREADS = 2.0  # half-width of the band


def draw(comparisons: Sequence[Comparison]) -> Canvas:
    """The mean of the runs with a band of two standard deviations of a run, and the equations dashed."""
    height = TOP + BOTTOM + HEIGHT * len(PANELS) + BETWEEN * (len(PANELS) - 1)
    fig = style.canvas("The model as difference equations, beside its simulation", (WIDTH, height))
    note = f"line: mean of {len(comparisons[0].runs)} runs; band: two standard deviations of a run; dashed: equations"
    fig.text(0.12 / WIDTH, 1 - 0.42 / height, note, fontsize=style.BODY, color=style.MUTED, va="top")
    for column, comparison in enumerate(comparisons):
        for row in range(len(PANELS)):
            _panel(fig, (row, column, len(comparisons), height), comparison)
    return fig


def _panel(fig: Canvas, place: tuple[int, int, int, float], comparison: Comparison) -> None:
    row, column = place[:2]
    measure, label, thing, scale = PANELS[row]
    ax = _axes(fig, place)
    frame, mean, spread = (
        comparison.equations, comparison.mean(measure), SPREADS * comparison.spread(measure),
    )  # fmt: skip
    month = frame["month"]
    ax.fill_between(month, mean - spread, mean + spread, color=style.COLORS[thing], alpha=0.18, linewidth=0)
    ax.plot(month, mean, **style.line(thing, linestyle="-", linewidth=1.6))
    ax.plot(month, frame[measure], **style.line("theory"))
    ax.set_ylim(bottom=0)
    scale(ax)
    last = row == len(PANELS) - 1
    style.month_axis(ax, int(month.iloc[-1]), labels=last)
    ax.set_xlabel("month" if last else "", fontsize=style.BODY)
    if row == 0:
        ax.set_title(comparison.scenario, fontsize=style.BODY, weight="bold", color=style.INK)
    if column == 0:
        ax.set_ylabel(label, fontsize=style.BODY, color=style.INK)
        ax.yaxis.set_label_coords(-0.33, 0.5)


def _axes(fig: Canvas, place: tuple[int, int, int, float]) -> Axes:
    """The axes of a row and column, with quiet frame and grid."""
    row, column, columns, height = place
    width = (WIDTH - LEFT - RIGHT - GUTTER * (columns - 1)) / columns
    left, bottom = LEFT + column * (width + GUTTER), height - TOP - HEIGHT * (row + 1) - BETWEEN * row
    ax = fig.add_axes((left / WIDTH, bottom / height, width / WIDTH, HEIGHT / height))
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(style.MUTED)
    ax.tick_params(labelsize=style.SMALL, color=style.MUTED, labelcolor=style.INK, length=3)
    ax.grid(axis="y", color=style.GRID, linewidth=0.7)
    ax.set_axisbelow(True)
    return ax
