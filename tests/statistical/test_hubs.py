"""Degrees in pure growth: the laws of Barabasi and Albert (1999) and of Bianconi and Barabasi (2001).

Sizes go from 100 devices that know the provider only to 40,000, so hubs end early. The laws are therefore solved month
by month for this very growth; they tend to the power laws of the papers, which is tested too. Chi-square rejects a
right model with probability FALSE_ALARM; `agrees` says the same of means over seeds.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.theory import condensation, growth
from tests.statistical.agreement import FALSE_ALARM, agrees
from tests.statistical.quiet import grown, of_merit

pytestmark = pytest.mark.statistical

SLOTS, START, ARRIVALS, N = 3, 100, 100, 40_000
EDGES = np.array([3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30, 40])


def degrees(model):
    """Degrees, slots that point to the provider included."""
    return model.network.degree + (model.network.slots == PROVIDER).sum(axis=1)


def at_least(scales):
    """The part of devices with degrees of at least EDGES: Yule processes that have grown by the factors 1 / scales.

    Each has degree SLOTS + NegativeBinomial(SLOTS, scale).
    """
    return np.array([stats.nbinom.sf(edge - SLOTS - 1, SLOTS, scales).mean() for edge in EDGES])


def p_value(degree, log_growth):
    """That of degrees, given by how much the mean of each has grown, by chi-square."""
    seen = -np.diff(np.append([(degree >= edge).sum() for edge in EDGES], 0))
    law = -np.diff(np.append(at_least(np.exp(-log_growth)), 0)) * degree.size
    return stats.chisquare(seen, law).pvalue


def since(monthly, joined):
    """Sums of what each month adds, (months, ..), over the months after each device joined."""
    return (monthly.sum(axis=0) - np.cumsum(monthly, axis=0))[joined - 1]


def test_the_degree_kernel_in_growth_makes_degrees_with_exponent_3():
    """Degrees grow as sqrt(n / n_i): shares of k or more are m (m + 1) / (k (k + 1)) for n_i / n uniform on (0, 1)."""
    model, sizes = grown(N, START, ARRIVALS, 1, slots=SLOTS, kernel="degree")
    new = model.state.joined > 0
    degree = degrees(model)[new]
    log_growth = since(np.log1p(ARRIVALS / (2 * np.array(sizes))), model.state.joined[new])
    assert p_value(degree, log_growth) > FALSE_ALARM
    ageless = np.sqrt((np.arange(10**6) + 0.5) / 10**6)
    assert at_least(ageless) == pytest.approx(SLOTS * (SLOTS + 1) / (EDGES * (EDGES + 1)), rel=1e-3)
    for exponent in (2.7, 3.3):  # would be seen
        assert p_value(degree, log_growth * 2 / (exponent - 1)) < FALSE_ALARM


def attention(n, smallest_month=0.0):
    """The sum of fitness x degree, which contacts are kept in proportion to, before each month and at size n.

    Mean field: fitness uniform on (0, 1), the provider's 1. Months may be stretched to a part of the present size.
    """
    nodes, weights = np.polynomial.legendre.leggauss(400)
    fitness, weights = (nodes + 1) / 2, weights / 2
    held, hosted, size = np.full(fitness.size, SLOTS * START), SLOTS * START, START
    sums, came = [], []
    while True:
        sums.append(float(weights @ (fitness * held)) + hosted)
        if size >= n:
            return np.array(sums), np.array(came), size
        came.append(max(ARRIVALS, smallest_month * size))
        opened = SLOTS * came[-1]
        held = held * (1 + opened * fitness / sums[-1]) + opened
        hosted *= 1 + opened / sums[-1]
        size += came[-1]


def of_uniform_fitness(seed):
    """A grown mesh with fitness uniform on (0, 1), and the fitness of each device."""
    fitness = np.random.default_rng(seed).permutation((np.arange(N) + 0.5) / N)
    merits = fitness / (1 - fitness)
    model, _ = grown(N, START, ARRIVALS, seed, merits, slots=SLOTS, classes=of_merit(1), attempts=64)
    assert (model.network.slots != EMPTY).all()
    return model, fitness


def test_the_fitness_kernel_in_growth_makes_degrees_with_exponent_2_255_for_uniform_fitness():
    """Degrees grow as (n / n_i)^(eta / C) (4), C = 1.255 of (5): k^-2.255 but for logarithms."""
    C = condensation.solve(np.ones_like).C
    assert growth.tail_exponent(1 / C) == pytest.approx(2.255, abs=5e-5)
    model, fitness = of_uniform_fitness(1)
    sums, *_ = attention(N)
    new = model.state.joined > 0
    degree = degrees(model)[new]
    log_growth = growth_by_fitness(sums, fitness[new], model.state.joined[new])
    assert p_value(degree, log_growth) > FALSE_ALARM
    for exponent in (2.15, 2.4):  # would be seen
        assert p_value(degree, log_growth * C / (exponent - 1)) < FALSE_ALARM


def growth_by_fitness(sums, fitness, joined):
    """Logarithm of the growth of each mean degree: interpolated in the fitness, of which it is a smooth function."""
    grid = np.linspace(0, 1, 201)
    table = since(np.log1p(SLOTS * ARRIVALS * grid / sums[:-1, None]), np.arange(1, sums.size))
    place = fitness * 200
    left = np.minimum(place.astype(int), 199)
    rows = joined - 1
    return table[rows, left] + (place - left) * (table[rows, left + 1] - table[rows, left])


def test_attention_to_uniform_fitness_tends_to_the_c_of_equation_5():
    """The sum of fitness x degree is C m n in the limit, here still 1.290 m n, as the provider's start fades slowly."""
    C = condensation.solve(np.ones_like).C
    seen = []
    for seed in range(8):
        model, fitness = of_uniform_fitness(seed)
        hosted = (model.network.slots == PROVIDER).sum()
        seen.append(((fitness * degrees(model)).sum() + hosted) / (SLOTS * N))
    assert agrees(seen, attention(N)[0][-1] / (SLOTS * N), slack=0.001, power=0.01)
    sums, _, size = attention(1e60, smallest_month=0.05)
    assert sums[-1] / (SLOTS * size) == pytest.approx(C, abs=1e-6)


def test_the_law_of_uniform_fitness_has_the_exponent_of_its_fittest_but_for_logarithms():
    """P(k or more) is the mean over eta of Gamma(k) Gamma(m + C/eta) / (Gamma(k + C/eta) Gamma(m)) ~ k^-C / ln k."""
    C = condensation.solve(np.ones_like).C
    ages = (np.arange(800) + 0.5) / 800
    scales = np.exp(np.log(ages[:, None]) * ages / C)
    nodes, weights = np.polynomial.legendre.leggauss(2000)
    power = C / ((nodes + 1) / 2)

    def part(k):
        logs = gammaln(k) + gammaln(SLOTS + power) - gammaln(k + power) - gammaln(SLOTS)
        return float(weights / 2 @ np.exp(logs))

    assert at_least(scales) == pytest.approx([part(k) for k in EDGES.astype(float)], rel=5e-3)
    slope = np.log(part(1e9) / part(1e8)) / np.log(10)
    assert slope - np.log(8 / 9) / np.log(10) == pytest.approx(-C, abs=0.02)
    assert slope != pytest.approx(-C, abs=0.04)  # without the logarithm it is another
