"""A figure drawn once, on which a page draws what is alive: where its axes are in the picture, and lines upon them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mesh_abm.figures import style

Dots = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Live:
    """Something that moves: points (n, 2) in the units of the axes; joined by a line, marked, or both."""

    points: Dots
    color: str
    name: str
    line: bool = True
    marks: float = 0.0
    """Size of the mark of each point in pixels."""
    dash: str = ""


@dataclass(frozen=True)
class Sheet:
    """A picture (SVG) with the box of its axes as parts of its width and height, from the left and the top."""

    image: bytes = field(repr=False)
    title: str
    box: tuple[float, float, float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    log_x: bool = False
    log_y: bool = False

    @classmethod
    def of(cls, ax: Axes, title: str) -> Sheet:
        """Return the sheet of finished axes, its picture rendered."""
        assert ax.figure is not None
        left, bottom, width, height = ax.get_position().bounds
        return cls(
            style.to_svg(ax.figure).encode(),  # type: ignore[arg-type]
            title,
            (left, 1 - bottom - height, width, height),
            ax.get_xlim(),
            ax.get_ylim(),
            ax.get_xscale() == "log",
            ax.get_yscale() == "log",
        )

    def place(self, points: Dots) -> Dots:
        """Return points as hundredths of the box from its left and top, held within it."""
        across = _part(points[:, 0], self.x, self.log_x)
        upwards = _part(points[:, 1], self.y, self.log_y)
        return np.stack([100 * across, 100 * (1 - upwards)], axis=1)

    def overlay(self, lines: Sequence[Live]) -> str:
        """Return what is alive as the inside of an SVG element whose box is 100 by 100."""
        return "".join(self._drawn(line) for line in lines if len(line.points))

    def _drawn(self, line: Live) -> str:
        at = self.place(line.points)
        shape = ""
        if line.line and len(at) > 1:
            corners = " ".join(f"{x:.2f},{y:.2f}" for x, y in at)
            dash = f' stroke-dasharray="{line.dash}"' if line.dash else ""
            shape = (
                f'<polyline points="{corners}" fill="none" stroke="{line.color}" stroke-width="2.2"{dash} '
                'vector-effect="non-scaling-stroke"/>'
            )
        if line.marks:  # a line of no length with round ends is a circle, whatever the box is stretched to
            dots = " ".join(f"M{x:.2f} {y:.2f}h0.001" for x, y in at)
            shape += (
                f'<path d="{dots}" stroke="{line.color}" stroke-width="{line.marks:g}" stroke-linecap="round" '
                'vector-effect="non-scaling-stroke"/>'
            )
        return shape


def _part(values: npt.NDArray[np.float64], ends: tuple[float, float], log: bool) -> npt.NDArray[np.float64]:
    """Return where values are between the ends of an axis, 0 to 1."""
    low, high = ends
    if log:
        low, high = math.log(low), math.log(high)
        values = np.log(np.maximum(values, 1e-300))
    return np.asarray(np.clip((values - low) / (high - low), 0.0, 1.0))
