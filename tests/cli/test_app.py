"""`mesh-abm app` as a whole process: it serves, says where, and ends; what cannot be served is one line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = [
    sys.executable,
    "-c",
    "import sys; from mesh_abm.cli import main; sys.exit(main())",
    "app",
    "--no-open",
]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begun(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment,
    )  # fmt: skip


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_it_says_where_it_is_answers_there_and_ends(port: int) -> None:
    process = begun("--port", str(port))
    assert process.stdout is not None
    assert process.stdout.readline() == f"The laboratory is at http://127.0.0.1:{port} (Ctrl-C ends it)\n"
    for path in ("", "phase", "potts", "sweeps", "claims", "lessons"):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
            assert answer.status == 200
            assert b"Mesh laboratory" in answer.read()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1] == "mesh-abm: stopped"
    assert "Traceback" not in errors


def refused(*arguments: str, **environment: str) -> str:
    process = begun(*arguments, **environment)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    (line,) = errors.strip().splitlines()
    return line


def test_a_port_in_use_is_one_line(taken: int) -> None:
    line = refused("--port", str(taken))
    assert line.startswith(f"mesh-abm: host = 127.0.0.1, port = {taken}: cannot be served (")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "0"), "'--port': Input should be greater than or equal to 1"),
        (("--port", "x"), "'--port'"),
        (("--host", "no such host"), "host = no such host: is not an address of this machine"),
        (("--stores", "nowhere/at/all"), "stores = nowhere/at/all: must be a folder"),
    ],
)
def test_what_cannot_be_served_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(*arguments)


@pytest.mark.parametrize("value", ["none", "0", "-3", "nan", "inf"])
def test_a_limit_that_is_no_number_is_one_line(value: str, port: int, tmp_path: Path) -> None:
    line = refused("--port", str(port), MESH_ABM_APP_PACE=value)
    assert line == f"mesh-abm: MESH_ABM_APP_PACE = {value}: must be a number above 0"
