"""What the pages of the explorers have in common: figures, sliders, jobs."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import solara
from solara import v

from mesh_abm.laboratory.explorers.bounds import Bounds
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.watch.controls import Card, Slide
from mesh_abm.laboratory.watch.knobs import Knob
from mesh_abm.scenario import Scenario, field_card

Value = TypeVar("Value")

drawing = threading.Lock()
"""Held while a figure is drawn: matplotlib's settings are those of the whole process."""


@solara.component
def Page(title: str, question: str, children: Sequence[Any]) -> None:
    """A page of an explorer: its title with what it asks in a line, and the rest."""
    solara.Style(Path(__file__).with_name("explorers.css"))
    with solara.Div(classes=["lab-explorer"]):
        with solara.Div(classes=["lab-title"]):
            solara.Text(title, classes=["lab-title-name"])
            solara.Text(question, classes=["lab-question"])
        solara.Div(children=list(children))


@solara.component
def Picture(image: bytes, title: str) -> None:
    """A figure (SVG or PNG) on white paper, as wide as there is room."""
    kind = "image/png" if image.startswith(b"\x89PNG") else "image/svg+xml"
    source = f"data:{kind};base64,{base64.b64encode(image).decode()}"
    solara.HTML("img", attributes={"src": source, "alt": escape(title)}, classes=["lab-figure"])


@solara.component
def Number(
    name: str, bounds: Bounds, value: float, change: Callable[[float], None], card: Sequence[str], shown: str
) -> None:
    """A slider of a number with its name, its value and what is known of it; it acts when it is let go."""
    knob = Knob(name, bounds.label, bounds.low, bounds.high, bounds.step)
    with solara.Div(classes=["lab-control", f"control-{name}"]):
        with solara.Row(gap="4px", classes=["lab-control-head"]):
            solara.Text(bounds.label)
            Card(list(card))
            v.Spacer()
            solara.Text(shown, classes=["lab-value"])
        Slide(knob, value, _nothing(), change)


def field_lines(field: str, bounds: Bounds) -> list[str]:
    """Return what is known of a parameter, a line each: meaning, symbol, unit, range here and in the model, source."""
    card = field_card(field)
    lines = [card.meaning, *([f"Symbol: {card.symbol}"] if card.symbol else [])]
    lines += [f"Unit: {card.unit}"] if card.unit else []
    lines.append(f"Here: {bounds.low:g} to {bounds.high:g}; allowed in the model: {card.range}")
    return [*lines, f"Source: {card.source}"]


def use_job(work: Callable[[Job[Value]], Value], dependencies: list[Any]) -> Job[Value] | None:
    """Do a job anew whenever a dependency changes; the job before is cancelled, as is the last one with the tab."""
    _, tell = use_news()
    job, set_job = solara.use_state(None)

    def begin() -> Callable[[], None]:
        fresh: Job[Value] = Job(work, tell)
        set_job(fresh)
        fresh.start()
        return fresh.abandon

    solara.use_effect(begin, dependencies)
    found: Job[Value] | None = job
    return found


def use_news() -> tuple[int, Callable[[], None]]:
    """Return a count of news and what adds to it, from any thread, so that the component is drawn anew.

    Components below it that show an object which changes are handed the count, or they would not be drawn anew.
    """
    count, tell = solara.use_state(0)
    return count, lambda: tell(lambda before: before + 1)


def _nothing() -> Scenario:
    """Stand in for the scenario of a slider whose range is fixed."""
    return _REFERENCE


_REFERENCE = Scenario()
