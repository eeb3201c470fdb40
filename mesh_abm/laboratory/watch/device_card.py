"""A device that was clicked: its state, why it has its role, and why one of its questions took its route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import reacton.ipyvuetify as v
import solara

from mesh_abm import why
from mesh_abm.figures import style
from mesh_abm.laboratory.charts import Chart, Line
from mesh_abm.laboratory.runner import Send
from mesh_abm.laboratory.session import Session, Status
from mesh_abm.laboratory.widgets import Plot
from mesh_abm.laboratory.world import World
from mesh_abm.state import IDLE
from mesh_abm.terms import REASON_NAMES
from mesh_abm.views import PROVIDER_ROW
from mesh_abm.why import Past, Query, Route

MOST = 24
"""Questions of a month that are offered."""
TELLING = (
    "mesh",
    "quality",
    "price",
    "latency",
    "taste",
    "settlement",
    "funds",
    "no_capacity",
    "no_specialist",
)
"""Ends that there is most to say of; they are offered first."""
LINES = 4
"""Types whose thresholds are drawn: the lowest ones."""


@dataclass(frozen=True)
class Picked:
    """Which device of which world."""

    world: int
    row: int


@dataclass(frozen=True)
class Told:
    """What the card says of a device: made between two months."""

    lines: list[str]
    role: list[str]
    past: Past
    queries: tuple[Query, ...]


def picked(session: Session, message: dict[str, Any]) -> Picked | None:
    """Return the device that a message of the client names; None if there is no such device."""
    world, row = message.get("world"), message.get("id")
    if not isinstance(world, int) or not isinstance(row, int):
        return None
    worlds = session.runner.worlds
    if not 0 <= world < len(worlds) or not 0 <= row < worlds[world].scenario.n_owners:
        return None
    return Picked(world, row)


def tip(session: Session, message: dict[str, Any], send: Send) -> None:
    """Answer the pointer over a device with its state in a few lines."""
    which = picked(session, message)
    if which is not None:
        lines = session.runner.look(lambda worlds: worlds[which.world].device_lines(which.row))
        send({"type": "tip", "world": which.world, "id": which.row, "lines": lines}, [])


@solara.component
def DeviceCard(session: Session, status: Status, seen: Picked | None, send: Send) -> None:
    """What is known of the device, as of the last month; it is read anew when the run pauses."""
    if seen is None or seen.world >= status.worlds:
        solara.Text(
            "Click a device in the picture to see its state, its past, and why its questions went where they went."
        )
        return
    if status.busy:
        solara.Text("Pause to see what the device does and why.", classes=["lab-muted"])
        return
    told = session.runner.look(lambda worlds: _told(worlds[seen.world], seen.row))
    with solara.Div(classes=["lab-device"]):
        for line in told.lines:
            solara.Text(line, classes=["lab-happened"])
        solara.Text("Why it does this", classes=["lab-heading"])
        for line in told.role:
            solara.Text(line, classes=["lab-happened"])
        if len(told.past.months) > 1:
            Plot.element(
                name="thresholds", spec=thresholds_chart(told.past).spec(), data=_thresholds(told.past)
            )
        Questions(session, seen, told.queries, status.month, send)


@solara.component
def Questions(session: Session, seen: Picked, queries: tuple[Query, ...], month: int, send: Send) -> None:
    """The device's questions of the month; for the chosen one, why it took its route, drawn on the network too."""
    number, choose = solara.use_state(-1)
    solara.use_effect(lambda: choose(-1), [seen, month])

    def explain(which: int) -> None:
        choose(which)
        route = session.runner.look(lambda worlds: why.route(worlds[seen.world].model, seen.row, which))
        send(_drawn(seen.world, route), [])

    solara.Text("Why this route: its questions of this month", classes=["lab-heading"])
    if not queries:
        solara.Text("It asked nothing this month.", classes=["lab-muted"])
    with solara.Row(gap="4px", classes=["lab-sizes"]):
        for query in sorted(queries, key=_telling)[:MOST]:
            solara.Button(
                f"{query.number + 1}: {_ending(query)}",
                on_click=lambda which=query.number: explain(which),
                small=True, outlined=True, color="primary" if query.number == number else None,
                classes=["lab-size", "lab-query"],
            )  # fmt: skip
    if number in [query.number for query in queries]:
        route = session.runner.look(lambda worlds: why.route(worlds[seen.world].model, seen.row, number))
        with v.Html(tag="ol", class_="lab-route"):
            for line in route.sentences():
                v.Html(tag="li", children=[line])


def _told(world: World, row: int) -> Told:
    past = world.recorder.past(row)
    member = bool(world.model.state.member[row])
    role = why.role(past).sentences() if member else ["Its owner does not take part now."]
    return Told(world.device_lines(row), role, past, why.queries_of(world.model, row) if world.month else ())


def thresholds_chart(past: Past) -> Chart:
    """Return the chart of a device's lowest thresholds over the months of its membership."""
    lines = tuple(
        Line(f"type{j}", past.names[j], style.TASK_COLORS[j % len(style.TASK_COLORS)]) for j in _lowest(past)
    )
    return Chart(
        "thresholds", "Its lowest thresholds", "of the signal",
        "How loud the call for a type of work must be before the device takes it up: practice lowers it.",
        lines, low=0.0,
    )  # fmt: skip


def _lowest(past: Past) -> list[int]:
    done = np.bincount(past.task[past.task != IDLE], minlength=len(past.names))
    order = np.lexsort((past.thresholds[-1].astype(float), -done))
    return sorted(int(j) for j in order[:LINES])


def _thresholds(past: Past) -> dict[str, list[float]]:
    columns = {f"type{j}": past.thresholds[:, j].astype(float).tolist() for j in _lowest(past)}
    return {"x": past.months.tolist(), **columns}


def _drawn(world: int, route: Route) -> dict[str, Any]:
    """Return the message that draws a route on the network."""
    legs = [list(leg) for leg in route.legs]
    if route.served_by == "provider":
        legs.append([route.query.origin, PROVIDER_ROW])
    return {"type": "route", "world": world, "legs": legs, "seen": list(route.seen), "chosen": route.chosen}


def _telling(query: Query) -> int:
    return TELLING.index(query.ended) if query.ended in TELLING else len(TELLING)


def _ending(query: Query) -> str:
    return {"self": "itself", "mesh": "mesh"}.get(query.ended) or REASON_NAMES.get(query.ended, query.ended)
