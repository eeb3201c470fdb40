"""The network at three moments: nucleation, crystallization and the end."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure as Canvas

from mesh_abm.figures import layout, style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.graph import MOST, Graph, from_links
from mesh_abm.results.result import Result
from mesh_abm.terms import short, type_names
from mesh_abm.wording import at_month, listing, percent

MOMENTS = ("nucleation", "crystallization", "end")
COLORED = 7
"""Types of task that get a color of their own when there are more than there are colors."""
SIZE = (10.2, 4.7)


def draw(result: Result) -> Figure:
    """Return the figure "network": devices by main task and links, links to the provider as spokes (a PNG)."""
    title = "The network at three moments"
    fig = style.canvas(title, SIZE)
    graphs = {name: _graph(result, name) for name in MOMENTS if name in result.snapshots}
    colors = task_colors(result.scenario.task_types, [graph.task for graph in graphs.values()])
    for k, name in enumerate(MOMENTS):
        ax = _panel(fig, k)
        if name in graphs:
            draw_graph(ax, graphs[name], layout.moment(graphs[name]), colors)
            _caption(ax, result, name, graphs[name])
        else:
            ax.set_title(name, fontsize=style.BODY, weight="bold", color=style.MUTED)
            style.note(ax, f"no {name}\nin this run")
    _key(fig, colors, result)
    return Figure.drawn("network", title, _sentence(result, graphs), fig, _table(graphs), raster=True)


def task_colors(types: int, tasks: list[np.ndarray]) -> dict[int, str]:
    """Return the color of each type that has one: all if there are few, else the types with most specialists."""
    if types <= len(style.TASK_COLORS) // 3:
        return {j: style.TASK_COLORS[j] for j in range(types)}
    seen = np.concatenate([np.zeros(0, int), *tasks])
    count = np.bincount(seen[seen >= 0], minlength=types)
    most = np.argsort(-count, kind="stable")[:COLORED]
    return {int(j): style.TASK_COLORS[k] for k, j in enumerate(most) if count[j]}


def draw_graph(ax: Axes, graph: Graph, place: np.ndarray, colors: dict[int, str]) -> None:
    """Draw links under devices; a device's area grows with its links, the provider is the square in the middle."""
    spokes = place[graph.on_provider]
    _lines(ax, np.stack([np.zeros_like(spokes), spokes], axis=1), style.COLORS["provider"], 70)
    _lines(ax, place[graph.links], "#555555", 500)
    look = [colors.get(int(task), style.OTHERS if task < 0 else "#8F8F8F") for task in graph.task]
    size = (2.0 + 3.2 * graph.degree**0.8) * float(np.clip((600 / max(len(graph), 1)) ** 0.5, 0.6, 3.5))
    order = np.argsort(-graph.degree, kind="stable")
    ax.scatter(
        place[order, 0],
        place[order, 1],
        s=size[order],
        c=np.array(look, object)[order].tolist(),
        linewidths=0.3,
        edgecolors="white" if len(graph) > 300 else style.MUTED,
        zorder=3,
    )
    ax.scatter(
        [0], [0], marker="s", s=70, c=style.COLORS["provider"], edgecolors=style.INK, linewidths=1, zorder=4
    )


def _lines(ax: Axes, ends: np.ndarray, color: str, ink: float) -> None:
    """Draw lines, the fainter the more there are."""
    alpha = float(np.clip(ink / max(len(ends), 1), 0.03, 0.6))
    ax.add_collection(LineCollection(list(ends), colors=color, linewidths=0.5, alpha=alpha))


def _graph(result: Result, name: str) -> Graph:
    month, network = result.snapshots[name]
    members = result.frame.loc[result.frame["month"] == month, "members"]
    return from_links(network, int(members.iloc[0]))


def _panel(fig: Canvas, k: int) -> Axes:
    ax = fig.add_axes((0.005 + 0.333 * k, 0.17, 0.325, 0.68))
    ax.set_aspect("equal")
    ax.set_xlim(-1.04, 1.04)
    ax.set_ylim(-1.04, 1.04)
    ax.axis("off")
    return ax


def _caption(ax: Axes, result: Result, name: str, graph: Graph) -> None:
    month = result.snapshots[name][0]
    ax.set_title(
        f"{name}: {at_month(month, result.scenario.start)}",
        fontsize=style.BODY,
        weight="bold",
        color=style.INK,
    )
    part = graph.largest / graph.members if graph.members else 0.0
    shown = f" (the {len(graph):,} best linked drawn)" if len(graph) == MOST < graph.members else ""
    style.note(
        ax,
        f"{graph.members:,} devices{shown},\nlargest component {percent(part)}",
        0.5,
        -0.05,
        fontsize=style.SMALL,
    )


def _key(fig: Canvas, colors: dict[int, str], result: Result) -> None:
    """Say under the panels what colors and marks mean."""
    names = type_names(result.scenario)
    entries = [
        ("s", style.COLORS["provider"], "provider (spokes: links to it)"),
        ("o", style.OTHERS, "device without main task"),
    ]
    entries += [("o", color, short(names[j])) for j, color in sorted(colors.items())]
    if colors and len(colors) < len(names):
        entries.append(("o", "#8F8F8F", "another task"))
    marks = [style.mark(shape, color, text) for shape, color, text in entries]
    fig.legend(
        handles=marks,
        loc="lower center",
        ncols=(len(marks) + 1) // 2 if len(marks) > 6 else len(marks),
        fontsize=style.SMALL,
        frameon=False,
        handletextpad=0.2,
        columnspacing=1.2,
        bbox_to_anchor=(0.5, 0.0),
    )


def _table(graphs: dict[str, Graph]) -> pd.DataFrame:
    """Return a row a drawn device and moment."""
    parts = [
        pd.DataFrame(
            {
                "moment": name,
                "row": g.row,
                "task": g.task,
                "degree": g.degree,
                "on_provider": g.on_provider,
                "component": g.component,
            }
        )
        for name, g in graphs.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"moment": [], "row": []})


def _sentence(result: Result, graphs: dict[str, Graph]) -> str:
    if "end" not in graphs or not graphs["end"].members:
        return "At the end there are no members, so there is no network to draw."
    parts = [
        f"{percent(graph.largest / graph.members)} of {graph.members:,} devices at "
        f"{'the end' if name == 'end' else name}"
        for name, graph in graphs.items()
        if graph.members
    ]
    missing = [name for name in MOMENTS if name not in graphs]
    text = f"The largest component holds {listing(parts)}"
    if missing:
        text += f"; {listing(missing)} did not happen"
    return (
        f"{text}. Devices are colored by their main task and grow with their links; each spoke is a device "
        "that still turns to the provider."
    )
