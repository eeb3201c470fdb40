"""What hosted models have cost, by tier, and the price that the calibration uses."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.calibration import Calibration, fits
from mesh_abm.calibration.choices import PRICE_TIER, START
from mesh_abm.calibration.steps import Step
from mesh_abm.calibration.tables import table
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.scales import day, days, log_axes, year_axis

TIERS = {
    "frontier": ("^", "#7F7F7F"),
    "mid": ("o", style.COLORS["provider"]),
    "small": ("s", style.COLORS["self"]),
}
"""Mark and color of each tier; the one that is used has the provider's color."""


def draw(calibration: Calibration) -> Drawing:
    """Return the figure "hosted_prices": list prices of a query over time by tier, with the price used."""
    step = calibration["provider_price"]
    data = _prices(step)
    used = 1000 * step.beside[0].value
    title = "What hosted models charge for a query, and the price used"
    fig, ax = style.axes(title, "first seen", "US dollars for 1,000 queries", size=(7.6, 4.2))
    log_axes(ax, y=(0.01, 150))
    for tier, (shape, color) in TIERS.items():
        part = data[data["tier"] == tier]
        ax.scatter(
            days(part["date"]),
            part["usd_per_1000_queries"],
            s=22,
            marker=shape,
            color=color,
            alpha=0.75,
            linewidths=0,
        )
        yearly = part.groupby(part["date"].dt.year)["usd_per_1000_queries"].median()
        middle = [day(f"{year}-07-01") for year in yearly.index]
        ax.plot(middle, yearly, color=color, linewidth=1.6)
    _mark_used(ax, used)
    year_axis(ax, "2022-10-01", "2026-09-01")
    _end_names(ax, data)
    return Drawing("hosted_prices", title, _sentence(data, step, used), fig, data)


def _prices(step: Step) -> pd.DataFrame:
    tokens = {item.name: float(item.value) for item in step.inputs if item.unit == "tokens"}
    read, written = tokens["model_tokens_in_per_query"], tokens["model_tokens_out_per_query"]
    rows = table("api_prices")[["date", "provider", "model", "tier", "usd_per_m_input", "usd_per_m_output"]]
    cost = (read * rows["usd_per_m_input"] + written * rows["usd_per_m_output"]) / 1000
    return rows.assign(usd_per_1000_queries=cost)


def _mark_used(ax: Axes, used: float) -> None:
    start = pd.Timestamp(START)
    ax.plot(
        days([start - pd.DateOffset(years=1), start]), [used, used], color=style.INK, linewidth=3, zorder=4
    )
    ax.annotate(
        f"used: {used:.2f} dollars,\nmedian of tier {PRICE_TIER} in the\nyear before the start",
        (day(start - pd.DateOffset(months=2)), used), (day("2025-09-25"), 0.06), fontsize=style.SMALL, color=style.INK,
        ha="left", va="top", arrowprops={"arrowstyle": "-", "color": style.INK, "lw": 0.8},
    )  # fmt: skip


def _end_names(ax: Axes, data: pd.DataFrame) -> None:
    last = (
        data[data["date"].dt.year == data["date"].dt.year.max()]
        .groupby("tier")["usd_per_1000_queries"]
        .median()
    )
    marks = {"^": "\u25b2", "o": "\u25cf", "s": "\u25a0"}
    style.end_labels(
        ax,
        [
            (float(last[tier]), f"{marks[shape]} {tier}\n(median a year)", color)
            for tier, (shape, color) in TIERS.items()
        ],
    )


def _sentence(data: pd.DataFrame, step: Step, used: float) -> str:
    recent = len(fits.list_prices())
    spread = data.groupby("tier")["usd_per_1000_queries"].median()
    return (
        f"{len(data)} dated list prices. The price used, {used:.2f} dollars for 1,000 queries, is the median "
        f"of the {recent} prices of tier {PRICE_TIER} first seen in the year before the start; "
        f"over all years frontier models cost {spread['frontier'] / spread['small']:.0f} times what small ones do."
    )
