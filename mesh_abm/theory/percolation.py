"""When the devices hang together: reproduction number (1), giant component (2), and what other link rules
give instead.

(2) is exact for large networks whose links are independent and whose degrees are Poisson. Two link rules that
look like it have another threshold: see `giant_component_slots`, `slots_threshold` and `turnover_threshold`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, plain, real, whole

# S = sum of c_k (R - 1)^k, the inverse of R = -ln(1 - S)/S = 1 + S/2 + S^2/3 + .. (exact rationals).
# It converges for |R - 1| < 1; used below SERIES_END, where the first term left out is 1e-18 of the sum.
SERIES = (
    2.0,
    -8 / 3,
    28 / 9,
    -464 / 135,
    1496 / 405,
    -11072 / 2835,
    173728 / 42525,
    -108224 / 25515,
    1005728 / 229635,
)
SERIES_END = 1e-2


def reproduction_number(n: ArrayLike, beta: ArrayLike, value: ArrayLike, attrition: ArrayLike) -> Values:
    """R0 of the mesh (1): n beta value / attrition.

    Parameters: n devices (>= 0), beta new links per pair and month (>= 0), value the chance that a link is
    kept (0 to 1), attrition the chance per month that a link is lost (>= 0). Shapes broadcast. It is the
    sparse limit of the stationary mean degree, for which see `stationary_mean_degree`. Without attrition it
    is inf (0 where no link forms).

    >>> round(reproduction_number(1000, 1e-4, 0.8, 0.04), 10)
    2.0
    """
    formed = (
        real("n", n, 0.0, finite=True) * real("beta", beta, 0.0, finite=True) * real("value", value, 0.0, 1.0)
    )
    return plain(_per_loss(formed, real("attrition", attrition, 0.0, finite=True)))


def stationary_mean_degree(n: ArrayLike, beta: ArrayLike, value: ArrayLike, attrition: ArrayLike) -> Values:
    """Exact mean degree (n - 1) p, p = beta value/(beta value + attrition), when each pair links and unlinks
    on its own.

    Arguments as in `reproduction_number`, but n >= 1; 0 where nothing links and nothing is lost.
    """
    rate = real("beta", beta, 0.0, finite=True) * real("value", value, 0.0, 1.0)
    loss = real("attrition", attrition, 0.0, finite=True)
    p = np.divide(rate, rate + loss, out=np.zeros(np.broadcast(rate, loss).shape), where=rate + loss > 0)
    return plain((real("n", n, 1.0, finite=True) - 1.0) * p)


def giant_component(r0: ArrayLike) -> Values:
    """Share S of devices in the giant component: the stable root of S = 1 - exp(-r0 S) (2); 0 for r0 <= 1.

    S = 1 + W0(-r0 exp(-r0))/r0 with the principal Lambert branch, and the series in r0 - 1 where that loses
    digits (below r0 = 1.01); relative error below 1e-12. `r0` >= 0, number or array (inf gives 1).

    >>> round(giant_component(2.0), 10)
    0.79681213
    >>> giant_component(0.7)
    0.0
    """
    r = real("r0", r0, 0.0)
    size = np.zeros(r.shape)
    excess = r - 1.0
    near = (excess > 0.0) & (excess < SERIES_END)
    far = excess >= SERIES_END
    size[near] = _series(excess[near])
    size[far] = _lambert(r[far])
    return plain(size)


def size_spread(r0: ArrayLike, n: ArrayLike) -> Values:
    """Standard deviation of the largest share of n devices around (2), when their links are as many as r0 says.

    sqrt((V - 2 r0 V^2)/n)/(1 - r0 (1-S)) with V = S (1-S), for uniform networks with exactly r0 n/2 links:
    the asymptotic spread at independent links (Stepanov 1970), less what comes from how many links there are.
    At most n^(-1/3), which it is of the order of at the threshold and taken as up to there (Erdos and Renyi
    1960). `r0` >= 0, `n` >= 1; shapes broadcast.

    >>> round(size_spread(2.0, 2000), 4)
    0.009
    """
    r, number = real("r0", r0, 0.0), real("n", n, 1.0, finite=True)
    size = np.asarray(giant_component(r))
    both, largest = size * (1.0 - size), number ** (-1.0 / 3.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.maximum(both - 2.0 * r * both**2, 0.0) / number) / (1.0 - r * (1.0 - size))
        spread = np.where(size < 1.0, spread, 0.0)
    return plain(np.where(size > 0.0, np.minimum(spread, largest), largest))


def giant_component_slots(slots: ArrayLike, filled: ArrayLike) -> Values:
    """Share of devices in the giant component when each opens `slots` links of its own to uniform partners.

    A share `filled` of the slots is filled, so the mean degree is 2 slots filled. Exact for large networks
    (docs/model.md, "What the rules imply"): S = 1 - A with A = (1-f+fA)^m exp(m f (B-1)) for a device reached
    through another's slot and B = (1-f+fA)^(m-1) exp(m f (B-1)) for one reached through its own. Tends to (2)
    as slots grow at fixed slots x filled. slots >= 1 (whole), filled in [0, 1]; shapes broadcast. Relative
    error 1e-10 a little above the threshold.

    >>> round(giant_component_slots(2, 0.325), 4)
    0.2606
    """
    m, f = np.broadcast_arrays(whole("slots", slots, 1), real("filled", filled, 0.0, 1.0))
    size = np.where((f == 1.0) & (m > 1.0), 1.0, 0.0)
    above = (slots_reproduction(m, f) > 1.0) & (f < 1.0)
    size[above] = _slots_size(m[above], f[above])
    return plain(size)


def slots_reproduction(slots: ArrayLike, filled: ArrayLike) -> Values:
    """Largest eigenvalue of the branching of `giant_component_slots`: f (m + sqrt(m (m-1))); the threshold is
    1.
    """
    m, f = whole("slots", slots, 1), real("filled", filled, 0.0, 1.0)
    return plain(f * (m + np.sqrt(m * (m - 1.0))))


def slots_threshold(slots: ArrayLike) -> Values:
    """Mean degree at which a giant component appears for `slots` own links a device: 2m/(m + sqrt(m (m-1))).

    >>> [round(slots_threshold(m), 4) for m in (1, 2, 3)]
    [2.0, 1.1716, 1.101]
    """
    m = whole("slots", slots, 1)
    return plain(2.0 * m / (m + np.sqrt(m * (m - 1.0))))


def turnover_threshold() -> float:
    """Mean degree at the threshold when links are uniform and lost only with their ends: j01^2/8 = 0.722898.

    Newcomers start without links, so the chance of a link grows with the younger end's age: kernel min(age,
    age'), whose largest eigenvalue over exponential ages gives the first zero of the Bessel function J0
    (claim E2).
    """
    from scipy.special import jn_zeros

    return float(jn_zeros(0, 1)[0]) ** 2 / 8.0


def reproduction_from_size(size: ArrayLike) -> Values:
    """R0 at which (2) gives this giant component: -ln(1 - S)/S, 1 at S = 0, inf at S = 1."""
    s = real("size", size, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain(np.where(s > 0.0, -np.log1p(-s) / s, 1.0))


def near_threshold(r0: ArrayLike) -> Values:
    """The paper's approximation 2 (R-1)/R^2 (7.1), 0 below R = 1: leading order only, 24 % too low at R =
    1.5.
    """
    r = real("r0", r0, 0.0, finite=True)
    return plain(np.where(r > 1.0, 2.0 * (r - 1.0) / np.maximum(r, 1.0) ** 2, 0.0))


def contraction(r0: ArrayLike) -> Values:
    """Slope R (1 - S) of S -> 1 - exp(-R S) at its stable root: below 1 it is stable, 1 only at R = 1 (P1c)."""
    r = real("r0", r0, 0.0, finite=True)
    return plain(r * (1.0 - np.asarray(giant_component(r))))


def growth_elasticity(r0: ArrayLike) -> Values:
    """d ln(N S(bN)) / d ln N = 1/(1 - R (1 - S)) at R = bN: how fast the connected capacity grows with
    members (5.4).

    r0 > 1, else the connected share is 0 and has no elasticity (ValueError). Diverges as 1/(R - 1).

    >>> round(growth_elasticity(2.0), 3)
    1.685
    """
    r = real("r0", r0, 1.0, above=True, finite=True)
    return plain(
        1.0 / (r * np.asarray(giant_component(r)) - (r - 1.0))
    )  # no cancellation: R S is about 2 (R - 1)


def branching(degrees: ArrayLike) -> float:
    """<k^2>/<k> - 1 of a degree sequence, 0 without links.

    Above 1 a giant component exists if degrees are not correlated (Molloy and Reed 1995).
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    total = float(k.sum())
    return float(np.dot(k, k)) / total - 1.0 if total > 0.0 else 0.0


def giant_component_degrees(degrees: ArrayLike) -> float:
    """Share in the giant component of a random graph with these degrees (Newman, Strogatz, Watts 2001).

    1 - G0(u) with u the smallest root of u = G1(u); exact for large uncorrelated graphs. `degrees` whole
    numbers >= 0.
    """
    from scipy.optimize import brentq

    k, number = np.unique(np.ravel(whole("degrees", degrees)), return_counts=True)
    share = number / max(1, number.sum())
    if branching(degrees) <= 1.0:
        return 0.0
    followed = share * k / np.dot(share, k)
    if followed[k == 1.0].sum() == 0.0:
        return float(1.0 - share[k == 0.0].sum())

    def gap(u: float) -> float:
        return float(np.dot(followed, u ** np.maximum(k - 1.0, 0.0))) - u

    u = brentq(gap, 0.0, 1.0 - 1e-12, xtol=1e-15) if gap(1.0 - 1e-12) < 0.0 else 1.0
    return float(1.0 - np.dot(share, u**k))


def _per_loss(formed: FloatArray, loss: FloatArray) -> FloatArray:
    """formed/loss, with inf for loss 0 and 0 for 0/0."""
    formed, loss = np.broadcast_arrays(formed, loss)
    empty = np.where(formed > 0.0, np.inf, 0.0)
    return np.divide(formed, loss, out=empty, where=loss > 0.0)


def _series(excess: FloatArray) -> Any:
    total = np.zeros_like(excess)
    for coefficient in reversed(SERIES):
        total = (total + coefficient) * excess
    return total


def _lambert(r: FloatArray) -> FloatArray:
    """Lambert W and one Newton step on R S + ln(1 - S) = 0, which restores the digits lost near the branch
    point.
    """
    from scipy.special import lambertw

    finite = np.minimum(r, 800.0)  # exp(-800) is 0: S is 1 to the last bit
    size = 1.0 + lambertw(-finite * np.exp(-finite)).real / finite
    inner = size < 0.9
    s, rr = size[inner], finite[inner]
    size[inner] = s - (rr * s + np.log1p(-s)) / (rr - 1.0 / (1.0 - s))
    return np.asarray(size)


def _slots_size(m: FloatArray, f: FloatArray) -> FloatArray:
    """S above the threshold, from t = -ln B: -t + (m-1) ln(1 + a (1 - e^-t)) + m f (1 - e^-t) = 0, a =
    f/(1-f).

    The left side is concave in t with a root at 0, so Newton from the right falls monotonically onto the
    positive root.
    """
    a = f / (1.0 - f)
    t = (m - 1.0) * np.log1p(a) + m * f
    for _ in range(200):
        u = -np.expm1(-t)
        value = -t + (m - 1.0) * np.log1p(a * u) + m * f * u
        slope = -1.0 + np.exp(-t) * ((m - 1.0) * a / (1.0 + a * u) + m * f)
        step = value / slope
        t = np.maximum(t - step, 0.0)
        if np.all(np.abs(step) <= 1e-15 * t):
            break
    u = -np.expm1(-t)
    return np.asarray(u / (1.0 - f * (1.0 - u)))  # S = 1 - A, A = (1-f) B/(1-fB)
