"""Who serves the queries, over time."""

from __future__ import annotations

from matplotlib.axes import Axes
from pandas import DataFrame

from mesh_abm.facts import lately, recent
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure
from mesh_abm.results.result import Result
from mesh_abm.wording import brief_percent, percent, sentence

NAMES = {"mesh": "mesh", "self": "own device", "provider": "provider", "unserved": "unserved"}


def draw(result: Result) -> Figure:
    """Return the figure "shares": all queries of a month by who served them, stacked."""
    columns = [f"share_{name}" for name in NAMES]
    data = result.frame[["month", *columns, "market_share"]]
    title = "Who serves the queries"
    fig, ax = style.axes(title, "month", "share of all queries")
    _stack(ax, data[data["month"] > 0])
    style.percent_axis(ax, 1)
    style.month_axis(ax, result.months, result.scenario.start)
    if result.months:
        style.end_labels(ax, _labels(data))
        _tiny(ax, result)
    else:
        style.note(ax, "no month was run")
    return Figure.drawn("shares", title, _sentence(result), fig, data)


def _stack(ax: Axes, data: DataFrame) -> None:
    values = [data[f"share_{name}"] for name in NAMES]
    ax.stackplot(
        data["month"], values, colors=[style.FILLS[name] for name in NAMES], edgecolor="white", linewidth=0.8
    )


def _tiny(ax: Axes, result: Result) -> None:
    """Say how much devices serve where it is too little to be seen."""
    most = (result.frame["share_mesh"] + result.frame["share_self"]).max()
    if most < 0.02:
        style.note(
            ax, f"devices never serve more than {percent(most)} in a month", 0.5, 0.08, color=style.INK
        )


def _labels(data: DataFrame) -> list[tuple[float, str, str]]:
    """Return the names at the middle of their bands in the last month."""
    labels, below = [], 0.0
    for name, text in NAMES.items():
        share = float(data[f"share_{name}"].iloc[-1])
        labels.append((below + share / 2, f"{text} {brief_percent(share)}", style.COLORS[name]))
        below += share
    return labels


def _sentence(result: Result) -> str:
    frame = result.frame
    if not result.months:
        return "No month was run, so nobody has served a query yet."
    mesh, own, provider, unserved = (percent(recent(frame, f"share_{name}")) for name in NAMES)
    return (
        f"{sentence(lately(frame))} the mesh served {mesh} of all queries, members' own devices {own} and "
        f"the provider {provider}; {'none' if unserved == '0%' else unserved} were left unserved. Of what "
        f"was served, devices took {percent(recent(frame, 'market_share'))}."
    )
