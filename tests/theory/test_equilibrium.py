"""Critical mass, mesh threshold, percolation threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq

from mesh_abm.theory import ces, condensation, equilibrium, percolation


def test_critical_mass() -> None:
    mass = equilibrium.critical_mass(50, 10.0, 2.0, 2.0)
    connected = percolation.giant_component(2.0)
    assert mass == pytest.approx(250 / connected, rel=1e-14)
    assert ces.mesh(mass, connected, 2.0, 6, 0.5) == pytest.approx(
        ces.centralized(50, 10.0, 6, 0.5), rel=1e-12
    )
    assert equilibrium.critical_mass(1, 1, 1, [0.5, 1.0, np.inf]).tolist() == [np.inf, np.inf, 1.0]
    assert equilibrium.critical_mass(0, 1, 1, 2.0) == 0.0


@pytest.mark.parametrize(("capacity", "mass"), [(500, 1270.75), (2000, 2313.04), (5000, 5033.92)])
def test_implicit_critical_mass_of_the_ledger(capacity: float, mass: float) -> None:
    found = equilibrium.critical_mass_implicit(capacity, 1.0, 1.0, 0.001, 1.0, 1.0)
    assert found == pytest.approx(mass, abs=0.0055)
    r0 = 0.001 * found
    assert found == pytest.approx(equilibrium.critical_mass(capacity, 1.0, 1.0, r0), rel=1e-9)
    assert equilibrium.critical_mass_r0(0.001 * capacity) == pytest.approx(r0, rel=1e-12)
    assert found > 1000  # above the percolation threshold 1/b, always


def test_implicit_critical_mass_at_the_edges() -> None:
    mass = equilibrium.critical_mass_implicit
    assert mass(0, 1, 1, 0.001, 1, 1) == pytest.approx(1000)
    assert mass(1e-12, 1, 1, 0.001, 1, 1) == pytest.approx(1000)
    assert mass(5, 1, 1, [0.0, 1.0], 1, [1, 0]).tolist() == [np.inf, 5.0]
    assert mass(1e9, 1, 1, 0.001, 1, 1) == pytest.approx(1e9)
    assert equilibrium.critical_mass_r0(0.0) == 1.0
    assert equilibrium.market_share(3.0, 1.0) == 0.25


def test_mesh_threshold_is_where_the_mean_degree_passes_one() -> None:
    merit = np.array([0.05, 0.15, 0.4, 1.2])
    for slots, kappa, mu, value, filled in (
        (4, 0.08, 0.02, 1.0, 1.0),
        (2, 0.05, 0.1, 0.9, 0.8),
        (8, 0.3, 0.3, 0.7, 1),
    ):
        factor = equilibrium.mesh_threshold(merit, slots, kappa, mu, value, filled)
        fitness = condensation.fitness_of_merit(factor * merit)
        held = 1 - condensation.with_churn(fitness, value, kappa, mu)
        assert 2 * slots * filled * held == pytest.approx(1.0, rel=1e-10)


def test_mesh_threshold_closed_form_without_churn() -> None:
    # 1 - b = factor x mean merit, so the factor is 1/(2 slots mean merit)
    assert equilibrium.mesh_threshold([0.1, 0.3], 4, 0.08, 0.0) == pytest.approx(1 / 1.6, rel=1e-10)
    assert equilibrium.mesh_threshold([[0.1, 1.0], [0.3, 3.0]], 4, 0.0, 0.0) == pytest.approx(0.5, rel=1e-10)
    assert equilibrium.mesh_threshold(1e-9, 1, 0.1, 0.0) == pytest.approx(5e8, rel=1e-9)


def test_thresholds_that_nothing_reaches() -> None:
    for threshold in (equilibrium.mesh_threshold, equilibrium.percolation_threshold):
        assert threshold(0.0, 4, 0.08, 0.02) == np.inf
        assert threshold(0.3, 4, 0.08, 0.02, value=0.0) == np.inf
        assert threshold(0.3, 2, 0.08, 0.5, value=0.2) == np.inf
        assert threshold(0.3, 4, 0.08, 0.02, filled=0.1) == np.inf
        assert threshold([0.0, 0.0, 1.0], 1, 0.0, 0.9) == np.inf


def in_degree_moments(h: np.ndarray, slots: int, kappa: float, mu: float, q: float) -> dict[str, float]:
    """Moments over merit and age of in-links k, month by month: Poisson at given age, and as the process has
    them.
    """
    s = (1 - kappa) * (1 - mu)
    c = (1 - s) / s * h
    lost_to_device = 1 - s * (1 - mu)
    fresh = lost_to_device * q / ((1 - s) * (1 - q) + lost_to_device * q)
    even = slots * ((1 - kappa) * (1 - q) + s * q)
    mean, k, pairs = np.zeros((3, h.size))
    chance, alive = fresh, mu
    sums = dict.fromkeys(("mean", "square", "k", "kq", "pairs", "q", "qq"), 0.0)
    for _ in range(int(40 / mu)):
        for name, x in (("mean", mean), ("square", mean**2), ("k", k), ("kq", k * chance), ("pairs", pairs)):
            sums[name] += alive * float(x.mean())
        sums["q"] += alive * chance
        sums["qq"] += alive * chance**2
        alive *= 1 - mu
        own = slots * ((1 - kappa) * (1 - chance) + s * chance)
        left, left_pairs = s * k, s * s * pairs
        pairs = (1 + c) ** 2 * left_pairs + (2 * c * (1 + c) * own + 2 * c + c**2) * left + (c * own) ** 2
        k, mean = (1 + c) * left + c * own, (1 + c) * s * mean + c * even
        kept = s * chance + (1 - kappa) * (1 - chance)
        chance = s * chance + (1 - kept) * fresh
    return sums


@pytest.mark.parametrize(("kappa", "mu"), [(0.08, 0.02), (0.05, 0.1), (0.0, 0.1), (0.4, 0.3)])
def test_percolation_threshold_is_an_eigenvalue_of_one(kappa: float, mu: float) -> None:
    merit, slots = np.array([0.05, 0.15, 0.4, 1.2]), 4
    factor = equilibrium.percolation_threshold(merit, slots, kappa, mu)
    h = condensation.fitness_of_merit(factor * merit)
    q = 1 - condensation.with_churn(h, 1.0, kappa, mu)
    m = in_degree_moments(h, slots, kappa, mu, q)
    assert m["mean"] == pytest.approx(slots * q, rel=1e-9)  # as many links in as out
    matrix = [[slots * q, m["square"] / m["mean"]], [(slots - 1) * q, m["mean"]]]
    assert np.max(np.linalg.eigvals(matrix).real) == pytest.approx(1.0, rel=1e-9)

    factor = equilibrium.percolation_threshold(merit, slots, kappa, mu, in_degrees="reinforced")
    h = condensation.fitness_of_merit(factor * merit)
    q = 1 - condensation.with_churn(h, 1.0, kappa, mu)
    m = in_degree_moments(h, slots, kappa, mu, q)
    assert [m["q"], m["k"]] == pytest.approx([q, slots * q], rel=1e-9)
    matrix = [
        [slots * m["kq"] / m["k"], m["pairs"] / m["k"]],
        [(slots - 1) * m["qq"] / m["q"], m["kq"] / m["q"]],
    ]
    assert np.max(np.linalg.eigvals(matrix).real) == pytest.approx(1.0, rel=1e-9)


def test_spread_of_merit_lowers_the_percolation_threshold() -> None:
    even = equilibrium.percolation_threshold(0.3, 4, 0.08, 0.02)
    spread = equilibrium.percolation_threshold([0.06, 0.06, 0.06, 1.02], 4, 0.08, 0.02)
    assert spread < 0.8 * even
    reached = condensation.fitness_of_merit(spread * np.array([0.06, 0.06, 0.06, 1.02]))
    assert 8 * (1 - condensation.with_churn(reached, 1.0, 0.08, 0.02)) < 0.9  # mean degree there


def test_no_churn_and_equal_merit_is_the_uniform_kernel() -> None:
    # every device has the same Poisson in-degree, so the threshold is that of the slots formula
    factor = equilibrium.percolation_threshold(0.3, 4, 0.08, 0.0)
    assert 8 * factor * 0.3 == pytest.approx(percolation.slots_threshold(4), rel=1e-10)


def test_growth_limit_has_broader_in_degrees() -> None:
    grown = equilibrium.percolation_threshold(0.3, 4, 0.0, 0.0)
    assert grown < equilibrium.percolation_threshold(0.3, 4, 1e-9, 0.0)
    h = condensation.fitness_of_merit(0.3 * grown)
    q = h / (1 - h)
    # k = m (e^(g h a) - 1) at exponential ages: E k^2/E k = 2 m h/(1 - 2h)
    eigenvalue = 4 * q + np.sqrt(3 * q * 4 * 2 * h / (1 - 2 * h))
    assert eigenvalue == pytest.approx(1.0, rel=1e-9)


def test_one_slot_needs_the_whole_condensate_gone() -> None:
    factor = equilibrium.percolation_threshold(0.3, 1, 0.08, 0.02)
    assert condensation.with_churn(
        condensation.fitness_of_merit(0.3 * factor), 1, 0.08, 0.02
    ) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: equilibrium.critical_mass(1, 1, 0, 2), "mean_capability"),
        (lambda: equilibrium.critical_mass(1, 1, 1, np.nan), "r0"),
        (lambda: equilibrium.critical_mass_implicit(1, 1, 1, -1, 1, 1), "beta"),
        (lambda: equilibrium.mesh_threshold(-1, 4, 0.1, 0.1), "merit"),
        (lambda: equilibrium.mesh_threshold(np.inf, 4, 0.1, 0.1), "merit"),
        (lambda: equilibrium.mesh_threshold(1, 0, 0.1, 0.1), "slots"),
        (lambda: equilibrium.mesh_threshold(1, 4, 1.1, 0.1), "link_failure"),
        (lambda: equilibrium.mesh_threshold(1, 4, 0.1, np.nan), "churn"),
        (lambda: equilibrium.mesh_threshold(1, 4, 0.1, 0.1, filled=2), "filled"),
        (lambda: equilibrium.percolation_threshold(1, 4, 0.1, 1.0), "churn"),
        (lambda: equilibrium.percolation_threshold(1, 4, 1.0, 0.1), "link_failure"),
        (lambda: equilibrium.percolation_threshold(1, 4, 0.1, 0.1, in_degrees="exact"), "in_degrees"),  # type: ignore[arg-type]
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()


def test_root_is_found_by_an_independent_search() -> None:
    merit = np.array([0.02, 5.0])

    def excess(factor: float) -> float:
        fitness = condensation.fitness_of_merit(factor * merit)
        return float(8 * (1 - condensation.with_churn(fitness, 0.6, 0.1, 0.05)) - 1)

    assert equilibrium.mesh_threshold(merit, 4, 0.1, 0.05, 0.6) == pytest.approx(
        brentq(excess, 1e-3, 1e3), rel=1e-9
    )
