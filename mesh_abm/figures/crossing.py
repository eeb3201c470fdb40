"""When a query on one's own hardware costs less than the provider's price."""

from __future__ import annotations

import numpy as np

from mesh_abm.facts import at_end, finite, first_month
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.fits.capability import law_of_cost
from mesh_abm.results.result import Result
from mesh_abm.wording import at_month, number

PANELS = (
    ("distance_to_crossing", "units of\nproduction", "provider", "distance to the\ncrossing $x$"),
    ("technology_index", "index", "mesh", "technology\nindex $T$"),
    ("unit_cost", "cost, start = 1", "head", "unit cost $c$ of\nhardware"),
)


def draw(result: Result) -> Figure:
    """Return the figure "crossing": distance to the crossing, technology index and unit cost."""
    data = result.frame[["month", *(column for column, *_ in PANELS)]]
    data = data.assign(unit_cost_theory=law_of_cost(result))
    title = "Cost: how far hardware is from beating the provider's price"
    fig, axes = style.rows(title, [label for _, label, *_ in PANELS], "month")
    for ax, (column, _, look, name) in zip(axes, PANELS, strict=True):
        values = finite(data[column])
        ax.plot(data["month"], values, **style.line(look, linestyle="-"))
        style.month_axis(ax, result.months, result.scenario.start, labels=ax is axes[-1])
        style.plain_numbers(ax)
        if values.isna().all():
            style.note(ax, "infinite throughout: the price does not exceed the running cost")
        labels = [(at_end(data.assign(**{column: values}), column), name, style.COLORS[look])]
        if column == "unit_cost":
            ax.plot(data["month"], data["unit_cost_theory"], **style.line("theory"))
            labels.append((at_end(data, "unit_cost_theory"), "Wright's law", style.COLORS["theory"]))
        style.end_labels(ax, labels)
    axes[0].axhline(0, color=style.MUTED, linewidth=0.8)
    return Figure.drawn("crossing", title, _sentence(result), fig, data, fits=result.fits)


def _sentence(result: Result) -> str:
    frame = result.frame
    month = first_month(frame, frame["distance_to_crossing"] <= 0)
    index, cost = at_end(frame, "technology_index"), at_end(frame, "unit_cost")
    technology = (
        f"By the end hardware cost {number(cost)} of what it did at the start, and the technology index "
        f"stood at {number(index)}."
    )
    if month == 0:
        return (
            "By list price the hardware of the marginal device is cheaper than the provider from the "
            f"start. {technology}"
        )
    if month is not None:
        return f"By list price costs crossed in {at_month(month, result.scenario.start)}. {technology}"
    distance = at_end(frame, "distance_to_crossing")
    missing = (
        f"{number(distance)} units of production were still missing"
        if np.isfinite(distance)
        else "no production would be enough at this price"
    )
    return f"By list price costs did not cross in this run: at the end {missing}. {technology}"
