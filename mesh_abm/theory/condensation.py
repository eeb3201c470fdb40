"""The provider's hold on the network: Bose-Einstein condensation of links (5), with and without churn.

Shares here are shares of link targets (in-links): of the slots that point somewhere, the part that points to
the fittest node. The network is in the *condensed* phase where the fitness of all others cannot absorb what
is attached, I(eta_max) < 1 in (5), and *fit-get-rich* otherwise. The paper's rule by the exponent alpha_B has
the wrong sign (claim S3.4): only the integral decides. Sources: Bianconi and Barabasi 2001; Borgs, Chayes,
Daskalakis and Roch 2007; docs/model.md, "What the rules imply".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, average, count, number, plain, real, weighted
from mesh_abm.theory.in_links import Setting, device_share

if TYPE_CHECKING:
    from collections.abc import Callable

Phase = Literal["condensed", "fit-get-rich"]


def fitness_of_merit(merit: ArrayLike) -> Values:
    """Fitness r/(1 + r) of a device of relative merit r >= 0 (1 at inf), so that fitness/(1 - fitness) = r."""
    r = real("merit", merit, 0.0)
    with np.errstate(invalid="ignore"):
        return plain(np.where(np.isinf(r), 1.0, unchecked_fitness(r)))


def unchecked_fitness(merit: FloatArray) -> FloatArray:
    """`fitness_of_merit` of finite merits >= 0."""
    return np.asarray(merit / (1.0 + merit))


def with_churn(
    fitness: ArrayLike, value: ArrayLike = 1.0, link_failure: ArrayLike = 0.0, churn: ArrayLike = 0.0
) -> Values:
    """Share of filled slots that point to a provider of fitness 1 among mortal devices, in the stationary
    state.

    The exact law of the monthly rules (docs/model.md, "What the rules imply"): with h = value x fitness over
    devices, kappa = `link_failure`, mu = `churn`, s = (1-kappa)(1-mu), D = 1 - s, X = E[(D/s) h (1-mu)/(1 -
    (1-mu)(s + D h))], share = max(0, 1 - X (1-kappa)/(1 + mu (1-kappa) X)). Without churn it is the growth
    limit max(0, 1 - E[h/(1-h)]), whatever the link failure; with both 0 too.

    `fitness`: a number, a sample (1-D), or a matrix with two columns, fitness and weight; all in [0, 1].
    `value`, `link_failure`, `churn` in [0, 1], numbers or arrays that broadcast (the result has their shape).

    >>> round(with_churn(0.3), 10)
    0.5714285714
    >>> round(with_churn(fitness_of_merit(0.3), link_failure=0.05, churn=0.1), 3)
    0.836
    """
    sample, weights = weighted("fitness", fitness, 0.0, 1.0)
    v, kappa, mu = np.broadcast_arrays(
        real("value", value, 0.0, 1.0),
        real("link_failure", link_failure, 0.0, 1.0),
        real("churn", churn, 0.0, 1.0),
    )
    held = [
        1.0 - mesh_share(sample, weights, *one)
        for one in zip(v.ravel(), kappa.ravel(), mu.ravel(), strict=True)
    ]
    return plain(np.maximum(0.0, np.reshape(held, v.shape)))


def small_rates(
    fitness: ArrayLike, value: float = 1.0, link_failure: float = 0.0, churn: float = 0.0, growth: float = 0.0
) -> float:
    """The same share for continuous time: max(0, 1 - E[h/(z_c - h)]), z_c = 1 + churn/(growth + link_failure
    + churn).

    Rates per month >= 0 (any size); only their ratios matter, and all 0 is taken as pure growth. An immortal
    provider among mortal devices dissolves at fitness z_c/2, not 1/2 (claim E5).
    """
    mu = number("churn", churn, 0.0, finite=True)
    total = (
        number("growth", growth, 0.0, finite=True)
        + number("link_failure", link_failure, 0.0, finite=True)
        + mu
    )
    center = 1.0 + (mu / total if total > 0.0 else 0.0)
    sample, weights = weighted("fitness", fitness, 0.0, 1.0)
    return max(0.0, 1.0 - _integral(number("value", value, 0.0, 1.0) * sample, weights, center))


def distinct_partners(fitness: ArrayLike, slots: int) -> float:
    """Share of a provider of fitness 1 in pure growth when no newcomer may link to it twice: at most 1/slots.

    Solves E[x/(1-x)] = 1 - s with x = (1-s) eta/z, slots s = 1 - (1-p)^slots, p = s/(s+z) (claim E5). 0 at
    and above the threshold E[eta/(1-eta)] = 1, which is that of `with_churn`. `slots` >= 1.

    >>> [round(distinct_partners(0.3, m), 4) for m in (1, 2, 4, 8)]
    [0.5714, 0.3042, 0.1593, 0.0819]
    """
    from scipy.optimize import brentq

    sample, weights = weighted("fitness", fitness, 0.0, 1.0)
    m, top = count("slots", slots, 1), float(sample.max())
    if _integral(sample, weights, 1.0) >= 1.0:
        return 0.0

    def room(share: float) -> float:  # z less the largest (1-s) eta: positive where (5) has a meaning
        return _partner_weight(share, m) - (1.0 - share) * top

    def surplus(share: float) -> float:
        scaled = (1.0 - share) * sample / _partner_weight(share, m)
        return _integral(scaled, weights, 1.0) - (1.0 - share)

    last = 1.0 if m == 1 or top == 0.0 else brentq(room, 1e-15 / m, 1.0 / m, xtol=1e-16)
    last = min(last, 1.0 / m) * (1.0 - 1e-13)
    if surplus(last) <= 0.0:  # devices that hardly attract anything
        return 1.0 / m
    return float(brentq(surplus, 1e-15 / m, last, xtol=1e-15, rtol=1e-13))


@dataclass(frozen=True, slots=True)
class Stationary:
    """What the law of `with_churn` says about a population of mortal devices; made by `stationary`.

    `C` is the fitness at which a node would just keep its links (that of the provider, 1, in the condensed
    phase, above it otherwise); `integral_at_max` the share of filled slots that devices would hold at C = 1,
    not cut at 1. Without churn both are those of (5). Degrees have no power-law tail: links are lost as fast
    as they are won (`tail_exponent` is inf).
    """

    phase: Phase
    C: float
    condensate_fraction: float
    integral_at_max: float
    tail_exponent: float = np.inf


def stationary(
    fitness: ArrayLike, value: float = 1.0, link_failure: float = 0.0, churn: float = 0.0
) -> Stationary:
    """Phase, C and condensate with a provider of fitness 1 among mortal devices; arguments as in
    `with_churn`.

    C >= 1 solves E[h/(C (mu/D + 1 - mu) - (1-mu) h)] = 1/(1-mu) where devices can hold all links.

    >>> stationary(0.9, link_failure=0.05, churn=0.1).phase
    'fit-get-rich'
    """
    from scipy.optimize import brentq

    sample, weights = weighted("fitness", fitness, 0.0, 1.0)
    h = number("value", value, 0.0, 1.0) * sample
    kappa, mu = number("link_failure", link_failure, 0.0, 1.0), number("churn", churn, 0.0, 1.0)
    held = mesh_share(h, weights, 1.0, kappa, mu)
    if held <= 1.0:
        return Stationary("condensed" if held < 1.0 else "fit-get-rich", 1.0, 1.0 - held, held)
    lost = kappa + mu - kappa * mu
    center = (mu / lost if lost > 0.0 else 0.0) + 1.0 - mu

    def surplus(log_gap: float) -> float:
        gap = center * np.exp(log_gap) + (center - (1.0 - mu))
        return average(h / (gap + (1.0 - mu) * (1.0 - h)), weights) - 1.0 / (1.0 - mu)

    log_gap = brentq(surplus, -700.0, 10.0, xtol=1e-13) if surplus(-700.0) > 0.0 else -np.inf
    return Stationary("fit-get-rich", 1.0 + float(np.exp(log_gap)), 0.0, held)


@dataclass(frozen=True, slots=True)
class Condensation:
    """What (5) says about a fitness distribution; made by `solve` and `solve_sample`.

    `C` is the inverse fugacity of (5): eta_max in the condensed phase, above it otherwise; `integral_at_max`
    is the left side of (5) at C = eta_max (inf allowed); `condensate_fraction` the share of link targets in
    the condensate.
    """

    phase: Phase
    C: float
    condensate_fraction: float
    integral_at_max: float
    eta_max: float

    @property
    def tail_exponent(self) -> float:
        """Exponent of the degree tail, 1 + C/eta_max, in [2, 3]: hubs hold it up to their cut-off (E4)."""
        return 1.0 + self.C / self.eta_max

    def degree_exponent(self, fitness: ArrayLike) -> Values:
        """Degree exponent 1 + C/eta among devices of one fitness eta in (0, eta_max]."""
        return plain(1.0 + self.C / real("fitness", fitness, 0.0, self.eta_max, above=True))

    def growth_exponent(self, fitness: ArrayLike) -> Values:
        """Exponent eta/C of (4): how fast the degree of a device of this fitness grows with the network's
        age.
        """
        return plain(real("fitness", fitness, 0.0, self.eta_max) / self.C)


def solve(density: Callable[[FloatArray], ArrayLike], eta_max: float = 1.0) -> Condensation:
    """Phase, C and condensate of (5) for a fitness density on (0, eta_max).

    `density` takes an array of fitness values and returns the density there, up to a factor; it may be
    singular but integrable at both ends (power laws up to exponents near -1). Relative accuracy 1e-6 or
    better for piecewise smooth densities. ValueError if it is negative, no number, zero everywhere or not
    integrable.

    >>> solve(lambda eta: np.ones_like(eta)).phase
    'fit-get-rich'
    >>> round(solve(lambda eta: 4 * (1 - eta) ** 3).condensate_fraction, 6)
    0.666667
    """
    from mesh_abm.theory.quadrature import EndpointRule

    top = number("eta_max", eta_max, 0.0, above=True, finite=True)
    rule = EndpointRule.of(density, top)
    return _decide(rule.integral, top, rule.mean)


def solve_sample(fitness: ArrayLike, eta_max: float | None = None) -> Condensation:
    """Phase, C and condensate of (5) for a population of devices of known fitness.

    `fitness`: a number, a sample (1-D), or a matrix with two columns, fitness and weight; >= 0. `eta_max` is
    the fitness of the provider, a single node beside the sample and at least as fit; None: the fittest of the
    sample is taken out and is it.

    >>> round(solve_sample([0.3, 0.3, 0.3], eta_max=1.0).condensate_fraction, 10)
    0.5714285714
    """
    sample, weights = weighted("fitness", fitness, 0.0, np.inf)
    real("fitness", sample, 0.0, finite=True)
    if eta_max is None:
        sample, weights, top = _without_fittest(sample, weights)
    else:
        top = number("eta_max", eta_max, 0.0, above=True, finite=True)
        if sample.max() > top:
            raise ValueError(
                f"eta_max = {top!r}: must be at least the largest fitness, {float(sample.max())!r}"
            )
    return _decide(
        lambda gap: _integral(sample / top, weights, 1.0 + gap / top), top, average(sample, weights)
    )


def _decide(integral: Callable[[float], float], top: float, mean: float) -> Condensation:
    """`integral(gap)` is the left side of (5) at C = top + gap; it falls in gap and is at most mean/gap."""
    from scipy.optimize import brentq

    at_max = integral(0.0)
    if at_max < 1.0:
        return Condensation("condensed", top, 1.0 - at_max, at_max, top)
    low, high = np.log(top) - 700.0, np.log(mean) + 1e-9
    if at_max == 1.0 or integral(float(np.exp(low))) <= 1.0:
        return Condensation("fit-get-rich", top, 0.0, at_max, top)
    gap = np.exp(brentq(lambda log_gap: integral(float(np.exp(log_gap))) - 1.0, low, high, xtol=1e-13))
    return Condensation("fit-get-rich", top + float(gap), 0.0, at_max, top)


def _integral(fitness: FloatArray, weights: FloatArray | None, center: float) -> float:
    """E[fitness/(center - fitness)], inf where some fitness of positive weight reaches the center."""
    with np.errstate(divide="ignore", over="ignore"):
        return average(fitness / (center - fitness), weights)


def _partner_weight(share: float, slots: int) -> float:
    """z with slots s = 1 - (1-p)^slots and p = s/(s+z): 1 at s = 0, 0 at s = 1/slots."""
    chance = 1.0 if slots * share >= 1.0 else -math.expm1(math.log1p(-slots * share) / slots)
    return share / chance - share


def mesh_share(
    sample: FloatArray, weights: FloatArray | None, value: float, kappa: float, mu: float
) -> float:
    """Share of filled slots that point to devices, not cut at 1; arguments are not checked."""
    return device_share(sample, weights, Setting(1, 1.0, kappa, mu, value))


def _without_fittest(
    sample: FloatArray, weights: FloatArray | None
) -> tuple[FloatArray, FloatArray | None, float]:
    """The sample without its largest value, the weights of the rest, and that value."""
    if sample.size < 2:
        raise ValueError("fitness: needs two values or more if the largest is taken out")
    fittest = int(np.argmax(sample))
    top = float(sample[fittest])
    if top <= 0.0:
        raise ValueError("fitness = 0.0: the largest value must be > 0")
    rest = None if weights is None else np.delete(weights, fittest)
    if rest is not None and rest.sum() <= 0.0:
        raise ValueError("weights of fitness = 0.0: nothing is left beside the largest value")
    return np.delete(sample, fittest), None if rest is None else rest / rest.sum(), top
