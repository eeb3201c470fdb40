"""How far a run is, for a person at a terminal; silent where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mesh_abm.model import MeshModel

FIRST_START = "first start on this machine: compiling for up to a minute; later starts take seconds"


class RunBar:
    """The bar of one run: called after every month, as `run(progress=...)` does it."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self, month: int, months: int, model: MeshModel) -> None:
        """Show the month and its members."""
        self._bar.update(self._task, completed=month, total=months)
        self.say(f"month {month} of {months}, {len(model.members):,} members")

    def say(self, words: str) -> None:
        """Show what is being done."""
        self._bar.update(self._task, words=words)


class CountBar:
    """The bar of many things of one kind, each named while it is worked on."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def say(self, words: str) -> None:
        """Show what is being worked on."""
        self._bar.update(self._task, words=words)

    def advance(self) -> None:
        """Count one more as done."""
        self._bar.advance(self._task)

    def at(self, done: int, total: int, words: str) -> None:
        """Show how many are done of how many, and what was done last."""
        self._bar.update(self._task, completed=done, total=total, words=words)


@contextmanager
def counting_bar(title: str, total: int | None) -> Iterator[CountBar]:
    """A bar that counts to `total` (none: not known yet), with time left, on stderr; nothing if that is no terminal."""
    with _shown_bar() as bar:
        yield CountBar(bar, bar.add_task(title, total=total, words="starting"))


@contextmanager
def progress_bar(title: str) -> Iterator[RunBar]:
    """A bar with month, members and time left, on stderr; nothing if that is no terminal.

    Says first if kernels have to be compiled, wherever stderr leads.
    """
    with _shown_bar() as bar:
        yield RunBar(bar, bar.add_task(title, total=None, words="starting"))


@contextmanager
def _shown_bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if needs_compiling():
        console.print(FIRST_START, highlight=False, soft_wrap=True)
    name, words = (
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[words]}", markup=False),
    )
    columns = (name, BarColumn(), words, TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield bar


def needs_compiling() -> bool:
    """Whether this machine has no compiled kernels yet of this version and this Python."""
    from mesh_abm.kernels import code_folder

    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return not any(code_folder().rglob(f"*.{python}*.nbi"))
