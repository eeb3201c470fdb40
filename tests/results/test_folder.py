"""The result folder: complete, exact, whole or not there."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from mesh_abm.errors import ResultError
from mesh_abm.results import Result, folder, load_result, place, rebuild_report
from mesh_abm.results.card import RunCard, parameters_of, read_card
from mesh_abm.runs import run
from mesh_abm.scenario import Scenario

DATA = ("devices.parquet", "scenario.toml", "series.parquet", "types.parquet")


def names(path: Path) -> set[str]:
    """The files in a folder and below."""
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def contents(path: Path) -> dict[str, bytes]:
    """The files in a folder and below, with what is in them."""
    return {name: (path / name).read_bytes() for name in names(path)}


def test_the_folder_holds_what_it_promises(result: Result, saved: Path) -> None:
    networks = {f"network-{month}.parquet" for month, _ in result.snapshots.values()}
    assert len(networks) == 3
    assert names(saved) == {*DATA, *networks, "run.json"}


def test_with_a_report_it_holds_the_data_of_every_figure_in_it(full: Path, saved: Path) -> None:
    drawn = re.findall(r'<figure id="(\w+)"', (full / "report.html").read_text("utf-8"))
    assert len(drawn) > 10
    assert names(full) - names(saved) == {
        "report.html",
        *(f"figures/{name}.csv" for name in (*drawn, "theory")),
    }
    assert all(len(pd.read_csv(full / "figures" / f"{figure}.csv")) > 0 for figure in drawn)


def test_the_card_lists_every_other_file_with_its_checksum(saved: Path) -> None:
    card = json.loads((saved / "run.json").read_text("utf-8"))
    assert set(card["files"]) == names(saved) - {"run.json"}
    for name, checksum in card["files"].items():
        assert hashlib.sha256((saved / name).read_bytes()).hexdigest() == checksum


def test_the_card_says_what_was_run_with_what(result: Result, saved: Path) -> None:
    card = json.loads((saved / "run.json").read_text("utf-8"))
    assert (card["seed"], card["months"]) == (3, 30)
    assert card["parameters"]["efficiency_growth"] == 0.2
    assert set(card["parameters"]) == set(Scenario.model_fields)
    assert set(card["versions"]) >= {"python", "mesh_abm", "numpy", "numba", "mesa", "scipy"}
    assert card["versions"]["numpy"] == np.__version__
    assert card["moments"] == {name: month for name, (month, _) in result.snapshots.items()}
    hashes = [card["code"], card["data"], *card["fingerprint"].values()]
    assert all(len(digest) == 64 for digest in hashes)
    assert len(set(hashes)) == 4


def test_the_scenario_beside_it_is_resolved_and_runs_alone(result: Result, saved: Path) -> None:
    scenario = Scenario.load(saved / "scenario.toml")
    assert scenario == result.scenario
    assert scenario.seed == 3
    assert set(tomllib.loads((saved / "scenario.toml").read_text("utf-8"))) == set(Scenario.model_fields)


def test_what_is_loaded_is_what_was_saved(result: Result, saved: Path) -> None:
    loaded = load_result(saved)
    assert loaded.scenario == result.scenario
    assert_frame_equal(loaded.frame, result.frame, check_exact=True)
    assert_frame_equal(loaded.types, result.types, check_exact=True)
    assert_frame_equal(loaded.devices(), result.devices(), check_exact=True)
    assert loaded.phases == result.phases
    assert loaded.fingerprint == result.fingerprint
    assert loaded.fingerprint9 == result.fingerprint9
    for name, (month, network) in result.snapshots.items():
        assert loaded.snapshots[name][0] == month
        assert_frame_equal(loaded.snapshots[name][1], network, check_exact=True)


def test_the_same_run_makes_the_same_bytes(saved: Path, result: Result, tmp_path: Path) -> None:
    again = run(result.scenario).save(tmp_path / "again", report=False)
    assert contents(again) == contents(saved)


def test_a_run_of_no_months_is_a_result_too(tmp_path: Path) -> None:
    short = run("reference", seed=1, months=0, set={"n_owners": 50})
    loaded = load_result(short.save(tmp_path / "short", report=False))
    assert loaded.months == 0
    assert list(loaded.snapshots) == ["end"]
    assert len(loaded.frame) == 1
    assert len(loaded.types) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"months": 0},
        {"months": 3, "initial_members": 0, "innovation": 0},  # nobody ever joins
        {"months": 3, "population": "fixed", "task_types": 1, "provider_price": math.inf},
        {"months": 3, "title": '<b>$x & "y"</b>', "start": "2026-01"},
    ],
)
def test_a_run_with_little_to_show_has_a_report_too(fields: dict[str, Any], tmp_path: Path) -> None:
    path = run("reference", seed=1, set={"n_owners": 40} | fields).save(tmp_path / "little")
    assert "</html>" in (path / "report.html").read_text("utf-8")
    assert load_result(path).scenario.months == fields["months"]


def test_infinite_and_missing_parameters_survive_the_card() -> None:
    scenario = Scenario(provider_price=math.inf, link_value=None, title="inf", seed=1)
    text = json.dumps(parameters_of(scenario), allow_nan=False)
    card = {
        "seed": 1,
        "months": scenario.months,
        "parameters": json.loads(text),
        "moments": {},
        "versions": {},
    }
    card |= {"code": "", "data": "", "fingerprint": {"exact": "", "digits9": ""}, "files": {}}
    assert RunCard.model_validate(card).scenario() == scenario


# -- where it may be written -------------------------------------------------------------------------------------------


def test_a_result_is_not_written_over_another_unless_asked(result: Result, saved: Path) -> None:
    before = contents(saved)
    with pytest.raises(ResultError, match="already holds a result; must be a new or an empty folder"):
        result.save(saved, report=False)
    assert contents(saved) == before
    result.save(saved, report=False, overwrite=True)
    assert contents(saved) == before
    assert [path.name for path in saved.parent.iterdir()] == ["saved"]


def test_overwriting_leaves_no_file_of_the_old_result(saved: Path) -> None:
    short = run("reference", seed=1, months=1, set={"n_owners": 50})
    short.save(saved, report=False, overwrite=True)
    assert names(saved) == {*DATA, "network-1.parquet", "run.json"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_of_other_files_is_never_touched(result: Result, tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ResultError, match="holds other files"):
        result.save(tmp_path, overwrite=overwrite)
    assert names(tmp_path) == {"thesis.txt"}


def test_overwriting_refuses_to_lose_a_file_that_was_added(result: Result, saved: Path) -> None:
    (saved / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match=r"not of the result: notes\.txt"):
        result.save(saved, overwrite=True)
    assert "notes.txt" in names(saved)


def test_a_file_is_no_place_for_a_result(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResultError, match="is a file; must be a new or an empty folder"):
        result.save(tmp_path / "file", overwrite=True)


@pytest.mark.parametrize("refused", ["series.parquet", "devices.parquet", "scenario.toml", "run.json"])
def test_a_disk_that_fills_up_leaves_nothing(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    def full(write: Callable[..., None]) -> Callable[..., None]:
        def writing(path: Path, what: object) -> None:
            if path.name == refused:
                path.write_bytes(b"half")
                raise OSError(errno.ENOSPC, "No space left on device")
            write(path, what)

        return writing

    monkeypatch.setattr(folder, "write_table", full(place.write_table))
    monkeypatch.setattr(folder, "write_text", full(place.write_text))
    monkeypatch.setattr(place, "write_text", full(place.write_text))
    with pytest.raises(ResultError, match="No space left on device"):
        result.save(tmp_path / "new" / "place", report=False)
    assert list(tmp_path.iterdir()) == []


# -- what is not a result ----------------------------------------------------------------------------------------------


def test_without_a_card_it_is_not_a_result(saved: Path) -> None:
    (saved / "run.json").unlink()
    with pytest.raises(ResultError, match=r"is not a result: it has no run\.json"):
        load_result(saved)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "cannot be read as a run card"),
        ('{"seed": 1', "cannot be read as a run card"),
        ("[]", "is not a run card"),
        ('{"seed": 1}', "is not a run card: months: field required"),
        ("\udcff", "cannot be read as a run card"),
    ],
)
def test_a_broken_card_is_named(saved: Path, text: str, line: str) -> None:
    (saved / "run.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ResultError, match=line) as caught:
        load_result(saved)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", DATA)
def test_a_changed_or_missing_file_is_named(saved: Path, name: str) -> None:
    with (saved / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ResultError, match=f"{name} was changed after it was written"):
        load_result(saved)
    (saved / name).unlink()
    with pytest.raises(ResultError, match=f"is not a whole result: {name} is missing"):
        load_result(saved)


def test_a_table_that_is_none_is_named(saved: Path, accept: Callable[[str], None]) -> None:
    (saved / "series.parquet").write_bytes(b"PAR1 and so on")
    accept("series.parquet")
    with pytest.raises(ResultError, match="is not a whole result"):
        load_result(saved)


def test_parameters_that_this_version_does_not_know_are_named(saved: Path) -> None:
    card = read_card(saved)
    card.model_copy(update={"parameters": card.parameters | {"warp": 1}}).write(saved)
    with pytest.raises(ResultError, match="do not fit this version of mesh_abm: unknown field 'warp'"):
        load_result(saved)


# -- the report again --------------------------------------------------------------------------------------------------


def test_a_lost_report_is_made_again_and_the_card_fits_it(full: Path) -> None:
    before = contents(full)
    (full / "report.html").unlink()
    (full / "figures" / "shares.csv").write_text("spoiled")
    (full / "notes.txt").write_text("mine")
    assert rebuild_report(full) == full / "report.html"
    assert contents(full) == before | {"notes.txt": b"mine"}
    assert [entry.name for entry in full.parent.iterdir()] == ["full"]


def test_a_report_can_be_added_later(full: Path, saved: Path) -> None:
    rebuild_report(saved)
    assert contents(saved) == contents(full)
