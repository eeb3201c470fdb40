"""Which fields a measure depends on: an index a field, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.analysis import Reading
from mesh_abm.analysis.pictures.bars import bar_axes
from mesh_abm.analysis.reading import as_reading
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.wording import listing, number

MEANS = {
    ("delta", "delta"): "delta: shift of the distribution if the field is known",
    ("pawn", "median"): "PAWN: median distance between distributions",
    ("rbd_fast", "S1"): "S1: part of the variance that the field explains alone",
    ("sobol", "ST"): "ST: part of the variance with all interactions (filled); S1: alone (open)",
}
"""What the main index of each method says."""


def draw(table: pd.DataFrame, measure: str | Reading, method: str) -> Drawing:
    """Return the figure of a table of `analysis.sensitivity`: bars with intervals, and the noise level as a line."""
    main = table["index"].iloc[0]
    shown = table[table["index"] == main].reset_index(drop=True)
    title = f"What {as_reading(measure).measure} depends on"
    fig, ax = bar_axes(title, MEANS[method, main], shown["field"].tolist())
    errors = np.array([shown["value"] - shown["low"], shown["high"] - shown["value"]])
    ax.barh(range(len(shown)), shown["value"], color=style.COLORS["mesh"], height=0.62, zorder=2)
    ax.errorbar(shown["value"], range(len(shown)), xerr=errors, fmt="none", ecolor=style.INK, elinewidth=1.2,
                capsize=3, zorder=3)  # fmt: skip
    if method == "sobol":
        _alone(ax, table, shown)
    _noise(ax, float(shown["noise"].iloc[0]))
    ax.set_xlim(min(0.0, float(shown["low"].min())), max(float(shown["high"].max()) * 1.06, 0.1))
    return Drawing("sensitivity", title, _sentence(shown, measure), fig, table)


def _alone(ax: Axes, table: pd.DataFrame, shown: pd.DataFrame) -> None:
    alone = table[table["index"] == "S1"].set_index("field").loc[shown["field"]]
    ax.plot(alone["value"], range(len(shown)), **style.points("theory"))


def _noise(ax: Axes, noise: float) -> None:
    if noise <= 0:
        ax.axvline(0, color=style.MUTED, linewidth=0.8)
        return
    ax.axvline(noise, **style.line("theory"))
    ax.annotate("a field that\ndoes nothing", (noise, 1.0), (0, 3), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=style.SMALL, color=style.COLORS["theory"], ha="center",
                va="bottom", annotation_clip=False)  # fmt: skip


def _sentence(shown: pd.DataFrame, measure: str | Reading) -> str:
    clear = shown[(shown["value"] > shown["noise"]) & (shown["low"] > 0)]
    if clear.empty:
        return f"No field is told from one that does nothing to {as_reading(measure).measure}."
    named = listing([f"{row['field']} ({number(row['value'])})" for _, row in clear.iterrows()])
    return f"{as_reading(measure).words()} depends on {named}; the others are not told from a field that does nothing."
