"""How far devices have taken up one kind of work."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mesh_abm.facts import at_end
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.fits.labor import standstill
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent


def draw(result: Result) -> Figure:
    """Return the figure "specialization": of all members and of those that worked, with the share that worked."""
    data = result.frame[["month", "specialization", "specialization_active", "active"]]
    data = data.assign(specialization_by_chance=_by_chance(result))
    title = "Specialization: from everything a little to one thing well"
    fig, ax = style.axes(title, "month", "specialization (0 to 1); share")
    lines = (
        ("specialization", "head", "all members"),
        ("specialization_active", "mesh", "members at work"),
        ("active", "unserved", "share of members\nat work"),
    )
    for column, look, _ in lines:
        ax.plot(data["month"], data[column], **style.line(look))
    ax.plot(data["month"], data["specialization_by_chance"], **style.points("theory"))
    ax.set_ylim(0, 1)
    if (level := standstill(result)) < 1:
        ax.axhline(level, **style.line("theory", linewidth=1.0))
    style.month_axis(ax, result.months, result.scenario.start)
    mark_phases(ax, result)
    labels = [(at_end(data, column), text, style.COLORS[look]) for column, look, text in lines]
    labels += [
        (
            at_end(data, "specialization_by_chance"),
            "members, if they\nworked by chance",
            style.COLORS["theory"],
        ),
        (level if level < 1 else math.nan, "at work: from here on\nthresholds fall", style.COLORS["theory"]),
    ]
    style.end_labels(ax, labels)
    return Figure.drawn("specialization", title, _sentence(result), fig, data, fits=result.fits)


def _by_chance(result: Result) -> pd.Series:
    """Return by row of the series what chance would give: of the last month alone, for which the devices are known."""
    expected = next(fit.predicted for fit in result.fits if fit.name == "chance")
    return pd.Series(np.where(result.frame["month"] == result.months, expected, np.nan), result.frame.index)


def _sentence(result: Result) -> str:
    frame = result.frame
    if result.scenario.task_types == 1:
        return "With a single type of question there is nothing to specialize in."
    everyone, working, active = (
        at_end(frame, name) for name in ("specialization", "specialization_active", "active")
    )
    if math.isnan(everyone):
        return "At the end there are no members."
    text = (
        f"At the end members are specialized to {number(everyone)} on a scale from 0 (all types alike) to "
        "1 (one type only)"
    )
    if math.isnan(working):
        return f"{text}; none of them served a query in the last month."
    at_work = f"those that served a query in the last month ({percent(active)}) to {number(working)}"
    return f"{text}, {at_work}.{_standing(result)}"


def _standing(result: Result) -> str:
    """Return what (10) says of devices that all share all work evenly."""
    level = standstill(result)
    if math.isnan(level):
        return ""
    when = f"only from {percent(level)} at work on" if level < 1 else "at no use, not even with all at work"
    return f" If all shared all work evenly, their thresholds would fall together (10) {when}."
