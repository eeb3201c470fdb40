"""A network as it is drawn: the devices of one month with their links, thinned out where there are too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MOST = 1500
"""Devices that can be drawn and still be seen; of more, those with most links are drawn."""
SPECIALIST = 0.3
"""From this specialization on, a device is drawn in the color of its main task."""


@dataclass(frozen=True)
class Graph:
    """Devices 0..n-1 and the links between them; `component` numbers components by size, 0 the largest.

    `members` counts all devices of the month, drawn or not; `largest` is the size of the largest component.
    """

    row: np.ndarray
    task: np.ndarray
    degree: np.ndarray
    on_provider: np.ndarray
    component: np.ndarray
    links: np.ndarray
    traffic: np.ndarray
    members: int
    largest: int

    def __len__(self) -> int:
        return len(self.row)


def from_links(network: pd.DataFrame, members: int, most: int = MOST) -> Graph:
    """Return the graph of `Result.network`; devices that are not specialized have task -1.

    `members` is the number of devices that month: those without any link are not in the network.
    """
    nodes = _nodes(network)
    between = network[network["target"] >= 0]
    links = np.stack(
        [nodes.index.get_indexer(pd.Index(between[end])) for end in ("source", "target")], axis=1
    )
    degree = np.bincount(links.ravel(), minlength=len(nodes))
    component = _components(links, len(nodes))
    kept = np.sort(np.argsort(-degree, kind="stable")[:most])
    place = np.full(len(nodes), -1)
    place[kept] = np.arange(len(kept))
    drawn = (place[links] >= 0).all(axis=1)
    return Graph(
        row=nodes.index.to_numpy()[kept],
        task=nodes["task"].to_numpy()[kept],
        degree=degree[kept],
        on_provider=nodes.index.isin(network.loc[network["target"] < 0, "source"])[kept],
        component=component[kept],
        links=place[links[drawn]],
        traffic=between["traffic"].to_numpy()[drawn],
        members=members,
        largest=int((component == 0).sum()) if len(links) else 0,
    )


def _nodes(network: pd.DataFrame) -> pd.DataFrame:
    """Return a row a device that has a link: its task, -1 if it is no specialist."""
    ends = [
        network[[end, f"{end}_task", f"{end}_specialization"]].set_axis(
            ["row", "task", "specialization"], axis=1
        )
        for end in ("source", "target")
    ]
    table = pd.concat(ends)
    table = table[table["row"] >= 0].drop_duplicates("row").set_index("row").sort_index()
    return table.assign(task=table["task"].where(table["specialization"] >= SPECIALIST, -1).astype("int64"))


def _components(links: np.ndarray, count: int) -> np.ndarray:
    """Return the number of each device's component, 0 the largest (ties: the one met first)."""
    ones = np.ones(len(links))
    _, label = connected_components(
        coo_array((ones, (links[:, 0], links[:, 1])), shape=(count, count)), directed=False
    )
    sizes = np.bincount(label, minlength=1)
    rank = np.empty(len(sizes), int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    ordered: np.ndarray = rank[label]
    return ordered
