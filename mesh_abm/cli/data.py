"""`mesh-abm data`: the tables that are shipped, and the scenario that is computed from them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mesh_abm.calibration import Calibration

app = typer.Typer(
    help="Show the data and what is computed from them.",
    epilog="Example: mesh-abm data calibrate",
    no_args_is_help=True,
)


@app.command(epilog="Example: mesh-abm data show device_classes")
def show(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="A table; left out: list them.")
    ] = None,
    rows: Annotated[int, typer.Option(min=0, help="Rows to print; 0: all.")] = 40,
    csv: Annotated[bool, typer.Option("--csv", help="Print the file as it is.")] = False,
) -> None:
    """List the tables, or print one with its provenance: how it was collected, where it is weak, its sources."""
    from mesh_abm.calibration.tables import raw
    from mesh_abm.calibration.tables import table as load
    from mesh_abm.cli.data_tables import page, print_table, print_tables

    if table is None:
        print_tables(page())
        return
    name = table.removesuffix(".csv")
    frame = load(name)
    if csv:
        typer.echo(raw(f"{name}.csv"), nl=False)
    else:
        print_table(page(), name, frame, rows)


@app.command(epilog="Example: mesh-abm data calibrate optimist --figures out/figures --out out/optimist.csv")
def calibrate(
    variant: Annotated[
        str,
        typer.Argument(metavar="[central|optimist|pessimist]", help="central is what `baseline` runs on."),
    ] = "central",
    figures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the figures there (SVG, PNG, and their data).")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every step to a CSV file.")] = None,
    details: Annotated[bool, typer.Option("--details", help="Show every input of every rule.")] = False,
) -> None:
    """Compute the parameters from the data: each with its rule, its sources, and what it rests on."""
    from mesh_abm.calibration import calibrate as compute
    from mesh_abm.cli.calibration_tables import print_calibration
    from mesh_abm.cli.data_tables import page

    calibration = compute(variant)
    print_calibration(page(), calibration, details)
    if out is not None:
        typer.echo(f"\nsteps: {_write(out, calibration)}")
    if figures is not None:
        typer.echo(f"\nfigures: {_draw(figures, calibration)}")


def _write(out: Path, calibration: Calibration) -> Path:
    """Write every step as a row of a CSV file."""
    from mesh_abm.calibration.export import frame

    _write_whole({out: frame(calibration).to_csv(index=False).encode()})
    return out


def _draw(folder: Path, calibration: Calibration) -> Path:
    """Write all figures into a folder."""
    from mesh_abm.figures.calibration import drawings

    _write_whole(
        {
            folder / name: content
            for drawing in drawings(calibration)
            for name, content in drawing.files().items()
        }
    )
    return folder


def _write_whole(files: Mapping[Path, bytes]) -> None:
    """Write all files or none: under hidden names first, so that a full disk leaves nothing. OSError is passed on."""
    partial = {path: path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial[path].write_bytes(content)
        for path, hidden in partial.items():
            hidden.replace(path)
    finally:
        for hidden in partial.values():
            hidden.unlink(missing_ok=True)
