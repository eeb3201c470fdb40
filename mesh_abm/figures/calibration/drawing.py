"""A picture of the data, before it is rendered: it is written both as SVG and as PNG."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure as Canvas

from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A picture with its title, a sentence computed from the data, and the numbers behind it."""

    name: str
    title: str
    sentence: str
    canvas: Canvas = field(repr=False)
    data: pd.DataFrame = field(repr=False)

    def figure(self) -> Figure:
        """Return it as a figure of a report (SVG)."""
        return Figure.drawn(self.name, self.title, self.sentence, self.canvas, self.data)

    def files(self) -> dict[str, bytes]:
        """Return file name -> content: the picture as SVG and as PNG, its data as CSV."""
        svg = '<?xml version="1.0" encoding="UTF-8"?>\n' + style.to_svg(self.canvas)
        return {
            f"{self.name}.svg": svg.encode(),
            f"{self.name}.png": style.to_png(self.canvas),
            f"{self.name}.csv": self.data.to_csv(index=False).encode(),
        }
