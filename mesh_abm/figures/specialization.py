"""How far devices have taken up one kind of work."""

from __future__ import annotations

import math

from mesh_abm.facts import at_end
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent


def draw(result: Result) -> Figure:
    """Return the figure "specialization": of all members and of those that worked, with the share that worked."""
    data = result.frame[["month", "specialization", "specialization_active", "active"]]
    title = "Specialization: from everything a little to one thing well"
    fig, ax = style.axes(title, "month", "specialization (0 to 1); share")
    lines = (
        ("specialization", "head", "all members"),
        ("specialization_active", "mesh", "members at work"),
        ("active", "unserved", "share of members\nat work"),
    )
    for column, look, _ in lines:
        ax.plot(data["month"], data[column], **style.line(look))
    ax.set_ylim(0, 1)
    style.month_axis(ax, result.months, result.scenario.start)
    mark_phases(ax, result)
    style.end_labels(ax, [(at_end(data, column), text, style.COLORS[look]) for column, look, text in lines])
    return Figure.drawn("specialization", title, _sentence(result), fig, data)


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
    return f"{text}, those that served a query in the last month ({percent(active)}) to {number(working)}."
