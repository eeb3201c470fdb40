"""A phase diagram: a measure over two fields as a map, with the measured and the predicted thresholds drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from mesh_abm.analysis import Reading
from mesh_abm.analysis.closed_form import unsteady
from mesh_abm.analysis.phase_diagram import boundary, in_ratios, lawless, phase
from mesh_abm.analysis.pictures.naming import field_label, field_scale, is_share, measure_label
from mesh_abm.analysis.reading import as_reading
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.sweeps import Store
from mesh_abm.wording import number

MAP = "cividis"
"""Made for any color vision, and of steadily rising lightness: it prints in gray (Nunez et al. 2018)."""
SIZE = (7.6, 4.7)
GUTTER = 2.6
LINES: dict[str, tuple[float, str, Any, str]] = {
    "degree_ratio": (2.0, "#FFFFFF", "-", "measured: <k²>/<k> = 2"),
    "degree_theory": (1.0, style.INK, (0, (1, 1.2)), "theory, leading order:\n2 m f (1 - b) = 1"),
    "merit_needed": (1.0, "#D55E00", (0, (6, 2)), "theory, in-links vary\nwith merit and age"),
}
"""Level, color, dash and name of each line."""
WIDTHS = {"degree_ratio": (3.4, 4.8), "degree_theory": (1.6, 2.2), "merit_needed": (1.6, 2.2)}
"""Points of each line and of it with its rim: what was measured is broad, so that it shows where lines meet."""
LEVELS: dict[str, tuple[str, str]] = {
    "mean": ("#FFFFFF", "condensate, measured"),
    "theory": (style.INK, "condensate, by its law"),
}
"""Color and name of the lines of equal condensate."""
SHARES = (0.2, 0.4, 0.6, 0.8, 0.9, 0.95)


def draw(
    store: Store, x: str, y: str, measure: str | Reading, *, fixed: Mapping[str, Any] | None = None
) -> Drawing:
    """Return the phase diagram of a store (see `analysis.phase`), hatched where nothing was measured."""
    table = phase(store, x, y, measure, fixed=fixed)
    fine = boundary(store, table, fixed=fixed)
    title = f"{as_reading(measure).measure} over {x} and {y}"
    fig, ax = style.axes(title, field_label(x), field_label(y), size=SIZE, gutter=GUTTER)
    image = _map(ax, table)
    drawn = [name for name, data in _lines(table, fine) if _line(ax, name, data)]
    levels = _levels(ax, table, fine) if "theory" in table and len(fine) else []
    field_scale(ax, "x", table[x].to_numpy(float))
    field_scale(ax, "y", table[y].to_numpy(float))
    _key(fig, image, [*map(_mark, drawn), *levels], measure)
    return Drawing("phase", title, _sentence(store, table, drawn, measure, fixed), fig, table)


def _lines(table: pd.DataFrame, fine: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [("degree_ratio", table), ("degree_theory", fine), ("merit_needed", fine)]


def _map(ax: Axes, table: pd.DataFrame) -> Any:
    """The map: a cell a point, its edges half way to its neighbors."""
    xs, ys, values = _grid(table, "mean")
    ax.set_facecolor("#FFFFFF")
    ax.grid(visible=False)
    image: Any = ax.pcolormesh(_edges(xs), _edges(ys), np.ma.masked_invalid(values.T), cmap=MAP, zorder=1)
    ax.patch.set_hatch("////")
    ax.patch.set_edgecolor(style.OTHERS)
    return image


def _line(ax: Axes, name: str, table: pd.DataFrame) -> bool:
    """Draw where a quantity passes its level; whether it does so inside the map."""
    level, color, dash, _ = LINES[name]
    if len(table) == 0:
        return False
    xs, ys, values = _grid(table, name)
    if name == "merit_needed":  # smooth in its logarithm; "no merit is enough" as very much
        values, level = np.log(np.clip(values, 1e-6, 1e6)), 0.0
    known = values[np.isfinite(values)]
    if min(values.shape) < 2 or not known.size or not known.min() < level < known.max():
        return False
    width, rim = WIDTHS[name]
    lines = ax.contour(xs, ys, np.ma.masked_invalid(values.T), levels=[level], colors=color, linestyles=[dash],
                       linewidths=width, zorder=3)  # fmt: skip
    lines.set_path_effects([patheffects.withStroke(linewidth=rim, foreground=_halo(color))])
    return True


def _levels(ax: Axes, table: pd.DataFrame, fine: pd.DataFrame) -> list[Line2D]:
    """Draw where the condensate is 20 %, 40 %, .. as measured and by its law; return what explains them."""
    marks = []
    for name, data in (("mean", table), ("theory", fine)):
        xs, ys, values = _grid(data, name)
        known = values[np.isfinite(values)]
        inside = [level for level in SHARES if known.size and known.min() < level < known.max()]
        if min(values.shape) < 2 or not inside:
            continue
        color, words = LEVELS[name]
        lines = ax.contour(
            xs, ys, np.ma.masked_invalid(values.T), levels=inside, colors=color, linewidths=1.1, zorder=4
        )
        lines.set_path_effects([patheffects.withStroke(linewidth=1.9, foreground=_halo(color))])
        if name == "theory":
            numbers = ax.clabel(
                lines, fmt=lambda level: f"{100 * level:.0f}%", fontsize=style.SMALL, inline=False
            )
            for text in numbers:
                text.set_path_effects([patheffects.withStroke(linewidth=2.5, foreground="#FFFFFF")])
        marks.append(_thin(color, words))
    return marks


def _thin(color: str, words: str) -> Line2D:
    mark = Line2D([], [], color=color, linewidth=1.1, label=words)
    mark.set_path_effects([patheffects.withStroke(linewidth=1.9, foreground=_halo(color))])
    return mark


def _halo(color: str) -> str:
    """The rim that sets a line off the map wherever it runs: dark around white, white around a color."""
    return style.INK if color == "#FFFFFF" else "#FFFFFF"


def _grid(table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, y = table.columns[:2]
    field = table.pivot(index=x, columns=y, values=name)
    return field.index.to_numpy(float), field.columns.to_numpy(float), field.to_numpy(float)


def _edges(values: np.ndarray) -> np.ndarray:
    """Borders of cells around values, in even ratios where the values are."""
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    if in_ratios(values):
        return np.asarray(np.exp(_edges_between(np.log(values))))
    return _edges_between(values)


def _edges_between(values: np.ndarray) -> np.ndarray:
    middle = (values[1:] + values[:-1]) / 2
    return np.concatenate([[2 * values[0] - middle[0]], middle, [2 * values[-1] - middle[-1]]])


def _key(fig: Canvas, image: Any, marks: list[Line2D], measure: str | Reading) -> None:
    """The scale of colors on the right, and below it the names of the lines."""
    width, height = SIZE
    box = fig.add_axes(
        ((width - GUTTER + 0.25) / width, 0.5, 0.16 / width, 1 - 0.5 - (style.TOP + 0.5) / height)
    )
    bar = fig.colorbar(image, cax=box)
    bar.outline.set_visible(False)
    box.tick_params(labelsize=style.SMALL, color=style.MUTED)
    if is_share(measure):
        box.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.4g}%"))
    place = ((width - GUTTER + 0.25) / width, 1 - (style.TOP + 0.02) / height)
    fig.text(*place, measure_label(measure, 34), fontsize=style.SMALL, color=style.INK, va="top")
    if marks:
        fig.legend(
            handles=marks,
            loc="upper left",
            bbox_to_anchor=((width - GUTTER + 0.12) / width, 0.46),
            frameon=False,
            fontsize=style.SMALL,
            handlelength=2.6,
            labelspacing=1.0,
        )


def _mark(name: str) -> Line2D:
    _, color, dash, words = LINES[name]
    width, rim = WIDTHS[name]
    mark = Line2D([], [], color=color, linestyle=dash, linewidth=width, label=words)
    mark.set_path_effects([patheffects.withStroke(linewidth=rim, foreground=_halo(color))])
    return mark


def _sentence(
    store: Store,
    table: pd.DataFrame,
    drawn: list[str],
    measure: str | Reading,
    fixed: Mapping[str, Any] | None,
) -> str:
    known = table["mean"].dropna()
    told = (
        [f"{as_reading(measure).words()}: {number(known.min())} to {number(known.max())}"]
        if len(known)
        else []
    )
    missing = len(table) - len(known)
    told += [f"{missing} of {len(table)} points have no value"] if missing else []
    told += _of_theory(store, table, drawn, fixed)
    if "residual" in table and table["residual"].notna().any():
        told.append(
            f"the condensate is off its law by at most {number(float(table['residual'].abs().max()))}"
        )
    return f"{'; '.join(told)}."


def _of_theory(
    store: Store, table: pd.DataFrame, drawn: list[str], fixed: Mapping[str, Any] | None
) -> list[str]:
    """Why there are no lines of the theory, or what they assume and how these runs differ from that."""
    x, y = table.columns[:2]
    if why := lawless(store, x, y, fixed):
        return [f"no line of the theory is drawn: {why}"]
    crossed = any(name in drawn for name in ("degree_theory", "merit_needed"))
    moving = unsteady(store.scenario.with_settings(dict(fixed or {})))
    return [
        "the lines of the theory assume a steady population that leaves at random, attempts enough to fill slots, and "
        "merits that stand still",
        *([] if crossed else ["they do not cross this map"]),
        *([f"here {moving}, so the network may lag behind them"] if moving else []),
    ]
