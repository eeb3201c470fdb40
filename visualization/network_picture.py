"""The network of a small model as a picture: the provider in the middle, devices around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib import colors as mpl_colors
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mesh_abm import MeshModel
from mesh_abm.figures import style

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
HOLE = 0.3  # radius around the provider that is left free, of a disc of radius 1
GENERALIST = 0.05  # below this specialization a device has no color of its own

Points = npt.NDArray[np.float64]


def draw_network(model: MeshModel) -> Figure:
    """Members as dots (area grows with degree, color: dominant type of task), their links, and thin lines to the
    provider."""
    devices, links = model.device_frame(), model.links_frame()
    places = disc(model.spec.n_owners)
    between = links["target"].to_numpy() >= 0
    ends = links[["source", "target"]].to_numpy()
    fig = Figure(figsize=(6.4, 4.5))
    ax = fig.add_axes((0.0, 0.0, 0.75, 1.0))
    ax.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal")
    ax.set_axis_off()
    to_provider = np.stack([places[ends[~between, 0]], np.zeros((int((~between).sum()), 2))], axis=1)
    ax.add_collection(
        LineCollection(list(to_provider), colors=style.COLORS["provider"], linewidths=0.4, alpha=0.25)
    )
    ax.add_collection(
        LineCollection(list(places[ends[between]]), colors=style.MUTED, linewidths=0.6, alpha=0.5)
    )
    rows = devices["row"].to_numpy()
    x, y = places[rows].T
    area = 8 + 4 * devices["degree"].to_numpy()
    ax.scatter(x, y, s=area, c=colors(devices), linewidths=0.3, edgecolors="white", zorder=3)
    ax.scatter(0, 0, s=180, c=style.COLORS["provider"], marker="s", edgecolors=style.INK, zorder=4)
    fig.legend(handles=legend(model.spec.task_types), loc="center right", frameon=False, fontsize=style.BODY)
    return fig


def disc(n: int) -> Points:
    """A fixed place for each of n rows, (n, 2), evenly over a disc of radius 1 with a hole in the middle."""
    k = np.arange(n)
    radius = np.sqrt(HOLE**2 + (1 - HOLE**2) * (k + 0.5) / n)
    return np.stack([radius * np.cos(k * GOLDEN_ANGLE), radius * np.sin(k * GOLDEN_ANGLE)], axis=1)


def colors(devices: pd.DataFrame) -> Points:
    """Red, green, blue and opacity of each device, (n, 4): that of its dominant type, gray while it has none."""
    palette = np.array([mpl_colors.to_rgba(color) for color in (*style.TASK_COLORS, style.OTHERS)])
    dominant = np.asarray(devices["dominant"]) % len(style.TASK_COLORS)
    generalist = np.asarray(devices["specialization"]) < GENERALIST
    return palette[np.where(generalist, len(style.TASK_COLORS), dominant)]


def legend(task_types: int) -> list[Line2D]:
    """A mark for the provider, for generalists and for each type of task."""
    names = ["provider", "no dominant type", *(f"type {j}" for j in range(task_types))]
    marks = ["s", *"o" * (task_types + 1)]
    types = [style.TASK_COLORS[j % len(style.TASK_COLORS)] for j in range(task_types)]
    shades = [style.COLORS["provider"], style.OTHERS, *types]
    return [
        Line2D([], [], marker=mark, color=shade, linestyle="", label=name)
        for name, mark, shade in zip(names, marks, shades, strict=True)
    ]
