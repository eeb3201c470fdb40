"""How a measure responds to one field, with a band for its interval."""

from __future__ import annotations

import pandas as pd

from mesh_abm.analysis import Reading
from mesh_abm.analysis.pictures.naming import field_label, field_scale, measure_label, scaled
from mesh_abm.analysis.reading import as_reading
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.wording import number


def draw(table: pd.DataFrame, measure: str | Reading) -> Drawing:
    """Return the figure of a table of `analysis.response`: the mean, and its 95 % interval as a band."""
    x = table.columns[0]
    title = f"{as_reading(measure).measure} over {x}"
    fig, ax = style.axes(title, field_label(x), measure_label(measure), gutter=0.4)
    look = style.line("mesh", marker="o", markersize=4, clip_on=False)
    ax.fill_between(
        table[x], table["low"], table["high"], color=style.COLORS["mesh"], alpha=0.22, linewidth=0
    )
    ax.plot(table[x], table["mean"], **look)
    field_scale(ax, "x", table[x].to_numpy(float))
    scaled(ax, measure)
    return Drawing("response", title, _sentence(table, measure), fig, table)


def _sentence(table: pd.DataFrame, measure: str | Reading) -> str:
    x, known = table.columns[0], table.dropna(subset="mean")
    if known.empty:
        return f"No run has a value of {as_reading(measure).measure}."
    ordered = known.sort_values("mean")
    lowest, highest = ordered.iloc[0], ordered.iloc[-1]
    interval = (
        "The band is the 95 % interval of the mean."
        if known["low"].notna().any()
        else "There is no interval: points have one run each."
    )
    return (
        f"{as_reading(measure).words()}: lowest, {number(lowest['mean'])}, at {x} {number(lowest[x])}; highest, "
        f"{number(highest['mean'])}, at {number(highest[x])}. {interval}"
    )
