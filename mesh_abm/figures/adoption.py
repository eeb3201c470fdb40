"""Who takes part: members among all owners, beside where adoption leads."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.facts import at_end, lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.fits.spreading import law_of_adoption
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent


def draw(result: Result) -> Figure:
    """Return the figure "adoption": share of owners who are members, and what each month's R0 leads to in the end."""
    title = "Who takes part"
    data = _data(result)
    fig, ax = style.axes(title, "month", "share of owners")
    ax.plot(data["month"], data["adoption_theory"], **style.line("theory"))
    ax.plot(data["month"], data["share"], **style.line("mesh"))
    style.percent_axis(ax, 1.02)
    style.month_axis(ax, result.months, result.scenario.start)
    mark_phases(ax, result)
    style.end_labels(
        ax,
        [
            (at_end(data, "share"), f"members {percent(at_end(data, 'share'))}", style.COLORS["mesh"]),
            (
                at_end(data, "adoption_theory"),
                "where adoption leads\nat this month's $R_0$",
                style.COLORS["theory"],
            ),
        ],
    )
    return Figure.drawn("adoption", title, _sentence(result), fig, data, fits=result.fits)


def _data(result: Result) -> pd.DataFrame:
    frame = result.frame[["month", "members", "adoption_r0"]]
    data = frame.assign(share=frame["members"] / result.scenario.n_owners)
    contagion = result.scenario.population == "adoption"
    return data.assign(adoption_theory=law_of_adoption(result) if contagion else math.nan)


def _sentence(result: Result) -> str:
    frame, owners = result.frame, result.scenario.n_owners
    first, last = (float(frame["members"].iloc[k]) / owners for k in (0, -1))
    text = f"Of {owners:,} owners {percent(first)} were members at the start and {percent(last)} at the end"
    r0 = recent(frame, "adoption_r0")
    if result.scenario.population != "adoption" or math.isnan(r0):
        return f"{text}."
    if math.isinf(r0):
        return f"{text}; nobody leaves, so that whoever is won over stays."
    spreads = (
        "above 1, so that membership spreads by itself"
        if r0 > 1
        else "not above 1, so that it does not spread"
    )
    return f"{text}; a member won over {number(r0)} others before leaving {lately(frame)}, {spreads}."
