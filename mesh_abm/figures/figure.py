"""A finished figure: the picture, what it says, and the numbers behind it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd
from matplotlib.figure import Figure as Canvas

from mesh_abm.figures import badge, style
from mesh_abm.fits import Fit, caption, of_figure


@dataclass(frozen=True)
class Figure:
    """A picture with its title, a sentence computed from the run, and its data (written to ``figures/<name>.csv``)."""

    name: str
    title: str
    sentence: str
    image: bytes = field(repr=False)
    """SVG (UTF-8) or PNG."""
    data: pd.DataFrame = field(repr=False)
    inches: float = style.WIDE[0]
    """Width as it is meant to be seen."""
    fits: tuple[Fit, ...] = ()
    """How the run compares with what the theory predicts of this figure."""

    @classmethod
    def drawn(
        cls,
        name: str,
        title: str,
        sentence: str,
        fig: Canvas,
        data: pd.DataFrame,
        raster: bool = False,
        fits: Sequence[Fit] = (),
    ) -> Figure:
        """Return the figure with its canvas rendered: as SVG, or as PNG if `raster`.

        Of the run's `fits` those that belong to the figure stand below it as badges, and in its sentence.
        """
        mine = of_figure(fits, name)
        badge.under(fig, mine)
        sentence = f"{sentence} {caption(mine)}".rstrip()
        image = style.to_png(fig) if raster else style.to_svg(fig).encode()
        return cls(name, title, sentence, image, data, float(fig.get_size_inches()[0]), mine)

    @property
    def kind(self) -> str:
        """ "png" or "svg"."""
        return "png" if self.image.startswith(b"\x89PNG") else "svg"

    def html(self) -> str:
        """Return the image as an element to stand in a page: nothing has to be fetched.

        SVG too goes into an image of its own, where its ids cannot clash with those of another figure.
        """
        kind = "image/png" if self.kind == "png" else "image/svg+xml"
        source = base64.b64encode(self.image).decode()
        return f'<img alt="{escape(self.title)}" width="{round(96 * self.inches)}" src="data:{kind};base64,{source}">'
