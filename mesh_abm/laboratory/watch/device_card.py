"""A device that was clicked: its state, why it has its role, and why one of its questions took its route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import solara

from mesh_abm.laboratory.runner import Send
from mesh_abm.laboratory.session import Session, Status


@dataclass(frozen=True)
class Picked:
    """Which device of which world."""

    world: int
    row: int


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
    """What is known of the device, as of this month."""
    if seen is None:
        solara.Text(
            "Click a device in the picture to see its state, its past, and why its questions went where they went."
        )
        return
    lines = session.runner.look(lambda worlds: worlds[seen.world].device_lines(seen.row))
    for line in lines:
        solara.Text(line, classes=["lab-happened"])
