"""Serve a page as `solara run` does, noting every name outside this machine that the server tries to look up.

    python -m tests.browser.serve PAGE PORT FILE

A browser sees only its own requests; this sees those of the server. Looked-up names are appended to FILE and refused.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


def refuse_the_outside(noted: Path) -> None:
    """From now on, looking up a name outside this machine fails and is written down."""
    look_up = socket.getaddrinfo

    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in LOOPBACK:
            with noted.open("a") as file:
                print(name, file=file)
            raise OSError(f"{name} is outside this machine")
        return look_up(host, *args, **kwargs)

    socket.getaddrinfo = guarded


def main() -> None:
    """Serve until killed."""
    page, port, noted = sys.argv[1:]
    refuse_the_outside(Path(noted))
    from solara.__main__ import main as solara_main

    sys.argv = ["solara", "run", page, "--port", port, "--host", "127.0.0.1", "--production"]
    sys.argv += ["--no-check-version", "--no-open"]
    solara_main()


if __name__ == "__main__":
    main()
