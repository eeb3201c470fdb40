"""How fields and measures are named on the axes of analyses."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes

from mesh_abm.analysis import Reading
from mesh_abm.analysis.reading import as_reading
from mesh_abm.figures import style
from mesh_abm.measures import REGISTRY
from mesh_abm.scenario import field_card

SHARES = ("share of", "probability")


def field_label(name: str) -> str:
    """Return a field with its unit: "churn (per month)"; of one of the classes: "merit of phone (of ..)"."""
    card = field_card(name)
    _, *label, last = name.split(".") if "." in name else ("", name)
    shown = f"{last} of {label[0]}" if label else last
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
        style.percent_axis(ax, top=high, bottom=max(low, 0.0))
    else:
        style.plain_numbers(ax)
