"""How far a new model release spreads among devices."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.facts import at_end, finite, lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.fits.spreading import law_of_updates, spreading_rate
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent


def draw(result: Result) -> Figure:
    """Return the figure "updates": members up to date, and the spreading rate against its threshold (14)."""
    title = "Updates: who runs the newest model release"
    data = _data(result)
    fig, (share, rate) = style.rows(title, ["share of\nmembers", "infection\nover recovery"], "month")
    for ax in (share, rate):
        style.month_axis(ax, result.months, result.scenario.start, labels=ax is rate)
    _share(share, data)
    _rate(rate, data)
    return Figure.drawn("updates", title, _sentence(result), fig, data, fits=result.fits)


def _data(result: Result) -> pd.DataFrame:
    """Return the series, with what the degrees imply at the moments whose network is kept."""
    frame = result.frame[["month", "up_to_date", "sis_threshold"]]
    known = {
        month: law_of_updates(result, moment)
        for moment, (month, links) in result.snapshots.items()
        if (links["target"] >= 0).any()
    }
    implied = frame["month"].map(known).astype(float)
    return frame.assign(up_to_date_theory=implied, spreading_rate=spreading_rate(result))


def _share(ax: Axes, data: pd.DataFrame) -> None:
    ax.plot(data["month"], data["up_to_date"], **style.line("mesh"))
    ax.plot(data["month"], data["up_to_date_theory"], **style.points("theory"))
    style.percent_axis(ax, 1.02)
    labels = [
        (at_end(data, "up_to_date"), "up to date", style.COLORS["mesh"]),
        (at_end(data, "up_to_date_theory"), "lasting share with\nthese degrees", style.COLORS["theory"]),
    ]
    style.end_labels(ax, labels)


def _rate(ax: Axes, data: pd.DataFrame) -> None:
    shown = data.assign(spreading_rate=finite(data["spreading_rate"]).where(data["spreading_rate"] > 0))
    ax.plot(data["month"], shown["spreading_rate"], **style.line("mesh"))
    ax.plot(data["month"], data["sis_threshold"], **style.line("theory"))
    if shown["spreading_rate"].notna().any() or data["sis_threshold"].notna().any():
        style.log_axis(ax)
    labels = [
        (at_end(shown, "spreading_rate"), "of updates", style.COLORS["mesh"]),
        (at_end(data, "sis_threshold"), "threshold (14)", style.COLORS["theory"]),
    ]
    style.end_labels(ax, labels)


def _sentence(result: Result) -> str:
    frame = result.frame
    share, threshold, rate = (
        recent(frame, "up_to_date"),
        at_end(frame, "sis_threshold"),
        spreading_rate(result),
    )
    if math.isnan(share):
        return "There are no members, so nothing spreads."
    text = f"On average {percent(share)} of the members ran the newest release {lately(frame)}"
    if math.isnan(threshold):
        return f"{text}; without links it does not spread."
    lasts = "above" if rate > threshold else "not above"
    return (
        f"{text}; it passes along links at {number(rate)} times the rate at which it is lost, {lasts} the "
        f"threshold (14) of {number(threshold)} that lasting spread needs."
    )
