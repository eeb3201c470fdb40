"""The population of thresholds alone: what must hold whatever it does, and its known limits at small size."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.claims.experiments.task_allocation import Population, allocate

SMALL = Population(devices=40, types=4, high=20.0)


def test_work_done_is_the_demand_or_all_there_is_capacity_for() -> None:
    found = allocate([0.3, 0.8, 1.5], 0.1, False, 2_000, np.random.default_rng(1), SMALL)
    assert found.busy == pytest.approx([0.3, 0.8, 1.0], abs=0.02)
    assert np.all((found.idle >= 0) & (found.idle <= 0.7))


def test_no_decay_under_overload_makes_generalists() -> None:
    # all thresholds reach the floor and the signal is the same for all types: the task is a matter of chance; 500
    # units of work leave an index of about (J - 1)/(2 * 500 ln J) = .002
    found = allocate(1.5, 0.0, False, 2_000, np.random.default_rng(2), SMALL)
    assert found.index[0] < 0.01
    assert found.dominant[0].sum() == pytest.approx(1.0)


def test_slow_decay_with_spare_capacity_makes_specialists_and_fast_decay_does_not() -> None:
    slow, fast = allocate(0.4, [0.06, 2.0], False, 4_000, np.random.default_rng(3), SMALL).index
    assert slow > 0.8
    assert fast < 0.3


def test_nobody_performs_without_demand() -> None:
    found = allocate(0.0, 0.1, [False, True], 100, np.random.default_rng(4), SMALL)
    assert found.idle.tolist() == [1.0, 1.0]
    assert found.index.tolist() == [0.0, 0.0]


def test_same_random_numbers_same_outcome() -> None:
    one, two = (allocate(0.5, 0.1, False, 300, np.random.default_rng(5), SMALL).index for _ in range(2))
    assert one.tolist() == two.tolist()
