"""The provider's hold on the network."""

from __future__ import annotations

import math

from mesh_abm.facts import at_end, lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.moments import mark_phases
from mesh_abm.results.result import Result
from mesh_abm.wording import percent


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
    return Figure.drawn("condensate", title, _sentence(result), fig, data, fits=result.fits)


def _sentence(result: Result) -> str:
    frame = result.frame
    first, last = float(frame["condensate"].iloc[0]), recent(frame, "condensate")
    if math.isnan(last):
        return "There are no links, so there is nothing to hold."
    return (
        f"The condensate - the part of all links that point to the provider - went from {percent(first)} "
        f"at the start to {percent(last)} {lately(frame)}."
    )
