"""Degrees in growing and mortal networks (4), and bandwidth (13)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mesh_abm.theory import bandwidth, condensation, growth


def test_degrees_grow_as_a_power_of_age() -> None:
    assert growth.degree(9.0, 1.0, 0.5, 1.0, slots=2) == pytest.approx(6.0)
    assert growth.degree(5.0, 5.0, 0.5, 1.0, slots=2) == 2.0
    assert growth.degree(7.0, 1.0, 0.0, 1.0) == 1.0
    # total degree of equal devices (C = 2 eta) is twice the slots: mean of m (t/s)^(1/2) over births s
    births = (np.arange(200_000) + 0.5) / 200_000
    assert growth.degree(1.0, births, 0.5, 1.0, slots=3).mean() == pytest.approx(6.0, rel=0.01)


def test_tail_exponents() -> None:
    assert growth.tail_exponent() == 3.0
    assert growth.tail_exponent(1.0) == 2.0
    uniform = condensation.solve(np.ones_like)
    assert growth.tail_exponent(1 / uniform.C) == pytest.approx(2.255, abs=5e-4)
    assert uniform.tail_exponent == pytest.approx(growth.tail_exponent(1 / uniform.C), rel=1e-12)


@pytest.mark.parametrize(("deaths", "exponent"), [(0.0, 3.0), (1 / 3, 4.0), (2 / 3, 7.0), (1.0, np.inf)])
def test_turnover_exponents_of_the_ledger(deaths: float, exponent: float) -> None:
    net = 1 - deaths  # deletions per addition
    assert growth.turnover_exponent(net, deaths) == pytest.approx(exponent, rel=1e-12)
    if 0 < deaths < 1:
        assert growth.turnover_exponent(net, deaths) == pytest.approx(
            3 + 2 * deaths / net
        )  # Moore and others 2006


def test_hub_fitness_is_where_the_exponent_is_three() -> None:
    for g, mu, kappa in ((0.02, 0.01, 0.0), (0.05, 0.01, 0.03), (0.01, 0.001, 0.0)):
        needed = growth.hub_fitness(g, mu, kappa)
        assert growth.turnover_exponent(g, mu, kappa, needed) == pytest.approx(3.0, rel=1e-12)
    assert growth.hub_fitness(0.02, 0.0, 0.0) == 0.5


def test_top_share() -> None:
    assert growth.top_share(0.01, [2.354, 3.0, np.inf]) == pytest.approx([0.30, 0.10, 0.01], abs=5e-4)
    assert growth.top_share(1.0, 2.5) == 1.0


def test_bandwidth() -> None:
    assert bandwidth.crossing_ratio(100, 4.0, 200) == 2.0
    assert bandwidth.crossing_ratio(100, 4.0, 0.0) == np.inf
    assert bandwidth.crossing_ratio(0, 4.0, 0.0) == 0.0
    assert bandwidth.crossing_ratio(100, 4.0, np.inf) == 0.0
    # every link carries 10 queries a month, each query crosses 2.5 of the 200 links
    assert bandwidth.capacity(100, 4.0, 10.0, 2.5) == pytest.approx(200 * 10 / 2.5)
    assert bandwidth.busiest_capacity([0.5, 0.0], 10.0).tolist() == [20.0, np.inf]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: growth.degree(1.0, 2.0, 0.5, 1.0), "t: "),
        (lambda: growth.degree(1.0, 0.0, 0.5, 1.0), "born"),
        (lambda: growth.degree(2.0, 1.0, 0.5, 0.0), "C = "),
        (lambda: growth.tail_exponent(0.0), "relative_fitness"),
        (lambda: growth.turnover_exponent(-0.1, 0.1), "growth"),
        (lambda: growth.hub_fitness(0, 0, 0), "growth"),
        (lambda: growth.top_share(0.01, 2.0), "exponent"),
        (lambda: growth.top_share(0.0, 3.0), "part"),
        (lambda: bandwidth.crossing_ratio(-1, 1, 1), "n = "),
        (lambda: bandwidth.capacity(1, 1, 1, 0.5), "path_length"),
        (lambda: bandwidth.busiest_capacity(1.5, 1), "relay_share"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
