"""Rule 6, calls heard: what nobody could answer becomes the signal of those whom the search passed."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.books import Reason
from mesh_abm.rules.hearing import Hearing

FIELDS = {"signal_memory": 0.75, "demand": 4}  # a call heard raises a device's signal by .25 x 2 / 4 = .125
CALL = 0.125


def hear(model, hand, *cases):
    """Lets the queries end as told: ((origin, type), fate, nodes moved to)."""
    queries, fates, paths = zip(*cases, strict=True)
    hand.ask(model, *queries)
    hand.answer(model, *[(0, path) for path in paths])
    model.fate = np.array(fates, np.int8)
    Hearing().apply(model)
    return model.state.signal


def test_a_call_is_heard_by_its_origin_and_at_every_move_by_the_node_moved_to(mesh, hand):
    model = mesh(4, **FIELDS)
    signal = hear(model, hand, ((0, 1), Reason.NO_SPECIALIST, [1, 2, 1]))
    assert signal.tolist() == [[0, CALL], [0, 2 * CALL], [0, CALL], [0, 0]]


def test_a_walk_that_comes_home_is_heard_there_again(mesh, hand):
    model = mesh(2, **FIELDS)
    assert hear(model, hand, ((0, 0), Reason.NO_SPECIALIST, [1, 0])).tolist() == [[2 * CALL, 0], [CALL, 0]]


def test_without_a_path_the_origin_alone_hears(mesh, hand):
    model = mesh(3, **FIELDS)
    signal = hear(model, hand, ((2, 0), Reason.NO_PATH, []), ((2, 0), Reason.NO_PATH, []))
    assert signal.tolist() == [[0, 0], [0, 0], [2 * CALL, 0]]


@pytest.mark.parametrize("fate", [Reason.NO_PATH, Reason.NO_SPECIALIST, Reason.NO_CAPACITY])
def test_what_found_no_free_specialist_is_a_call(mesh, hand, fate):
    assert hear(mesh(2, **FIELDS), hand, ((0, 0), fate, [1])).sum() == 2 * CALL


@pytest.mark.parametrize(
    "fate", [-1, -2, *set(Reason) - {Reason.NO_PATH, Reason.NO_SPECIALIST, Reason.NO_CAPACITY}]
)
def test_what_was_served_or_ended_for_other_reasons_is_no_call(mesh, hand, fate):
    assert hear(mesh(2, **FIELDS), hand, ((0, 0), fate, [1])).sum() == 0


def test_the_signal_remembers_and_forgets(mesh, hand):
    model = mesh(2, **FIELDS)
    model.state.signal[:] = [1, 2], [0, 4]
    signal = hear(model, hand, ((0, 0), Reason.NO_PATH, []))
    assert signal.tolist() == [[0.75 + CALL, 1.5], [0, 3]]


def test_a_signal_of_one_is_what_average_demand_that_stays_unanswered_makes(mesh, hand):
    model = mesh(1, signal_memory=0.5, demand=4)
    for _ in range(60):  # two calls of each type a month: lambda / J
        signal = hear(model, hand, *[((0, j), Reason.NO_PATH, []) for j in (0, 0, 1, 1)])
    assert signal == pytest.approx(np.ones((1, 2)))


def test_the_global_signal_counts_each_call_once_whoever_was_passed(mesh, hand):
    model = mesh(4, signal="global", **FIELDS)
    model.state.signal[0] = 1, 0
    signal = hear(
        model, hand,
        ((0, 0), Reason.NO_SPECIALIST, [1, 2]), ((1, 0), Reason.NO_CAPACITY, [0]), ((2, 1), Reason.NO_PATH, []),
        ((2, 1), Reason.PRICE, []),
    )  # fmt: skip
    # .25 J / (lambda N) = .25 x 2 / 16 a call
    assert signal.tolist() == [[0.75 + 2 / 32, 1 / 32]]


def test_the_global_signal_is_per_member_not_per_owner(mesh, hand):
    model = mesh(4, signal="global", **FIELDS)
    model.expel(np.array([3, 2], np.int32))
    assert hear(model, hand, ((0, 0), Reason.NO_PATH, [])).tolist() == [[1 / 16, 0]]


def test_without_members_the_global_signal_fades(mesh, hand):
    model = mesh(2, signal="global", **FIELDS)
    model.state.signal[0] = 1, 2
    model.expel(model.members)
    hand.ask(model)
    hand.answer(model)
    model.fate = np.zeros(0, np.int8)
    Hearing().apply(model)
    assert model.state.signal.tolist() == [[0.75, 1.5]]


def test_the_whole_of_rule_6_is_heard(mesh, hand):
    """0 - 1 - 2: the call of 0 passes 1; that of 3, who knows nobody, stays there; 2 can serve one of type 0."""
    model = mesh(4, (0, 1), (1, 2), ttl=2, choice_noise=1, **FIELDS)
    hand.put_on(model, 2, 0, quality=1, capacity=1)
    hand.ask(model, (0, 0), (0, 1), (3, 0))
    for rule in (model.rules.routing, model.rules.settlement, model.rules.hearing):
        rule.apply(model)
    assert model.flows.by_mesh.tolist() == [1, 0]
    assert model.state.signal.tolist() == [[0, CALL], [0, CALL], [0, 0], [CALL, 0]]
