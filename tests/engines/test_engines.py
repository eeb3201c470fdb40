"""Engines give what a plain loop gives, whatever the workers; a task that fails is data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mesh_abm.engines import Engine, LocalProcesses, ThisProcess, values_in_order

TASKS = list(range(23))
ROOT = Path(__file__).resolve().parents[2]
HERE = os.environ | {"PYTHONPATH": str(ROOT)}  # this source tree, installed or not


@pytest.fixture(params=["this process", "two workers", "three workers, often replaced"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "this process":
        yield ThisProcess()
        return
    workers, each = (2, 64) if request.param == "two workers" else (3, 2)
    with LocalProcesses(workers, tasks_per_worker=each) as processes:
        yield processes


def square(number: int) -> int:
    return number * number


def fail_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven is not allowed")
    return number


def where(_: int) -> tuple[int, int]:
    import mesh_abm.parallel

    return os.getpid(), mesh_abm.parallel.THREADS


def test_every_task_is_done_once(engine: Engine) -> None:
    outcomes = list(engine.run(square, TASKS))
    assert sorted((outcome.place, outcome.value) for outcome in outcomes) == [(n, n * n) for n in TASKS]


def test_values_come_in_the_order_of_the_tasks(engine: Engine) -> None:
    assert values_in_order(engine, square, TASKS) == [n * n for n in TASKS]


def test_a_task_that_fails_does_not_stop_the_others(engine: Engine) -> None:
    outcomes = {outcome.place: outcome for outcome in engine.run(fail_at_seven, TASKS)}
    assert len(outcomes) == len(TASKS)
    assert [place for place, outcome in outcomes.items() if outcome.failed] == [7]
    assert "ValueError: seven is not allowed" in outcomes[7].error


def test_values_in_order_raises_with_the_traceback(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match=r"task 7 of 23 failed[\s\S]*seven is not allowed"):
        values_in_order(engine, fail_at_seven, TASKS)


def test_nothing_to_do_gives_nothing(engine: Engine) -> None:
    assert list(engine.run(square, [])) == []


def test_leaving_early_leaves_the_engine_usable(engine: Engine) -> None:
    for outcome in engine.run(square, TASKS):
        assert outcome.value == outcome.place**2
        break
    assert values_in_order(engine, square, [3]) == [9]


def test_workers_are_other_processes_with_one_thread_each() -> None:
    with LocalProcesses(2) as processes:
        seen = values_in_order(processes, where, TASKS)
    assert os.getpid() not in {pid for pid, _ in seen}
    assert {threads for _, threads in seen} == {1}


def test_workers_are_replaced_after_their_tasks() -> None:
    with LocalProcesses(1, tasks_per_worker=5) as processes:
        seen = [pid for pid, _ in values_in_order(processes, where, TASKS)]
    assert max(seen.count(pid) for pid in set(seen)) <= 5


def die_once(task: tuple[str, int]) -> int:
    """Kills its worker the first time that a task is begun; the folder remembers."""
    folder, number = task
    mark = Path(folder) / str(number)
    if number % 5 == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_dies_is_replaced_and_its_task_made_again(tmp_path: Path) -> None:
    with LocalProcesses(2) as processes:
        assert values_in_order(processes, die_once, [(str(tmp_path), n) for n in range(12)]) == list(
            range(12)
        )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_always_kills_its_worker_fails_and_no_other_does(workers: int) -> None:
    with LocalProcesses(workers) as processes:
        outcomes = {outcome.place: outcome for outcome in processes.run(die, range(6))}
    assert len(outcomes) == 6
    assert "died 3 times" in outcomes[3].error
    assert [place for place, outcome in outcomes.items() if outcome.failed] == [3]


def test_what_cannot_be_sent_to_a_worker_or_back_is_the_failure_of_its_task(engine: Engine) -> None:
    sent = list(engine.run(type, [lambda: 0, 1]))
    back = {outcome.place: outcome for outcome in engine.run(unsendable, [0, 1])}
    if not isinstance(engine, ThisProcess):
        assert sorted((outcome.place, outcome.failed) for outcome in sent) == [(0, True), (1, False)]
        assert back[0].failed
        assert "pickle" in back[0].error.lower()
    assert back[1].value == 1


def unsendable(number: int) -> object:
    return number or (lambda: number)


def leave(number: int) -> int:
    sys.exit("I leave")


def test_a_task_that_leaves_the_program_fails_and_the_program_stays() -> None:
    """In this process it leaves: a signal that ends the program cleanly does it in the same way."""
    with LocalProcesses(1) as processes:
        (outcome,) = processes.run(leave, [1])
        assert "SystemExit: I leave" in outcome.error
        assert values_in_order(processes, square, [3]) == [9]
    with pytest.raises(SystemExit):
        list(ThisProcess().run(leave, [1]))


WITHOUT_GUARD = """
from mesh_abm.engines import LocalProcesses, values_in_order
print(values_in_order(LocalProcesses(2), abs, [-1, -2, -3]))
"""


def test_a_script_without_its_guard_is_told_and_no_task_is_said_to_have_failed(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WITHOUT_GUARD)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, cwd=ROOT, env=HERE
    )
    assert done.returncode != 0
    assert "its workers die as they start; a script must call it under `if __name__" in done.stderr


UNDER_KILL = """
import os, sys, time
from mesh_abm.engines import LocalProcesses

def report(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    with LocalProcesses(2) as processes:
        list(processes.run(report, range(4)))
"""


@pytest.fixture
def two_at_work(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A program of which two workers sleep in a task: itself and the numbers of the two."""
    (tmp_path / "script.py").write_text(UNDER_KILL)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=HERE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        numbers = [int(process.stdout.readline()) for _ in range(2)]
        yield process, numbers
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_workers_end_by_themselves_when_the_program_is_killed(
    two_at_work: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, numbers = two_at_work
    assert all(map(is_running, numbers))
    process.kill()
    for _ in range(600):
        if not any(map(is_running, numbers)):
            break
        time.sleep(0.1)
    assert not any(map(is_running, numbers))


def test_ctrl_c_ends_tasks_at_work_and_only_the_program_speaks(
    two_at_work: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, _ = two_at_work
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to the program and its workers
    _, complaints = process.communicate(timeout=60)
    assert complaints.count("Traceback") == 1
    assert complaints.endswith("KeyboardInterrupt\n")
