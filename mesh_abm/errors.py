"""What goes wrong because of what a user gave: every message is one line that names it.

The command line turns a `UserError` into that line and exit code 2; anything else is a defect of the program.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Base of all errors that a user can cause and mend; ``str(error)`` is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class ScenarioError(UserError, ValueError):
    """A scenario, or a field of one, that cannot be: the line names field, value and what is allowed.

    ``field`` is the name that the message starts with, or None if it does not start with one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ScenarioFileError(ScenarioError):
    """A scenario that cannot be read: missing, a folder, not text, not TOML, based on itself."""


class ResultError(UserError, ValueError):
    """A result folder, or the place for one, that cannot be used."""


def nearest(word: str, words: Iterable[str]) -> str:
    """``"; did you mean '...'?"`` with the closest of the words, or an empty text if none is close."""
    close = difflib.get_close_matches(str(word), list(words), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def shown(value: object, width: int = 60) -> str:
    """A value as it is shown in a message: one line, shortened; numpy scalars as plain numbers."""
    item = getattr(value, "item", None)
    if item is not None and getattr(value, "ndim", None) == 0:
        value = item()
    try:
        text = repr(value)
    except ValueError:  # an integer of more digits than Python prints
        text = "a number of thousands of digits"
    return text if len(text) <= width else text[: width - 3] + "..."
