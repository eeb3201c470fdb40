"""`mesh-abm sweep` as a person meets it: in a process of its own, started from what its help says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import tomllib
from pathlib import Path

import pytest

from mesh_abm import run
from mesh_abm.cli import main
from mesh_abm.cli.sweep import PLAN
from mesh_abm.sweeps import open_store

ROOT = Path(__file__).resolve().parents[2]
HERE = os.environ | {"PYTHONPATH": str(ROOT)}  # this source tree, installed or not
COMMAND = [sys.executable, "-c", "from mesh_abm.cli import main; raise SystemExit(main())", "sweep"]
SMALL = """
scenario = "reference"
months = 3
replicates = 2
[vary]
churn = [0.02, 0.1]
[set]
n_owners = 40
"""
LONG = "months = 100000\nreplicates = 8\n[set]\nn_owners = 1000\n"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """So that no command says that it compiles."""
    run(months=1, seed=1, set={"n_owners": 50})


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(SMALL)
    return tmp_path / "plan.toml"


def mesh_abm_sweep(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder until it ends."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, cwd=folder, env=HERE, timeout=300
    )


def refused(folder: Path, *arguments: str) -> str:
    """The one line with which the command refuses its arguments."""
    done = mesh_abm_sweep(folder, *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("mesh-abm: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("columns", ["80", "200"])
def test_the_plan_that_the_help_shows_can_be_copied_from_a_terminal(
    columns: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["sweep", "--help"]) == 0
    shown = textwrap.dedent(capsys.readouterr().out).splitlines()
    lines = [line.strip() for line in shown]
    copied = "\n".join(lines[next(k for k, line in enumerate(lines) if line.startswith("scenario =")) :])
    assert tomllib.loads(copied) == tomllib.loads(PLAN)
    with_comments = re.sub(r"^# (?=[\[a-z])", "", copied, flags=re.MULTILINE)
    everything = with_comments.replace('"grid"', '"sobol"').replace("this measure", "# this measure")
    (tmp_path / "plan.toml").write_text(copied)
    (tmp_path / "all.toml").write_text(everything)
    from mesh_abm.sweeps import Plan

    assert len(Plan.load(tmp_path / "plan.toml").points) == 9
    drawn = Plan.load(tmp_path / "all.toml")
    assert len(drawn.points) == 64
    assert drawn.until is not None


def test_a_sweep_says_what_it_does_and_nothing_on_the_way(plan: Path) -> None:
    done = mesh_abm_sweep(plan.parent, "plan.toml", "--store", "store", "--workers", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "plan.toml: 2 points, 2 replicates each, 3 months",
        "store: 4 runs done, 0 failed",
    ]
    journal = plan.parent / "store" / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(True)[:3]))
    again = mesh_abm_sweep(plan.parent, "plan.toml", "--store", "store", "--engine", "local")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.splitlines()[1] == "store: goes on where it was, 3 runs have ended"


def test_runs_that_failed_are_told_and_a_code_of_their_own(plan: Path) -> None:
    mesh_abm_sweep(plan.parent, "plan.toml", "--store", "store", "--engine", "local")
    journal = plan.parent / "store" / "journal.jsonl"
    told = journal.read_text().replace('"done"', '"failed"', 1)
    journal.write_text(told.replace('"error": ""', '"error": "Traceback\\nValueError: not so"', 1))
    done = mesh_abm_sweep(plan.parent, "plan.toml", "--store", "store", "--engine", "local")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "store: 3 runs done, 1 failed"
    assert done.stderr == "run 000000-0000 failed: ValueError: not so\n"
    once_more = ("plan.toml", "--store", "store", "--engine", "local", "--retry-failed")
    assert mesh_abm_sweep(plan.parent, *once_more).returncode == 0


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("replicats = 2", "plan.toml: replicats: unknown key; .*did you mean 'replicates'"),
        ("[vary]\nchurn = [0.1, nan]", r"plan.toml: point 1 \(churn = nan\): churn = nan: must be a number"),
        ("[vary]\nchurn = {low = 0, high = 1, n = 1000000000000}", "vary.churn.n = 1000000000000: must be"),
        ("[vary]\nchurn = [0.1]\nchurn = [0.2]", "plan.toml: not valid TOML"),
        ("\0\1\2", "plan.toml: not valid TOML"),
        ("[until]\nmeasure = 'membres'\nhalf_width = 1", "until.measure = 'membres': .*'members'"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(content: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(content)
    assert re.search(line, refused(tmp_path, "plan.toml", "--store", "store"))
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nowhere.toml", "--store", "store"), "nowhere.toml: cannot be read"),
        (("plan.toml",), "Missing option '--store'"),
        (("plan.toml", "--store", "plan.toml"), "store = plan.toml: holds other files"),
        (("plan.toml", "--store", "plan.toml/store"), "store = plan.toml/store: cannot be written"),
        (("plan.toml", "--store", "."), "store = .: holds other files"),
        (("plan.toml", "--store", "store", "--engine", "proces"), "did you mean 'process'"),
        (("plan.toml", "--store", "store", "--workers", "0"), "--workers"),
        (("plan.toml", "--store", "store", "--scheduler", "tcp://x:1"), "must be left out unless"),
    ],
)
def test_arguments_that_cannot_be_are_one_line(arguments: tuple[str, ...], line: str, plan: Path) -> None:
    assert line in refused(plan.parent, *arguments)


def test_another_plan_is_refused_with_what_differs(plan: Path) -> None:
    mesh_abm_sweep(plan.parent, "plan.toml", "--store", "store", "--engine", "local")
    plan.write_text(SMALL.replace("0.1]", "0.2]"))
    line = refused(plan.parent, "plan.toml", "--store", "store")
    assert "the plan has changed since: vary was" in line


@pytest.mark.parametrize("engine", ["local", "process"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_a_long_run_it_ends_with_its_code(
    engine: str, number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """Sent to the command alone, as `kill` does; the run at work would take hours."""
    (tmp_path / "plan.toml").write_text(LONG)
    command = [*COMMAND, "plan.toml", "--store", "store", "--engine", engine, "--workers", "2"]
    with subprocess.Popen(command, cwd=tmp_path, env=HERE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (tmp_path / "store" / "journal.jsonl").exists():
            time.sleep(0.02)
        time.sleep(1)
        process.send_signal(number)
        try:
            _, complaints = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == code
    assert complaints == ("mesh-abm: stopped\n" if code == 130 else "")
    assert open_store(tmp_path / "store").runs.empty
