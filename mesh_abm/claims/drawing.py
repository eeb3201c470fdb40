"""The picture of a claim: what was measured beside what is predicted, in the visual language of the reports."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mesh_abm.claims.claim import Finding
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure

SIZE, TOP = (7.6, 4.3), 0.95
SUBTITLE = 112
"""Letters in a line below the title."""
ROLES: dict[str, dict[str, Any]] = {
    "theory": style.line("theory"),
    "printed": {"color": style.COLORS["provider"], "linestyle": (0, (1, 1.2)), "linewidth": 2.0},
    "mesh": style.line("mesh"),
    "provider": style.line("provider"),
    "first": {"color": style.COLORS["head"], "linestyle": "-", "linewidth": 1.8},
    "second": {"color": style.COLORS["tail"], "linestyle": (0, (6, 1.5, 1, 1.5)), "linewidth": 1.8},
    "third": {"color": "#E69F00", "linestyle": (0, (9, 1.5)), "linewidth": 1.8},
    "fourth": {"color": style.COLORS["self"], "linestyle": (0, (3, 1)), "linewidth": 1.8},
}
"""How a line looks by the part it plays: `theory` is right, `printed` is what the paper prints where that differs."""
MARKS = {
    "first": "o",
    "second": "s",
    "third": "^",
    "fourth": "D",
    "mesh": "o",
    "provider": "s",
    "theory": "x",
}


MARKED: tuple[Any, ...] = ((0, (2, 2)), (0, (8, 2)), "-")
"""How marked values of x are dashed, in turn."""


class Panel:
    """The axes of a claim's picture; whatever is drawn with a name is named at the right."""

    def __init__(self, title: str, subtitle: str) -> None:
        self.canvas, (self.ax,) = style.panels(title, [""], [""], size=SIZE, gutter=2.3, top=TOP)
        lines = textwrap.shorten(subtitle, 2 * SUBTITLE - 8, placeholder=" ...")
        self.canvas.text(
            0.12 / SIZE[0],
            1 - 0.4 / SIZE[1],
            textwrap.fill(lines, SUBTITLE),
            fontsize=style.SMALL,
            color=style.MUTED,
            va="top",
            linespacing=1.35,
        )
        self._marks = 0

    def axes(
        self, x: str, y: str, *, log_x: bool = False, log_y: bool = False, percent: bool = False
    ) -> None:
        """Name the axes, with units, and choose their scales; `percent` shows shares on y as per cent."""
        self.ax.set_xlabel(x)
        self.ax.set_ylabel(y)
        if y:
            self.ax.yaxis.set_label_coords(-0.14, 0.5)
        if log_x:
            self.ax.set_xscale("log")
        if log_y:
            self.ax.set_yscale("log")
        if percent:
            style.percent_axis(self.ax)

    def curve(self, x: ArrayLike, y: ArrayLike, name: str, role: str = "theory") -> None:
        """Draw a line; `role` is one of ROLES."""
        self.ax.plot(np.asarray(x), np.asarray(y), label=_wrapped(name), **ROLES[role])

    def points(
        self, x: ArrayLike, y: ArrayLike, name: str, role: str = "first", error: ArrayLike | None = None
    ) -> None:
        """Draw measured values with their half-widths of error, if given."""
        color = ROLES[role]["color"]
        self.ax.errorbar(
            np.asarray(x),
            np.asarray(y),
            None if error is None else np.asarray(error),
            fmt=MARKS[role],
            color=color,
            markersize=5,
            capsize=2.5,
            elinewidth=1.0,
            label=_wrapped(name),
        )

    def band(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, name: str, role: str = "first") -> None:
        """Fill the range between two curves."""
        self.ax.fill_between(
            np.asarray(x),
            np.asarray(low),
            np.asarray(high),
            color=ROLES[role]["color"],
            alpha=0.22,
            lw=0,
            label=_wrapped(name),
        )

    def bars(
        self, names: Sequence[str], heights: ArrayLike, name: str, role: str = "first", part: float = 0.0
    ) -> None:
        """Draw a bar for each name; `part` (-1 to 1) moves them aside for a second set."""
        places = np.arange(len(names)) + 0.2 * part
        self.ax.bar(places, np.asarray(heights), width=0.36, color=ROLES[role]["color"], label=_wrapped(name))
        self.ax.set_xticks(np.arange(len(names)), [textwrap.fill(text, 14) for text in names])

    def mark(self, x: float, name: str) -> None:
        """Mark a value of x by a vertical line with its name at the right."""
        dashes = MARKED[self._marks % len(MARKED)]
        self._marks += 1
        self.ax.axvline(x, color=style.MUTED, linewidth=0.9, linestyle=dashes, label=_wrapped(name))

    def level(self, y: float, name: str) -> None:
        """Mark a value of y by a horizontal line with its name at the right."""
        self.ax.axhline(
            y, color=style.MUTED, linewidth=0.9, linestyle=(0, (5, 1.5, 1, 1.5)), label=_wrapped(name)
        )

    def finish(self) -> None:
        """Name everything that has a name."""
        handles, labels = self.ax.get_legend_handles_labels()
        if handles:
            self.ax.legend(
                handles,
                labels,
                loc="upper left",
                bbox_to_anchor=(1.02, 1.02),
                frameon=False,
                fontsize=style.SMALL,
                labelspacing=0.9,
                handlelength=2.6,
            )


def picture(finding: Finding) -> Figure | None:
    """Return the figure of a finding, or None for a claim without experiment."""
    claim, table = finding.claim, finding.evidence.table
    if claim.draw is None:
        return None
    title = f"{claim.id}: {finding.verdict}"
    panel = Panel(title, f"Claimed: {claim.says}" if not claim.derivation else claim.says)
    claim.draw(panel, table)
    panel.finish()
    return Figure.drawn(claim.slug, title, finding.evidence.says, panel.canvas, pd.DataFrame(table))


def _wrapped(name: str) -> str:
    return textwrap.fill(name, 26)
