"""CES aggregation: closed forms, limits in rho, and the corrected (16)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from mesh_abm.theory import ces


def test_aggregate_against_exact_arithmetic() -> None:
    assert ces.aggregate([1, 4, 9, 16], 0.5) == pytest.approx(100.0, rel=1e-14)  # (1 + 2 + 3 + 4)^2
    assert ces.aggregate([1, 8, 27], 1 / 3) == pytest.approx(216.0, rel=1e-13)
    assert ces.aggregate([2, 3, 6], -1) == pytest.approx(1.0, rel=1e-14)  # 1/(1/2 + 1/3 + 1/6)
    assert ces.aggregate([1, 2, 3], -2) == pytest.approx(float(Fraction(36, 49)) ** 0.5, rel=1e-14)


def test_matrix_is_summed_over_devices_first() -> None:
    devices = np.array([[1.0, 0.0], [3.0, 4.0]])
    assert ces.aggregate(devices, 0.5) == pytest.approx(16.0)
    assert ces.aggregate(devices, 0.5, pooled=True) == pytest.approx([1.0, (3**0.5 + 2) ** 2])
    assert ces.aggregate(np.ones((3, 4, 2)), 0.5, pooled=True).shape == (3, 4)


def test_edges_of_rho() -> None:
    pools = np.array([1.0, 2.0, 5.0])
    assert ces.aggregate(pools, 1) == pytest.approx(8.0, rel=1e-15)
    assert ces.aggregate(pools, 1 - 1e-9) == pytest.approx(8.0, rel=1e-8)
    assert ces.aggregate(pools, -np.inf) == 1.0
    assert ces.aggregate(pools, -500.0) == pytest.approx(1.0, rel=1e-10)
    assert ces.aggregate(pools, [0.5, 1.0]).shape == (2,)
    # small rho: (J mean(C^rho))^(1/rho) with mean(C^rho)^(1/rho) near the geometric mean
    rho = 1e-3
    logs = np.log(pools)
    expected = np.log(3) / rho + logs.mean() + rho * logs.var() / 2
    assert ces.log_aggregate(pools, rho) == pytest.approx(expected, abs=1e-6)
    assert ces.aggregate(np.ones(50), 0.005) == np.inf  # 50^200
    assert ces.log_aggregate(np.ones(50), 0.005) == pytest.approx(200 * np.log(50), rel=1e-13)


def test_empty_types() -> None:
    assert ces.aggregate([3.0, 0.0], 0.5) == pytest.approx(3.0)
    assert ces.aggregate([3.0, 0.0], 1e-9) == pytest.approx(3.0)
    assert ces.aggregate([3.0, 0.0], -1.0) == 0.0
    assert ces.aggregate([0.0, 0.0], 0.5) == 0.0
    assert ces.aggregate(np.zeros((0, 3)), 0.5) == 0.0
    assert ces.aggregate([], 0.5) == 0.0


def test_constant_returns_and_large_numbers() -> None:
    pools = np.array([1.0, 7.0, 2.0])
    for rho in (0.2, 0.9, -3.0):
        assert ces.aggregate(1e200 * pools, rho) == pytest.approx(
            1e200 * ces.aggregate(pools, rho), rel=1e-12
        )


@pytest.mark.parametrize(("rho", "premium"), [(0.9, 1.2203), (0.5, 6.0), (0.2, 1296.0), (1.0, 1.0)])
def test_diversity_premium_of_the_ledger(rho: float, premium: float) -> None:
    assert ces.diversity_premium(6, rho) == pytest.approx(premium, rel=5e-5)
    even, one = ces.aggregate(np.full(6, 1 / 6), rho), ces.aggregate([1, 0, 0, 0, 0, 0], rho)
    assert ces.diversity_premium(6, rho) == pytest.approx(even / one, rel=1e-12)


def test_premium_where_one_type_achieves_nothing() -> None:
    assert ces.diversity_premium([1, 2], -1.0).tolist() == [1.0, np.inf]


def test_equal_coverage_is_best() -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(5), size=200)
    for rho in (0.1, 0.5, 0.95, -1.0):
        assert np.all(
            ces.aggregate(shares, rho, pooled=True) <= ces.aggregate(np.full(5, 0.2), rho) * (1 + 1e-12)
        )


def test_centralized_is_the_aggregate_of_its_units() -> None:
    for rho in (0.3, 0.8, 1.0, -2.0):
        units = np.full((10, 6), 3.0 / 6)
        assert ces.centralized(10, 3.0, 6, rho) == pytest.approx(ces.aggregate(units, rho), rel=1e-12)
    assert ces.centralized(0, 3.0, 6, 0.01) == 0.0


def test_mesh_formula_and_its_misprint() -> None:
    shares = np.zeros((60, 6))
    shares[np.arange(60), np.arange(60) % 6] = 2.0
    true = ces.aggregate(shares, 0.5)
    assert ces.mesh(100, 0.6, 2.0, 6, 0.5) == pytest.approx(true, rel=1e-12)
    assert ces.mesh_as_printed(100, 0.6, 2.0, 6, 0.5) == pytest.approx(true / 6, rel=1e-12)


def test_effective_types() -> None:
    assert ces.effective_types(np.full(7, 3.0), [0.3, 1.0]) == pytest.approx([7.0, 7.0], rel=1e-12)
    assert ces.effective_types([1.0, 0.0, 0.0], 0.5) == pytest.approx(1.0)
    p = np.array([0.5, 0.3, 0.2])
    entropy = np.exp(-np.sum(p * np.log(p)))
    assert ces.effective_types(p, 1.0) == pytest.approx(entropy, rel=1e-12)
    assert ces.effective_types(p, 1 - 1e-10) == pytest.approx(entropy, rel=1e-9)
    assert ces.effective_types(p, 0.5) == pytest.approx(np.sum(np.sqrt(p)) ** 2, rel=1e-12)


@pytest.mark.parametrize(
    ("shares", "factor"),
    [([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], 1.1459), ([5 / 6] + [1 / 30] * 5, 1.8), ([1] * 6, 1.0)],
)
def test_uneven_coverage_of_the_ledger(shares: list[float], factor: float) -> None:
    assert ces.uneven_coverage_factor(shares, 0.5) == pytest.approx(factor, abs=5e-5)
    p = np.array(shares) / np.sum(shares)
    ratio = ces.aggregate(np.full(6, 1 / 6), 0.5) / ces.aggregate(p, 0.5)
    assert ces.uneven_coverage_factor(shares, 0.5) == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ces.aggregate([1, 2], 0), "rho"),
        (lambda: ces.aggregate([1, 2], 1.01), "rho"),
        (lambda: ces.aggregate([1, 2], np.nan), "rho"),
        (lambda: ces.aggregate([1, -2], 0.5), "capability"),
        (lambda: ces.aggregate([1, np.nan], 0.5), "capability"),
        (lambda: ces.aggregate(3.0, 0.5), "capability"),
        (lambda: ces.aggregate(np.ones((2, 2, 2)), 0.5), "capability"),
        (lambda: ces.diversity_premium(0, 0.5), "n_types"),
        (lambda: ces.diversity_premium(2.5, 0.5), "n_types"),
        (lambda: ces.diversity_premium(3, 0.0), "rho"),
        (lambda: ces.centralized(-1, 1.0, 3, 0.5), "units"),
        (lambda: ces.centralized(1, np.inf, 3, 0.5), "unit_capability"),
        (lambda: ces.effective_types([0.0, 0.0], 0.5), "shares"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
