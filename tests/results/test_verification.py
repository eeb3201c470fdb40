"""`verify` runs a result again and says what came of it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesh_abm import report_tables
from mesh_abm.errors import ResultError
from mesh_abm.model import MeshModel
from mesh_abm.results import Result, Verdict, load_result, verify
from mesh_abm.results.card import Fingerprints, read_card
from mesh_abm.results.fingerprints import Difference
from mesh_abm.rules import default_rules
from mesh_abm.rules.learning import Learning
from mesh_abm.rules.shocks import Shocks
from mesh_abm.runs import run

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


# --- rules of one's own


def sale(model: MeshModel) -> None:
    """In month 2 the provider halves its price."""
    if model.month == 2:
        model.provider.scale_price(operator.truediv, 2)


@pytest.fixture
def own(tmp_path: Path) -> Result:
    """A run with a custom shock."""
    rules = default_rules().replace(shocks=Shocks([sale]))
    return run("reference", seed=3, months=4, set={"n_owners": 60}, rules=rules)


def test_a_run_with_a_custom_shock_is_its_own_and_can_be_made_again_while_it_is_there(own: Result) -> None:
    plain = run("reference", seed=3, months=4, set={"n_owners": 60})
    assert (own.own_rules, plain.own_rules) == (("shocks",), ())
    assert own.fingerprint != plain.fingerprint
    assert own.model(3).record["provider_price"] == own.frame["provider_price"].iloc[3]


def test_a_run_with_a_custom_shock_cannot_be_verified_and_says_so(own: Result, tmp_path: Path) -> None:
    folder = own.save(tmp_path / "own", report=False)
    assert read_card(folder).own_rules == ("shocks",)
    lost = r"the run had custom shocks or rules of its own \(shocks\), whose code is not in the folder$"
    with pytest.raises(ResultError, match=f"own: cannot be verified: {lost}"):
        verify(folder)
    stored = load_result(folder)
    assert stored.own_rules == ("shocks",)
    assert stored.fingerprint == own.fingerprint
    with pytest.raises(ResultError, match=f"^a month cannot be made again: {lost}"):
        stored.model(2)


def test_rules_that_are_the_usual_ones_are_verified(tmp_path: Path) -> None:
    result = run("reference", seed=3, months=2, set={"n_owners": 60}, rules=default_rules())
    assert verify(result.save(tmp_path / "usual", report=False)).answer == "identical"


def test_the_report_says_that_a_run_had_rules_of_its_own(own: Result) -> None:
    assert "shocks: cannot be run again" in report_tables.card(own)["Rules of the run's own"]
