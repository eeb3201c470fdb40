"""Equilibria of participation: the fold of claim T1b, tipping, stability, and the choice of types."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from mesh_abm.theory import equilibrium
from mesh_abm.theory.percolation import giant_component


def test_fold_of_the_ledger() -> None:
    smallest, reach = equilibrium.fold()
    assert smallest == pytest.approx(2.455407, abs=5e-7)
    assert reach == pytest.approx(1.756, abs=5e-4)
    found = minimize_scalar(
        lambda y: y / giant_component(y), bounds=(1.2, 3), method="bounded", options={"xatol": 1e-10}
    )
    assert found.fun == pytest.approx(smallest, rel=1e-12)


@pytest.mark.parametrize(("worth", "low", "high"), [(2.5, 1.586, 1.974), (3.0, 1.317, 2.766)])
@pytest.mark.parametrize("value", [1.0, 0.8])
def test_two_positive_roots_above_the_fold(worth: float, low: float, high: float, value: float) -> None:
    r0 = worth / value
    none, unstable, stable = equilibrium.equilibria(r0, value)
    assert (none.share, none.stable, none.connected) == (0.0, True, 0.0)
    assert [unstable.stable, stable.stable] == [False, True]
    assert [r0 * unstable.share, r0 * stable.share] == pytest.approx([low, high], abs=6e-4)
    for found in (unstable, stable):
        assert found.connected == pytest.approx(giant_component(r0 * found.share), rel=1e-12)
        assert found.share == pytest.approx(value * found.connected, rel=1e-9)
    assert stable.basin == pytest.approx((unstable.share, 1.0))
    top = brentq(lambda y: value * giant_component(y) * r0 - y, 1.756, 10.0, xtol=1e-14)
    assert r0 * stable.share == pytest.approx(top, rel=1e-10)


def test_below_the_fold_nobody_stays() -> None:
    (only,) = equilibrium.equilibria(2.45, 1.0)
    assert (only.share, only.stable, only.basin) == (0.0, True, (0.0, 1.0))


def test_near_the_fold() -> None:
    shares = [e.share for e in equilibrium.equilibria(2.456, 1.0)]
    assert shares == pytest.approx([0.0, 0.7063, 0.7243], abs=1e-4)


def test_members_by_conviction_tip_the_rest() -> None:
    # a tenth joins at any gain: with enough value the empty equilibrium goes and everything tips
    def costs(gain: np.ndarray) -> np.ndarray:
        return np.clip(0.1 + 0.9 * gain, 0, 1)

    few = equilibrium.equilibria(3.0, 1.0, costs)
    assert [e.stable for e in few] == [True, False, True]
    assert few[0].share == pytest.approx(0.1)
    (all_in,) = equilibrium.equilibria(15.0, 1.0, costs)
    assert all_in.share == pytest.approx(1.0, abs=1e-5)
    assert all_in.stable


def test_sample_of_costs() -> None:
    costs = (np.arange(4000) + 0.5) / 4000
    found = equilibrium.equilibria(3.0, 1.0, costs, push=0.01)
    exact = equilibrium.equilibria(3.0, 1.0)
    assert [e.stable for e in found] == [True, False, True]
    assert [e.share for e in found] == pytest.approx([e.share for e in exact], abs=2e-3)
    ends = equilibrium.best_responses([0.0, 0.3, 0.6, 1.0], 3.0, 1.0, costs)
    assert ends == pytest.approx([0.0, 0.0, found[2].share, found[2].share], abs=1e-3)


def test_type_choice_is_congestion() -> None:
    assert equilibrium.type_shares([30, 0, 0], 0.5).tolist() == [10, 10, 10]
    ends = equilibrium.type_shares([30, 0, 0], 0.5, [1.0, 2.0, 3.0])
    assert ends.sum() == 30
    # marginal products w n^(rho-1) equal in the limit: n proportional to w^2
    assert ends == pytest.approx(30 * np.array([1, 4, 9]) / 14, abs=1.0)
    pay = np.array([1.0, 2.0, 3.0]) * ends**-0.5
    assert np.max(np.array([1.0, 2.0, 3.0]) * (ends + 1) ** -0.5) <= pay.min() * (
        1 + 1e-9
    )  # nobody gains by moving
    # permutations of an uneven equilibrium are equilibria: uniqueness fails by types alone
    for start in ([4, 3, 3], [3, 4, 3], [3, 3, 4]):
        assert equilibrium.type_shares(start, 0.5).tolist() == start


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: equilibrium.equilibria(-1, 1), "r0"),
        (lambda: equilibrium.equilibria(1, np.nan), "value"),
        (lambda: equilibrium.equilibria(1, 1, [0.1, np.nan]), "costs"),
        (lambda: equilibrium.equilibria(1, 1, []), "costs"),
        (lambda: equilibrium.equilibria(1, 1, lambda gain: gain + 2), "costs"),
        (lambda: equilibrium.equilibria(1, 1, starts=1), "starts"),
        (lambda: equilibrium.best_responses(1.5, 1, 1), "start"),
        (lambda: equilibrium.type_shares([1, 2], 0.0), "rho"),
        (lambda: equilibrium.type_shares([1.5, 2], 0.5), "start"),
        (lambda: equilibrium.type_shares([1, 2], 0.5, [1, 0]), "weights"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
