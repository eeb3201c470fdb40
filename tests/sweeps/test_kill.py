"""Sweeps killed without warning, as whole processes: nothing lost, nothing doubled, the same bytes in the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pandas as pd
import pytest

from mesh_abm.engines import EngineError
from mesh_abm.engines.dask import Dask
from mesh_abm.sweeps import open_store, sweep
from tests.sweeps.conftest import parts

ROOT = Path(__file__).resolve().parents[2]
PLAN = """
scenario = "reference"
months = 30
replicates = 5
seed = 8
[vary]
churn = [0.02, 0.05, 0.1]
n_owners = [300, 600]
"""
RUNS = 30
COMMAND = "import sys; from mesh_abm.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "plan.toml"
    file.write_text(PLAN)
    return file


@pytest.fixture(scope="module")
def undisturbed(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sweep(plan, tmp_path_factory.mktemp("undisturbed") / "store", engine="local").folder


def begin(*arguments: str, errors: Path | None = None) -> subprocess.Popen[bytes]:
    """Start `mesh-abm sweep` in a process group of its own, its complaints going to a file."""
    with (errors or Path(os.devnull)).open("wb") as complaints:
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "sweep", *arguments],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )


def last_line(errors: Path) -> str:
    """The last line that a command complained with."""
    return errors.read_text().strip().splitlines()[-1]


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and its workers, so that none of them gets a word in."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(count: int, folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a store has so many part files, or the sweep is over."""
    while process.poll() is None and len(list((folder / "runs").glob("*.parquet"))) < count:
        time.sleep(0.01)


def check_same(folder: Path, undisturbed: Path) -> None:
    """Assert that a store is the undisturbed one, but for times and workers."""
    assert parts(folder) == parts(undisturbed)
    columns = ["run", "point", "replicate", "seed", "status", "error"]
    runs = open_store(folder).runs
    pd.testing.assert_frame_equal(runs[columns], open_store(undisturbed).runs[columns])
    assert len(runs) == RUNS
    assert sorted(path.name for path in folder.iterdir() if path.name != ".lock") == sorted(
        path.name for path in undisturbed.iterdir() if path.name != ".lock"
    )


@pytest.mark.parametrize("engine", ["local", "process"])
def test_killed_again_and_again_it_ends_as_if_left_alone(
    engine: str, plan: Path, undisturbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    arguments = (str(plan), "--store", str(folder), "--engine", engine, "--workers", "2")
    for upto in (1, 10, 21):
        process = begin(*arguments)
        wait_for(upto, folder, process)
        kill_all(process)
    seen = len(parts(folder))
    assert 21 <= seen < RUNS, "killed too late to say anything"
    assert begin(*arguments).wait() == 0
    check_same(folder, undisturbed)


def test_ctrl_c_leaves_a_store_to_go_on_with(plan: Path, undisturbed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    errors = tmp_path / "errors"
    process = begin(str(plan), "--store", str(folder), "--workers", "2", errors=errors)
    wait_for(5, folder, process)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130
    assert last_line(errors) == "mesh-abm: stopped"
    assert not list(folder.rglob("*.partial"))
    sweep(plan, folder, engine="local")
    check_same(folder, undisturbed)


@contextmanager
def dask_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or worker as a process, killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_all(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A scheduler and two workers on loopback: [scheduler, worker, worker]."""
    address = f"tcp://127.0.0.1:{port}"
    worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    scheduler = (
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    )
    with dask_process(*scheduler) as first:
        _wait_for_port(port)
        with dask_process(*worker) as second, dask_process(*worker) as third:
            yield [first, second, third]


def _wait_for_port(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def test_a_dask_worker_killed_in_mid_sweep_loses_nothing(
    plan: Path, undisturbed: Path, tmp_path: Path
) -> None:
    port, folder = free_port(), tmp_path / "store"
    with cluster(port) as (_, worker, _other):
        process = begin(
            str(plan), "--store", str(folder), "--engine", "dask", "--scheduler", f"tcp://127.0.0.1:{port}"
        )
        wait_for(6, folder, process)
        kill_all(worker)
        assert process.wait() == 0
    check_same(folder, undisturbed)


def test_after_a_lost_scheduler_the_same_command_goes_on(
    plan: Path, undisturbed: Path, tmp_path: Path
) -> None:
    port, folder = free_port(), tmp_path / "store"
    arguments = (
        str(plan),
        "--store",
        str(folder),
        "--engine",
        "dask",
        "--scheduler",
        f"tcp://127.0.0.1:{port}",
    )
    with cluster(port) as (scheduler, *_):
        process = begin(*arguments, errors=tmp_path / "errors")
        wait_for(6, folder, process)
        kill_all(scheduler)
        assert process.wait() == 2
    assert last_line(tmp_path / "errors").startswith("mesh-abm: engine = 'dask': the scheduler is gone")
    assert 6 <= len(parts(folder)) < RUNS
    with cluster(port):
        assert begin(*arguments).wait() == 0
    check_same(folder, undisturbed)


def test_a_scheduler_lost_while_a_value_is_fetched_is_said_plainly() -> None:
    port = free_port()
    with cluster(port) as (scheduler, *_), Dask(f"tcp://127.0.0.1:{port}") as engine:
        outcomes = engine.run(bytes, [10, 100_000_000])
        assert next(outcomes).value == bytes(10)
        time.sleep(0.5)  # the large value is ready by now, with a worker
        death = Timer(0.02, kill_all, [scheduler])
        death.start()
        with pytest.raises(EngineError, match="the scheduler is gone"):
            next(outcomes)
        death.join()


def test_a_scheduler_that_does_not_answer_is_one_line(plan: Path, tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    arguments = (str(plan), "--store", str(tmp_path / "store"), "--engine", "dask", "--scheduler", address)
    assert begin(*arguments, errors=tmp_path / "errors").wait() == 2
    assert last_line(tmp_path / "errors").startswith(f"mesh-abm: scheduler = {address}: does not answer")
