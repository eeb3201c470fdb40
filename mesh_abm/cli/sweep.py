"""`mesh-abm sweep`: a plan's runs into a store, resumable at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh_abm.cli.run import stopping_cleanly

if TYPE_CHECKING:
    from mesh_abm.sweeps import Store

SOME_FAILED = 1
PLAN = """\
scenario = "reference"  # a shipped scenario's name, or a file
months = 60
replicates = 4          # runs of each point, with seeds of their own
seed = 1
sampler = "grid"        # or list, latin-hypercube, sobol, saltelli
# samples = 64          # points to draw: for the last three only

[vary]                  # fields (mesh-abm scenarios describe reference)
churn = [0.02, 0.05, 0.1]
link_failure = {low = 0.05, high = 0.1, n = 3}  # n: for a grid or a list
# classes.all.merit = {low = 0.1, high = 1.6, n = 3, scale = "log"}

# [set]                 # fields that differ from the scenario everywhere
# n_owners = 500

# [until]               # more replicates until the interval of the mean of
# measure = "members"   # this measure in the last month is so narrow:
# half_width = 5.0
# confidence = 0.95
# ceiling = 64          # but no more than these
# step = 2
"""
"""A plan, as the help shows it: no line is longer than a narrow terminal."""
SWEEP_EXAMPLE = (
    "Example: mesh-abm sweep plan.toml --store my-sweep\n\n"
    "Stopped at any moment, the same command goes on where it was. A plan is a TOML file such as\n\n\b\n"
    # [ begins markup of rich; an empty line ends the block that keeps its line ends
    + PLAN.replace("[", r"\[").replace("\n\n", "\n\n\b\n")
)


def sweep(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.toml", help="The plan.")],
    store: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the store: new, or of this very plan.")
    ],
    engine: Annotated[
        str,
        typer.Option(help="local (this process), process (processes of this machine) or dask (a cluster)."),
    ] = "process",
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Worker processes; left out: one for each core.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a Dask scheduler, such as tcp://host:8786.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Make runs that failed again.")
    ] = False,
) -> None:
    """Run what a plan still misses in its store; exit code 1 if some runs failed."""
    from mesh_abm.cli.progress import counting_bar
    from mesh_abm.sweeps import open_store
    from mesh_abm.sweeps import sweep as run_sweep
    from mesh_abm.sweeps.place import is_store
    from mesh_abm.sweeps.sweeping import as_plan

    wanted = as_plan(plan)
    typer.echo(
        f"{plan}: {len(wanted.points):,} points, {wanted.replicates} replicates each, {wanted.base.months} months"
    )
    if is_store(store) and (ended := len(open_store(store).runs)):
        typer.echo(f"{store}: goes on where it was, {ended:,} runs have ended")
    with stopping_cleanly(), counting_bar("sweep", None) as bar:
        filled = run_sweep(
            wanted,
            store,
            engine=engine,
            workers=workers,
            scheduler=scheduler,
            retry_failed=retry_failed,
            progress=lambda ended, total, entry: bar.at(ended, total, entry.run),
        )
    _tell(filled)


def _tell(store: Store) -> None:
    runs = store.runs
    failed = runs[runs["status"] == "failed"]
    typer.echo(f"{store.folder}: {len(runs) - len(failed):,} runs done, {len(failed):,} failed")
    if len(failed):
        first = failed.iloc[0]
        typer.echo(f"run {first['run']} failed: {first['error'].strip().splitlines()[-1]}", err=True)
        raise typer.Exit(SOME_FAILED)
