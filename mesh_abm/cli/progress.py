"""How far a run is, for a person at a terminal; silent where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from mesh_abm.model import MeshModel

FIRST_START = "first start on this machine: compiling for about a minute; later starts take seconds"


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int, MeshModel], None]]:
    """A bar with the month, the members and the time left, on stderr; what is yielded is to be called every month."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if needs_compiling():
        console.print(FIRST_START, highlight=False, soft_wrap=True)
    columns = (
        "[progress.description]{task.description}",
        "month {task.completed} of {task.total}",
        "{task.fields[members]}",
    )
    texts = [TextColumn(column) for column in columns]
    with Progress(
        texts[0],
        BarColumn(),
        *texts[1:],
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(title, total=None, members="starting")

        def advance(month: int, months: int, model: MeshModel) -> None:
            bar.update(task, completed=month, total=months, members=f"{len(model.members):,} members")

        yield advance


def needs_compiling() -> bool:
    """Whether no kernel of the model has a compiled form on this machine that is as new as its source."""
    import mesh_abm.model  # noqa: F401  (loads the modules with kernels)

    modules = [module for name, module in sys.modules.items() if name.startswith("mesh_abm.")]
    return not any(_is_compiled(module) for module in modules)


def _is_compiled(module: ModuleType) -> bool:
    """Whether a kernel of the module has a cached form of this Python."""
    kernels = [
        value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__
    ]
    folders = {str(kernel.stats.cache_path) for kernel in kernels if hasattr(kernel, "stats")} - {"None"}
    source = Path(str(module.__file__))
    pattern = f"{source.stem}.*.py{sys.version_info.major}{sys.version_info.minor}*.nbi"
    indexes = [index for folder in folders for index in Path(folder).glob(pattern)]
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in indexes)
