"""`mesh-abm data`: what it prints and writes, and how it refuses."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from mesh_abm.calibration.tables import TABLES
from mesh_abm.cli import main

FIGURES = {
    "decode_speed",
    "device_merit",
    "quality_ratio",
    "hosted_prices",
    "learning_curves",
    "query_mix",
    "ranges",
}


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that succeeds prints."""
    assert main(["data", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command with bad input says."""
    assert main(["data", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    return printed.err


def test_show_lists_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "show")
    assert all(name in text for name in TABLES)


def test_show_prints_a_table_with_its_provenance(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "show", "device_classes")
    assert "workstation_96gb" in text
    assert "0.64 of bandwidth" in text.replace("\n", " ")  # from its section of README.md
    assert "geerling_ai_bench" in text
    assert "NOTES ON THESE ROWS" in text
    assert out(capsys, "show", "device_classes.csv") == text


@pytest.mark.parametrize("name", TABLES)
def test_show_prints_every_table(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert len(out(capsys, "show", name, "--rows", "3").splitlines()) > 3


def test_show_prints_as_many_rows_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "130 more rows" in out(capsys, "show", "api_prices", "--rows", "20")
    assert "more rows" not in out(capsys, "show", "api_prices", "--rows", "0")


def test_show_csv_is_the_file(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    assert out(capsys, "show", "query_mix", "--csv") == (root / "mesh_abm/data/query_mix.csv").read_text(
        "utf-8"
    )


def test_calibrate_prints_each_parameter_with_value_unit_rule_and_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = out(capsys, "calibrate")
    assert re.search(r"provider_price +33,420 +micro-credits a query +assumed", text)
    assert "median list price of tier mid" in text
    assert "hardware cost at that load" in text
    sourced, unsourced = text.index("FROM SOURCES"), text.index("RESTING ON SOMETHING RECALLED OR ASSUMED")
    assert sourced < text.index("\nquality_growth") < unsourced < text.index("\nchoice_noise")
    assert "merit_spread 0.3" in text[text.index("ASSUMED: REFERENCE VALUE") :]
    assert re.search(r"^other +81% .* no *$", text, flags=re.MULTILINE)


def test_calibrate_of_a_variant_says_which_end_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "calibrate", "optimist", "--details")
    assert "monthly_churn_mu: the low end, 0.02" in text
    assert re.search(r"^churn +=? *0\.02 ", text, flags=re.MULTILINE)


def test_calibrate_writes_the_steps(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "deep" / "steps.csv"
    out(capsys, "calibrate", "--out", str(file))
    with file.open(encoding="utf-8", newline="") as opened:
        written = {(row["parameter"], row["device_class"]): row for row in csv.DictReader(opened)}
    assert float(written["provider_price", ""]["value"]) == pytest.approx(33_420)
    assert float(written["classes.share", "other"]["value"]) == pytest.approx(0.81)
    assert written["slots", ""]["value"] == "reference value"


def test_calibrate_writes_the_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out(capsys, "calibrate", "--figures", str(tmp_path / "figures"))
    written = {path.name for path in (tmp_path / "figures").iterdir()}
    assert written == {f"{name}.{kind}" for name in FIGURES for kind in ("svg", "png", "csv")}
    for name in FIGURES:
        svg = (tmp_path / "figures" / f"{name}.svg").read_text("utf-8")
        assert svg.startswith("<?xml")
        assert "nan" not in svg.lower()
        assert (tmp_path / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_unknown_names_are_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean 'api_prices'?" in refusal(capsys, "show", "api_price")
    assert "did you mean 'pessimist'?" in refusal(capsys, "calibrate", "pesimist")
    assert "rows" in refusal(capsys, "show", "api_prices", "--rows", "-1")


def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    for arguments in (("--out", str(tmp_path / "file" / "steps.csv")), ("--figures", str(tmp_path / "file"))):
        assert str(tmp_path / "file") in refusal(capsys, "calibrate", *arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
