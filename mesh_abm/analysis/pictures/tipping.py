"""Where a measure flips, against the size of the population."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.analysis import Reading
from mesh_abm.analysis.pictures.naming import field_label
from mesh_abm.analysis.reading import as_reading
from mesh_abm.analysis.tipping import by_size
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.wording import number


def draw(
    flips: pd.DataFrame, field: str, measure: str | Reading, level: float, expected: float = math.nan
) -> Drawing:
    """Return the figure of a table of `analysis.flips`: the threshold of each size with its interval, of each replicate
    as a small circle; with a line at `expected`, what theory has for large populations."""
    table = by_size(flips)
    title = f"Where {as_reading(measure).measure} passes {level:g}, by size"
    fig, ax = style.axes(title, "owners (log scale)", field_label(field), gutter=1.3)
    ax.set_xscale("log")
    ax.plot(
        flips["n_owners"], flips["threshold"], **style.points("provider", markersize=4, markeredgewidth=0.9)
    )
    ax.errorbar(table["n_owners"], table["threshold"], yerr=table["half_width"], **_look())
    sizes = table["n_owners"].tolist()
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.set_xlim(min(sizes) / 1.35, max(sizes) * 1.35)
    if math.isfinite(expected):
        ax.axhline(expected, **style.line("theory"))
        style.end_labels(ax, [(expected, "theory, large\npopulations", style.COLORS["theory"])])
    if table["threshold"].isna().all():
        style.note(ax, "it does not flip between these values")
    style.plain_numbers(ax)
    return Drawing("tipping", title, sentence(table, field, measure, level), fig, table)


def _look() -> dict[str, Any]:
    return style.line("mesh", marker="o", markersize=6, capsize=4, elinewidth=1.6, zorder=5)


def sentence(table: pd.DataFrame, field: str, measure: str | Reading, level: float) -> str:
    """Return what the table says: the threshold at the largest size, and whether it still moves with size."""
    last = table.iloc[-1]
    if math.isnan(last["threshold"]):
        owners = f"{last['n_owners']:,.0f} owners"
        return f"{as_reading(measure).measure} does not pass {level:g} at {owners} between these values."
    found = (
        f"With {last['n_owners']:,.0f} owners {as_reading(measure).words()} passes {level:g} at {field} "
        f"{number(last['threshold'], 3)} (+- {number(last['half_width'])}, spread {number(last['spread'])})."
    )
    return f"{found} {_drift(table)}".strip()


def _drift(table: pd.DataFrame) -> str:
    """Whether the two largest sizes differ by more than the noise of their replicates."""
    if len(table) < 2:
        return ""
    before, last = table.iloc[-2], table.iloc[-1]
    gap, noise = (
        last["threshold"] - before["threshold"],
        float(np.hypot(before["half_width"], last["half_width"])),
    )
    if not (math.isfinite(gap) and math.isfinite(noise)):
        return ""
    size = f"{before['n_owners']:,.0f}"
    if abs(gap) > noise:
        return f"It still moves with size: by {number(gap)} since {size} owners, more than the noise."
    return f"From {size} owners on it moves by no more than the noise ({number(round(gap, 12))} +- {number(noise)})."
