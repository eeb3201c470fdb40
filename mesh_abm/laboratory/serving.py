"""The server of the laboratory: on this machine only unless told otherwise, and with no request to any other."""

from __future__ import annotations

import os
import socket
import threading
import time
import webbrowser
from pathlib import Path

from mesh_abm.errors import UserError
from mesh_abm.laboratory.limits import limits

STORES = "MESH_ABM_APP_STORES"
"""The environment variable that names the folder of sweep stores which visitors may look at."""
SETTINGS = {
    "SOLARA_APP": "mesh_abm.laboratory.app",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "45s",
    "SOLARA_MODE": "production",
}


def serve(host: str, port: int, open_browser: bool = True, stores: Path | None = None) -> None:
    """Serve the laboratory until it is interrupted.

    Raises UserError for a port or host that cannot be served, and for `stores` that is not a folder.
    """
    limits()
    if stores is not None:
        if not stores.is_dir():
            raise UserError(f"stores = {stores}: must be a folder that holds stores of `mesh-abm sweep`")
        os.environ[STORES] = str(stores.resolve())
    _check_free(host, port)
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    warm_up()
    import uvicorn

    config = uvicorn.Config("solara.server.starlette:app", host=host, port=port, log_level="error")
    server = uvicorn.Server(config)
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    threading.Thread(target=_announce, args=(server, address, open_browser), daemon=True).start()
    server.run()


def warm_up() -> None:
    """Compile what the first visitor would wait for."""
    from mesh_abm import why
    from mesh_abm.laboratory.world import World
    from mesh_abm.scenario import Scenario

    world = World(Scenario.load("reference").replace(n_owners=50, seed=1, initial_members=1.0))
    world.step()
    world.frame()
    for row in range(50):
        for query in why.queries_of(world.model, row)[:1]:
            why.route(world.model, row, query.number)


def _check_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except (OSError, UnicodeError):
        raise UserError(f"host = {host}: is not an address of this machine") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(f"host = {host}, port = {port}: cannot be served ({error.strerror})") from None


def _announce(server: object, address: str, open_browser: bool) -> None:
    """Say where the laboratory is once it answers, and show it."""
    while not getattr(server, "started", False):
        time.sleep(0.05)
    print(f"The laboratory is at {address} (Ctrl-C ends it)", flush=True)
    if open_browser:
        webbrowser.open(address)
