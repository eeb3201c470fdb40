"""Where devices stand in pictures of the network: inside a disc of radius 1, the provider in its middle."""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from mesh_abm.figures.graph import Graph

CLEAR = 0.13
"""Radius around the provider that is kept free."""
SMALLEST = 0.55
"""Least radius of the disc that the largest component gets, however small it is."""
WORK = 30_000
"""Devices times iterations of the force-directed layout: bounds the time it takes."""


def moment(graph: Graph) -> np.ndarray:
    """Return positions, shape (n, 2): the largest component by forces in a disc, the others on a spiral around it."""
    position = np.zeros((len(graph), 2))
    inner = np.flatnonzero(graph.component == 0) if len(graph.links) else np.zeros(0, int)
    outer = np.setdiff1d(np.arange(len(graph)), inner)
    radius = np.sqrt(len(inner) / max(len(graph), 1)) if len(outer) else 1.0
    radius = max(radius, SMALLEST) if len(inner) else CLEAR
    if len(inner):
        position[inner] = _in_disc(_by_forces(graph, inner), radius)
    position[outer[np.lexsort((_along(graph)[outer], graph.component[outer]))]] = _spiral(
        len(outer), radius + 0.05
    )
    return position


def _along(graph: Graph) -> np.ndarray:
    """Return each device's place in an order that keeps linked devices close (reverse Cuthill and McKee 1969)."""
    if not len(graph):
        return np.zeros(0, int)
    ones = np.ones(len(graph.links), np.int8)
    matrix = coo_array((ones, tuple(graph.links.T)), shape=(len(graph), len(graph))).tocsr()
    place = np.empty(len(graph), int)
    place[reverse_cuthill_mckee(matrix + matrix.T, symmetric_mode=True)] = np.arange(len(graph))
    return place


def wheel(group: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, dict[int, float]]:
    """Return positions, shape (n, 2), and the middle angle of each group: a sector each, low ranks near the middle.

    Sectors follow the group numbers clockwise from the top, as wide as they have devices.
    """
    position, middle, start = np.zeros((len(group), 2)), {}, np.pi / 2
    for name in np.unique(group):
        inside = np.flatnonzero(group == name)
        inside = inside[np.argsort(rank[inside], kind="stable")]
        width = 2 * np.pi * len(inside) / len(group)
        middle[int(name)] = start - width / 2
        count = np.arange(len(inside))
        radius = np.sqrt(CLEAR**2 + (1 - CLEAR**2) * (count + 0.5) / len(inside))
        angle = start - width * (0.03 + 0.94 * (count * (np.sqrt(5) - 1) / 2 % 1))
        position[inside] = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        start -= width
    return position, middle


def _by_forces(graph: Graph, inner: np.ndarray) -> np.ndarray:
    """Return the force-directed layout (Fruchterman and Reingold 1991) of these devices, always the same."""
    network = nx.Graph()
    network.add_nodes_from(inner.tolist())
    inside = np.isin(graph.links, inner).all(axis=1)
    network.add_edges_from(graph.links[inside].tolist())
    iterations = int(np.clip(WORK / len(inner), 20, 80))
    placed = nx.spring_layout(network, k=1.5 / np.sqrt(len(inner)), iterations=iterations, seed=1)
    return np.array([placed[i] for i in inner.tolist()])


def _in_disc(position: np.ndarray, radius: float) -> np.ndarray:
    """Return positions spread over a disc: angles stay, distances from the middle are evened out."""
    from_middle = position - np.median(position, axis=0)
    far, angle = np.hypot(*from_middle.T), np.arctan2(from_middle[:, 1], from_middle[:, 0])
    rank = np.argsort(np.argsort(far, kind="stable"), kind="stable")
    even = np.sqrt((rank + 0.5) / len(far))
    mixed = 0.7 * even + 0.3 * far / max(far.max(), 1e-12)
    out = CLEAR + (radius - CLEAR) * mixed
    return np.stack([out * np.cos(angle), out * np.sin(angle)], axis=1)


def _spiral(count: int, inner: float) -> np.ndarray:
    """Return so many places at equal distances on a spiral from radius `inner` to 1."""
    inner = min(inner, 0.97)
    area = (np.arange(count) + 0.5) / max(count, 1)
    radius = np.sqrt(inner**2 + (1 - inner**2) * area)
    spacing = np.sqrt(np.pi * (1 - inner**2) / max(count, 1))
    turns = max(1.0, (1 - inner) / spacing)
    angle = np.pi / 2 - 2 * np.pi * turns * (radius - inner) / (1 - inner)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
