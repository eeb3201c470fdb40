"""`mesh-abm run`, `verify` and `report` as a person meets them: in a process of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mesh_abm import run as run_scenario
from mesh_abm.results.card import read_card
from mesh_abm.results.provenance import file_hash

ROOT = Path(__file__).resolve().parents[2]
HERE = os.environ | {"PYTHONPATH": str(ROOT)}  # this source tree, installed or not
MAIN = "from mesh_abm.cli import main; raise SystemExit(main())"
COMMAND = [sys.executable, "-c", MAIN]
FULL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))"
"""The operating system refuses to write larger files, such as the devices of a small run."""
ON_A_FULL_DISK = [sys.executable, "-c", f"{FULL_DISK}; {MAIN}"]
SMALL = ("--set", "n_owners=100", "--set", "initial_members=0.5", "--months", "6")
LONG = ("--set", "n_owners=2000", "--months", "100000")


def mesh_abm(folder: Path, *arguments: str, command: list[str] = COMMAND) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder until it ends."""
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, cwd=folder, env=HERE, timeout=300
    )


def tree(folder: Path) -> list[str]:
    """Everything in a folder and below."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which small results are written."""
    run_scenario(months=1, seed=1, set={"n_owners": 50}, check=True)  # so that kernels are compiled
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def small(home: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A small result in the default place with its report, and what the command said."""
    done = mesh_abm(home, "run", *SMALL, "--seed", "7", "--check")
    return home / "runs" / "out" / "reference-7", done


def test_a_run_ends_with_a_summary_and_the_path_of_its_report(
    small: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = small
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "reference: 100 owners, 6 months, seed 7"
    assert lines[-1] == "runs/out/reference-7/report.html"
    assert len(" ".join(lines[1:-1]).split()) > 50
    assert max(map(len, lines)) <= 100
    assert {"report.html", "figures", "run.json", "series.parquet"} <= set(tree(folder))
    assert len(pd.read_parquet(folder / "series.parquet")) == 7


def test_the_same_command_again_writes_beside_it_the_same_bytes(
    small: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = small
    done = mesh_abm(folder.parents[2], "run", *SMALL, "--seed", "7")
    assert done.stdout.splitlines()[-1] == "runs/out/reference-7-2/report.html"
    assert (folder.with_name("reference-7-2") / "run.json").read_bytes() == (folder / "run.json").read_bytes()


def test_a_random_seed_is_said_and_recorded(home: Path) -> None:
    done = mesh_abm(home, "run", *SMALL, "--no-report", "--out", "random")
    card = json.loads((home / "random" / "run.json").read_text("utf-8"))
    assert done.stdout.splitlines()[0] == f"reference: 100 owners, 6 months, seed {card['seed']}"
    assert done.stdout.splitlines()[-1] == "random"
    assert "report.html" not in tree(home / "random")


def test_verify_says_identical_and_report_makes_the_report_again(
    small: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = small
    verified = mesh_abm(folder.parent, "verify", "reference-7")
    assert (verified.returncode, verified.stdout.splitlines()[0], verified.stderr) == (0, "identical", "")
    report = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    again = mesh_abm(folder.parent, "report", "reference-7")
    assert (again.returncode, again.stdout) == (0, "reference-7/report.html\n")
    assert (folder / "report.html").read_bytes() == report


def test_verify_leaves_with_1_for_a_drift_and_2_for_a_changed_file(home: Path) -> None:
    folder = run_scenario(seed=1, months=4, set={"n_owners": 80}).save(home / "drift", report=False)
    series = pd.read_parquet(folder / "series.parquet")
    series.loc[3, "unit_cost"] *= 1.001
    series.to_parquet(folder / "series.parquet", index=False)
    changed = mesh_abm(home, "verify", "drift")
    assert (changed.returncode, changed.stdout) == (2, "")
    assert (
        changed.stderr
        == "mesh-abm: drift: is not a valid result: series.parquet was changed after it was written\n"
    )

    card = read_card(folder)
    checksum = {"series.parquet": file_hash(folder / "series.parquet")}
    card.model_copy(update={"files": card.files | checksum}).write(folder)
    drifted = mesh_abm(home, "verify", "drift")
    assert (drifted.returncode, drifted.stderr) == (1, "")
    assert drifted.stdout.splitlines()[0] == "drifted: first in month 3, column unit_cost"


def test_a_result_is_kept_unless_it_is_to_be_overwritten(home: Path) -> None:
    folder = run_scenario(seed=1, months=4, set={"n_owners": 80}).save(home / "kept", report=False)
    card = (folder / "run.json").read_bytes()
    refused = mesh_abm(home, "run", *SMALL, "--seed", "7", "--no-report", "--out", "kept")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(
        "mesh-abm: out = kept: already holds a result; must be a new or an empty folder"
    )
    assert (folder / "run.json").read_bytes() == card
    done = mesh_abm(home, "run", *SMALL, "--seed", "7", "--no-report", "--out", "kept", "--overwrite")
    assert done.returncode == 0
    assert read_card(folder).seed == 7


def test_a_full_disk_is_one_line_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    done = mesh_abm(tmp_path, "run", *SMALL, "--seed", "7", "--out", "new/place", command=ON_A_FULL_DISK)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "new/place: cannot be written (File too large); must be a folder" in done.stderr
    assert tree(tmp_path) == []


def test_a_full_disk_spares_the_result_that_was_to_be_replaced(home: Path, tmp_path: Path) -> None:
    folder = run_scenario(seed=1, months=4, set={"n_owners": 80}).save(tmp_path / "old", report=False)
    before = {name: (tmp_path / name).read_bytes() for name in tree(tmp_path) if (tmp_path / name).is_file()}
    done = mesh_abm(tmp_path, "run", *SMALL, "--out", str(folder), "--overwrite", command=ON_A_FULL_DISK)
    assert done.returncode == 2
    assert {
        name: (tmp_path / name).read_bytes() for name in tree(tmp_path) if (tmp_path / name).is_file()
    } == before


@pytest.mark.parametrize(
    ("number", "code", "line"), [(signal.SIGINT, 130, "mesh-abm: stopped\n"), (signal.SIGTERM, 143, "")]
)
def test_stopped_in_mid_run_it_leaves_nothing(
    home: Path, tmp_path: Path, number: signal.Signals, code: int, line: str
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "run", *LONG, "--out", "new/place"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=HERE,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("reference: 2,000 owners, 100000 months")
    assert [name for name in tree(tmp_path) if name.endswith(".partial")] != []
    with pytest.raises(subprocess.TimeoutExpired):  # it is in mid-run
        process.wait(2)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", line)
    assert tree(tmp_path) == []


def test_help_shows_an_example(fresh_python: Callable[[str], str]) -> None:
    for command in ("run", "verify", "report"):
        code = f"from mesh_abm.cli import main; main(['{command}', '--help'])"
        assert f"Example: mesh-abm {command}" in fresh_python(code)
