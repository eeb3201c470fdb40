"""A client of a runner that is not a browser: it acks what it gets and keeps it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from mesh_abm.laboratory.runner import Runner

PATIENCE = 120.0  # seconds; the first month of an installation is compiled


def columns(meta: dict[str, Any], buffer: bytes) -> dict[str, np.ndarray]:
    """The columns of a message, by name."""
    return {
        name: np.frombuffer(buffer, dtype, count, offset)
        for name, (dtype, offset, count) in meta["parts"].items()
    }


class Client:
    """Acks every frame at once unless `hidden`; `messages` holds all that came."""

    def __init__(self) -> None:
        self.messages: list[tuple[dict[str, Any], bytes]] = []
        self.hidden = False
        self.notices = 0
        self.runner: Runner | None = None
        self._waiting: list[int] = []

    def send(self, meta: dict[str, Any], buffers: list[bytes]) -> None:
        self.messages.append((meta, buffers[0] if buffers else b""))
        if meta["type"] == "frame":
            if self.hidden:
                self._waiting.append(meta["t"])
            else:
                self._ack(meta["t"])

    def show(self) -> None:
        """Be looked at again."""
        self.hidden = False
        for number in self._waiting:
            self._ack(number)
        self._waiting.clear()

    def notify(self) -> None:
        self.notices += 1

    def frames(self, world: int = 0) -> list[dict[str, Any]]:
        return [meta for meta, _ in self.messages if meta["type"] == "frame" and meta["world"] == world]

    def last(self, kind: str, world: int = 0) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """The last message of a kind with its columns."""
        meta, buffer = [m for m in self.messages if m[0]["type"] == kind and m[0]["world"] == world][-1]
        return meta, columns(meta, buffer)

    def _ack(self, number: int) -> None:
        assert self.runner is not None
        self.runner.hear({"type": "ack", "t": number})


def wait_until(holds: Callable[[], bool]) -> None:
    """Return once something holds; fail if it does not in a long while."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.005)


def laboratory_threads() -> list[threading.Thread]:
    """The threads of runners that have not ended."""
    return [thread for thread in threading.enumerate() if thread.name == "laboratory"]
