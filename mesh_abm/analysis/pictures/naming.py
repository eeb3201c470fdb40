"""How fields and measures are named and scaled on the axes of analyses."""

from __future__ import annotations

import textwrap
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from mesh_abm.analysis import Reading
from mesh_abm.analysis.phase_diagram import in_ratios
from mesh_abm.analysis.reading import as_reading
from mesh_abm.device_classes import EVERY
from mesh_abm.figures import style
from mesh_abm.measures import REGISTRY
from mesh_abm.scenario import field_card

TICKS = 8
SHARES = ("share of", "probability")


def field_label(name: str) -> str:
    """Return a field with its unit: "churn (per month)"; of one of the classes: "merit of phone (of ..)"."""
    card = field_card(name)
    _, *label, last = name.split(".") if "." in name else ("", name)
    shown = f"{last} of {'all devices' if label[0] == EVERY else label[0]}" if label else last
    return f"{shown} ({card.unit})" if card.unit else shown


def measure_label(measure: str | Reading, width: int = 34) -> str:
    """Return how a measure is read, with its unit, in lines of at most so many letters."""
    reading = as_reading(measure)
    if reading.above is not None:
        return textwrap.fill(reading.words(), width)
    known = REGISTRY.get(reading.measure)
    return textwrap.fill(f"{reading.words()} ({known.unit})" if known else reading.words(), width)


def is_share(measure: str | Reading) -> bool:
    """Whether a reading is a share, to be shown as per cent."""
    reading = as_reading(measure)
    known = REGISTRY.get(reading.measure)
    return known is not None and reading.above is None and known.unit.startswith(SHARES)


def scaled(ax: Axes, measure: str | Reading) -> None:
    """Write the numbers of the y axis as the measure wants them."""
    if is_share(measure):
        low, high = ax.get_ylim()
        style.percent_axis(ax, top=min(high, 1.02), bottom=max(low, 0.0))
    else:
        style.plain_numbers(ax)


def field_scale(ax: Axes, which: Literal["x", "y"], values: np.ndarray) -> None:
    """Number the axis of a field at its own values, or at some of them; log where they stand in even ratios."""
    own = np.unique(values)
    if in_ratios(own):
        ax.set(**{f"{which}scale": "log"})
    axis = ax.xaxis if which == "x" else ax.yaxis
    axis.set_ticks(own[:: -(-len(own) // TICKS)])
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.3g}"))
    axis.minorticks_off()
