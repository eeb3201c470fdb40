"""Theorem 1: the critical mass, the merit at which the mesh appears, and the equilibria of participation.

The participation game is in `mesh_abm.theory.participation`, its names are here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, count, number, plain, real, weighted
from mesh_abm.theory.in_links import (
    Setting,
    device_share,
    largest_eigenvalue,
    poisson_branching,
    reinforced_branching,
)
from mesh_abm.theory.participation import (
    Equilibrium,
    best_responses,
    equilibria,
    fold,
    type_shares,
)
from mesh_abm.theory.percolation import giant_component

__all__ = [
    "Equilibrium",
    "best_responses",
    "critical_mass",
    "critical_mass_implicit",
    "critical_mass_r0",
    "equilibria",
    "fold",
    "market_share",
    "mesh_threshold",
    "percolation_threshold",
    "type_shares",
]

InDegrees = Literal["poisson", "reinforced"]


def critical_mass(
    units: ArrayLike, unit_capability: ArrayLike, mean_capability: ArrayLike, r0: ArrayLike
) -> Values:
    """N* = units unit_capability/(S mean_capability): members at which the mesh matches the provider (Theorem
    1, step 4).

    S is the giant component (2) at the given reproduction number `r0` >= 0; inf at r0 <= 1. Members of equal
    quality and even coverage of the types. `units`, `unit_capability` >= 0, `mean_capability` > 0 in the same
    units; shapes broadcast.

    >>> round(critical_mass(50, 10.0, 1.0, 2.0), 2)
    627.5
    """
    capacity = _capacity_ratio(units, unit_capability, mean_capability)
    connected = np.asarray(giant_component(r0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain(np.where(connected > 0.0, capacity / connected, np.inf))


def critical_mass_implicit(
    units: ArrayLike,
    unit_capability: ArrayLike,
    mean_capability: ArrayLike,
    beta: ArrayLike,
    value: ArrayLike,
    attrition: ArrayLike,
) -> Values:
    """N* when R0 itself grows with members by (1): K/(1 - exp(-b K)), K = units
    unit_capability/mean_capability.

    b = beta value/attrition is R0 per member; N* > 1/b, so the mesh is connected well before it matches the
    provider (claim T1d). 1/b for K = 0, inf for b = 0, K for attrition 0. Domains as in `critical_mass` and
    `percolation.reproduction_number`.

    >>> round(critical_mass_implicit(500, 1.0, 1.0, 0.001, 1.0, 1.0), 2)
    1270.75
    """
    from mesh_abm.theory.percolation import reproduction_number

    capacity = _capacity_ratio(units, unit_capability, mean_capability)
    each = np.asarray(reproduction_number(1.0, beta, value, attrition))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = np.where(capacity > 0.0, each * capacity, 0.0)
        mass = np.where(reach > 0.0, capacity / -np.expm1(-reach), 1.0 / each)
    return plain(np.where(each == 0.0, np.inf, mass))


def critical_mass_r0(capacity_reach: ArrayLike) -> Values:
    """R0 at the implicit N*: bK/(1 - exp(-bK)) for bK = `capacity_reach` >= 0; above 1, and 1 at bK = 0."""
    reach = real("capacity_reach", capacity_reach, 0.0)
    with np.errstate(invalid="ignore"):
        return plain(np.where(reach > 0.0, reach / -np.expm1(-np.where(reach > 0.0, reach, 1.0)), 1.0))


def market_share(mesh: ArrayLike, central: ArrayLike) -> Values:
    """The provider's share by capability, central/(mesh + central) (Corollary 1); both >= 0, nan where both
    are 0.
    """
    ours, theirs = real("mesh", mesh, 0.0, finite=True), real("central", central, 0.0, finite=True)
    with np.errstate(invalid="ignore"):
        return plain(theirs / (ours + theirs))


def mesh_threshold(
    merit: ArrayLike,
    slots: int,
    link_failure: float,
    churn: float,
    value: float = 1.0,
    filled: float = 1.0,
) -> float:
    """Factor by which all merits must grow for the mean degree of the device network to pass 1, inf if none
    does.

    Mean degree is 2 slots filled (1 - b), b the stationary condensate (`condensation.with_churn`) at fitness
    r/(1 + r); below 1 if it has passed already. Leading order of where the mesh appears (docs/model.md, "What
    the rules imply").

    `merit` >= 0: a number, a sample, or a matrix with two columns, merit and weight (finite); `slots` >= 1;
    `link_failure`, `churn`, `value`, `filled` (share of slots filled) in [0, 1].

    >>> round(mesh_threshold(0.25, slots=4, link_failure=0.08, churn=0.0), 10)
    0.5
    """
    sample, weights = _merits(merit)
    setting = _setting(slots, link_failure, churn, value, filled)
    if setting.filled == 0.0 or 2.0 * setting.slots * setting.filled < 1.0:
        return np.inf
    needed = 1.0 / (2.0 * setting.slots * setting.filled)
    return _factor(sample, lambda fitness: device_share(fitness, weights, setting) / needed)


def percolation_threshold(
    merit: ArrayLike,
    slots: int,
    link_failure: float,
    churn: float,
    value: float = 1.0,
    filled: float = 1.0,
    in_degrees: InDegrees = "poisson",
) -> float:
    """Factor by which all merits must grow for a giant component of devices, counting how in-degrees vary;
    inf if none does.

    In-degrees vary with merit and age; a device is reached through another's slot (in proportion to its
    in-links) or through its own; the threshold is where the largest eigenvalue of the matrix of further links
    is 1 (docs/model.md, "What the rules imply"). `in_degrees`: "poisson" takes them as Poisson at given merit
    and age; "reinforced" adds that in-links attract in-links and that older devices have fewer own links to
    devices. Simulated thresholds (100,000 devices, eight settings) lie within 3 percent of "reinforced", and
    between 2 percent above and 14 percent below "poisson".

    Arguments as in `mesh_threshold`, but link_failure and churn < 1: if no link lasts a month there is no
    degree to attach to.
    """
    if in_degrees not in ("poisson", "reinforced"):
        raise ValueError(f"in_degrees = {in_degrees!r}: must be 'poisson' or 'reinforced'")
    branching = poisson_branching if in_degrees == "poisson" else reinforced_branching
    sample, weights = _merits(merit)
    setting = _setting(slots, link_failure, churn, value, filled)
    number("link_failure", link_failure, 0.0, 1.0, below=True)
    number("churn", churn, 0.0, 1.0, below=True)
    factor = _factor(sample, lambda fitness: largest_eigenvalue(branching(fitness, weights, setting)))
    reached = device_share(_fitness(sample, factor), weights, setting) if np.isfinite(factor) else 0.0
    return factor if reached <= 1.0 + 1e-9 else np.inf


def _factor(merit: FloatArray, growth: Callable[[FloatArray], float]) -> float:
    """Root of growth(fitness) = 1 in the factor on merits; growth rises with the factor."""
    from scipy.optimize import brentq

    def excess(log_factor: float) -> float:
        return min(growth(_fitness(merit, float(np.exp(log_factor)))), 1e9) - 1.0

    largest = float(merit.max())
    if largest == 0.0 or growth(np.where(merit > 0.0, 1.0, 0.0)) < 1.0:
        return np.inf
    low, high = -60.0 - np.log(largest), 60.0 - np.log(float(merit[merit > 0.0].min()))
    if excess(high) < 0.0:  # only in the limit
        return np.inf
    return float(np.exp(brentq(excess, low, high, xtol=1e-13, rtol=1e-14)))


def _fitness(merit: FloatArray, factor: float) -> FloatArray:
    scaled = factor * merit
    return scaled / (1.0 + scaled)


def _merits(merit: ArrayLike) -> tuple[FloatArray, FloatArray | None]:
    sample, weights = weighted("merit", merit, 0.0, np.inf)
    return real("merit", sample, 0.0, finite=True), weights


def _setting(slots: int, link_failure: float, churn: float, value: float, filled: float) -> Setting:
    return Setting(
        count("slots", slots, 1),
        number("filled", filled, 0.0, 1.0),
        number("link_failure", link_failure, 0.0, 1.0),
        number("churn", churn, 0.0, 1.0),
        number("value", value, 0.0, 1.0),
    )


def _capacity_ratio(units: ArrayLike, unit_capability: ArrayLike, mean_capability: ArrayLike) -> FloatArray:
    """K: provider capacity in members' mean capability."""
    total = real("units", units, 0.0, finite=True) * real(
        "unit_capability", unit_capability, 0.0, finite=True
    )
    return np.asarray(total / real("mean_capability", mean_capability, 0.0, above=True, finite=True))
