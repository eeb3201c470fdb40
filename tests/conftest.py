"""What all tests share: the environment they run in, and Python in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Before anything imports matplotlib or solara: no windows, no reports to anybody.
os.environ["MPLBACKEND"] = "Agg"
os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
# The engine gives the same bits with any number of threads; two, so that the threaded path is what is tested.
os.environ.setdefault("MESH_ABM_THREADS", "2")

# A shell starts what runs in its background deaf to Ctrl-C, and so do some CI systems; tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def fresh_python() -> Callable[[str], str]:
    """Run source code in a new interpreter, in the project's folder; its output. Its failure fails the test."""

    def run(source: str) -> str:
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
