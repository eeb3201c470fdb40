"""`mesh-abm claims`: what it prints and writes, what makes it fail, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesh_abm.claims import ledger
from mesh_abm.claims.ledger import recorded
from mesh_abm.cli import main

QUICK = ("T1-step2", "PRE-5")
"""An experiment of a second, and a claim without one."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def test_the_table_has_verdict_figures_criterion_and_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", *QUICK, "--fast", "--workers", "1", "--out", str(folder)]) == 0
    printed = capsys.readouterr().out
    for word in ("verdict", "criterion", "seconds", "T1-step2", "fails", "orders 6", "not testable here"):
        assert word in printed
    assert str(folder / "README.md") in printed


def test_the_ledger_holds_what_was_asked_for(folder: Path) -> None:
    main(["claims", *QUICK, "--fast", "--workers", "1", "--out", str(folder)])
    data = json.loads((folder / "ledger.json").read_text())
    assert {claim["id"]: claim["verdict"] for claim in data["claims"]} == {
        "T1-step2": "fails",
        "PRE-5": "not testable here",
    }
    assert [path.name for path in (folder / "figures").glob("*.svg")] == ["T1-step2.svg"]


def test_a_verdict_that_is_not_the_recorded_one_is_exit_code_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = recorded(fast=True) | {"T1-step2": {"verdict": "holds", "figures": {}}}
    monkeypatch.setattr(ledger, "recorded", lambda fast: other)
    assert main(["claims", *QUICK, "--fast", "--workers", "1", "--out", str(folder)]) == 1
    assert "changed from the recorded ledger: T1-step2: holds -> fails" in capsys.readouterr().err


def test_recording_shows_what_changed_and_keeps_the_rest(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {
        "full": {"E2": {"verdict": "holds"}},
        "fast": {"T1-step2": {"verdict": "holds", "figures": {"orders": 7}}},
    }
    (tmp_path / ledger.RECORD).write_text(json.dumps(kept))
    monkeypatch.setattr(ledger, "files", lambda package: tmp_path)
    assert main(["claims", "T1-step2", "--fast", "--record", "--workers", "1", "--out", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "T1-step2: holds -> fails" in printed
    assert "T1-step2.orders: 7 -> 6.0" in printed
    after = json.loads((tmp_path / ledger.RECORD).read_text())
    assert after["fast"]["T1-step2"]["verdict"] == "fails"
    assert after["full"] == {"E2": {"verdict": "holds"}}


def test_the_list_needs_no_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "e2", "--list"]) == 0
    assert "E2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["E22"], "ID = E22: must be the id of a claim, such as PRE-1; did you mean 'E2'?"),
        (["PRE-5", "--workers", "0"], "--workers"),
        (["PRE-5", "--out", "{here}"], "holds other files"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert main(["claims", *(part.format(here=tmp_path) for part in arguments)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert line in printed.err
    assert printed.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
