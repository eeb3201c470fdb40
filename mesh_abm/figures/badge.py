"""Badges: how a run compares with the predictions that belong to a figure, in a strip below it.

A badge is a verdict and the comparison in a line: what was measured, what was predicted, the statistic. Verdicts are
told apart by their frames as well as by their words, in print too; they have no colors, which are kept for things.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyBboxPatch

from mesh_abm.figures import style
from mesh_abm.fits import Fit

SIZE = 7.5
"""Font size in points."""
LINE, GAP, PAD, SIDE = 0.145, 0.075, 0.08, 0.12
"""Inches: of a line of text, between badges, within the strip, and beside it."""
PILL = 1.16
"""Inches: width of the frame around a verdict."""
LETTERS = 18.0
"""Letters to an inch of text."""
LACKING = "presupposes what this run does not have"

FRAMES: dict[str, dict[str, Any]] = {
    "agrees": {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 0.9},
    "off": {"facecolor": style.INK, "edgecolor": style.INK, "linewidth": 0.9},
    "no prediction": {"facecolor": style.PAPER, "edgecolor": style.MUTED, "linewidth": 0.7, "linestyle": ":"},
    "nothing to compare": {
        "facecolor": style.PAPER,
        "edgecolor": style.MUTED,
        "linewidth": 0.7,
        "linestyle": ":",
    },
}
"""The frame of each verdict."""


def under(fig: Canvas, fits: Sequence[Fit]) -> None:
    """Make the figure taller by a strip with a badge for each fit; call it last, when all else is drawn."""
    if not fits:
        return
    width = float(fig.get_size_inches()[0])
    texts = [_lines(fit, width) for fit in fits]
    height = 2 * PAD + LINE * sum(map(len, texts)) + GAP * (len(texts) - 1)
    _make_room(fig, height + SIDE)
    _frame(
        fig, SIDE, SIDE, width - 2 * SIDE, height, facecolor="#F7F7F7", edgecolor=style.GRID, linewidth=0.7
    )
    top = SIDE + height - PAD
    for fit, lines in zip(fits, texts, strict=True):
        _badge(fig, fit, lines, top)
        top -= LINE * len(lines) + GAP


def _lines(fit: Fit, width: float) -> list[str]:
    """Return the text of a badge in lines; what the prediction presupposes in vain stands in lines of its own."""
    letters = int((width - 3 * SIDE - PILL - 0.1) * LETTERS)
    lines = textwrap.wrap(_together(fit.line), letters)
    if fit.presupposed:
        lines += textwrap.wrap(f"{LACKING}: {fit.presupposed}", letters)
    return lines


def _together(text: str) -> str:
    """Return a text that is not cut within "p = 0.05" or "2.0 x 10^-5"."""
    return re.sub(r"(?<=\bp) ([=<]) | (x) (?=10\^)", "\N{NO-BREAK SPACE}\\1\\2\N{NO-BREAK SPACE}", text)


def _make_room(fig: Canvas, extra: float) -> None:
    """Add so many inches below everything that is there, which keeps its size."""
    width, old = (float(side) for side in fig.get_size_inches())
    new = old + extra
    for ax in fig.axes:
        left, bottom, wide, high = ax.get_position(original=True).bounds
        ax.set_position((left, (bottom * old + extra) / new, wide, high * old / new))
    for text in fig.texts:
        text.set_y((text.get_position()[1] * old + extra) / new)
    fig.set_size_inches(width, new)


def _badge(fig: Canvas, fit: Fit, lines: list[str], top: float) -> None:
    """Draw a badge whose first line begins at this height."""
    middle = top - LINE / 2
    _frame(fig, SIDE + PAD, middle - 0.062, PILL, 0.124, **FRAMES[fit.verdict])
    color = style.PAPER if fit.verdict == "off" else style.INK if fit.compared else style.MUTED
    look: dict[str, Any] = {"fontsize": SIZE, "va": "center", "transform": fig.dpi_scale_trans}
    weight = "bold" if fit.compared else "normal"
    fig.text(
        SIDE + PAD + PILL / 2, middle - 0.004, fit.verdict, color=color, ha="center", weight=weight, **look
    )
    lacking = next((k for k, text in enumerate(lines) if text.startswith(LACKING)), len(lines))
    for k, text in enumerate(lines):
        muted = not fit.compared or k >= lacking
        fig.text(
            SIDE + 2 * PAD + PILL + 0.04,
            middle - k * LINE,
            text,
            color=style.MUTED if muted else style.INK,
            **look,
        )


def _frame(fig: Canvas, left: float, bottom: float, width: float, height: float, **look: Any) -> None:
    """Draw a frame with round corners; all in inches."""
    box = FancyBboxPatch(
        (left, bottom),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.04",
        transform=fig.dpi_scale_trans,
        **look,
    )
    fig.add_artist(box)
