"""Where devices stand in the moving picture: inside a disc of radius 1, the provider in its middle.

Positions are kept from month to month and move a little at a time, so that the eye can follow a device. Each has an
anchor of its own on a spiral (the golden angle apart); links pull, near devices push, and devices without a link drift
to the rim. Unlike mesh_abm.figures.layout, which places a network at rest once.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel

CLEAR, RIM = np.float32(0.14), np.float32(0.99)
"""Radii around the provider: within the first no device stands, nor beyond the second."""
INNER = 1.1
"""Radius within which linked devices have their anchors (links draw them inwards from there)."""
OUTER = 0.88
"""Radius beyond which those without a link have theirs."""
ROUNDS, LONGEST = 2, np.float32(0.02)
"""Moves a month, and the longest one, in radii of the disc."""
HOME, LINK, PUSH = np.float32(0.12), np.float32(0.04), np.float32(0.25)
"""How strongly anchors and links pull, and near devices push."""
GOLDEN = np.pi * (3 - np.sqrt(5))

F32 = npt.NDArray[np.float32]


class Layout:
    """Positions of the owners, (P, 2); a device that was never shown stands at its anchor."""

    def __init__(self, n_owners: int) -> None:
        number = np.arange(n_owners)
        self.angle = number * GOLDEN
        # neighbors on the spiral are far apart in number, so that rows that join one after another are spread out
        self.depth = np.sqrt((number + 0.5) / max(n_owners, 1))
        radius = CLEAR + (0.97 - CLEAR) * self.depth
        self.place: F32 = np.stack([radius * np.cos(self.angle), radius * np.sin(self.angle)], 1).astype(
            np.float32
        )

    def move(self, rows: npt.NDArray[np.int32], ends: npt.NDArray[np.int32], rounds: int = ROUNDS) -> F32:
        """Move the shown devices `rows` by their links `ends` (L, 2), numbers in `rows`; return places (N, 2)."""
        degree = (
            np.bincount(ends.ravel(), minlength=rows.size) if ends.size else np.zeros(rows.size, np.int64)
        )
        depth, angle = self.depth[rows], self.angle[rows]
        radius = np.where(
            degree > 0, CLEAR + (INNER - CLEAR) * depth, OUTER + (0.985 - OUTER) * ((depth * 7.0) % 1.0)
        )
        anchor = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).astype(np.float32)
        place = self.place[rows]
        for _ in range(rounds):
            place = _moved(place, anchor, degree, ends)
        self.place[rows] = place
        return place


@kernel
def _moved(place, anchor, degree, ends):
    """One move: towards the anchor, along the links, away from devices that stand too near."""
    n = len(place)
    out = np.empty_like(place)
    if n == 0:
        return out
    near = np.float32(min(0.25, 1.5 / np.sqrt(n)))  # how far devices push each other
    cells = int(np.ceil(2.0 / near)) + 1
    first = np.zeros(cells * cells + 1, np.int32)
    cell = np.empty(n, np.int32)
    for i in range(n):
        cell[i] = int((place[i, 1] + 1) / near) * cells + int((place[i, 0] + 1) / near)
        first[cell[i] + 1] += 1
    for c in range(cells * cells):
        first[c + 1] += first[c]
    inside = np.empty(n, np.int32)
    at = first[:-1].copy()
    for i in range(n):
        inside[at[cell[i]]] = i
        at[cell[i]] += 1
    pull = np.zeros((n, 2), np.float32)
    for e in range(len(ends)):
        i, k = ends[e, 0], ends[e, 1]
        dx, dy = place[k, 0] - place[i, 0], place[k, 1] - place[i, 1]
        pull[i, 0] += dx / degree[i]
        pull[i, 1] += dy / degree[i]
        pull[k, 0] -= dx / degree[k]
        pull[k, 1] -= dy / degree[k]
    for i in range(n):
        x, y = place[i, 0], place[i, 1]
        fx = HOME * (anchor[i, 0] - x) + LINK * pull[i, 0]
        fy = HOME * (anchor[i, 1] - y) + LINK * pull[i, 1]
        row, column = cell[i] // cells, cell[i] % cells
        for r in range(max(0, row - 1), min(cells, row + 2)):
            for c in range(first[r * cells + max(0, column - 1)], first[r * cells + min(cells, column + 2)]):
                k = inside[c]
                dx, dy = x - place[k, 0], y - place[k, 1]
                d = np.sqrt(dx * dx + dy * dy)
                if k != i and d < near:
                    push = PUSH * (near - d) / max(d, np.float32(1e-6))
                    fx += push * dx
                    fy += push * dy
        long = np.sqrt(fx * fx + fy * fy)
        scale = min(np.float32(1.0), LONGEST / max(long, np.float32(1e-9)))
        x += scale * fx
        y += scale * fy
        far = max(np.sqrt(x * x + y * y), np.float32(1e-6))
        keep = min(max(far, CLEAR), RIM) / far
        out[i, 0], out[i, 1] = x * keep, y * keep
    return out
