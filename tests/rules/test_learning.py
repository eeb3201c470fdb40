"""Rule 7: equation (10) on thresholds, and the shift of effort to what was done."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.rules.learning import Learning

FIELDS = {"task_types": 3, "reinforcement": 0.25, "decay": 0.05, "learning_rate": 0.2}
START = [0.5, 0.5, 0.5]


@pytest.fixture
def learned(mesh):
    def run(task, load, shares=(0.5, 0.3, 0.2), thresholds=START, **fields):
        """Thresholds and shares of one device after it was on `task` and answered `load` queries."""
        model = mesh(1, **(FIELDS | fields))
        state = model.state
        state.task[0], state.load[0], state.capacity[0] = task, load, 9
        state.shares[0], state.thresholds[0] = shares, thresholds
        Learning().apply(model)
        return state.thresholds[0], state.shares[0]

    return run


def test_the_task_done_gets_easier_all_others_harder_and_effort_moves_to_it(learned):
    thresholds, shares = learned(task=1, load=1)
    assert thresholds == pytest.approx([0.55, 0.25, 0.55])
    assert shares == pytest.approx([0.4, 0.24 + 0.2, 0.16])


def test_one_answer_teaches_as_much_as_many(learned):
    assert [column.tolist() for column in learned(2, 1)] == [column.tolist() for column in learned(2, 500)]


@pytest.mark.parametrize("task", [-1, 0, 2])
def test_who_idled_or_answered_nothing_learns_nothing_and_finds_everything_harder(learned, task):
    thresholds, shares = learned(task, load=0)
    assert thresholds == pytest.approx([0.55, 0.55, 0.55])
    assert shares.tolist() == [0.5, 0.3, 0.2]


def test_thresholds_stay_within_their_bounds(learned):
    thresholds, _ = learned(0, 1, thresholds=[0.2, 1.97, 2], threshold_min=0.01, threshold_max=2)
    assert thresholds.tolist() == [0.01, 2, 2]


@pytest.mark.parametrize(("rate", "shares"), [(0, [0.5, 0.3, 0.2]), (1, [0, 0, 1])])
def test_effort_may_stay_or_move_at_once(learned, rate, shares):
    assert learned(2, 1, learning_rate=rate)[1].tolist() == shares


def test_a_device_that_does_one_thing_for_long_is_a_specialist(mesh):
    model = mesh(1, **FIELDS)
    model.state.task[0], model.state.load[0] = 1, 1
    for month in range(1, 31):
        Learning().apply(model)
        assert model.state.shares[0] == pytest.approx(
            [0.8**month / 3, 1 - 2 * 0.8**month / 3, 0.8**month / 3]
        )
    assert model.state.thresholds[0, 1] == 0.01
    assert model.state.thresholds[0, [0, 2]].min() > 1.5


def test_devices_learn_each_for_itself_and_former_members_nothing(mesh):
    model = mesh(3, **FIELDS)
    model.state.thresholds[:] = 0.5
    model.state.task[:], model.state.load[:] = (0, 1, 2), 1
    model.expel(np.array([2], np.int32))
    Learning().apply(model)
    assert model.state.thresholds == pytest.approx(np.array([[0.25, 0.55, 0.55], [0.55, 0.25, 0.55], START]))
