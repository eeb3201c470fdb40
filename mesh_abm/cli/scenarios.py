"""`mesh-abm scenarios`: the scenarios there are, every parameter described, a file started or checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="List, describe, start and check scenarios.",
    epilog="Example: mesh-abm scenarios describe reference churn",
    no_args_is_help=True,
)


@app.command("list", epilog="Example: mesh-abm scenarios list")
def list_scenarios() -> None:
    """List the shipped scenarios and what each asks, those that change a scenario below it."""
    from mesh_abm.cli.tables import print_scenarios, stdout
    from mesh_abm.what_if import shipped

    print_scenarios(stdout(), shipped())


@app.command(epilog="Example: mesh-abm scenarios describe baseline churn")
def describe(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario; left out: reference.")
    ] = "reference",
    field: Annotated[
        str | None, typer.Argument(metavar="FIELD", help="One parameter, such as churn or classes.merit.")
    ] = None,
) -> None:
    """Say what differs from the parent, and describe every parameter: value, range, default, source, meaning.

    With FIELD, that one in full.
    """
    from mesh_abm.cli.tables import print_all, print_changes, print_field, stdout
    from mesh_abm.scenario import Scenario
    from mesh_abm.what_if import differences, parent_of

    if field is None and _is_field(scenario):
        scenario, field = "reference", scenario
    loaded = Scenario.load(scenario)
    if field is not None:
        print_field(stdout(), scenario, loaded, field)
        return
    parent = parent_of(scenario)
    if parent is not None:
        nothing = "" if differences(loaded, parent) else " nothing"
        typer.echo(f"{scenario} differs from {loaded.based_on} in{nothing}")
        print_changes(stdout(), loaded, parent)
        typer.echo()
    print_all(stdout(), scenario, loaded)


@app.command(epilog="Example: mesh-abm scenarios new dearer --based-on optimist --title 'A dearer provider'")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name of letters, digits, - and _.")],
    based_on: Annotated[
        str, typer.Option(metavar="SCENARIO", help="Name or file of the scenario that it changes.")
    ] = "baseline",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its name for people.")] = "",
    question: Annotated[str, typer.Option(metavar="TEXT", help="What it asks.")] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file; left out: NAME.toml in this folder.")
    ] = None,
) -> None:
    """Write a commented scenario file to start from; a file that exists is left alone (exit code 2)."""
    from mesh_abm.starter import create

    path = create(name, based_on=based_on, title=title, question=question, out=out)
    typer.echo(f"{path}: written; edit it, then   mesh-abm scenarios check {path}")


@app.command(epilog="Example: mesh-abm scenarios check my.toml")
def check(file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file.")]) -> None:
    """Check a scenario file and show what it changes; if it is not valid, one line says why (exit code 2)."""
    from mesh_abm.cli.tables import print_changes, stdout
    from mesh_abm.scenario import Scenario
    from mesh_abm.what_if import differences, parent_of

    scenario = Scenario.load(file)
    parent = parent_of(file) or Scenario()
    changes = len(differences(scenario, parent))
    other = scenario.based_on or "reference"
    typer.echo(f"{file}: valid, {changes} field{'' if changes == 1 else 's'} other than in {other}")
    if changes:
        print_changes(stdout(), scenario, parent)


def _is_field(name: str) -> bool:
    """True if the word names a field, and no scenario or file."""
    from mesh_abm.scenario import FIELDS, scenario_names

    return name not in scenario_names() and (name in FIELDS or name.startswith("classes."))
