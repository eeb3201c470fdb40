"""The command `mesh-abm`. What it loads is small: each command imports what it needs when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from mesh_abm import __version__
from mesh_abm.cli import analyze, scenarios
from mesh_abm.cli.app import APP_EXAMPLE
from mesh_abm.cli.app import app as laboratory
from mesh_abm.cli.claims import CLAIMS_EXAMPLE, claims
from mesh_abm.cli.compare import COMPARE_EXAMPLE, SWITCHES_EXAMPLE, compare, switches
from mesh_abm.cli.data import app as data_app
from mesh_abm.cli.errors import INTERRUPTED, answered, spare_odd_characters
from mesh_abm.cli.run import REPORT_EXAMPLE, RUN_EXAMPLE, VERIFY_EXAMPLE, report, run, verify
from mesh_abm.cli.sweep import SWEEP_EXAMPLE, sweep

app = typer.Typer(
    name="mesh-abm",
    help="A mesh of devices against a centralized provider: run it, read it, change it.",
    epilog=RUN_EXAMPLE,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: the program's own arguments) and return its exit code.

    0: done. 2: bad input, with one line on stderr. 130: stopped by Ctrl-C. A command may have codes of its own.
    """
    given = None if arguments is None else list(arguments)
    spare_odd_characters()
    with answered() as answer:
        result = app(args=given, prog_name="mesh-abm", standalone_mode=False)
        answer.code = result if isinstance(result, int) else 0
        if answer.code == INTERRUPTED:
            raise KeyboardInterrupt
    return answer.code


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mesh-abm {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _command(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command(epilog=RUN_EXAMPLE)(run)
app.command(epilog=VERIFY_EXAMPLE)(verify)
app.command(epilog=REPORT_EXAMPLE)(report)
app.command(epilog=CLAIMS_EXAMPLE)(claims)
app.command(epilog=COMPARE_EXAMPLE)(compare)
app.command(epilog=SWITCHES_EXAMPLE)(switches)
app.command(epilog=SWEEP_EXAMPLE)(sweep)
app.command("app", epilog=APP_EXAMPLE)(laboratory)
app.add_typer(scenarios.app, name="scenarios")
app.add_typer(data_app, name="data")
app.add_typer(analyze.app, name="analyze")
