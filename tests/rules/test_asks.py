"""Rule 5: asks follow last month's use of capacity."""

from __future__ import annotations

import numpy as np

from mesh_abm.rules.asks import Asks
from mesh_abm.rules.settlement import Settlement

RULE = Asks()


def test_who_was_busier_than_the_target_asks_more_and_who_was_idler_asks_less(mesh):
    model = mesh(4, ask_rate=0.1, target_use=0.7)
    model.state.ask[:] = 500
    model.state.utilization[:] = 1, 0.7, 0.5, 0
    RULE.apply(model)
    # 500 exp(.03) = 515.2; 500; 500 exp(-.02) = 490.1; 500 exp(-.07) = 466.2
    assert model.state.ask.tolist() == [515, 500, 490, 466]


def test_who_had_no_capacity_keeps_its_ask(mesh):
    model = mesh(2, ask_rate=1)
    model.state.ask[:] = 500, 100
    assert np.isnan(model.state.utilization).all()
    RULE.apply(model)
    assert model.state.ask.tolist() == [500, 100]


def test_no_ask_falls_below_the_running_cost(mesh):
    model = mesh(2, ask_rate=50)
    model.state.ask[:] = 500, 101
    model.state.utilization[:] = 0
    RULE.apply(model)
    assert model.state.ask.tolist() == [100, 100]


def test_a_growing_ask_stays_within_the_ledger(mesh):
    model = mesh(1, ask_rate=100, target_use=0)
    model.state.utilization[:] = 1
    for _ in range(5):
        RULE.apply(model)
    assert 10**12 < model.state.ask[0] < 2**52


def test_use_is_the_load_of_the_month_over_its_capacity(mesh, hand):
    model = mesh(3)
    hand.put_on(model, 0, 0, capacity=4)
    hand.put_on(model, 1, 0, capacity=0)
    model.state.load[:] = 3, 0, 0
    hand.ask(model)
    hand.answer(model)
    Settlement().apply(model)
    assert model.state.utilization[0] == 0.75
    assert np.isnan(model.state.utilization[1:]).all()  # full from the start, or idle: no capacity to be used
