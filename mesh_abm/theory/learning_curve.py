"""Wright's learning curve of the predecessor (section 2.1; Smirl 2026a; Wright 1936) and the distance to the
crossing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import Values, plain, real


def unit_cost(q: ArrayLike, c0: ArrayLike, alpha: ArrayLike) -> Values:
    """Unit cost c0 q^(-alpha) after cumulative production q, in the units of c0.

    `q` >= 0 in units of the production at which the cost is c0 (q = 0 gives inf, c0 at alpha = 0), `c0` >= 0,
    `alpha` >= 0; shapes broadcast. At alpha = 0.23 each doubling takes 14.7 % off.

    >>> round(unit_cost(2.0, 1.0, 0.23), 5)
    0.85263
    """
    produced = real("q", q, 0.0)
    exponent = real("alpha", alpha, 0.0, finite=True)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        cost = unchecked_unit_cost(produced, real("c0", c0, 0.0, finite=True), exponent)
    return plain(np.where(np.isnan(cost), 0.0, cost))  # 0 x inf: what costs nothing at all costs nothing


def unchecked_unit_cost(q: Values, c0: Values, alpha: Values) -> Values:
    """`unit_cost` of numbers or arrays that are known to be in its domain, `q` > 0."""
    return c0 * q**-alpha


def production_at(cost: ArrayLike, c0: ArrayLike, alpha: ArrayLike) -> Values:
    """Cumulative production at which the unit cost is `cost`: (c0/cost)^(1/alpha), the inverse of
    `unit_cost`.

    `cost` >= 0 (0 gives inf), `c0` > 0, `alpha` >= 0. Without learning (alpha = 0): 0 if c0 <= cost, else
    inf.
    """
    start = real("c0", c0, 0.0, above=True, finite=True)
    exponent = real("alpha", alpha, 0.0, finite=True)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        logs = np.log(start) - np.log(real("cost", cost, 0.0))
        production = np.exp(logs / exponent)
    return plain(np.where(exponent == 0.0, np.where(logs <= 0.0, 0.0, np.inf), production))


def doubling_ratio(alpha: ArrayLike) -> Values:
    """Factor on the unit cost per doubling of cumulative production, 2^(-alpha); `alpha` >= 0."""
    return plain(np.exp2(-real("alpha", alpha, 0.0, finite=True)))


def exponent_of_ratio(ratio: ArrayLike) -> Values:
    """Exponent alpha of a learning curve whose cost falls to `ratio` (in (0, 1]) per doubling: -log2(ratio)."""
    return plain(np.abs(np.log2(real("ratio", ratio, 0.0, 1.0, above=True))))


def crossing_distance(q: ArrayLike, threshold: ArrayLike) -> Values:
    """x = threshold - q: cumulative production left until the crossing, which is the first time that x <= 0
    (2.1).
    """
    return plain(real("threshold", threshold, 0.0) - real("q", q, 0.0, finite=True))
