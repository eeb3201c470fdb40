"""`mesh-abm compare` and `switches`: what they print and write, and how they refuse."""

from __future__ import annotations

import math
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
import tomli_w
from rich.console import Console

from mesh_abm.cli import main
from mesh_abm.cli.switch_tables import print_switches
from mesh_abm.comparison.switches import OUTCOMES
from mesh_abm.device_classes import REFERENCE_CLASSES, DeviceClass
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import Kind

SMALL = ("--set", "n_owners=60", "--months", "6", "--seeds", "2", "--workers", "1")


@pytest.fixture
def what_if(tmp_path: Path) -> Path:
    file = tmp_path / "cheap.toml"
    file.write_text('based_on = "reference"\n[[shocks]]\nkind = "price"\nmonth = 4\nvalue = 0.3\n')
    return file


def test_compare_says_what_differs_and_where_the_report_is(
    what_if: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "reference", str(what_if), *SMALL, "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "cheap against reference differs from month 4 on, on 2 seeds." in printed
    assert (tmp_path / "out" / "report.html").is_file()
    assert str(tmp_path / "out" / "report.html") in printed


def test_a_scenario_against_itself_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "reference", "reference", *SMALL, "--out", str(tmp_path / "out")]) == 0
    assert "every measure is exactly the same in every month" in capsys.readouterr().out.replace("\n", " ")


NIL: dict[str, Any] = {
    "set": {"field": "churn", "value": 0.02},
    "price": {"value": 1},
    "capacity": {"value": 1},
    "merit": {"value": 1},
    "release": {"value": 1},
    "hubs": {"value": 0},
    "random": {"value": 0},
    "bar": {"value": "unsold"},
    "mix": {"value": (7 * Scenario().weights()).tolist()},
}


def test_shocks_of_value_nil_differ_by_exactly_nothing_in_every_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(NIL) == set(get_args(Kind))
    unsold = DeviceClass(name="unsold", share=0, merit=1, capacity=1, quality=0.5, running_cost=1)
    classes = [dict(device) for device in (*REFERENCE_CLASSES, unsold)]
    base = {"based_on": "reference", "initial_members": 0.6, "classes": classes}
    (tmp_path / "base.toml").write_text(tomli_w.dumps(base))
    for kind, given in NIL.items():
        shocks = [{"kind": kind, "month": 3, **given}]
        (tmp_path / f"{kind}.toml").write_text(tomli_w.dumps({"based_on": "base.toml", "shocks": shocks}))
    files = [str(tmp_path / f"{name}.toml") for name in ("base", *NIL)]
    assert main(["compare", *files, *SMALL, "--out", str(tmp_path / "out")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    table = pd.read_csv(tmp_path / "out" / "differences.csv")
    series = pd.read_parquet(tmp_path / "out" / "series.parquet")
    undefined = series[series["scenario"] == "base"].groupby("month").mean(numeric_only=True).isna()
    for kind in NIL:
        assert f"{kind} is base: every measure is exactly the same in every month" in printed
        mine = table[table["scenario"] == kind]
        assert sorted(mine["month"].unique()) == list(range(7))
        assert (mine[["difference", "half_width"]].fillna(0) == 0).all(axis=None)
        for row in mine[mine["difference"].isna()].itertuples():
            assert undefined.loc[row.month, row.measure]


def test_switches_write_a_table_and_print_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "small.toml"
    scenario.write_text('based_on = "reference"\nmonths = 3\n')
    file = tmp_path / "new" / "table.csv"
    small = ("--seeds", "2", "--workers", "1", "--set", "n_owners=40", "--set", "contagion=0")
    assert main(["switches", str(scenario), *small, "--out", str(file)]) == 0
    table = pd.read_csv(file)
    assert {"switch", "fields", "outcome", "difference", "half_width", "clear"} <= set(table)
    assert "imitation" not in set(table["switch"])
    printed = capsys.readouterr().out
    for word in ("learning curve", "learning_exponent = 0", "C_mesh / C_cent", "month of 10 %", "month 4"):
        assert word in printed


def test_on_a_terminal_fields_and_intervals_have_lines_of_their_own() -> None:
    given = {"switch": "thresholds", "fields": "reinforcement = 0, decay = 0", "on": 0.5, "difference": 0.1}
    rows = [{**given, "outcome": name, "half_width": math.inf, "clear": False} for name in OUTCOMES]
    console = Console(force_terminal=True, width=100, file=StringIO(), color_system=None)
    print_switches(console, pd.DataFrame(rows), months=60)
    lines = [line.strip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    first = next(k for k, line in enumerate(lines) if line.startswith("thresholds"))
    assert lines[first].split() == ["thresholds", *["+0.10"] * 5]
    assert lines[first + 1].split()[3:] == ["+-", "unknown"] * 5
    assert lines[first + 2] == "decay = 0"
    assert "month 61" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["compare", "reference"], "needs two scenarios or more"),
        (["compare", "reference", "refernce"], "did you mean 'reference'?"),
        (["compare", "reference", "reference", "--seeds", "1"], "--seeds"),
        (["compare", "reference", "optimist", "--seeds", "2"], "months: are 120, 300"),
        (["switches", "--set", "chrun=1"], "did you mean 'churn'"),
        (["switches", "nowhere"], "scenario 'nowhere' not found"),
        (["switches", "--seeds", "two"], "--seeds"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert line in printed
    assert printed.count("\n") == 1
    assert not (tmp_path / "out").exists()
