"""Popular and rare types of questions: what the mesh serves of each."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import YEAR, lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.terms import short, type_names
from mesh_abm.wording import brief_percent, percent, sentence

PARTS = ("mesh", "self", "provider", "unserved")


def draw(result: Result) -> Figure:
    """Return the figure "head_tail": mesh-served share of head and tail over time, and by type in the last year."""
    title = "Popular questions and rare ones"
    data = by_type(result)
    height = max(3.5, style.TOP + style.BOTTOM + 0.19 * len(data))
    fig, (time, bars) = style.panels(
        title, ["month", "share of the type's queries"], ["served by the mesh", ""], (7.6, height), 0.3, 2.2
    )
    _over_time(time, result)
    _by_type(bars, data)
    return Figure.drawn("head_tail", title, _sentence(result), fig, data)


def by_type(result: Result) -> pd.DataFrame:
    """Return a row a type, most asked first: its share of demand and who served it in the last twelve months."""
    types = result.types
    last = types[types["month"] > max(result.months - YEAR, 0)]
    sums = (
        last.groupby("type")[["demand", *PARTS]]
        .sum()
        .reindex(range(result.scenario.task_types), fill_value=0)
    )
    weights = result.scenario.weights()
    shares = sums[list(PARTS)].div(sums["demand"].where(sums["demand"] > 0), axis=0)
    table = shares.assign(name=type_names(result.scenario), weight=weights).iloc[
        np.argsort(-weights, kind="stable")
    ]
    head = math.ceil(len(table) / 4)
    return table.assign(part=["head"] * head + ["tail"] * (len(table) - head)).reset_index()


def _over_time(ax: Axes, result: Result) -> None:
    frame = result.frame[result.frame["month"] > 0]
    labels = []
    for part in ("head", "tail"):
        series = frame[f"share_mesh_{part}"]
        ax.plot(frame["month"], series, **style.line(part))
        labels.append((float(series.iloc[-1]) if len(series) else math.nan, part, style.COLORS[part]))
    top = float(np.nanmax(frame[["share_mesh_head", "share_mesh_tail"]].to_numpy(), initial=0.002))
    style.percent_axis(ax, min(1.0, 1.15 * top))
    style.month_axis(ax, result.months, result.scenario.start)
    style.end_labels(ax, labels)


def _by_type(ax: Axes, data: pd.DataFrame) -> None:
    places, left = np.arange(len(data)), np.zeros(len(data))
    for part in PARTS:
        width = data[part].fillna(0).to_numpy()
        ax.barh(
            places, width, left=left, height=0.78, color=style.FILLS[part], edgecolor="white", linewidth=0.6
        )
        left += width
    names = [
        f"{short(name, 24)} {brief_percent(w)}" for name, w in zip(data["name"], data["weight"], strict=True)
    ]
    ax.set_yticks(places, names)
    ax.tick_params(axis="y", length=0, labelsize=style.SMALL)
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
    ax.grid(visible=False)
    head = (data["part"] == "head").sum()
    ax.axhline(head - 0.5, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
    _key(ax)


def _key(ax: Axes) -> None:
    """Name the four bands above the bars."""
    names = {"mesh": "mesh", "self": "own device", "provider": "provider", "unserved": "unserved"}
    marks = [style.mark("s", style.FILLS[part], names[part]) for part in PARTS]
    ax.legend(
        handles=marks,
        loc="lower right",
        bbox_to_anchor=(1.02, 1.0),
        ncols=4,
        fontsize=style.SMALL,
        frameon=False,
        handletextpad=0.1,
        columnspacing=0.8,
        borderaxespad=0.1,
    )


def _sentence(result: Result) -> str:
    head, tail = (recent(result.frame, f"share_mesh_{part}") for part in ("head", "tail"))
    if not result.months:
        return "No month was run."
    count = math.ceil(result.scenario.task_types / 4)
    which = f"the {count} most asked types" if count > 1 else "the most asked type"
    text = f"{sentence(lately(result.frame))} the mesh served {percent(head)} of the head ({which})"
    if math.isnan(tail):
        return f"{text}; there is no tail, because there is one type only."
    return f"{text} and {percent(tail)} of the tail (all others)."
