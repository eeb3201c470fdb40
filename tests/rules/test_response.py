"""Rule 4: equation (9) decides who works on what; then there is a capacity and a quality."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mesh_abm.rules.response import Response
from mesh_abm.theory import thresholds

RULE = Response()
IDLE = -1
FALSE_ALARM = 1e-6  # of each test of a frequency
N = 20_000


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def test_without_a_signal_everybody_idles(mesh):
    model = mesh(50, threshold_min=0)
    model.state.thresholds[:] = 0
    RULE.apply(model)
    assert (model.state.task == IDLE).all()
    assert model.state.capacity.sum() == 0


@pytest.mark.parametrize("signal", ["local", "global"])
def test_a_device_is_active_by_the_product_and_takes_a_task_by_its_share(mesh, signal):
    model = mesh(N, signal=signal, steepness=2)
    model.state.signal[:] = 2, 1
    model.state.thresholds[:] = 2, 2
    # p = 4/(4+4) = 1/2 and 1/(1+4) = 1/5: active 1 - 1/2 x 4/5 = 3/5, then on the first with (1/2)/(7/10) = 5/7
    RULE.apply(model)
    task = model.state.task
    assert is_frequency((task == IDLE).sum(), N, 2 / 5)
    assert is_frequency((task == 0).sum(), N, 3 / 5 * 5 / 7)
    assert is_frequency((task == 1).sum(), N, 3 / 5 * 2 / 7)


@pytest.mark.parametrize("steepness", [1, 2, 4.5])
def test_one_type_alone_is_taken_up_with_the_response_of_9(mesh, steepness):
    model = mesh(N, steepness=steepness)
    model.state.signal[:] = 0, 0.6
    model.state.thresholds[:] = 0.01, 0.8
    RULE.apply(model)
    chance = 0.6**steepness / (0.6**steepness + 0.8**steepness)
    assert chance == pytest.approx(thresholds.response(0.6, 0.8, steepness))
    assert (model.state.task != 0).all()
    assert is_frequency((model.state.task == 1).sum(), N, chance)


def test_each_device_follows_its_own_signal_and_thresholds(mesh):
    model = mesh(4)
    model.state.signal[:] = [1e6, 0], [0, 1e6], [0, 0], [1e-9, 0]
    model.state.thresholds[:] = 1
    RULE.apply(model)
    assert model.state.task.tolist() == [0, 1, IDLE, IDLE]


def test_with_thresholds_of_zero_any_signal_is_answered(mesh):
    model = mesh(10, threshold_min=0)
    model.state.signal[:] = 0, 1e-3
    model.state.thresholds[:] = 0
    RULE.apply(model)
    assert (model.state.task == 1).all()


def called(model, task=0):
    """Everybody is certain to take up `task`."""
    model.state.signal[:] = 0
    model.state.signal[:, task] = 1e9
    RULE.apply(model)
    return model.state


def test_capacity_is_capability_rounded_up_as_often_as_it_has_a_fraction(mesh):
    model = mesh(N, knowledge_gain=0.3)
    model.state.knowledge[:] = 1  # C = 10 (1 + .3 x 1/2) = 11.5, half of it on the type: 5.75
    state = called(model)
    assert set(np.unique(state.capacity)) == {5, 6}
    assert is_frequency((state.capacity == 6).sum(), N, 0.75)
    assert state.full_capacity == pytest.approx(11.5)


def test_capacity_follows_the_share_of_the_task_taken_up_and_no_personal_factor(mesh):
    model = mesh(2)
    model.state.shares[:] = [0.7, 0.3], [1, 0]
    model.state.personal[:] = 5
    model.update_merits()
    assert called(model, 0).capacity.tolist() == [7, 10]
    assert called(model, 1).capacity.tolist() == [3, 0]
    assert model.state.task.tolist() == [1, 1]  # on the task, with nothing to offer


def test_quality_rises_with_the_share_by_the_part_of_the_gap_that_specialization_closes(mesh):
    model = mesh(3, specialist_bonus=0.6, specialist_ceiling=0.9, update_bonus=0.05)
    model.state.shares[:] = [0.5, 0.5], [0.75, 0.25], [1, 0]
    model.state.up_to_date[:] = False, False, True
    # The gap .9 - .6 = .3; specialization 0, 1/2 and 1; the last 5 % better for being up to date
    assert called(model).quality == pytest.approx([0.6, 0.6 + 0.3 * 0.3, (0.6 + 0.3 * 0.6) * 1.05])


def test_who_has_less_than_an_equal_share_is_worse_than_its_class(mesh):
    model = mesh(1, task_types=4, specialist_bonus=0.6)
    model.state.shares[0] = 0, 0.4, 0.3, 0.3
    # spec(0) = -1/3
    assert called(model, 0).quality == pytest.approx([0.6 - 0.4 * 0.6 / 3])


def test_with_a_single_type_nobody_is_a_specialist(mesh):
    state = called(mesh(1, task_types=1, specialist_bonus=1))
    assert (state.quality.tolist(), state.capacity.tolist()) == ([0.6], [10])


def test_a_new_month_starts_with_no_load(mesh):
    model = mesh(2)
    for name in ("load", "delivered", "relayed", "hosted"):
        getattr(model.state, name)[:] = 3
    state = called(model)
    assert [getattr(state, name).tolist() for name in ("load", "delivered", "relayed", "hosted")] == [
        [0, 0]
    ] * 4


def test_capacity_follows_technology(mesh):
    model = mesh(1, capacity_gain=1)
    model.technology.index = np.log(2)
    assert called(model).capacity.tolist() == [10]  # 2 x 10 x 1/2


@pytest.mark.parametrize(("signal", "threshold", "chance"), [
    (1, 1, 0.5), (3, 1, 1 - 1 / (1 + 3**9)), (0, 1, 0), (0, 0, 0), (1e-3, 0, 1), (1e-200, 1, 0),
])  # fmt: skip
def test_a_device_can_say_how_it_would_respond(mesh, signal, threshold, chance):
    model = mesh(1, steepness=9, threshold_min=0, task_types=1)
    model.state.signal[:], model.state.thresholds[:] = signal, threshold
    assert model.device_at(0).response() == pytest.approx([chance], rel=1e-12)
