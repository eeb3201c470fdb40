"""`mesh-abm app`: the laboratory in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

APP_EXAMPLE = "Example: mesh-abm app --port 8765"


def app(
    port: Annotated[int, typer.Option(help="Port to serve at.", min=1, max=65535)] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to serve at; 0.0.0.0 lets a class on the same network in.")
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    stores: Annotated[
        Path | None, typer.Option(help="Folder of sweep stores that the sweep viewer offers.")
    ] = None,
) -> None:
    """Open the laboratory in the browser: watch, change, fork, learn. It works without a network."""
    from mesh_abm.laboratory.serving import serve

    serve(host, port, open_browser=not no_open, stores=stores)
