"""Who does what at the end, and who delivers to whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.figures import layout, style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.graph import MOST, Graph, from_links
from mesh_abm.figures.labels import short, type_names
from mesh_abm.figures.network import draw_graph, task_colors
from mesh_abm.results.result import Result
from mesh_abm.wording import number, percent

SIZE = (7.6, 6.2)


def draw(result: Result) -> Figure:
    """Return the figure "roles": linked devices of the end in sectors by main task, hubs in the middle (a PNG)."""
    title = "Roles at the end: sectors by main task, best linked devices in the middle"
    graph = from_links(result.network(), len(result.devices()))
    fig = style.canvas(title, SIZE)
    ax = fig.add_axes((0.08, 0.0, 0.84, 0.94))
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_xlim(-1.2, 1.2)
    ax.set_ylim(-1.2, 1.2)
    if len(graph.links):
        _draw(ax, graph, result)
    else:
        style.note(ax, "no device has a link to another")
    return Figure.drawn("roles", title, _sentence(result, graph), fig, _table(graph), raster=True)


def _draw(ax: Axes, graph: Graph, result: Result) -> None:
    colors = task_colors(result.scenario.task_types, [graph.task])
    group = np.where(graph.task < 0, result.scenario.task_types, graph.task)
    rank = np.empty(len(graph), int)
    rank[np.lexsort((-graph.degree, graph.component > 0))] = np.arange(len(graph))
    place, middle = layout.wheel(group, rank)
    draw_graph(ax, graph, place, colors)
    names = [*type_names(result.scenario), "without main task"]
    for task, angle in middle.items():
        part = (group == task).mean()
        if part >= 0.012:
            _name(ax, f"{short(names[task], 24)}\n{percent(part)}", angle, colors.get(task, "#8F8F8F"))


def _name(ax: Axes, text: str, angle: float, color: str) -> None:
    """Write a sector's name outside its rim."""
    x, y = np.cos(angle), np.sin(angle)
    align = "center" if abs(x) < 0.25 else ("left" if x > 0 else "right")
    upright = "center" if abs(y) < 0.9 else ("bottom" if y > 0 else "top")
    ax.text(1.05 * x, 1.05 * y, text, fontsize=style.SMALL, color=style.readable(color), ha=align, va=upright)


def trade(graph: Graph) -> pd.DataFrame:
    """Return the traffic of the last month between main tasks (-1: none), a row a pair."""
    pairs = pd.DataFrame(np.sort(graph.task[graph.links], axis=1), columns=["task", "other_task"])
    return pairs.assign(traffic=graph.traffic).groupby(["task", "other_task"], as_index=False)["traffic"].sum()


def _table(graph: Graph) -> pd.DataFrame:
    return trade(graph)


def _sentence(result: Result, graph: Graph) -> str:
    if not len(graph.links):
        return "At the end no device is linked to another, so no roles can be told apart."
    special = graph.task >= 0
    drawn = f"the {MOST:,} best linked devices" if len(graph) < len(result.devices()) and len(graph) == MOST else f"{len(graph):,} devices with links"
    text = f"Of {drawn} {percent(special.mean())} have a main task"
    if special.any() and not special.all():
        degrees = [number(graph.degree[mask].mean()) for mask in (special, ~special)]
        text += f"; these have {degrees[0]} links to devices on average, the others {degrees[1]}"
    between = trade(graph)
    total = between["traffic"].sum()
    if total:
        across = between.loc[between["task"] != between["other_task"], "traffic"].sum()
        text += f". {percent(across / total)} of the last month's traffic ran between devices of different main tasks"
    return text + "."
