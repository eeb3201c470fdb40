"""Engines give what a plain loop gives, whatever the workers; a task that fails is data."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesh_abm.engines import Engine, LocalProcesses, ThisProcess, values_in_order

TASKS = list(range(23))


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
        assert values_in_order(processes, die_once, [(str(tmp_path), n) for n in range(12)]) == list(range(12))


def test_a_task_that_always_kills_its_worker_fails_and_the_others_do_not() -> None:
    with LocalProcesses(1) as processes:
        outcomes = {outcome.place: outcome for outcome in processes.run(die, range(6))}
    assert len(outcomes) == 6
    assert "died 3 times" in outcomes[3].error
    assert [place for place, outcome in outcomes.items() if not outcome.failed] != []
