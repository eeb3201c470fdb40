"""Condensation against closed forms, the recursion it is derived from, grown networks, and numbers of the
claims ledger.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import hyp2f1

from mesh_abm.theory import condensation
from mesh_abm.theory.condensation import fitness_of_merit, with_churn


def law_by_recursion(h: np.ndarray, kappa: float, mu: float, months: int = 4000) -> float:
    """The stationary condensate from the age law itself: ages and in-links month by month, no sums done by
    hand.
    """
    s = (1 - kappa) * (1 - mu)
    lost = 1 - s
    alive, mean, k = mu, np.zeros(h.size), np.zeros(h.size)
    for _ in range(months):
        mean += alive * k
        alive *= 1 - mu
        k = (s + lost * h) * k + lost / s * h  # per own slot that lasted
    x = float(mean.mean())
    return max(0.0, 1 - x * (1 - kappa) / (1 + mu * (1 - kappa) * x))


@pytest.mark.parametrize(
    ("kappa", "mu", "merit", "simulated", "law"),
    [
        (0.05, 0.1, 0.3, 0.836, 0.836),
        (0.05, 0.1, 0.6, 0.708, 0.709),
        (0.05, 0.1, 1.5, 0.458, 0.459),
        (0.05, 0.1, 3.0, 0.242, 0.242),
        (0.08, 0.02, 0.3, 0.761, 0.760),
        (0.08, 0.02, 0.6, 0.545, 0.545),
    ],
)
def test_law_with_churn_of_the_model_page(
    kappa: float, mu: float, merit: float, simulated: float, law: float
) -> None:
    share = with_churn(fitness_of_merit(merit), 1.0, kappa, mu)
    assert share == pytest.approx(law, abs=0.0007)
    assert share == pytest.approx(simulated, abs=0.002)


@pytest.mark.parametrize(("kappa", "mu"), [(0.05, 0.1), (0.3, 0.02), (0.0, 0.05), (0.9, 0.4)])
def test_law_is_the_sum_over_ages(kappa: float, mu: float) -> None:
    fitness = np.array([0.05, 0.2, 0.6, 0.9])
    assert with_churn(fitness, 0.8, kappa, mu) == pytest.approx(
        law_by_recursion(0.8 * fitness, kappa, mu), rel=1e-10
    )


def test_growth_limit() -> None:
    fitness = np.array([0.1, 0.3, 0.5])
    growth = 1 - np.mean(fitness / (1 - fitness))
    assert with_churn(fitness) == pytest.approx(growth, rel=1e-12)
    assert with_churn(fitness, 1.0, 0.3) == pytest.approx(
        growth, rel=1e-12
    )  # link failure alone changes nothing
    assert with_churn(fitness, 1.0, 0.3, 1e-13) == pytest.approx(growth, rel=1e-9)
    assert with_churn(fitness_of_merit([0.2, 0.6])) == pytest.approx(0.6, rel=1e-12)  # 1 - mean merit
    assert with_churn(0.5) == 0.0
    assert with_churn(0.9) == 0.0
    assert with_churn(0.9, 0.5) == pytest.approx(1 - 0.45 / 0.55)


def test_small_rates_are_the_limit_of_the_monthly_law() -> None:
    monthly = with_churn([0.2, 0.7], 0.9, 8e-7, 1.2e-6)
    assert condensation.small_rates([0.2, 0.7], 0.9, 0.08, 0.12) == pytest.approx(monthly, rel=1e-5)
    theory = [condensation.small_rates(eta, 1.0, 0.008, 0.012) for eta in (0.3, 0.45, 0.6, 0.75)]
    assert theory == pytest.approx([0.769, 0.609, 0.400, 0.118], abs=0.0005)
    assert condensation.small_rates(0.8, 1.0, 0.08, 0.12) == pytest.approx(0.0, abs=1e-12)  # z_c/2
    assert condensation.small_rates(0.3, churn=0.1, growth=1e9) == pytest.approx(with_churn(0.3), rel=1e-6)


def test_forms_of_the_fitness_argument() -> None:
    sample = with_churn([0.2, 0.2, 0.6, 0.2], 0.9, 0.05, 0.1)
    assert with_churn([[0.2, 3.0], [0.6, 1.0]], 0.9, 0.05, 0.1) == pytest.approx(sample, rel=1e-13)
    assert with_churn([[0.2, 0.6, 0.9], [3.0, 1.0, 0.0]], 0.9, 0.05, 0.1) == pytest.approx(sample, rel=1e-13)
    assert with_churn([[0.2, 1.0], [1.0, 0.0]]) == pytest.approx(
        0.75
    )  # no weight, no pull, even at fitness 1
    grid = with_churn(0.3, [1.0, 0.5], [[0.05], [0.2], [0.3]], 0.1)
    assert grid.shape == (3, 2)
    assert grid[1, 0] == with_churn(0.3, 1.0, 0.2, 0.1)


def test_with_churn_at_the_edges() -> None:
    assert with_churn(0.0, 1.0, 0.1, 0.1) == 1.0
    assert with_churn(0.5, 0.0, 0.1, 0.1) == 1.0
    assert with_churn(1.0) == 0.0
    assert 0.0 < with_churn(1.0, 1.0, 0.05, 0.5) < 1.0
    assert np.isfinite(with_churn(0.5, 1.0, 1.0, 1.0))
    assert fitness_of_merit([0.0, 1.0, np.inf]).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((1.2,), "fitness"),
        (([],), "fitness"),
        ((np.nan,), "fitness"),
        ((np.zeros((3, 4)),), "fitness"),
        (([[0.2, -1.0], [0.3, 2.0]],), "weights of fitness"),
        ((0.3, 1.1), "value"),
        ((0.3, 1.0, -0.1), "link_failure"),
        ((0.3, 1.0, 0.1, np.nan), "churn"),
    ],
)
def test_with_churn_refuses(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        with_churn(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("fitness", [0.3, 0.55, 0.8, 0.95])
@pytest.mark.parametrize(("kappa", "mu"), [(0.05, 0.1), (0.1, 0.0), (0.0, 0.0)])
def test_stationary_phase(fitness: float, kappa: float, mu: float) -> None:
    found = condensation.stationary(fitness, 1.0, kappa, mu)
    assert found.condensate_fraction == pytest.approx(with_churn(fitness, 1.0, kappa, mu), rel=1e-12)
    assert (found.phase == "condensed") == (found.condensate_fraction > 0)
    if found.phase == "condensed":
        assert found.C == 1.0
    elif mu > 0:  # at attention D/(s C) per degree devices hold all slots: in-links are as many as slots
        s = (1 - kappa) * (1 - mu)
        k, mean, alive = 0.0, 0.0, mu
        pull = (1 - s) / s / found.C * fitness
        for _ in range(2000):
            mean, alive = mean + alive * k, alive * (1 - mu)
            k = s * (1 + pull) * k + pull * s
        assert mean == pytest.approx(1.0, rel=1e-9)
    else:
        assert found.C / fitness == pytest.approx(2.0, rel=1e-10)  # fitness/(C - fitness) = 1


@pytest.mark.parametrize("a", [2.0, 3.0, 10.0, 1.05])
def test_condensed_power_laws(a: float) -> None:
    found = condensation.solve(lambda eta: (a + 1) * (1 - eta) ** a)
    assert found.phase == "condensed"
    assert (found.C, found.tail_exponent) == (1.0, 2.0)
    assert found.condensate_fraction == pytest.approx(1 - 1 / a, rel=1e-6)
    assert found.integral_at_max == pytest.approx(1 / a, rel=1e-6)


@pytest.mark.parametrize("a", [0.5, 1e-3, 0.01, 0.0, -0.5, -0.9, -0.99])
def test_uncondensed_power_laws(a: float) -> None:
    # E[eta/(C - eta)] = 2F1(1, 2; a + 3; 1/C)/(C (a + 2)) for density (1 - eta)^a
    exact = brentq(lambda c: hyp2f1(1, 2, a + 3, 1 / c) / (c * (a + 2)) - 1, 1 + 1e-6, 3, xtol=1e-14)
    found = condensation.solve(lambda eta: 7.0 * (1 - eta) ** a)
    assert (found.phase, found.condensate_fraction) == ("fit-get-rich", 0.0)
    center = found.C
    assert center == pytest.approx(exact, rel=1e-9)
    assert found.integral_at_max == pytest.approx(1 / a if a > 0 else np.inf, rel=1e-6)
    assert found.tail_exponent == pytest.approx(1 + exact, rel=1e-9)


def test_the_marginal_power_law_is_not_condensed() -> None:
    found = condensation.solve(lambda eta: 1 - eta)
    assert found.integral_at_max == pytest.approx(1.0, rel=1e-9)
    center = found.C
    assert center == pytest.approx(1.0, rel=1e-9)
    assert found.condensate_fraction == pytest.approx(0.0, abs=1e-9)


def test_uniform_fitness() -> None:
    found = condensation.solve(np.ones_like)
    center = found.C
    assert center == pytest.approx(1.2550, abs=5e-5)
    assert center * np.log(center / (center - 1)) - 1 == pytest.approx(1.0, rel=1e-9)
    assert found.degree_exponent([1.0, 0.5]) == pytest.approx([1 + found.C, 1 + 2 * found.C])
    assert found.growth_exponent(0.5) == pytest.approx(0.5 / found.C)


@pytest.mark.parametrize(
    ("density", "integral"),
    [
        (lambda eta: (eta < 0.6) * 1.0, -np.log(0.4) / 0.6 - 1),  # a step, away from every panel's edge
        (lambda eta: eta**-0.9 * (1 - eta) ** 2, 1 / 20),  # Beta(0.1, 3): B(1.1, 2)/B(0.1, 3)
        (lambda eta: eta**-0.5 * (1 - eta) ** 0.5, 1.0),  # Beta(1/2, 3/2): marginal
        (lambda eta: np.exp(-(((eta - 0.3) / 1e-3) ** 2)), 0.3 / 0.7 + 0.5e-6 / 0.7**3),  # nearly discrete
    ],
)
def test_integral_of_rough_densities(density: Callable[[np.ndarray], np.ndarray], integral: float) -> None:
    assert condensation.solve(density).integral_at_max == pytest.approx(integral, rel=1e-6)


def test_scale_of_fitness_does_not_matter() -> None:
    unit, scaled = condensation.solve(np.ones_like), condensation.solve(np.ones_like, eta_max=7.0)
    assert scaled.growth_exponent(3.5) == pytest.approx(unit.growth_exponent(0.5), rel=1e-9)
    assert scaled.tail_exponent == pytest.approx(unit.tail_exponent, rel=1e-9)


def test_devices_below_a_provider() -> None:
    found = condensation.solve(lambda eta: (eta < 0.6) * 1.0)
    assert found.condensate_fraction == pytest.approx(0.4728, abs=5e-5)
    assert condensation.solve(lambda eta: 3 * (1 - eta) ** 2).condensate_fraction == pytest.approx(0.5)


def test_a_sample_is_its_density() -> None:
    rng = np.random.default_rng(3)
    sample = 1 - rng.random(400_000) ** (1 / 4)  # density 4 (1 - eta)^3
    found = condensation.solve_sample(sample, eta_max=1.0)
    # standard deviation of eta/(1 - eta) is .47, of its mean .0008: false alarm < 1e-6 at .004
    assert found.condensate_fraction == pytest.approx(2 / 3, abs=0.004)
    assert condensation.solve_sample([0.3] * 3 + [1.0]).condensate_fraction == pytest.approx(0.5714285714)
    assert condensation.solve_sample([[0.3, 2.0], [0.1, 2.0]], 1.0).integral_at_max == pytest.approx(
        (0.3 / 0.7 + 0.1 / 0.9) / 2
    )


def test_sample_in_the_other_phase() -> None:
    found = condensation.solve_sample([0.7, 0.9], eta_max=1.0)
    assert found.phase == "fit-get-rich"
    assert np.mean([0.7 / (found.C - 0.7), 0.9 / (found.C - 0.9)]) == pytest.approx(1.0, rel=1e-10)
    tied = condensation.solve_sample([0.2, 1.0, 1.0])
    assert tied.integral_at_max == np.inf
    assert np.mean([0.2 / (tied.C - 0.2), 1 / (tied.C - 1)]) == pytest.approx(1.0, rel=1e-10)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: condensation.solve(lambda eta: (1 - eta) ** -1.5), "density"),
        (lambda: condensation.solve(lambda eta: -np.ones_like(eta)), "density"),
        (lambda: condensation.solve(lambda eta: eta * np.nan), "density"),
        (lambda: condensation.solve(np.zeros_like), "density"),
        (lambda: condensation.solve(np.ones_like, eta_max=0.0), "eta_max"),
        (lambda: condensation.solve_sample([0.5, 2.0], eta_max=1.0), "eta_max"),
        (lambda: condensation.solve_sample([0.5]), "fitness"),
        (lambda: condensation.solve_sample([0.5, np.nan]), "fitness"),
        (lambda: condensation.solve_sample([-0.5, 0.2]), "fitness"),
        (lambda: condensation.distinct_partners(0.3, 0), "slots"),
    ],
)
def test_solvers_refuse(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()


@pytest.mark.parametrize(("slots", "share"), [(1, 0.5714), (2, 0.3042), (4, 0.1593), (8, 0.0819)])
def test_distinct_partners_of_the_ledger(slots: int, share: float) -> None:
    assert condensation.distinct_partners(0.3, slots) == pytest.approx(share, abs=5e-5)
    assert condensation.distinct_partners(0.5, slots) == 0.0
    assert condensation.distinct_partners(0.0, slots) == pytest.approx(1 / slots, rel=1e-6)


def grown_share(fitness: float, slots: int, n: int, seed: int) -> float:
    """Provider's share of link targets in a network grown one device at a time (repeated partners allowed).

    Targets by rejection: the owner or target of a random earlier slot, kept with its fitness.
    """
    rng = np.random.default_rng(seed)
    ends = [0] * slots + [1] * slots  # one entry per slot and per link end; 0 is the provider
    targets = [0] * slots
    for device in range(2, n):
        fresh: list[int] = []
        while len(fresh) < slots:
            node = ends[int(rng.random() * len(ends))]
            if node == 0 or rng.random() < fitness:
                fresh.append(node)
        targets += fresh
        ends += fresh + [device] * slots
    return targets.count(0) / len(targets)


@pytest.mark.statistical
def test_grown_networks() -> None:
    # the ledger's simulated .5720 +- .0009 at a million devices; at 60,000 one run spreads by about .008
    shares = [grown_share(0.3, 2, 60_000, seed) for seed in range(4)]
    assert np.mean(shares) == pytest.approx(
        with_churn(0.3), abs=0.021
    )  # five standard errors: false alarm < 1e-5
