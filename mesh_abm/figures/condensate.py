"""The provider's hold on the network."""

from __future__ import annotations

import math

from mesh_abm.facts import YEAR, at_end, lately, monthly_growth, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.results.result import Result
from mesh_abm.wording import listing, percent


def draw(result: Result) -> Figure:
    """Return the figure "condensate": links that point to the provider, beside the law with churn."""
    data = result.frame[["month", "condensate", "condensate_theory", "mean_odds", "link_value"]]
    title = "The provider's hold: links that point to it"
    fig, ax = style.axes(title, "month", "share of all links")
    ax.plot(data["month"], data["condensate_theory"], **style.line("theory"))
    ax.plot(data["month"], data["condensate"], **style.line("provider", linestyle="-"))
    style.percent_axis(ax, 1.02)
    style.month_axis(ax, result.months, result.scenario.start)
    mark_phases(ax, result)
    style.end_labels(
        ax,
        [
            (
                at_end(data, "condensate"),
                f"condensate {percent(at_end(data, 'condensate'))}",
                style.COLORS["provider"],
            ),
            (
                at_end(data, "condensate_theory"),
                "predicted from merit,\nchurn and link failure",
                style.COLORS["theory"],
            ),
        ],
    )
    return Figure.drawn("condensate", title, _sentence(result), fig, data)


def _sentence(result: Result) -> str:
    frame = result.frame
    first, last, law = (
        float(frame["condensate"].iloc[0]),
        recent(frame, "condensate"),
        recent(frame, "condensate_theory"),
    )
    if math.isnan(last):
        return "There are no links, so there is nothing to hold."
    text = (
        f"The condensate - the part of all links that point to the provider - went from {percent(first)} "
        f"at the start to {percent(last)} {lately(frame)}"
    )
    if math.isnan(law):
        return f"{text}; for this way of linking there is no law to compare it with."
    return (
        f"{text}; the law for a steady population with this merit, churn and link failure gives "
        f"{percent(law)}{_lag(result, last - law)}."
    )


def _lag(result: Result, gap: float) -> str:
    """Return why simulation and law differ, if they do and the population was not steady."""
    members, merit = (monthly_growth(result.frame[name]) for name in ("members", "mean_odds"))
    moving = [
        f"{name} grew by {percent(math.expm1(YEAR * rate))}"
        for name, rate in (("membership", members), ("merit", merit))
        if rate > 0.005
    ]
    if abs(gap) < 0.05 or not moving:
        return ""
    return f" (links lag behind: {lately(result.frame)} {listing(moving)})"
