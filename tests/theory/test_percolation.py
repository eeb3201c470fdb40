"""Giant components against numbers of the claims ledger, 60-digit solutions, and sampled graphs."""

from __future__ import annotations

from decimal import Decimal, getcontext

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mesh_abm.theory import percolation


def exact_size(r0: float) -> Decimal:
    """The positive root of S = 1 - exp(-r0 S) to 60 digits, by bisection of -ln(1 - S)/S = r0 on decimals."""
    getcontext().prec = 80
    r, low, high = Decimal(r0), Decimal(10) ** -40, 1 - Decimal(10) ** -60
    for _ in range(260):
        middle = (low + high) / 2
        low, high = (middle, high) if -(1 - middle).ln() < r * middle else (low, middle)
    return low


@pytest.mark.parametrize(
    ("r0", "size"),
    [(1.01, 0.0197364104), (1.1, 0.1761341436), (1.5, 0.5828116439), (2, 0.7968121300), (3, 0.9404797907)],
)
def test_sizes_of_the_ledger(r0: float, size: float) -> None:
    assert percolation.giant_component(r0) == pytest.approx(size, abs=6e-11)


@pytest.mark.parametrize(
    "r0", [1 + 1e-14, 1 + 1e-9, 1 + 1e-5, 1.00999, 1.01001, 1.02, 1.3, 2.0, 7.0, 30.0, 60.0]
)
def test_giant_component_to_ten_digits(r0: float) -> None:
    assert percolation.giant_component(r0) == pytest.approx(float(exact_size(r0)), rel=1e-12)


def test_giant_component_at_the_edges() -> None:
    sizes = percolation.giant_component([0.0, 0.5, 1.0, 1e5, np.inf])
    assert sizes.tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert isinstance(percolation.giant_component(2), float)
    assert percolation.giant_component(np.full((2, 3), 2.0)).shape == (2, 3)


def test_series_near_one() -> None:
    e = 1e-4
    series = 2 * e - 8 / 3 * e**2 + 28 / 9 * e**3 - 464 / 135 * e**4
    assert percolation.giant_component(1 + e) == pytest.approx(series, rel=1e-10)


@pytest.mark.parametrize("r0", [-1e-9, np.nan, [1.0, np.nan], "two"])
def test_giant_component_refuses(r0: object) -> None:
    with pytest.raises(ValueError, match="r0"):
        percolation.giant_component(r0)  # type: ignore[arg-type]


def test_reproduction_number() -> None:
    assert percolation.reproduction_number(1000, 0.001, 0.5, 0.25) == pytest.approx(2.0)
    assert percolation.reproduction_number(0, 0.1, 0.5, 0.0) == 0.0
    assert percolation.reproduction_number(3, 0.1, 0.5, 0.0) == np.inf
    dense = percolation.stationary_mean_degree(101, 0.1, 1.0, 0.1)
    assert dense == pytest.approx(50.0)  # every pair linked half of the time
    assert percolation.stationary_mean_degree(1001, 1e-7, 1.0, 0.1) == pytest.approx(1e-3, rel=1e-5)
    with pytest.raises(ValueError, match="value"):
        percolation.reproduction_number(10, 0.1, 1.5, 0.1)


@pytest.mark.parametrize(
    ("slots", "threshold"), [(1, 2.0), (2, 1.1715728753), (3, 1.1010205144), (10**6, 1.0)]
)
def test_slots_threshold(slots: int, threshold: float) -> None:
    assert percolation.slots_threshold(slots) == pytest.approx(threshold, rel=1e-6)
    filled = threshold / (2 * slots)
    if slots > 1:
        assert percolation.giant_component_slots(slots, 0.999 * filled) == 0.0
        assert percolation.giant_component_slots(slots, 1.001 * filled) > 0.0
    assert percolation.slots_reproduction(slots, filled) == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(("slots", "filled"), [(2, 0.3), (2, 0.5), (2, 0.99), (4, 0.2), (4, 0.9), (16, 0.04)])
def test_slots_solve_their_own_equations(slots: int, filled: float) -> None:
    a = b = 0.0
    for _ in range(200_000):  # plain iteration from below, of the equations as they are written down
        start = 1 - filled + filled * a
        a, b = (
            start**slots * np.exp(slots * filled * (b - 1)),
            start ** (slots - 1) * np.exp(slots * filled * (b - 1)),
        )
    assert percolation.giant_component_slots(slots, filled) == pytest.approx(1 - a, rel=1e-10, abs=1e-12)


def test_slots_limits() -> None:
    assert percolation.giant_component_slots(10**7, 1e-7) == pytest.approx(
        percolation.giant_component(2.0), rel=1e-6
    )
    edges = percolation.giant_component_slots([1, 1, 2, 4, 4], [1.0, 0.9, 1.0, 0.0, 1.0])
    assert edges.tolist() == [0.0, 0.0, 1.0, 0.0, 1.0]
    for bad in ((0, 0.5), (2.5, 0.5), (2, 1.1), (2, np.nan)):
        with pytest.raises(ValueError, match=r"slots|filled"):
            percolation.giant_component_slots(*bad)


def sampled_size(n: int, slots: int, kept: float, seed: int) -> float:
    """Largest component of n devices, `slots` links each to uniform devices, each kept with a chance."""
    rng = np.random.default_rng(seed)
    own = np.repeat(np.arange(n), slots)
    other = rng.integers(n, size=own.size)
    keep = (rng.random(own.size) < kept) & (own != other)
    links = coo_array((np.ones(keep.sum()), (own[keep], other[keep])), shape=(n, n))
    return float(np.bincount(connected_components(links, directed=False)[1]).max()) / n


@pytest.mark.statistical
@pytest.mark.parametrize(("mean_degree", "tolerance"), [(1.3, 0.031), (1.5, 0.018), (2.0, 0.006)])
def test_slots_against_sampled_graphs(mean_degree: float, tolerance: float) -> None:
    # tolerances are five standard errors of the mean of 4 graphs (measured over 40 seeds): false alarm < 1e-5
    sizes = [sampled_size(100_000, 2, mean_degree / 4, seed) for seed in range(4)]
    assert np.mean(sizes) == pytest.approx(
        percolation.giant_component_slots(2, mean_degree / 4), abs=tolerance
    )


@pytest.mark.parametrize("mean_degree", [1.5, 2.0, 4.0])
def test_the_spread_of_the_component_is_that_of_sampled_networks(mean_degree: float) -> None:
    """Networks with a fixed number of links, 400 of 2,000 devices; the sd is known to 4 percent, five of them."""
    rng, n = np.random.default_rng(1), 2000
    sizes = []
    for _ in range(400):
        ends = rng.integers(0, n, (2, int(mean_degree * n / 2)))
        links = coo_array((np.ones(ends.shape[1]), tuple(ends)), shape=(n, n))
        sizes.append(np.bincount(connected_components(links, directed=False)[1]).max() / n)
    assert np.std(sizes) == pytest.approx(percolation.size_spread(mean_degree, n), rel=0.2)


def test_the_spread_at_and_below_the_threshold_is_the_finite_size_scale() -> None:
    assert percolation.size_spread([0.0, 0.9, 1.0], 1000).tolist() == pytest.approx([0.1, 0.1, 0.1])
    assert percolation.size_spread(1.0001, 1000) == pytest.approx(0.1)
    assert percolation.size_spread(np.inf, 1000) == 0.0
    with pytest.raises(ValueError, match="n = 0"):
        percolation.size_spread(2.0, 0)


def test_turnover_threshold() -> None:
    assert percolation.turnover_threshold() == pytest.approx(0.722898, abs=5e-7)


def test_turnover_threshold_is_the_largest_eigenvalue_of_its_kernel() -> None:
    # kernel min(a, b) over exponential ages, mean degree c means links at rate c' min(a, b) with E min = 1/2
    x, w = np.polynomial.laguerre.laggauss(120)
    root = np.sqrt(w)
    eigenvalue = np.linalg.eigvalsh(root[:, None] * np.minimum(x[:, None], x) * root)[-1]
    assert 1 / eigenvalue / 2 == pytest.approx(percolation.turnover_threshold(), rel=1e-2)


def test_inverse_slope_and_elasticity() -> None:
    r0 = np.array([1.0, 1.001, 1.5, 2.0, 5.0])
    assert percolation.reproduction_from_size(percolation.giant_component(r0)) == pytest.approx(r0, rel=1e-9)
    assert percolation.reproduction_from_size([0.0, 1.0]).tolist() == [1.0, np.inf]
    assert percolation.contraction(2.0) == pytest.approx(0.4064, abs=5e-5)
    r = [1.05, 1.5, 2, 3, 5]
    assert percolation.growth_elasticity(r) == pytest.approx([20.67, 2.672, 1.685, 1.217, 1.036], rel=5e-4)
    h = 1e-4
    numeric = np.log(
        2
        * (1 + h)
        * percolation.giant_component(2 * (1 + h))
        / (2 * (1 - h) * percolation.giant_component(2 * (1 - h)))
    ) / np.log((1 + h) / (1 - h))
    assert percolation.growth_elasticity(2.0) == pytest.approx(numeric, rel=1e-6)
    with pytest.raises(ValueError, match="r0"):
        percolation.growth_elasticity(1.0)


@pytest.mark.parametrize(("r0", "error"), [(1.01, -0.007), (1.05, -0.03), (1.1, -0.06), (1.5, -0.24)])
def test_the_papers_approximation_errs_as_the_ledger_says(r0: float, error: float) -> None:
    ratio = percolation.near_threshold(r0) / percolation.giant_component(r0) - 1
    assert ratio == pytest.approx(error, abs=0.005)


def test_degree_sequences() -> None:
    assert percolation.branching([1, 1, 1, 1]) == 0.0
    assert percolation.branching([0, 0]) == 0.0
    assert percolation.branching([3, 3, 3]) == pytest.approx(2.0)
    assert percolation.giant_component_degrees([3] * 10) == 1.0
    assert percolation.giant_component_degrees([1] * 10) == 0.0
    assert percolation.giant_component_degrees([3] * 9 + [0]) == pytest.approx(0.9)
    poisson = np.random.default_rng(1).poisson(2.0, 400_000)
    # standard error of S over samples of degrees about .001: false alarm < 1e-5
    assert percolation.giant_component_degrees(poisson) == pytest.approx(0.7968, abs=0.005)
    # half of degree 1, half of degree 3: u = 1/4 + 3/4 u^2 gives u = 1/3
    assert percolation.giant_component_degrees([1, 3]) == pytest.approx(1 - (1 / 3 + 1 / 27) / 2, rel=1e-10)


@pytest.mark.statistical
@pytest.mark.parametrize(("r0", "mean", "spread"), [(1.5, 0.5834, 0.0046), (2.0, 0.7967, 0.0023)])
def test_erdos_renyi_component(r0: float, mean: float, spread: float) -> None:
    rng = np.random.default_rng(7)
    n = 100_000
    pairs = rng.integers(n, size=(2, rng.poisson(r0 * n / 2)))
    links = coo_array((np.ones(pairs.shape[1]), tuple(pairs)), shape=(n, n))
    size = np.bincount(connected_components(links, directed=False)[1]).max() / n
    assert size == pytest.approx(percolation.giant_component(r0), abs=5 * spread)  # 5 sd: false alarm < 1e-6
    assert mean == pytest.approx(percolation.giant_component(r0), abs=0.001)
