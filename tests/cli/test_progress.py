"""What a person at a terminal sees of a run, and what a pipe does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesh_abm.cli.progress import FIRST_START, needs_compiling, progress_bar
from mesh_abm.model import MeshModel
from mesh_abm.runs import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model() -> MeshModel:
    """A model whose kernels are compiled by now."""
    run(months=1, seed=1, set={"n_owners": 50})
    return MeshModel(n_owners=1_234, population="fixed", rng=1)


def test_a_terminal_shows_month_members_and_what_is_done(
    model: MeshModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes that for a terminal
    monkeypatch.setenv("COLUMNS", "120")
    with progress_bar("[reference]") as bar:
        bar(3, 12, model)
        bar._bar.refresh()
        bar.say("writing")
    out, err = capsys.readouterr()
    assert out == ""
    for words in ("[reference]", "month 3 of 12, 1,234 members", "writing"):
        assert words in err


def test_a_pipe_shows_nothing(model: MeshModel, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("reference") as bar:
        bar(3, 12, model)
    assert capsys.readouterr() == ("", "")


def test_a_first_start_is_told_before_it_compiles(model: MeshModel, tmp_path: Path) -> None:
    code = "from mesh_abm.cli.progress import progress_bar\nwith progress_bar(''): pass"
    fresh = os.environ | {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=fresh)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", FIRST_START + "\n")
    assert not needs_compiling()
