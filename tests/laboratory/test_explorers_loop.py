"""The Potts explorer: the loop is the sampler's, the verdict follows from it, and hostile settings are refused."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import loop
from mesh_abm.laboratory.explorers.loop import Loop, Setting
from mesh_abm.theory import potts

QUICK = {"nodes": 600, "sweeps": 40, "couplings": 24}


def whole(setting: Setting) -> Loop:
    """The loop, swept to its end."""
    *_, last = loop.swept(setting)
    return last


def test_a_branch_is_what_the_sampler_gives() -> None:
    setting = Setting(states=3, nodes=200, sweeps=10, couplings=6)
    found, graph = whole(setting), loop.network(setting)
    up = potts.order_parameter(graph, 3, found.couplings, 10, np.random.default_rng((1, 1)), "hot")
    down = potts.order_parameter(graph, 3, found.couplings[::-1], 10, np.random.default_rng((1, 2)), "cold")
    assert found.points("up")[:, 1].tolist() == up.tolist()
    assert found.points("down")[:, 1].tolist() == down[::-1].tolist()
    assert found.points("down")[:, 0].tolist() == found.couplings.tolist()


def test_it_grows_coupling_by_coupling_up_first() -> None:
    seen = [
        (len(one.up), len(one.down), one.part)
        for one in loop.swept(Setting(couplings=6, nodes=100, sweeps=10))
    ]
    assert seen[0] == (0, 0, 0.0)
    assert seen[6][:2] == (6, 0)
    assert seen[-1] == (6, 6, 1.0)
    assert len(seen) == 13


def test_ten_states_show_a_loop_and_two_do_not() -> None:
    ten, two = whole(Setting(states=10, **QUICK)), whole(Setting(states=2, low=0.8, high=1.2, **QUICK))
    assert loop.measure(ten).first_order
    assert not loop.measure(two).first_order
    assert ten.predicted.transition.first_order
    assert not two.predicted.transition.first_order
    assert "first order for q = 10" in loop.sentence(ten)
    assert "continuous for q = 2" in loop.sentence(two)
    assert "jump" in ten.predicted.sentence()
    assert "no jump" in two.predicted.sentence()


def test_a_window_of_few_steps_is_not_called_first_order() -> None:
    found = loop.begin(Setting(couplings=6))
    found.up = [0.0, 0.0, 0.0, 0.9, 0.9, 0.9]
    found.down = [0.9, 0.9, 0.9, 0.9, 0.9, 0.0]  # from the highest coupling down
    assert loop.measure(found).window == (found.couplings[1], found.couplings[2])
    assert not loop.measure(found).first_order
    assert "no more than 2 steps" in loop.sentence(found)
    found.up = [0.0, 0.0, 0.0, 0.0, 0.9, 0.9]
    assert loop.measure(found).first_order
    assert loop.measure(found).jump_down == 0.9


@pytest.mark.parametrize("network", ["random", "hubs"])
def test_networks_have_the_mean_degree_asked_for(network: loop.Network) -> None:
    graph = loop.network(Setting(network=network, nodes=2000, degree=10))
    degrees = np.array([degree for _, degree in graph.degree])
    assert degrees.mean() == pytest.approx(10, abs=0.6)
    assert (degrees.max() > 60) == (network == "hubs")


def test_the_range_is_in_units_of_the_coupling_at_which_disorder_ends() -> None:
    found = loop.begin(Setting(states=4, low=0.5, high=1.5, couplings=11))
    assert found.couplings[5] == pytest.approx(found.predicted.unstable)
    spinodal = potts.sparse_spinodal(found.predicted.branching, 4)
    assert found.predicted.unstable == pytest.approx(float(np.asarray(spinodal)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("states", 1), ("states", 2.5), ("states", "3"), ("nodes", 10**9), ("degree", math.nan), ("exponent", 1.0),
        ("low", 2.0), ("couplings", 10**6), ("sweeps", -1), ("seed", True), ("network", "../x"),
    ],
)  # fmt: skip
def test_a_setting_outside_the_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(UserError, match=f"^{name} = .*: must be"):
        Setting(**{name: value})  # type: ignore[arg-type]


def test_a_loop_that_would_take_too_long_is_refused() -> None:
    with pytest.raises(UserError, match="too much for one loop"):
        Setting(nodes=3000, couplings=60, sweeps=400, states=20, degree=40)


def test_a_loop_ends_in_time_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SECONDS", 0.0)
    found = whole(Setting())
    assert found.part < 1
    assert "stopped after" in loop.sentence(found)


def test_a_lock_is_held_only_while_sampling() -> None:
    turn = threading.Lock()
    for _ in loop.swept(Setting(couplings=6, nodes=100, sweeps=10), turn):
        assert not turn.locked()
