"""What it would take: links between devices against merit, by the closed form."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import at_end
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.summary.situation import Situation
from mesh_abm.wording import as_high, number, percent

CASES: tuple[tuple[str, dict[str, float], str, str], ...] = (
    ("as it is", {}, "mesh", "as it is"),
    ("no churn", {"churn": 0.0}, "head", "without churn"),
    ("link value 1", {"value": 1.0}, "tail", "with every offer\npreferred"),
)
POINTS = 81
"""Points of a curve."""


def draw(result: Result) -> Figure:
    """Return the figure "threshold": mean degree of the device network over merit, as it is and otherwise."""
    title = "What it would take: links between devices, if merits were higher"
    fig, ax = style.axes(
        title, "merits, times what they are at the end (log scale)", "links to other\ndevices per device"
    )
    now = Situation.at_end(result)
    data = curves(now)
    if now is None:
        style.note(ax, "the closed form does not apply to this run")
    else:
        _curves(ax, data, result)
        _mark_uneven(ax, data, now)
    return Figure.drawn("threshold", title, _sentence(result, now, data), fig, data, fits=result.fits)


def curves(now: Situation | None) -> pd.DataFrame:
    """Return for each factor on merits the mean degree by the closed form, a column a case."""
    if now is None:
        return pd.DataFrame({"factor": []})
    factors = _factors(now.factor())
    columns = {
        name: [now.change(**change).stronger(f).mean_degree() for f in factors] for name, change, *_ in CASES
    }
    return pd.DataFrame({"factor": factors, **columns})


def _factors(needed: float) -> np.ndarray:
    """Return how many times as high merits are taken: around what they are and what would be needed."""
    away = needed if 0 < needed < math.inf else 1.0
    return np.geomspace(min(0.02, away / 5), max(200.0, 5 * away), POINTS)


def _curves(ax: Axes, data: pd.DataFrame, result: Result) -> None:
    ax.set_xscale("log")
    ax.set_xlim(data["factor"].iloc[0], data["factor"].iloc[-1])
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:g}")
    ax.minorticks_off()
    for name, _, look, _ in CASES:
        ax.plot(data["factor"], data[name], **style.line(look))
    ax.axhline(1, **style.line("theory"))
    measured = at_end(result.frame, "mean_degree")
    ax.plot(
        [1],
        [measured],
        marker="o",
        markersize=6,
        color=style.COLORS["mesh"],
        markeredgecolor="white",
        zorder=4,
    )
    style.mark_months(ax, [(1.0, "this run")])
    ax.set_ylim(0, 1.06 * max(1.5, float(data.iloc[:, 1:].to_numpy().max())))
    labels = [(float(data[name].iloc[-1]), text, style.COLORS[look]) for name, _, look, text in CASES]
    style.end_labels(ax, [*labels, (1.0, "holds together\nfrom here", style.COLORS["theory"])])


def uneven(now: Situation, data: pd.DataFrame) -> float | None:
    """Return the factor on merits at which a network of uneven links holds together; None if it is not shown."""
    if now.churn >= 1 or now.link_failure >= 1:
        return None
    factor = now.giant_factor()
    return factor if data["factor"].iloc[0] <= factor <= data["factor"].iloc[-1] else None


def _mark_uneven(ax: Axes, data: pd.DataFrame, now: Situation) -> None:
    if (factor := uneven(now, data)) is not None:
        ax.plot([factor], [now.stronger(factor).mean_degree()], **style.points("theory"))


def _sentence(result: Result, now: Situation | None, data: pd.DataFrame) -> str:
    if now is None:
        return (
            "The closed form is for links made by fitness among devices that make offers; it does not "
            "apply to this run."
        )
    measured, law = at_end(result.frame, "mean_degree"), now.mean_degree()
    had = (
        f"At the end a device has {number(measured)} links to other devices"
        if not math.isnan(measured)
        else "At the end there are no members"
    )
    circle = (
        " The circle marks where it would hold together if it is counted that some devices have more links than others."
        if uneven(now, data) is not None
        else ""
    )
    return f"{had}; the closed form for a steady population gives {number(law)}. {_needed(now)}{circle}"


def _needed(now: Situation) -> str:
    factor = now.factor()
    if math.isinf(factor):
        return "No merit is enough for one link each."
    if factor > 1:
        return f"For one link each, from which on a network holds together, merits would have to be {as_high(factor)}."
    return (
        "A network holds together from one link each, which it would keep until merits fell to "
        f"{percent(factor)} of what they are."
    )
