"""Who does what at the end, and who delivers to whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mesh_abm.figures import layout, style
from mesh_abm.figures.figure import Figure
from mesh_abm.figures.graph import MOST, Graph, from_links
from mesh_abm.figures.network import draw_graph, task_colors
from mesh_abm.results.result import Result
from mesh_abm.terms import short, type_names
from mesh_abm.wording import number, percent

SIZE, EMPTY = (7.6, 5.3), (7.6, 1.4)
SMALL = 0.005
"""A sector of less than this share of devices has no name."""


def draw(result: Result) -> Figure:
    """Return the figure "roles": linked devices of the end in sectors by main task, hubs in the middle (a PNG)."""
    title = "Roles at the end: sectors by main task, best linked devices in the middle"
    graph = from_links(result.network(), len(result.devices()))
    roles = bool((graph.task >= 0).any())
    fig = style.canvas(title, SIZE if roles else EMPTY)
    ax = fig.add_axes((0.0, 0.0, 1.0, 0.92))
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_xlim(-1.85, 1.85)
    ax.set_ylim(-1.19, 1.19)
    if roles:
        _draw(ax, graph, result)
    else:
        style.note(ax, "no device has a main task" if len(graph.links) else "no device has a link to another")
    return Figure.drawn("roles", title, _sentence(result, graph), fig, _table(graph), raster=True)


def _draw(ax: Axes, graph: Graph, result: Result) -> None:
    colors = task_colors(result.scenario.task_types, [graph.task])
    group = np.where(graph.task < 0, result.scenario.task_types, graph.task)
    rank = np.empty(len(graph), int)
    rank[np.lexsort((-graph.degree, graph.component > 0))] = np.arange(len(graph))
    place, middle = layout.wheel(group, rank)
    draw_graph(ax, graph, place, colors)
    names = [*type_names(result.scenario), "without main task"]
    shares = {task: float((group == task).mean()) for task in middle}
    named = [task for task, share in shares.items() if share >= SMALL]
    _name_sectors(
        ax,
        [(middle[t], f"{short(names[t], 20)} {percent(shares[t])}", colors.get(t, "#8F8F8F")) for t in named],
    )


def _name_sectors(ax: Axes, sectors: list[tuple[float, str, str]]) -> None:
    """Write the names of sectors (angle, text, color) beside the wheel, apart from each other."""
    for side in (1, -1):
        here = sorted((s for s in sectors if (np.cos(s[0]) >= 0) == (side > 0)), key=lambda s: np.sin(s[0]))
        heights = style.spread([0.5 + 0.45 * np.sin(angle) for angle, *_ in here], [0.042] * len(here))
        for (angle, text, color), height in zip(here, heights, strict=True):
            y = (height - 0.5) / 0.45
            x = side * max(np.sqrt(max(0.0, 1.06**2 - y**2)) + 0.08, 0.25)
            ax.annotate(
                text,
                (1.01 * np.cos(angle), 1.01 * np.sin(angle)),
                (x, y),
                fontsize=style.SMALL,
                va="center",
                color=style.readable(color),
                ha="left" if side > 0 else "right",
                arrowprops=style.leader(color, 0 if side > 0 else 1),
            )


def trade(graph: Graph) -> pd.DataFrame:
    """Return the traffic of the last month between main tasks (-1: none), a row a pair."""
    pairs = pd.DataFrame(np.sort(graph.task[graph.links], axis=1), columns=["task", "other_task"])
    pairs["traffic"] = graph.traffic
    return pairs.groupby(["task", "other_task"])["traffic"].sum().reset_index()


def _table(graph: Graph) -> pd.DataFrame:
    return trade(graph)


def _sentence(result: Result, graph: Graph) -> str:
    if not len(graph.links):
        return "At the end no device is linked to another, so no roles can be told apart."
    special = graph.task >= 0
    drawn = (
        f"the {MOST:,} best linked devices"
        if len(graph) < len(result.devices()) and len(graph) == MOST
        else f"{len(graph):,} devices with links"
    )
    if not special.any():
        return f"None of {drawn} has a main task: roles have not formed."
    text = f"Of {drawn} {percent(special.mean())} have a main task"
    if not special.all():
        degrees = [number(graph.degree[mask].mean()) for mask in (special, ~special)]
        text += f"; these have {degrees[0]} links to devices on average, the others {degrees[1]}"
    between = trade(graph)
    total = between["traffic"].sum()
    if total:
        across = between.loc[between["task"] != between["other_task"], "traffic"].sum()
        text += f". {percent(across / total)} of the last month's traffic ran between devices of different main tasks"
    return text + "."
