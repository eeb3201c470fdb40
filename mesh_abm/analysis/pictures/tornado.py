"""A tornado: what each field does to a measure, moved alone to both ends of its range."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.analysis import Reading
from mesh_abm.analysis.pictures.bars import bar_axes
from mesh_abm.analysis.pictures.naming import is_share, measure_label
from mesh_abm.analysis.reading import as_reading
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.wording import listing, number, plain

MOST = 24
"""Fields that are drawn; the narrower ones are in the table."""
ENDS = {"low": "provider", "high": "head"}
"""What each end is colored like."""


def draw(table: pd.DataFrame, measure: str | Reading) -> Drawing:
    """Return the figure of a table of `analysis.tornado`: bars from the base, with the intervals of the swings."""
    shown = table.head(MOST)
    title = f"What moves {as_reading(measure).measure}, each field moved alone"
    fig, ax = bar_axes(title, measure_label(measure, 90), shown["field"].tolist())
    base = float(shown["base"].iloc[0])
    limits = (0.0, 1.0) if is_share(measure) else (-np.inf, np.inf)
    _margins(ax, shown, base, limits)
    for end, thing in ENDS.items():
        _bars(ax, shown, base, end, style.COLORS[thing])
        _intervals(ax, shown, base, end, limits)
        for y, (_, row) in enumerate(shown.iterrows()):
            _name_end(ax, y, row, base, end, limits)
    ax.axvline(base, color=style.INK, linewidth=1.2, zorder=4)
    ax.annotate(f"base {number(base)}", (base, 1.0), (0, 3), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=style.SMALL, ha="center", va="bottom")  # fmt: skip
    _legend(ax)
    return Drawing("tornado", title, _sentence(table, measure), fig, table)


def _bars(ax: Axes, shown: pd.DataFrame, base: float, end: str, color: str) -> None:
    """Bars of one end, with the value that the field took; hatched where low, so that print tells them apart."""
    swing = shown[f"swing_{end}"].fillna(0)
    hatch = "////" if end == "low" else ""
    ax.barh(range(len(shown)), swing, left=base, color=color, height=0.62, zorder=2, hatch=hatch,
            edgecolor="white", linewidth=0)  # fmt: skip


def _intervals(ax: Axes, shown: pd.DataFrame, base: float, end: str, limits: tuple[float, float]) -> None:
    """The interval of each swing, as far as the measure can go."""
    at, half = base + shown[f"swing_{end}"].fillna(0), shown[f"half_{end}"]
    wide = half.where(half > 0)
    arms = (wide.clip(upper=at - limits[0]), wide.clip(upper=limits[1] - at))
    ax.errorbar(at, range(len(shown)), xerr=np.clip(arms, 0, None), fmt="none", ecolor=style.INK,
                elinewidth=1.0, capsize=2.5, zorder=5)  # fmt: skip


def _name_end(ax: Axes, y: int, row: pd.Series, base: float, end: str, limits: tuple[float, float]) -> None:
    """The value that the field took, beyond all marks on its side; none for an end that the other one hides."""
    other = "high" if end == "low" else "low"
    swing, beside = float(row[f"swing_{end}"]), float(row[f"swing_{other}"])
    side = float(np.sign(swing))
    if not side or (side * beside > 0 and abs(beside) > abs(swing)):
        return
    far = max(side * float(row[f"swing_{each}"]) + float(np.nan_to_num(row[f"half_{each}"])) for each in ENDS)
    ax.annotate(
        plain(float(row[end])),
        (float(np.clip(base + side * far, *limits)), y),
        (4 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        fontsize=style.SMALL,
    )


def _margins(ax: Axes, shown: pd.DataFrame, base: float, limits: tuple[float, float]) -> None:
    """Room for bars, intervals and the numbers at their ends; what is beyond the `limits` of the measure is cut off."""
    swings, halves = (
        shown[[f"{name}_{end}" for end in ENDS]].fillna(0).to_numpy() for name in ("swing", "half")
    )
    low, high = min(0.0, float((swings - halves).min())), max(0.0, float((swings + halves).max()))
    low, high = max(low, limits[0] - base), min(high, limits[1] - base)
    pad = max(0.09 * (high - low), 1e-9)
    ax.set_xlim(base + low - pad, base + high + pad)


def _legend(ax: Axes) -> None:
    from matplotlib.patches import Patch

    marks = [
        Patch(
            facecolor=style.COLORS[thing],
            edgecolor="white",
            hatch="////" if end == "low" else "",
            label=f"at its {end} end",
        )
        for end, thing in ENDS.items()
    ]
    ax.legend(handles=marks, loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderaxespad=1.9, ncols=2, frameon=False,
              fontsize=style.SMALL, handlelength=1.6)  # fmt: skip


def _sentence(table: pd.DataFrame, measure: str | Reading) -> str:
    clear = [
        row["field"]
        for _, row in table.iterrows()
        if any(abs(row[f"swing_{end}"]) > row[f"half_{end}"] for end in ENDS)
    ]
    what = as_reading(measure).measure
    if not clear:
        return f"No field moves {what} beyond the noise of its runs."
    widest = table.iloc[0]
    return (
        f"{widest['field']} moves {what} most, from {number(widest['at_low'])} at {plain(widest['low'])} to "
        f"{number(widest['at_high'])} at {plain(widest['high'])}. Beyond the noise of their runs: {listing(clear)}."
    )
