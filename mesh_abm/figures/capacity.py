"""What devices could serve together, against the provider."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import at_end, first_month
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.fits.capability import law_of_capacity
from mesh_abm.results.result import Result
from mesh_abm.wording import at_month, number, percent

CAPACITY = (
    ("c_cent", "provider", "provider $C_{cent}$"),
    ("c_mesh", "mesh", "mesh $C_{mesh}$"),
    ("c_mesh_theory", "theory", "mesh by (16)"),
    ("c_active", "self", "at work"),
)
MASS = (("n_star", "theory", "critical mass $N^*$"), ("members", "mesh", "members $N$"))


def draw(result: Result) -> Figure:
    """Return the figure "capacity": C_mesh and C_cent, and members against the critical mass N*."""
    data = result.frame.assign(c_mesh_theory=law_of_capacity(result))
    data = data[["month", *(column for column, _, _ in (*CAPACITY, *MASS))]]
    title = "Capacity of the mesh against the provider's, and critical mass"
    fig, (capacity, mass) = style.rows(title, ["effective queries\na month", "devices"], "month")
    for ax, lines in ((capacity, CAPACITY), (mass, MASS)):
        style.month_axis(ax, result.months, result.scenario.start, labels=ax is mass)
        _draw_lines(ax, data, lines)
    return Figure.drawn("capacity", title, _sentence(result), fig, data, fits=result.fits)


def _draw_lines(ax: Axes, data: pd.DataFrame, lines: tuple[tuple[str, str, str], ...]) -> None:
    """Draw and name series on a log scale; zeros and infinities are left out."""
    shown = {
        column: data[column].where(np.isfinite(data[column]) & (data[column] > 0)) for column, _, _ in lines
    }
    for column, look, _ in lines:
        ax.plot(data["month"], shown[column], **style.line(look))
    if any(values.notna().any() for values in shown.values()):
        style.log_axis(ax)
    style.end_labels(
        ax, [(at_end(pd.DataFrame(shown), column), text, style.COLORS[look]) for column, look, text in lines]
    )


def _sentence(result: Result) -> str:
    frame = result.frame
    mesh, provider = at_end(frame, "c_mesh"), at_end(frame, "c_cent")
    text = f"At the end the mesh could serve {number(mesh)} effective queries a month, the provider {number(provider)}"
    if mesh > 0 and 0 < provider < np.inf:
        text += (
            f": {number(mesh / provider)} times as much"
            if mesh > provider
            else f"; that is {percent(mesh / provider)} of it"
        )
    members, mass = at_end(frame, "members"), at_end(frame, "n_star")
    return f"{text}. {_mass(members, mass)} {_passing(result)}".rstrip()


def _mass(members: float, mass: float) -> str:
    if not np.isfinite(mass):
        return f"There are {members:,.0f} members; without a connected network no number of them would be enough."
    relation = "above" if members >= mass else "below"
    return (
        f"With {members:,.0f} members it is {relation} the critical mass of {number(mass, 3)} (at this "
        "connectedness and capacity)."
    )


def _passing(result: Result) -> str:
    month = first_month(result.frame, result.frame["c_mesh"] > result.frame["c_cent"])
    if month is None:
        return "Its capacity never passed the provider's."
    return f"Its capacity first passed the provider's in {at_month(month, result.scenario.start)}; capacity is not use."
