"""`verify` runs a result again and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesh_abm.errors import ResultError
from mesh_abm.results import Result, Verdict, verify
from mesh_abm.results.card import Fingerprints, read_card
from mesh_abm.results.fingerprints import Difference
from mesh_abm.rules.learning import Learning

Edit = Callable[[str, Callable[[pd.DataFrame], None]], None]


def set_value(row: int, column: str, change: Callable[[float], float]) -> Callable[[pd.DataFrame], None]:
    """Change one value of a table."""

    def edit(table: pd.DataFrame) -> None:
        table.loc[row, column] = change(table.loc[row, column])

    return edit


def next_bit(value: float) -> float:
    """The next larger number."""
    return float(np.nextafter(value, np.inf))


def test_a_result_is_made_again_identically(saved: Path) -> None:
    assert verify(saved) == Verdict("identical")
    assert str(Verdict("identical")) == "identical"


def test_a_last_bit_leaves_nine_digits_the_same(saved: Path, edit: Edit) -> None:
    edit("series.parquet", set_value(7, "unit_cost", next_bit))
    verdict = verify(saved)
    assert (verdict.answer, verdict.difference) == ("same to 9 digits", None)
    assert str(verdict) == "same to 9 digits"


@pytest.mark.parametrize(
    ("name", "row", "column", "month"),
    [
        ("series.parquet", 7, "unit_cost", 7),
        ("series.parquet", 30, "share_provider", 30),
        ("types.parquet", 8 * 4, "mean_ask", 5),
        ("devices.parquet", 3, "threshold_2", 30),
    ],
)
def test_a_drift_names_month_and_column(
    saved: Path, edit: Edit, name: str, row: int, column: str, month: int
) -> None:
    edit(name, set_value(row, column, lambda value: value + 1e-3))
    verdict = verify(saved)
    assert (verdict.answer, verdict.difference) == ("drifted", Difference(month, column))
    assert str(verdict) == f"drifted: first in month {month}, column {column}"


def test_the_earliest_of_several_drifts_is_named(saved: Path, edit: Edit) -> None:
    edit("series.parquet", set_value(9, "unit_cost", lambda value: value + 1))
    edit("types.parquet", set_value(8 * 3, "demand", lambda value: value + 1))
    assert verify(saved).difference == Difference(4, "demand")


def test_a_drift_of_the_network_is_seen(result: Result, saved: Path, edit: Edit) -> None:
    month = result.snapshots["nucleation"][0]
    edit(f"network-{month}.parquet", set_value(0, "target", lambda value: value + 1))
    assert verify(saved).difference == Difference(month, "target")


def test_another_rule_drifts_and_the_changed_code_is_named(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Learning, "apply", lambda self, model: None)
    verdict = verify(saved)
    assert verdict.answer == "drifted"
    assert verdict.difference is not None
    assert 1 <= verdict.difference.month <= 5


def test_what_changed_since_is_told(saved: Path) -> None:
    card = read_card(saved)
    old = {"versions": card.versions | {"numpy": "1.0"}, "code": "0" * 64, "data": "0" * 64}
    card.model_copy(update=old).write(saved)
    verdict = verify(saved)
    assert verdict.answer == "identical"
    assert [change.split(",")[0] for change in verdict.changes] == [
        "numpy 1.0",
        "the program's code",
        "the shipped data",
    ]


def test_another_seed_on_the_card_drifts(saved: Path) -> None:
    card = read_card(saved)
    card.model_copy(update={"seed": 4}).write(saved)
    assert verify(saved).answer == "drifted"


def test_a_card_whose_fingerprint_is_of_another_run_is_not_valid(saved: Path) -> None:
    card = read_card(saved)
    card.model_copy(update={"fingerprint": Fingerprints(exact="0" * 64, digits9="0" * 64)}).write(saved)
    with pytest.raises(ResultError, match=r"fingerprint in run\.json is not that of its series"):
        verify(saved)


def test_a_scenario_that_was_not_run_is_not_valid(saved: Path, accept: Callable[[str], None]) -> None:
    text = (saved / "scenario.toml").read_text()
    (saved / "scenario.toml").write_text(text.replace("churn = 0.02", "churn = 0.03"))
    accept("scenario.toml")
    with pytest.raises(ResultError, match=r"scenario\.toml is not the scenario of run\.json"):
        verify(saved)


def test_a_changed_report_is_not_valid(full: Path) -> None:
    with (full / "report.html").open("a") as report:
        report.write("<p>and the mesh won</p>")
    with pytest.raises(ResultError, match=r"report\.html was changed after it was written"):
        verify(full)
