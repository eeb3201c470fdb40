"""The predecessor's adoption dynamics: ds/dt = beta gamma s (1 - s) - (kappa + mu) s with logit adoption
beta(c).

beta is the chance that a contact adopts, gamma the contacts per month, kappa friction and mu churn per month.
Its reproduction number beta gamma/(kappa + mu) contains no number of devices; that of the mesh (1) does
(claim PRE-3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, plain, real


def probability(benefit: ArrayLike, friction: ArrayLike = 1.0) -> Values:
    """Logit adoption 1/(1 + exp(-benefit/friction)): 1/2 at benefit 0.

    `benefit` in money per month (inf allowed), `friction` >= 0 in the same units; at friction 0 a step, 1/2
    at benefit 0.
    """
    from scipy.special import expit

    gain, scale = real("benefit", benefit), real("friction", friction, 0.0, finite=True)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return plain(np.where(gain == 0.0, 0.5, expit(gain / scale)))


def imitation(benefit: ArrayLike, friction: ArrayLike = 1.0) -> Values:
    """max(0, 2 B - 1), B = `probability`: nobody imitates what does not pay (docs/model.md, rule 2)."""
    gain, scale = real("benefit", benefit), real("friction", friction, 0.0, finite=True)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return plain(np.where(gain <= 0.0, 0.0, unchecked_imitation(gain / scale)))


def unchecked_imitation(gain: ArrayLike) -> Values:
    """2 logistic(x) - 1 = tanh(x/2): `imitation` at a benefit of x > 0 frictions."""
    return np.tanh(np.multiply(gain, 0.5))


def reproduction_number(
    beta: ArrayLike, gamma: ArrayLike, kappa: ArrayLike = 0.0, mu: ArrayLike = 0.0
) -> Values:
    """R0 = beta gamma/(kappa + mu): adopters won by one adopter before it leaves; inf if nobody ever leaves.

    `beta` in [0, 1], `gamma`, `kappa`, `mu` >= 0 per month; shapes broadcast; 0/0 is 0. The simulation's R0
    is this with beta = `imitation` and kappa = 0 (links fail there, members do not).

    >>> round(reproduction_number(0.5, 0.48, 0.05, 0.08), 3)
    1.846
    """
    gain, loss = _rates(beta, gamma, kappa, mu)
    gain, loss = np.broadcast_arrays(gain, loss)
    return plain(np.divide(gain, loss, out=np.where(gain > 0.0, np.inf, 0.0), where=loss > 0.0))


def equilibrium_share(
    beta: ArrayLike, gamma: ArrayLike, kappa: ArrayLike = 0.0, mu: ArrayLike = 0.0
) -> Values:
    """Adopted share in the end, 1 - 1/R0 above R0 = 1, else 0."""
    r0 = np.asarray(reproduction_number(beta, gamma, kappa, mu))
    return plain(np.where(r0 > 1.0, 1.0 - 1.0 / np.maximum(r0, 1.0), 0.0))


def share(
    t: ArrayLike,
    initial: ArrayLike,
    beta: ArrayLike,
    gamma: ArrayLike,
    kappa: ArrayLike = 0.0,
    mu: ArrayLike = 0.0,
) -> Values:
    """Adopted share t months after `initial`: the exact logistic solution at constant rates.

    `t` >= 0 (inf allowed), `initial` in [0, 1]; shapes broadcast. Exact at R0 = 1 too, where s = s0/(1 + beta
    gamma s0 t).
    """
    gain, loss = _rates(beta, gamma, kappa, mu)
    time, start, gain, loss = np.broadcast_arrays(
        real("t", t, 0.0), real("initial", initial, 0.0, 1.0), gain, loss
    )
    rate = gain - loss
    end = np.where(rate > 0.0, rate / np.where(gain > 0.0, gain, 1.0), 0.0)
    ever = np.isinf(time)
    still = ever & (rate == 0.0) & (gain == 0.0)  # nothing moves: it stays where it was
    at = np.where(ever, 0.0, time)
    moved = _logistic(at, start, gain, rate)
    return plain(np.where(ever & ~still & (start > 0.0), end, moved))


def threshold_production(
    c0: ArrayLike,
    alpha: ArrayLike,
    central_cost: ArrayLike,
    friction: ArrayLike,
    gamma: ArrayLike,
    kappa: ArrayLike = 0.0,
    mu: ArrayLike = 0.0,
) -> Values:
    """Cumulative production Q* at which beta(c(Q)) gamma = kappa + mu: from there on adoption sustains
    itself.

    beta(c) = logistic((central_cost - c)/friction) and c(Q) = c0 Q^(-alpha). `c0` > 0 and `central_cost` >= 0
    in money per query, `friction` > 0 in the same units, `alpha` >= 0, rates >= 0 per month. 0 if adoption
    sustains itself at any cost (no loss), inf if it never does: gamma <= kappa + mu, or the cost that is
    needed is not positive (at alpha = 0: is below c0).
    """
    from mesh_abm.theory.learning_curve import production_at

    cost = np.asarray(threshold_cost(central_cost, friction, gamma, kappa, mu))
    reached = production_at(np.maximum(cost, 0.0), c0, alpha)
    return plain(np.where(cost > 0.0, reached, np.inf))


def threshold_cost(
    central_cost: ArrayLike,
    friction: ArrayLike,
    gamma: ArrayLike,
    kappa: ArrayLike = 0.0,
    mu: ArrayLike = 0.0,
) -> Values:
    """Unit cost at which R0 = 1 under logit adoption: central_cost - friction ln(p/(1-p)), p = (kappa +
    mu)/gamma.

    inf if nothing is lost, -inf if gamma <= kappa + mu (no cost is low enough); it may be negative. See
    `threshold_production`.
    """
    from scipy.special import logit

    contacts, loss = _rates(1.0, gamma, kappa, mu)
    needed = np.where(loss < contacts, loss / np.where(contacts > 0.0, contacts, 1.0), 1.0)
    scale = real("friction", friction, 0.0, above=True, finite=True)
    needed = np.where((loss == 0.0) & (contacts == 0.0), 0.0, needed)
    return plain(real("central_cost", central_cost, 0.0, finite=True) - scale * logit(needed))


def _rates(
    beta: ArrayLike, gamma: ArrayLike, kappa: ArrayLike, mu: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Gain beta gamma and loss kappa + mu per month."""
    gain = real("beta", beta, 0.0, 1.0) * real("gamma", gamma, 0.0, finite=True)
    return gain, real("kappa", kappa, 0.0, finite=True) + real("mu", mu, 0.0, finite=True)


def _logistic(t: FloatArray, start: FloatArray, gain: FloatArray, rate: FloatArray) -> FloatArray:
    """s0 e^(rt)/(1 + g s0 (e^(rt) - 1)/r), written so that neither r = 0 nor large |rt| loses digits."""
    x = rate * t
    safe = np.where(rate == 0.0, 1.0, rate)
    # (1 - e^-x)/r for growth, (e^x - 1)/r for decline: both stay finite
    grown = np.where(rate == 0.0, t, -np.expm1(-np.abs(x)) / np.abs(safe))
    rising, falling = np.exp(-np.maximum(x, 0.0)), np.exp(np.minimum(x, 0.0))  # one of them is 1
    return np.divide(start * falling, rising + gain * start * grown, out=np.zeros(x.shape), where=start > 0.0)
