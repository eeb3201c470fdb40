"""The door of the laboratory: so many visitors at once and no more."""

from __future__ import annotations

import threading

from mesh_abm.laboratory.limits import limits

FULL = (
    "{} people are using this laboratory, which is all that this server grants. Come back when somebody has left, or "
    "start your own with `mesh-abm app`."
)


class Door:
    """Counts the visitors inside."""

    def __init__(self) -> None:
        self._inside = 0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Let a visitor in if there is room; return whether there was."""
        with self._lock:
            if self._inside >= limits().sessions:
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        """Count a visitor out."""
        with self._lock:
            self._inside -= 1


door = Door()
"""That of this server."""
