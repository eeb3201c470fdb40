"""`mesh-abm analyze`: what it prints and writes, and how it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from mesh_abm.cli import main
from mesh_abm.sweeps import Plan, open_store
from tests.analysis import formulas
from tests.analysis.conftest import store_of

FORMATS = ("csv", "png", "svg")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of churn and link failure, with the base of `reference` and its single moves in it."""
    folder = tmp_path_factory.mktemp("analyze") / "store"
    vary = {"churn": [0.02, 0.1, 0.2], "link_failure": [0.05, 0.08, 0.2]}
    return store_of(formulas.linear, folder, vary=vary, replicates=2).folder


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sampled") / "store"
    vary = {name: {"low": 0.0, "high": 1.0} for name in ("churn", "link_failure")}
    return store_of(formulas.plain, folder, sampler="latin-hypercube", samples=40, vary=vary).folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that succeeds prints."""
    assert main(["analyze", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line that a command with bad input says."""
    assert main(["analyze", *map(str, arguments)]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("phase", ["--x", "churn", "--y", "link_failure", "--measure", "condensate", "--last", "2"]),
        ("response", ["--x", "churn", "--fix", "link_failure=0.2", "--month", "1"]),
        ("response", ["--x", "churn", "--above", "0.1"]),
        ("tornado", []),
    ],
)
def test_a_figure_and_its_table_are_written_and_told(
    name: str, arguments: list[str], store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, name, store, *arguments, "--out", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"{name}.{kind}" for kind in FORMATS
    ]
    table = pd.read_csv(tmp_path / "out" / f"{name}.csv")
    assert out.splitlines()[0].split() == list(table)
    assert out.splitlines()[-1] == str(tmp_path / "out")
    assert len(out.splitlines()) == len(table) + 4


@pytest.mark.parametrize("method", ["delta", "pawn", "rbd_fast"])
def test_sensitivity_by_each_method(
    method: str, sampled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, "sensitivity", sampled, "--method", method, "--out", tmp_path / "out")
    assert "depends on churn" in out
    assert (tmp_path / "out" / "sensitivity.csv").exists()


def test_a_tornado_from_plan_to_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "tornado.toml"
    arguments = [
        "--fields",
        "churn,non_owners",
        "--range",
        "link_failure=0.02:0.1",
        "--months",
        2,
        "--replicates",
        2,
    ]
    out = run(capsys, "plan-tornado", "reference", *arguments, "--plan", plan)
    assert "0 has no half and double" in out
    assert "6 points, 2 replicates each" in out
    loaded = Plan.load(plan)
    assert loaded.points[2:] == [
        {"churn": 0, "link_failure": 0.08},
        {"churn": 1, "link_failure": 0.08},
        {"churn": 0.02, "link_failure": 0.02},
        {"churn": 0.02, "link_failure": 0.1},
    ]
    assert "is there already" in refusal(capsys, "plan-tornado", "reference", "--plan", plan)
    assert main(["sweep", str(plan), "--store", str(tmp_path / "store"), "--engine", "local"]) == 0
    assert len(open_store(tmp_path / "store").runs) == 12
    capsys.readouterr()
    assert "link_failure" in run(capsys, "tornado", tmp_path / "store", "--out", tmp_path / "out")


def test_tipping_runs_searches_and_keeps_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = ["tipping", "reference", "--field", "link_value", "--low", 0, "--high", 1, "--level", 0.2,
              "--sizes", "30,60", "--months", 3, "--last", 1, "--steps", 3, "--replicates", 2,
              "--set", "population=fixed", "--store", tmp_path / "kept"]  # fmt: skip
    first = run(capsys, *search, "--out", tmp_path / "a")
    kept = (tmp_path / "kept" / "evaluations.jsonl").read_text()
    again = run(capsys, *search, "--out", tmp_path / "b")
    assert first.splitlines()[:-1] == again.splitlines()[:-1]
    assert (tmp_path / "kept" / "evaluations.jsonl").read_text() == kept
    assert pd.read_csv(tmp_path / "a" / "tipping.csv")["n_owners"].tolist() == [30, 60]


def test_bad_input_is_one_line_and_leaves_nothing(
    store: Path, sampled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    search = ["tipping", "reference", "--low", 0, "--high", 1, "--field"]
    for line, arguments in (
        ("holds no sweep", ["response", tmp_path, "--x", "churn"]),
        ("x = chrn: must be a field that the store varies (churn", ["response", store, "--x", "chrn"]),
        ("column 's_ing': must be a measure; did you mean", ["response", store, "--x", "churn", "--measure", "s_ing"]),
        ("fix churn: must be written field=value", ["response", store, "--x", "churn", "--fix", "churn"]),
        ("method = 'sobol': needs a store of sampler = 'saltelli'", ["sensitivity", sampled, "--method", "sobol"]),
        ("method = 'x': must be one of", ["sensitivity", sampled, "--method", "x"]),
        ("has 9 points with a value; must have 30", ["sensitivity", store]),
        ("must have a point that moves no field", ["tornado", sampled]),
        ("sizes = 3,x: must be whole numbers", [*search, "churn", "--sizes", "3,x"]),
        ("high = 0: must be above low = 1", [*search, "churn", "--high", 0, "--low", 1]),
        ("unknown field 'chrn'", [*search, "chrn"]),
    ):  # fmt: skip
        assert line in refusal(capsys, *arguments, "--out", out)
        assert not out.exists()
    plan = ["plan-tornado", "reference", "--plan", tmp_path / "plan.toml"]
    assert "must be written field=low:high" in refusal(capsys, *plan, "--range", "churn=1")
    assert "churn = 2" in refusal(capsys, *plan, "--range", "churn=0:2")
    assert not (tmp_path / "plan.toml").exists()


def test_what_is_there_stays(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "holds something already" in refusal(capsys, "response", store, "--x", "churn", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_store_that_is_still_filled_can_be_analyzed(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = tmp_path / "part"
    shutil.copytree(store, part)
    journal = part / "journal.jsonl"
    journal.write_text("".join(journal.read_text().splitlines(True)[:-3]))
    out = run(capsys, "phase", part, "--x", "churn", "--y", "link_failure", "--out", tmp_path / "out")
    assert "1 of 9 points have no value" in out
