"""What each uncertain figure would do to the mesh, moved alone through its range (a tornado)."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.calibration import calibrate, moving
from mesh_abm.calibration.choices import MONTHS
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import UNSOURCED
from mesh_abm.figures import style
from mesh_abm.figures.calibration.drawing import Drawing
from mesh_abm.figures.calibration.forecast import highest_degree
from mesh_abm.figures.calibration.scales import log_axes
from mesh_abm.wording import listing, number

NAMES = {
    "queries_per_active_person_per_month": "queries per person and month",
    "model_tokens_in_per_query": "tokens read per query",
    "model_tokens_out_per_query": "tokens written per query",
    "willingness_to_pay_per_query": "willingness to pay, USD",
    "electricity_price_household_us": "household electricity, USD/kWh",
    "share_of_people_owning_any_capable_device": "people with a capable device",
    "device_idle_and_available_share": "idle share of devices",
    "device_lifetime": "lifetime of devices, months",
    "accelerator_lifetime": "lifetime of accelerators, months",
    "hosted_utilisation": "utilization of hosted capacity",
    "monthly_churn_mu": "churn, a month",
    "coordination_friction_kappa": "link failure, a month",
    "edge_latency": "latency of a hop, ms",
    "learning_exponent": "learning exponent",
    "quality_growth": "closing of the quality gap, a month",
    "device_preferred": "votes for device-size answers",
    "specialist_bonus": "gap closed by specialization",
    "hosted_latency": "hosted latency, ms",
    "accelerator_price": "price of an accelerator, USD",
    "hosted_speed": "hosted speed, tokens/s",
    "frontier_share": "queries only the provider serves",
    "efficiency_growth": "devices' own efficiency gain, a month",
    "merit_gain": "learning that reaches merit",
    "capacity_gain": "learning that reaches capacity",
}
"""What is written for each figure that moves."""

VISIBLE = 0.02
"""Ranges that change the outcome by less than this part are only named."""


def draw() -> Drawing:
    """Return the figure "ranges": how near devices come to a mesh with one figure at the ends of its range."""
    central = highest_degree(calibrate(), MONTHS)
    data = pd.DataFrame([_moved(name) for name in moving()])
    data["span"] = data[["at_low", "at_high"]].max(axis=1) / data[["at_low", "at_high"]].min(axis=1)
    shown = data[data["span"] > 1 + VISIBLE].sort_values("span", ignore_index=True)
    title = "Which uncertain figure decides whether devices link up: each moved alone"
    size = (7.6, 1.55 + 0.34 * len(shown))
    fig, ax = style.axes(
        title,
        f"most links of a device to others within {MONTHS // 12} years (closed form)",
        "",
        size=size,
        gutter=0.5,
    )
    ax.set_position((2.5 / 7.6, 0.72 / size[1], (7.6 - 2.5 - 0.5) / 7.6, (size[1] - 1.0 - 0.72) / size[1]))
    lowest, highest = data[["at_low", "at_high"]].min().min(), data[["at_low", "at_high"]].max().max()
    log_axes(ax, x=(lowest / 2.2, max(4.0, highest * 2.2)))
    _bars(ax, shown, central)
    _lines(ax, central, len(shown))
    return Drawing("ranges", title, _sentence(data, central), fig, data.drop(columns="span"))


def _moved(name: str) -> dict[str, object]:
    figure = Inputs("central").take(name)
    low, high = (highest_degree(calibrate("central", {name: end}), MONTHS) for end in ("low", "high"))
    return {"figure": NAMES[name], "kind": figure.kind, "low": figure.low, "central": figure.value, "high": figure.high,
            "favors": figure.favors, "at_low": low, "at_high": high}  # fmt: skip


def _bars(ax: Axes, shown: pd.DataFrame, central: float) -> None:
    ax.set_ylim(-0.6, len(shown) - 0.4)
    for at, row in shown.iterrows():
        y = float(str(at))
        for end in ("low", "high"):
            value, good = float(row[f"at_{end}"]), row[f"at_{end}"] > central
            if abs(value / central - 1) < VISIBLE / 2:
                continue
            color = style.COLORS["mesh" if good else "provider"]
            ax.plot([central, value], [y, y], color=color, linewidth=8, solid_capstyle="butt", zorder=3)
            ax.annotate(number(row[end]), (value, y), (5 if good else -5, 0), textcoords="offset points",
                        ha="left" if good else "right", va="center", fontsize=style.SMALL, color=style.INK)  # fmt: skip
    names = [f"{row['figure']}{' *' if row['kind'] in UNSOURCED else ''}" for _, row in shown.iterrows()]
    ax.set_yticks(range(len(shown)), names, fontsize=style.SMALL)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)


def _lines(ax: Axes, central: float, count: int) -> None:
    for x, text, color in (
        (central, f"baseline\n{number(central)}", style.INK),
        (1.0, "a mesh from\nhere on", style.COLORS["theory"]),
    ):
        ax.axvline(x, color=color, linewidth=1.2, linestyle="-" if x == central else (0, (4, 2)), zorder=4)
        ax.annotate(text, (x, count - 0.4), (0, 3), textcoords="offset points", fontsize=style.SMALL, color=color,
                    ha="center", va="bottom", annotation_clip=False)  # fmt: skip
    style.note(ax, "* recalled or assumed", x=1.0, y=0.03, ha="right", va="bottom", fontsize=style.SMALL)


def _sentence(data: pd.DataFrame, central: float) -> str:
    alone = [
        f"the {row['figure']}".partition(",")[0]
        for _, row in data.iterrows()
        if max(row["at_low"], row["at_high"]) >= 1
    ]
    still = int((data["span"] <= 1 + VISIBLE).sum())
    which = (
        f"Moved alone, only {listing(alone, 'or')} would take it there"
        if alone
        else "No single one of the ranges takes it there"
    )
    return (
        f"By the closed form a device of the baseline has {number(central)} links to others at best within "
        f"{MONTHS // 12} years; a mesh needs about 1. {which}. {still} of the {len(data)} ranges hardly touch it: "
        "they decide who joins and what is served, not who links."
    )
