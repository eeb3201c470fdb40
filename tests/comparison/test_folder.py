"""A comparison on disk: whole or not at all, readable without us, honest in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mesh_abm import Scenario
from mesh_abm.comparison import Comparison, compare
from mesh_abm.comparison.pictures import figures
from mesh_abm.comparison.words import amount, level, saved_in_words
from mesh_abm.errors import ResultError

BASE = Scenario(title="base", n_owners=60, months=14, initial_members=0.5)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    cheap = BASE.replace(title="<cheap>", shocks=[{"kind": "price", "month": 9, "value": 0.3}])
    return compare(BASE, cheap, BASE.replace(title="same"), seeds=3, engine="local")


def test_the_folder_has_report_tables_series_and_scenarios(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == [
        "comparison.json", "differences.csv", "effects.csv", "report.html", "scenario--cheap-.toml",
        "scenario-base.toml", "scenario-same.toml", "series.parquet",
    ]  # fmt: skip
    assert Scenario.load(folder / "scenario-base.toml") == BASE
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "series.parquet"), comparison.series)
    assert len(pd.read_csv(folder / "effects.csv")) == len(comparison.effects)


def test_names_of_scenarios_cannot_break_the_page(comparison: Comparison, tmp_path: Path) -> None:
    page = (comparison.save(tmp_path / "out") / "report.html").read_text()
    assert "&lt;cheap&gt;" in page
    assert "<cheap>" not in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_figures_are_of_what_differs(comparison: Comparison) -> None:
    drawn = figures(comparison)
    assert "provider_price" in {figure.name for figure in drawn}
    same = Comparison.of(
        ["base", "same"],
        list(comparison.scenarios[:2]),
        comparison.series[comparison.series["scenario"] != "<cheap>"].drop(columns="capability_ratio"),
    )
    assert figures(same) == []
    assert "exactly the same" in same.sentences()[0]
    assert same.save


def test_something_else_is_not_overwritten(comparison: Comparison, tmp_path: Path) -> None:
    comparison.save(tmp_path / "out")
    with pytest.raises(ResultError, match="already holds a comparison"):
        comparison.save(tmp_path / "out")
    comparison.save(tmp_path / "out", overwrite=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(ResultError, match="holds other files"):
        comparison.save(tmp_path / "other", overwrite=True)


def test_units_in_words() -> None:
    assert amount("market_share", 0.0321) == "+3.2 points"
    assert amount("market_share", -0.5, signed=False) == "50 points"
    assert amount("members", -12.0) == "-12.0"
    assert level("market_share", 0.42) == "42%"
    assert "twice" not in saved_in_words(pd.DataFrame({"variance_saved": [0.5, 0.5]}))
    assert "2.0 times as many" in saved_in_words(pd.DataFrame({"variance_saved": [0.5, 0.5]}))
    assert "saved no variance" in saved_in_words(pd.DataFrame({"variance_saved": [-0.5]}))
    assert "no variance to save" in saved_in_words(pd.DataFrame({"variance_saved": [float("nan")]}))
