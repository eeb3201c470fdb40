"""`mesh-abm run`, `verify` and `report`: one run and its result folder."""

from __future__ import annotations

import signal
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from mesh_abm.cli.progress import progress_bar

if TYPE_CHECKING:
    from mesh_abm.results import Result
    from mesh_abm.scenario import Scenario

RUN_EXAMPLE = "Example: mesh-abm run baseline --set churn=0.05 --seed 1 --out my-run"
VERIFY_EXAMPLE = "Example: mesh-abm verify runs/out/reference-1"
REPORT_EXAMPLE = "Example: mesh-abm report runs/out/reference-1"

DEFAULT_PLACE = Path("runs") / "out"
DRIFTED = 1
WIDTH = 100

ResultFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a result.")]


def run(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="Name or file of a scenario; left out: reference.")
    ] = "reference",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Change a field, such as churn=0.05; may be repeated."
        ),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="Seed of all random numbers; left out: a random one.")
    ] = None,
    months: Annotated[
        str | None, typer.Option(metavar="N", help="Months to run; left out: those of the scenario.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="New folder; left out: one in runs/out named for the run."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Test the invariants after every month.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the result that DIR holds.")
    ] = False,
    report: Annotated[bool, typer.Option(help="Write the report and its figures.")] = True,
) -> None:
    """Run a scenario and write its result folder, whole or not at all; say in words what happened."""
    from mesh_abm.scenario import Scenario

    numbers = [f"{name}={value}" for name, value in (("seed", seed), ("months", months)) if value is not None]
    wanted = Scenario.load(scenario).with_settings(
        [*(settings or []), *numbers]
    )  # before the engine is loaded

    from mesh_abm.results.folder import REPORT, check_free, write
    from mesh_abm.results.place import filling
    from mesh_abm.results.simulation import simulate
    from mesh_abm.runs import settle

    settled = settle(wanted)
    folder = out or default_place(Path(scenario).stem, settled, overwrite)
    check_free(folder, overwrite)
    with stopping_cleanly(), filling(folder, replacing=overwrite) as partial:
        typer.echo(headline(scenario, settled))
        with progress_bar(scenario) as progress:
            result = simulate(settled, check=check, progress=progress)
            progress.say("writing")
            write(result, partial, report=report)
    _tell(result)
    typer.echo(folder / REPORT if report else folder)


def verify(folder: ResultFolder) -> None:
    """Run a result again: identical, same to 9 digits, or drifted (exit code 1) and since when."""
    from mesh_abm.results import verify as verify_folder
    from mesh_abm.results.folder import check_result

    check_result(folder)
    with progress_bar("verify") as progress:
        verdict = verify_folder(folder, progress=progress)
    typer.echo(str(verdict))
    if verdict.changes:
        typer.echo(f"changed since it was made: {'; '.join(verdict.changes)}")
    if verdict.answer == "drifted":
        raise typer.Exit(DRIFTED)


def report(folder: ResultFolder) -> None:
    """Make the report and figures of a result again, from its files."""
    from mesh_abm.results import rebuild_report

    with stopping_cleanly():
        typer.echo(rebuild_report(folder))


def default_place(name: str, settled: Scenario, overwrite: bool) -> Path:
    """A folder under runs/out named for scenario and seed; with a number if that is taken and not to be replaced."""
    first = DEFAULT_PLACE / f"{name}-{settled.seed}"
    folder, number = first, 1
    while folder.exists() and not overwrite:
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder


def headline(scenario: str, settled: Scenario) -> str:
    """What is run, in a line."""
    return f"{scenario}: {settled.n_owners:,} owners, {settled.months} months, seed {settled.seed}"


@contextmanager
def stopping_cleanly() -> Iterator[None]:
    """Let termination and a closed terminal unwind the block as Ctrl-C does, so that nothing half-written is left."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]  # not under nohup
    for number in numbers:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _tell(result: Result) -> None:
    from mesh_abm.summary import words

    for paragraph in words(result):
        typer.echo(f"\n{textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)}")
    typer.echo()
