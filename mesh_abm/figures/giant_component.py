"""Does the network of devices hold together?"""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.facts import at_end
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.fits.component import law_of_slots
from mesh_abm.fits.degree_sequence import degrees
from mesh_abm.results.result import Result
from mesh_abm.summary.formation import component
from mesh_abm.theory import percolation
from mesh_abm.wording import at_month, number, percent


def draw(result: Result) -> Figure:
    """Return the figure "giant_component": the largest component beside (2), or the slots formula."""
    data = result.frame[["month", "s_inf", "s_inf_theory", "mean_degree", "r0_mesh"]]
    data = data.assign(s_inf_degrees=_by_degrees(result))
    law, law_name = "s_inf_theory", "equation (2) at\nthis mean degree"
    if result.scenario.kernel == "uniform":
        law, law_name = "s_inf_slots", "slots formula, this\nmany slots filled"
        data = data.assign(s_inf_slots=law_of_slots(result))
    title = "Share of members in one connected network of devices"
    fig, ax = style.axes(title, "month", "share of members")
    ax.plot(data["month"], data[law], **style.line("theory"))
    ax.plot(data["month"], data["s_inf"], **style.line("mesh"))
    ax.plot(data["month"], data["s_inf_degrees"], **style.points("theory"))
    style.percent_axis(ax, 1)
    style.month_axis(ax, result.months, result.scenario.start)
    mark_phases(ax, result)
    style.end_labels(
        ax,
        [
            (at_end(data, "s_inf"), "largest component", style.COLORS["mesh"]),
            (at_end(data, law), law_name, style.COLORS["theory"]),
            (at_end(data, "s_inf_degrees"), "random links with\nthese degrees", style.COLORS["theory"]),
        ],
    )
    return Figure.drawn("giant_component", title, _sentence(result), fig, data, fits=result.fits)


def _by_degrees(result: Result) -> pd.Series:
    """Return by row of the series the component that the degrees imply, at the moments whose network is kept."""
    sizes = {
        month: percolation.giant_component_degrees(degrees(result, moment))
        for moment, (month, links) in result.snapshots.items()
        if (links["target"] >= 0).any()
    }
    return result.frame["month"].map(sizes).astype(float)


def _sentence(result: Result) -> str:
    frame, start = result.frame, result.scenario.start
    size, theory, degree = (at_end(frame, name) for name in ("s_inf", "s_inf_theory", "mean_degree"))
    if math.isnan(size):
        return "At the end there are no members, so there is no network."
    circles = " (circles: one with the same degrees)" if degree > 0 else ""
    end = (
        f"At the end {percent(size)} of the members are in the largest component; a random network with "
        f"the same mean degree of {number(degree)} would have {percent(theory)}{circles}."
    )
    if "nucleation" not in result.phases:
        return f"No network of devices ever formed: no component held more than 5% of members for three months. {end}"
    first = component(result.frame, result.phases["nucleation"])
    doubt = f", but of {first.devices} devices only: by chance" if first.by_chance else ""
    return (
        "A component of more than 5% of members, lasting three months, was first there in "
        f"{at_month(first.month, start)}{doubt}. {end}"
    )
