"""The predecessor's learning curve and adoption dynamics."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mesh_abm.theory import adoption, learning_curve


def test_unit_cost() -> None:
    assert learning_curve.unit_cost([1, 2, 4], 10.0, 0.23) == pytest.approx([10, 8.5263, 7.2698], abs=5e-4)
    assert learning_curve.unit_cost(2.0, 1.0, 0.23) == pytest.approx(0.85263, abs=5e-6)
    assert learning_curve.doubling_ratio(0.23) == pytest.approx(0.85263, abs=5e-6)
    assert learning_curve.exponent_of_ratio(learning_curve.doubling_ratio(0.23)) == pytest.approx(0.23)
    assert learning_curve.unit_cost([0.0, 0.0, np.inf], [1.0, 1.0, 1.0], [0.23, 0.0, 0.23]).tolist() == [
        np.inf,
        1.0,
        0.0,
    ]
    assert learning_curve.unit_cost(0.0, 0.0, 0.23) == 0.0
    assert learning_curve.exponent_of_ratio(1.0) == 0.0


def test_production_is_the_inverse() -> None:
    q = np.array([0.3, 1.0, 70.0])
    cost = learning_curve.unit_cost(q, 5.0, 0.23)
    assert learning_curve.production_at(cost, 5.0, 0.23) == pytest.approx(q, rel=1e-12)
    assert learning_curve.production_at([0.0, 4.0, 5.0, 6.0], 5.0, [0.23, 0.0, 0.0, 0.0]).tolist() == [
        np.inf,
        np.inf,
        0,
        0,
    ]
    assert learning_curve.crossing_distance([1.0, 3.0], 2.0).tolist() == [1.0, -1.0]
    assert learning_curve.crossing_distance(1.0, np.inf) == np.inf


@pytest.mark.parametrize(("kappa", "mu", "r0"), [(0.11, 0.17, 0.857), (0.05, 0.08, 1.846)])
def test_reproduction_number_of_the_ledger(kappa: float, mu: float, r0: float) -> None:
    assert adoption.reproduction_number(0.5, 0.48, kappa, mu) == pytest.approx(r0, abs=5e-4)
    end = adoption.equilibrium_share(0.5, 0.48, kappa, mu)
    assert end == pytest.approx(max(0, 1 - (kappa + mu) / 0.24))


def test_reproduction_number_at_the_edges() -> None:
    assert adoption.reproduction_number(0.5, [0.0, 0.1], 0.0, 0.0).tolist() == [0.0, np.inf]
    assert adoption.equilibrium_share(0.5, 0.1, 0.0, 0.0) == 1.0


@pytest.mark.parametrize(
    "rates",
    [
        (0.5, 0.48, 0.05, 0.08),
        (0.5, 0.2, 0.05, 0.05),
        (0.3, 0.2, 0.1, 0.1),
        (0.0, 0.0, 0.1, 0.1),
        (1, 1, 0, 0),
    ],
)
def test_share_solves_its_equation(rates: tuple[float, float, float, float]) -> None:
    beta, gamma, kappa, mu = rates
    t = np.array([0.0, 1.0, 10.0, 60.0])
    solved = solve_ivp(
        lambda _, s: beta * gamma * s * (1 - s) - (kappa + mu) * s,
        (0, 60),
        [0.1],
        t_eval=t,
        rtol=1e-11,
        atol=1e-13,
    )
    assert adoption.share(t, 0.1, *rates) == pytest.approx(solved.y[0], rel=1e-7)


def test_share_at_the_edges() -> None:
    # R0 = 1: s0/(1 + beta gamma s0 t), reached without loss of digits from both sides
    for shift in (0.0, 1e-12, -1e-12):
        assert adoption.share(1000.0, 0.1, 0.5, 0.2, 0.05, 0.05 + shift) == pytest.approx(0.1 / 11, rel=1e-8)
    assert adoption.share([np.inf, 1e6], 0.1, 0.5, 0.48, 0.05, 0.08) == pytest.approx(11 / 24, rel=1e-12)
    assert adoption.share(np.inf, 0.1, 0.5, 0.1, 0.1, 0.1) == 0.0
    assert adoption.share(np.inf, 0.0, 0.5, 0.48, 0.05, 0.08) == 0.0
    assert adoption.share(np.inf, 0.3, 0.0, 0.0) == 0.3
    assert adoption.share(1e9, 1.0, 1.0, 1.0) == 1.0
    assert adoption.share([0.0, 1e9], 0.0, 1.0, 1.0).tolist() == [0.0, 0.0]


def test_logit() -> None:
    assert adoption.probability([0.0, 2.0, -2.0], 1.0) == pytest.approx([0.5, 0.8807970780, 0.1192029220])
    assert adoption.probability([-1.0, 0.0, 1.0], 0.0).tolist() == [0.0, 0.5, 1.0]
    assert adoption.probability([-np.inf, np.inf], 5.0).tolist() == [0.0, 1.0]
    assert adoption.imitation([-3.0, 0.0, 2.0], 1.0) == pytest.approx([0, 0, 2 * 0.8807970780 - 1])
    assert adoption.imitation(1e-12) == pytest.approx(5e-13, rel=1e-10)
    assert adoption.imitation([1.0, -1.0], 0.0).tolist() == [1.0, 0.0]


def test_threshold_production() -> None:
    arguments = {"central_cost": 5.0, "friction": 1.5, "gamma": 0.48, "kappa": 0.05, "mu": 0.08}
    q = adoption.threshold_production(10.0, 0.23, **arguments)
    beta = adoption.probability(5.0 - learning_curve.unit_cost(q, 10.0, 0.23), 1.5)
    assert adoption.reproduction_number(beta, 0.48, 0.05, 0.08) == pytest.approx(1.0, rel=1e-10)
    # at gamma = 2 (kappa + mu) adoption needs beta = 1/2: parity of cost
    parity = adoption.threshold_production(10.0, 0.23, 5.0, 1.5, 0.26, 0.05, 0.08)
    assert parity == pytest.approx(2 ** (1 / 0.23), rel=1e-10)


def test_threshold_production_at_the_edges() -> None:
    production = adoption.threshold_production
    assert production(10, 0.23, 5, 1, gamma=0.1, kappa=0.05, mu=0.05) == np.inf
    assert production(10, 0.23, 5, 1, gamma=0.1, kappa=0.05, mu=0.08) == np.inf
    assert production(10, 0.23, 5, 1, gamma=0.1) == 0.0
    assert production(10, 0.23, 0.1, 5.0, gamma=0.14, kappa=0.05, mu=0.08) == np.inf  # needs a cost below 0
    assert production(10, 0.0, 20, 1, gamma=0.26, kappa=0.05, mu=0.08) == 0.0
    assert production(10, 0.0, 5, 1, gamma=0.26, kappa=0.05, mu=0.08) == np.inf
    assert production(10, 0.23, 5, 1, gamma=0.0) == 0.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: learning_curve.unit_cost(-1, 1, 0.23), "q = "),
        (lambda: learning_curve.unit_cost(np.nan, 1, 0.23), "q = "),
        (lambda: learning_curve.unit_cost(1, -1, 0.23), "c0"),
        (lambda: learning_curve.unit_cost(1, 1, -0.23), "alpha"),
        (lambda: learning_curve.production_at(1, 0, 0.23), "c0"),
        (lambda: learning_curve.exponent_of_ratio(1.5), "ratio"),
        (lambda: adoption.reproduction_number(1.5, 1, 1, 1), "beta"),
        (lambda: adoption.reproduction_number(0.5, 1, -1, 1), "kappa"),
        (lambda: adoption.share(-1, 0.1, 0.5, 0.5), "t = "),
        (lambda: adoption.share(1, 1.1, 0.5, 0.5), "initial"),
        (lambda: adoption.probability(np.nan), "benefit"),
        (lambda: adoption.probability(1.0, -1.0), "friction"),
        (lambda: adoption.threshold_production(10, 0.23, 5, 0, 0.5), "friction"),
        (lambda: adoption.threshold_production(0, 0.23, 5, 1, 0.5), "c0"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
