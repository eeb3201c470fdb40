"""One month of a model as a picture: packed in bytes for the browser.

A frame is one message: a small dictionary, and one buffer that holds all columns one after another (`parts` in the
dictionary says where each is). Up to `MOST` members are shown; of more, always the same `SAMPLE` of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh_abm.figures.degrees import tail
from mesh_abm.figures.wallets import lorenz
from mesh_abm.laboratory.layout import Layout
from mesh_abm.model import MeshModel
from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.state import IDLE, specialization
from mesh_abm.streams import stream_key, uniforms

MOST, SAMPLE = 5_000, 2_000
"""Members up to which all are shown, and how many of more."""
IDLE_COLOR = 255
"""Color number of a device that does no work this month."""
HEAT_ROWS = 200
"""Rows of the specialization map; more devices are averaged."""
CURVE_POINTS = 60
"""Points of a curve at most."""
BUSY = 8.0
"""A device that answers and relays so many times a member's demand is drawn at full size."""

I32 = npt.NDArray[np.int32]


@dataclass
class Parts:
    """Columns laid one after another in a buffer, each at a multiple of four bytes."""

    where: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)
    length: int = 0

    def add(self, name: str, column: npt.NDArray[Any]) -> None:
        """Add a column under its name."""
        data = np.ascontiguousarray(column)
        self.where[name] = (data.dtype.name, self.length, data.size)
        raw = data.tobytes() + bytes(-data.nbytes % 4)
        self.chunks.append(raw)
        self.length += len(raw)

    def buffer(self) -> bytes:
        """Return all columns."""
        return b"".join(self.chunks)


def shown_rows(model: MeshModel) -> I32:
    """Return the rows of the members in the picture: all, or the ones of lowest rank in an order that never changes."""
    members = model.state.members
    if members.size <= MOST:
        return members
    rank = uniforms(stream_key(model.seed, "shown"), members, 0)
    return np.sort(members[np.argpartition(rank, SAMPLE)[:SAMPLE]])


def add_network(parts: Parts, model: MeshModel, layout: Layout) -> I32:
    """Add devices and links to the parts; return the rows of the devices shown."""
    rows = shown_rows(model)
    ends, traffic = _links(model, rows)
    place = layout.move(rows, ends)
    state = model.state
    work = (state.load[rows] + state.relayed[rows]) / (BUSY * max(float(model.par.demand), 1e-9))
    doing = state.task[rows]
    parts.add("xy", np.round((place + 1) * 32767.5).clip(0, 65535).astype(np.uint16))
    parts.add("id", rows.astype(np.uint32))
    color = np.where(doing == IDLE, IDLE_COLOR, state.shares[rows].argmax(axis=1))
    parts.add("color", color.astype(np.uint8))
    parts.add("strength", _byte(specialization(state.shares, rows)))
    parts.add("size", _byte(np.sqrt(work)))
    parts.add("hub", (model.network.slots[rows] == PROVIDER).sum(axis=1).astype(np.uint8))
    parts.add("ends", ends.astype(np.uint16))
    parts.add("weight", traffic.clip(0, 255).astype(np.uint8))
    return rows


def add_heat(parts: Parts, model: MeshModel, rows: I32) -> list[int]:
    """Add the specialization map: a row a device (or a group of them), by main type; return rows and columns."""
    shares = model.state.shares[rows]
    order = np.lexsort((-shares.max(axis=1), shares.argmax(axis=1))) if rows.size else np.zeros(0, np.int64)
    edges = np.linspace(0, rows.size, min(rows.size, HEAT_ROWS) + 1).astype(np.int64)
    sums = np.add.reduceat(shares[order], edges[:-1], axis=0) if rows.size else np.zeros((0, shares.shape[1]))
    heat = sums / np.diff(edges)[:, None]
    parts.add("heat", _byte(heat))
    return list(heat.shape)


def add_curves(parts: Parts, model: MeshModel, fitted: tuple[float, float]) -> dict[str, list[list[Any]]]:
    """Add the charts whose x is not the month; return for each chart its lines' keys and numbers of points.

    `fitted` is the power-law tail that was last fitted to the degrees: exponent and smallest degree, or NaN.
    """
    members = model.state.members
    wallets = _thinned(lorenz(np.sort(model.state.wallet[members].astype(float))).to_numpy(float))
    degrees = _thinned(tail(model.network.degree[members]).to_numpy(float))
    curves = {
        "wallets": {"lorenz": wallets, "equal": np.array([[0.0, 0.0], [1.0, 1.0]])},
        "degrees": {"degree": degrees, "tail_fit": _tail_line(degrees, *fitted)},
    }
    points = [xy for chart in curves.values() for xy in chart.values()]
    parts.add("curves", np.concatenate(points).astype(np.float32))
    return {id: [[key, len(xy)] for key, xy in chart.items()] for id, chart in curves.items()}


def _links(model: MeshModel, rows: I32) -> tuple[I32, npt.NDArray[np.int64]]:
    """Return the links among these devices, (L, 2) places in `rows`, and their traffic of the month."""
    at = np.full(model.state.n_owners, EMPTY, np.int32)
    at[rows] = np.arange(rows.size)
    slots = model.network.slots[rows]
    target = np.where(slots >= 0, at[slots], EMPTY)
    from_, slot = np.nonzero(target >= 0)
    ends = np.stack([from_, target[from_, slot]], axis=1).astype(np.int32)
    return ends, model.network.traffic[rows][from_, slot].astype(np.int64)


def _tail_line(degrees: npt.NDArray[np.float64], exponent: float, start: float) -> npt.NDArray[np.float64]:
    """Return the ends of a power-law tail, through the data at its start; none without a fit."""
    tail_part = degrees[degrees[:, 0] >= start] if np.isfinite(start) else degrees[:0]
    if len(tail_part) < 2 or not np.isfinite(exponent):
        return np.zeros((0, 2))
    (x0, y0), x1 = tail_part[0], tail_part[-1, 0]
    return np.array([[x0, y0], [x1, y0 * (x1 / x0) ** (1 - exponent)]])


def _thinned(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if len(points) <= CURVE_POINTS:
        return points
    kept: npt.NDArray[np.float64] = points[
        np.unique(np.linspace(0, len(points) - 1, CURVE_POINTS).astype(int))
    ]
    return kept


def _byte(part: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return shares of 1 as bytes; more than 1 is full."""
    return np.round(255 * np.nan_to_num(part).clip(0, 1)).astype(np.uint8)
