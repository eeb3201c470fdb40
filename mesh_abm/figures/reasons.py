"""Why members' queries were not served by the mesh."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import REASONS, lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.terms import REASON_MEANINGS, REASON_NAMES
from mesh_abm.wording import brief_percent, listing, percent, sentence

FILLS = {
    "frontier": "#777777",
    "no_path": "#3B5B7A",
    "no_specialist": "#56B4E9",
    "no_capacity": "#BFE1F4",
    "funds": "#F0E442",
    "settlement": "#B39B00",
    "quality": "#D55E00",
    "price": "#F2B48C",
    "latency": "#8C5A86",
    "taste": "#E3BAD2",
}
"""Grey: cannot be helped; blue: not found; yellow: not payable; warm: the provider was preferred."""
SMALL = 0.01
"""A reason that never reached this share is not drawn."""


def draw(result: Result) -> Figure:
    """Return the figure "reasons": shares of members' queries by reason, stacked up to those that devices served."""
    data = result.frame[["month", *(f"reason_{name}" for name in REASONS)]]
    title = "Why members' queries were not served by devices"
    fig, ax = style.axes(title, "month", "share of members' queries", size=(7.6, 3.9))
    run = data[data["month"] > 0].fillna(0)
    shown = [name for name in REASONS if (run[f"reason_{name}"] > SMALL).any()]
    if shown:
        _stack(ax, run, shown)
    style.percent_axis(ax, 1)
    style.month_axis(ax, result.months, result.scenario.start)
    if not shown:
        style.note(ax, "no member asked anything")
    else:
        style.end_labels(ax, _labels(run, shown), size=style.SMALL)
    return Figure.drawn("reasons", title, _sentence(result), fig, data)


def _stack(ax: Axes, run: pd.DataFrame, shown: list[str]) -> None:
    values = [run[f"reason_{name}"] for name in shown]
    ax.stackplot(
        run["month"], values, colors=[FILLS[name] for name in shown], edgecolor="white", linewidth=0.6
    )


def _labels(run: pd.DataFrame, shown: list[str]) -> list[tuple[float, str, str]]:
    labels, below = [], 0.0
    for name in shown:
        share = float(run[f"reason_{name}"].iloc[-1])
        labels.append((below + share / 2, f"{REASON_NAMES[name]} {brief_percent(share)}", FILLS[name]))
        below += share
    return [
        *labels,
        ((1 + below) / 2, f"served by devices {brief_percent(max(0.0, 1 - below))}", style.COLORS["mesh"]),
    ]


def _sentence(result: Result) -> str:
    shares = {name: recent(result.frame, f"reason_{name}") for name in REASONS}
    ranked = sorted((name for name in REASONS if shares[name] > SMALL), key=lambda name: -shares[name])[:3]
    if not ranked:
        return "No query of a member failed to be served by devices."
    parts = [f"{REASON_NAMES[name]} ({percent(shares[name])}: {REASON_MEANINGS[name]})" for name in ranked]
    return f"{sentence(lately(result.frame))} the main reasons were {listing(parts)}."
