"""Stores: what a sweep leaves behind, how it is gone on with, and what is refused."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from mesh_abm import MeshModel, Scenario, run
from mesh_abm.engines import dead_models
from mesh_abm.sweeps import Plan, Store, journal, open_store, sweep
from mesh_abm.sweeps.place import StoreError, only_writer
from tests.sweeps.conftest import parts

ROOT = Path(__file__).resolve().parents[2]


def copy_of(store: Store, folder: Path) -> Path:
    shutil.copytree(store.folder, folder)
    return folder


def forget(folder: Path, run_ids: list[str], with_parts: bool) -> None:
    """Take runs out of a store, as if they had not been made."""
    file = folder / journal.NAME
    lines = [line for line in file.read_text().splitlines(True) if json.loads(line)["run"] not in run_ids]
    file.write_text("".join(lines))
    for name in run_ids if with_parts else []:
        (folder / "runs" / f"{name}.parquet").unlink()


def fails_at_high_churn(scenario: Scenario) -> MeshModel:
    if scenario.churn > 0.05:
        raise ArithmeticError("cannot be built")
    return MeshModel.from_scenario(scenario)


def test_models_of_runs_that_ended_are_freed_before_they_are_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_models, "MOST_OWNERS", 100)
    built: list[weakref.ref[MeshModel]] = []

    def remembered(scenario: Scenario) -> MeshModel:
        model = MeshModel.from_scenario(scenario)
        built.append(weakref.ref(model))
        return model

    plan = {"months": 1, "replicates": 20, "set": {"n_owners": 30}}
    sweep(
        plan,
        tmp_path / "store",
        engine="local",
        build=remembered,
        progress=lambda *_: check_few(sum(model() is not None for model in built)),
    )
    assert len(built) == 20


def check_few(alive: int) -> None:
    assert alive * 30 < 100 + 3 * 30  # some run on, or are held for a moment longer


def test_every_run_of_the_plan_is_there_once(filled: Store) -> None:
    runs = filled.runs
    assert runs["run"].tolist() == [f"{point:06d}-{k:04d}" for point in range(4) for k in range(2)]
    assert (runs["status"] == "done").all()
    assert runs["seed"].is_unique
    assert {"point", "replicate", "seconds", "worker", "error"} <= set(runs)


def test_a_part_is_the_run_of_its_scenario(filled: Store, keys: dict[str, Any]) -> None:
    scenario = Plan(**keys).scenario_of(3, 1)
    mine = filled.frame().query("run == '000003-0001'").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        mine.drop(columns=["run", "point", "replicate", "seed"]), run(scenario).frame, check_dtype=False
    )
    assert (mine["seed"] == scenario.seed).all()


def test_points_say_what_varied(filled: Store) -> None:
    assert filled.points.to_dict("list") == {
        "point": [0, 1, 2, 3],
        "churn": [0.02, 0.02, 0.1, 0.1],
        "n_owners": [40, 60, 40, 60],
    }


def test_columns_are_chosen_and_unknown_ones_named(filled: Store) -> None:
    frame = filled.frame(["members"])
    assert list(frame) == ["run", "point", "replicate", "seed", "month", "members"]
    assert len(frame) == 8 * 7
    with pytest.raises(StoreError, match="column 'membres': must be a measure; did you mean 'members'"):
        filled.frame(["membres"])


def test_others_read_the_series_without_us(filled: Store) -> None:
    ours = filled.frame(["members"])["members"].sum()
    assert (
        pd.concat(pd.read_parquet(path) for path in (filled.folder / "runs").iterdir())["members"].sum()
        == ours
    )
    query = f"select sum(members) from read_parquet('{filled.folder}/runs/*.parquet')"
    assert duckdb.sql(query).fetchall()[0][0] == ours


@pytest.mark.parametrize("engine", ["process", "dask"])
def test_every_engine_writes_the_same_bytes(
    engine: str, filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    again = sweep(Plan(**keys), tmp_path / "store", engine=engine, workers=2)
    assert parts(again.folder) == parts(filled.folder)
    same = ["run", "point", "replicate", "seed", "status", "error"]
    pd.testing.assert_frame_equal(again.runs[same], filled.runs[same])


@pytest.mark.parametrize(
    "with_parts", [True, False], ids=["parts lost too", "crashed between part and journal"]
)
def test_exactly_the_missing_runs_are_made(
    with_parts: bool, filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    folder = copy_of(filled, tmp_path / "store")
    gone = ["000001-0000", "000003-0001"]
    forget(folder, gone, with_parts)
    made: list[str] = []
    again = sweep(
        Plan(**keys), folder, engine="local", progress=lambda ended, total, entry: made.append(entry.run)
    )
    assert made == gone
    assert parts(folder) == parts(filled.folder)
    assert len(again.runs) == 8


def test_a_line_that_a_crash_cut_off_is_made_again(
    filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    folder = copy_of(filled, tmp_path / "store")
    file = folder / journal.NAME
    file.write_bytes(file.read_bytes()[:-20])
    assert len(open_store(folder).runs) == 7
    assert len(sweep(Plan(**keys), folder, engine="local").runs) == 8
    assert parts(folder) == parts(filled.folder)


def test_a_run_that_fails_is_a_row_and_stops_no_other(keys: dict[str, Any], tmp_path: Path) -> None:
    store = sweep(Plan(**keys), tmp_path / "store", engine="local", build=fails_at_high_churn)
    assert store.runs["status"].tolist() == ["done"] * 4 + ["failed"] * 4
    assert "ArithmeticError: cannot be built" in store.runs["error"].iloc[-1]
    assert set(store.frame(["members"])["point"]) == {0, 1}


def test_failed_runs_stay_unless_they_are_to_be_made_again(
    filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    sweep(Plan(**keys), folder, engine="local", build=fails_at_high_churn)
    assert (sweep(Plan(**keys), folder, engine="local").runs["status"] == "failed").sum() == 4
    again = sweep(Plan(**keys), folder, engine="local", retry_failed=True)
    assert (again.runs["status"] == "done").all()
    assert parts(folder) == parts(filled.folder)


def test_a_plan_that_changed_is_refused_with_what_differs(filled: Store, keys: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="the plan has changed since: months was '6', is '7'"):
        sweep(Plan(**keys | {"months": 7}), filled.folder, engine="local")
    with pytest.raises(StoreError, match="scenario was"):
        sweep(Plan(**keys | {"set": {"slots": 3}}), filled.folder, engine="local")


def test_a_store_of_another_version_is_refused(filled: Store, keys: dict[str, Any], tmp_path: Path) -> None:
    folder = copy_of(filled, tmp_path / "store")
    card = json.loads((folder / "store.json").read_text())
    (folder / "store.json").write_text(json.dumps(card | {"version": "0.0.1"}))
    with pytest.raises(StoreError, match=r"made by mesh_abm 0\.0\.1"):
        sweep(Plan(**keys), folder, engine="local")


def test_a_damaged_part_is_named_with_what_to_do(filled: Store, keys: dict[str, Any], tmp_path: Path) -> None:
    folder = copy_of(filled, tmp_path / "store")
    part = folder / "runs" / "000002-0000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match=r"000002-0000\.parquet: damaged .*restore it, or remove its line"):
        sweep(Plan(**keys), folder, engine="local")
    part.unlink()
    with pytest.raises(StoreError, match=r"000002-0000\.parquet: cannot be read"):
        sweep(Plan(**keys), folder, engine="local")


@pytest.mark.parametrize("harm", ["a bit", "cut off", "gone"])
def test_series_are_not_read_from_a_damaged_part(filled: Store, tmp_path: Path, harm: str) -> None:
    folder = copy_of(filled, tmp_path / "store")
    part = folder / "runs" / "000002-0000.parquet"
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content[:50] if harm == "cut off" else content)
    if harm == "gone":
        part.unlink()
    with pytest.raises(StoreError, match=r"000002-0000\.parquet: .*restore it, or remove its line"):
        open_store(folder).frame(["s_inf"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"point": 0', '"point": "zero"', "point: input should be a valid integer"),
        ('"status": "done"', '"status": "dnoe"', "status: input should be 'done' or 'failed'"),
        ('"replicate"', '"replicant"', "replicate: field required"),
        ('"run": "000000-0001"', '"run": "000009-0001"', "run 000009-0001 is not that of its point"),
        ("}", "", "invalid json"),
    ],
)
def test_a_damaged_line_of_the_journal_is_named_and_may_be_removed(
    filled: Store, keys: dict[str, Any], tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = copy_of(filled, tmp_path / "store")
    file = folder / journal.NAME
    lines = file.read_text().splitlines(True)
    file.write_text("".join([lines[0], lines[1].replace(old, new), *lines[2:]]))
    with pytest.raises(StoreError, match=rf"journal\.jsonl: damaged \(line 2: {told}.*remove that line"):
        sweep(keys, folder, engine="local")
    file.write_text("".join([lines[0], *lines[2:]]))
    sweep(keys, folder, engine="local")
    assert sorted(json.loads(line)["run"] for line in file.read_text().splitlines()) == list(
        filled.runs["run"]
    )
    assert parts(folder) == parts(filled.folder)


def test_a_damaged_journal_is_named(filled: Store, keys: dict[str, Any], tmp_path: Path) -> None:
    folder = copy_of(filled, tmp_path / "store")
    (folder / journal.NAME).write_text('{"run": 3}\n')
    with pytest.raises(StoreError, match=r"journal\.jsonl: damaged"):
        sweep(Plan(**keys), folder, engine="local")


def test_only_one_sweep_writes_a_store(filled: Store, keys: dict[str, Any], tmp_path: Path) -> None:
    folder = copy_of(filled, tmp_path / "store")
    with only_writer(folder), pytest.raises(StoreError, match="another sweep is writing it"):
        sweep(Plan(**keys), folder, engine="local")


def test_a_folder_with_other_files_is_left_alone(keys: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StoreError, match="holds other files"):
        sweep(Plan(**keys), tmp_path, engine="local")
    with pytest.raises(StoreError, match="holds no sweep"):
        open_store(tmp_path)


def test_a_folder_with_other_files_gets_no_lock_either(keys: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        sweep(Plan(**keys), tmp_path, engine="local")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("left", [[], ["plan.toml"], ["plan.toml", "scenario.toml", ".points.json.partial"]])
def test_a_store_whose_making_was_cut_off_is_made(
    left: list[str], filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "runs").mkdir()
    for name in [".lock", *left]:
        (tmp_path / name).write_bytes(b"")
    store = sweep(Plan(**keys), tmp_path, engine="local")
    assert parts(store.folder) == parts(filled.folder)
    assert store.plan == filled.plan
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize(("name", "read"), [("plan.toml", "plan"), ("points.json", "points")])
def test_what_describes_a_store_is_written_anew_if_damaged(
    name: str, read: str, filled: Store, keys: dict[str, Any], tmp_path: Path
) -> None:
    folder = copy_of(filled, tmp_path / "store")
    (folder / name).write_text("{")
    with pytest.raises(StoreError, match=f"{name}: missing or damaged"):
        getattr(open_store(folder), read)
    assert len(getattr(sweep(Plan(**keys), folder, engine="local"), read)) == len(getattr(filled, read))


def test_a_full_disk_is_one_line_and_the_store_is_gone_on_with(keys: dict[str, Any], tmp_path: Path) -> None:
    source = f"""
import resource, sys
from mesh_abm.errors import UserError
from mesh_abm.sweeps import Plan, sweep
def fill(ended, total, entry):
    if ended == 2:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
try:
    sweep(Plan(**{keys!r}), {str(tmp_path / "store")!r}, engine="local", progress=fill)
except UserError as error:
    sys.exit(str(error))
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr.count("\n") == 1, done.stderr
    assert re.match(r"store = .*: cannot be written \(", done.stderr)
    assert len(open_store(tmp_path / "store").runs) == 2
    assert not list((tmp_path / "store").rglob("*.partial"))
    assert len(sweep(Plan(**keys), tmp_path / "store", engine="local").runs) == 8


def test_a_journal_without_room_names_the_store(
    keys: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(writer: journal.Writer, entry: journal.Entry) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(journal.Writer, "add", full)
    with pytest.raises(StoreError, match=f"store = {tmp_path}: cannot be written .No space left on device"):
        sweep(Plan(**keys), tmp_path, engine="local")


def test_a_function_that_cannot_be_sent_is_refused_before_anything_runs(
    keys: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="must be a function of a module"):
        sweep(Plan(**keys), tmp_path / "store", build=lambda scenario: MeshModel.from_scenario(scenario))
    assert not (tmp_path / "store").exists()


def test_a_measure_that_is_not_there_in_the_end_counts_as_unsure(
    keys: dict[str, Any], tmp_path: Path
) -> None:
    until = {"measure": "tail_exponent", "half_width": 1.0, "ceiling": 3}
    store = sweep(Plan(**keys | {"until": until, "vary": {}}), tmp_path / "store", engine="local")
    assert len(store.runs) == 3


def test_replicates_are_added_until_the_interval_is_narrow(keys: dict[str, Any], tmp_path: Path) -> None:
    until = {"measure": "members", "half_width": 2.5, "ceiling": 12, "step": 2}
    plan = Plan(**keys | {"until": until})
    store = sweep(plan, tmp_path / "store", engine="local")
    counts = store.runs.groupby("point").size()
    for point, count in counts.items():
        last = store.frame(["members"]).query("point == @point and month == 6")["members"]
        for k in range(2, count + 1, 2):
            width = _half_width(last.iloc[:k])
            assert (width <= 2.5) == (k == count) or (k == count == 12), (point, k, width)
    assert counts.nunique() > 1, "the measure is as noisy at every point; choose another width"
    again = sweep(plan, tmp_path / "other", engine="process", workers=2)
    assert parts(again.folder) == parts(store.folder)


def test_the_measure_to_be_sure_of_must_be_one(keys: dict[str, Any], tmp_path: Path) -> None:
    plan = Plan(**keys | {"until": {"measure": "membres", "half_width": 1.0}})
    with pytest.raises(ValueError, match=r"until.measure = 'membres': must be a measure"):
        sweep(plan, tmp_path / "store", engine="local")
    assert not (tmp_path / "store").exists()


def _half_width(values: pd.Series) -> float:
    from scipy.stats import t

    low, high = t.interval(0.95, len(values) - 1, values.mean(), values.std(ddof=1) / len(values) ** 0.5)
    return float(high - low) / 2
