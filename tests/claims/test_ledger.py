"""The ledger as page, data and record; what counts as a change."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mesh_abm.claims import ledger
from mesh_abm.claims.claim import Claim, Evidence, Figures, Finding, Verdict, examine
from mesh_abm.claims.drawing import Panel
from mesh_abm.claims.lab import Lab
from mesh_abm.errors import ResultError


def measure(lab: Lab) -> Evidence:
    return Evidence(
        {"gap": 0.25, "limit": float("inf")},
        "The gap is .25 | a quarter.",
        pd.DataFrame({"x": [0, 1], "y": [1, 2]}),
    )


def judge(figures: Figures) -> Verdict:
    return Verdict.HOLDS if figures["gap"] < 0.5 else Verdict.FAILS


def draw(panel: Panel, table: pd.DataFrame) -> None:
    panel.axes("x", "y")
    panel.points(table["x"], table["y"], "measured")


CLAIM = Claim(
    id="E2", place="section 3", says="It holds.", turned_by="a larger gap than this one", experiment="Look.",
    criterion="gap < .5", measure=measure, judge=judge, draw=draw, counter={"gap": 0.7},
)  # fmt: skip
OPEN = Claim(id="PRE-5", place="section 2", says="It is so.", turned_by="data on it", reason="No data here.")


@pytest.fixture
def findings() -> list[Finding]:
    clock = iter([0.0, 2.5, 3.0])
    return [examine(claim, Lab(), lambda: next(clock)) for claim in (CLAIM, OPEN)]


def test_the_verdict_is_that_of_the_criterion(findings: list[Finding]) -> None:
    assert [finding.verdict for finding in findings] == [Verdict.HOLDS, Verdict.NOT_TESTABLE]
    assert findings[0].seconds == 2.5
    assert findings[1].evidence.says == "No data here."


def test_the_ledger_is_written_with_a_figure_for_each_experiment(
    findings: list[Finding], tmp_path: Path
) -> None:
    ledger.write(findings, tmp_path)
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["E2.csv", "E2.svg"]
    data = json.loads((tmp_path / ledger.DATA).read_text())
    assert [(claim["id"], claim["verdict"]) for claim in data["claims"]] == [
        ("E2", "holds"),
        ("PRE-5", "not testable here"),
    ]
    assert data["claims"][0]["figures"] == {"gap": 0.25, "limit": "inf"}
    page = (tmp_path / "README.md").read_text()
    assert "2 claims: 1 holds, 1 not testable here." in page
    assert "![E2](figures/E2.svg)" in page
    assert "The gap is .25 \\| a quarter." in page
    assert "**Why not:** No data here." in page


def test_a_changed_a_new_and_a_missing_verdict_are_changes(findings: list[Finding]) -> None:
    before = {"E2": {"verdict": "fails"}, "E4": {"verdict": "holds"}}
    changes = ledger.changes(findings, before, ["E2", "PRE-5", "E4"])
    assert [str(change) for change in changes] == [
        "E2: fails -> holds",
        "PRE-5: not recorded -> not testable here",
        "E4: holds -> missing",
    ]
    same = {finding.claim.id: ledger.record_of(finding) for finding in findings}
    assert ledger.changes(findings, same, same) == []


def test_differences_name_every_figure_that_moved(findings: list[Finding]) -> None:
    before = {"E2": {"verdict": "holds", "figures": {"gap": 0.2, "old": 1.0}}}
    assert ledger.differences(findings[:1], before) == [
        "E2.gap: 0.2 -> 0.25",
        "E2.old: 1.0 -> None",
        "E2.limit: None -> inf",
    ]


def test_a_ledger_is_not_written_over_something_else(tmp_path: Path) -> None:
    ledger.check_free(tmp_path)
    ledger.check_free(tmp_path / "new")
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ResultError, match="holds other files"):
        ledger.check_free(tmp_path, overwrite=True)
    (tmp_path / ledger.DATA).write_text("{}")
    with pytest.raises(ResultError, match="already holds a ledger"):
        ledger.check_free(tmp_path)
    ledger.check_free(tmp_path, overwrite=True)
    with pytest.raises(ResultError, match="is a file"):
        ledger.check_free(tmp_path / "letter.txt")
