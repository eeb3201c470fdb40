"""`mesh-abm scenarios`: the scenarios there are, every parameter described, a file checked."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    help="List, describe and check scenarios.",
    epilog="Example: mesh-abm scenarios describe reference churn",
    no_args_is_help=True,
)


@app.command("list", epilog="Example: mesh-abm scenarios list")
def list_scenarios() -> None:
    """List the shipped scenarios and what each asks."""
    from mesh_abm.cli.tables import print_scenarios, stdout
    from mesh_abm.scenario import Scenario, scenario_names

    print_scenarios(stdout(), {name: Scenario.load(name) for name in scenario_names()})


@app.command(epilog="Example: mesh-abm scenarios describe baseline churn")
def describe(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario; left out: reference.")
    ] = "reference",
    field: Annotated[
        str | None, typer.Argument(metavar="FIELD", help="One parameter, such as churn or classes.merit.")
    ] = None,
) -> None:
    """Describe every parameter, or one in full: value, symbol, unit, range, default, source and meaning."""
    from mesh_abm.cli.tables import print_all, print_field, stdout
    from mesh_abm.scenario import Scenario

    if field is None and _is_field(scenario):
        scenario, field = "reference", scenario
    loaded = Scenario.load(scenario)
    if field is None:
        print_all(stdout(), scenario, loaded)
    else:
        print_field(stdout(), scenario, loaded, field)


@app.command(epilog="Example: mesh-abm scenarios check my.toml")
def check(file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file.")]) -> None:
    """Check a scenario file and show what it changes; if it is not valid, one line says why (exit code 2)."""
    from mesh_abm.cli.tables import changed_fields, print_changes, stdout
    from mesh_abm.scenario import Scenario

    scenario = Scenario.load(file)
    changes = len(changed_fields(scenario))
    typer.echo(f"{file}: valid, {changes} field{'' if changes == 1 else 's'} other than in reference")
    if changes:
        print_changes(stdout(), scenario)


def _is_field(name: str) -> bool:
    """True if the word names a field, and no scenario or file."""
    from mesh_abm.scenario import FIELDS, scenario_names

    return name not in scenario_names() and (name in FIELDS or name.startswith("classes."))
