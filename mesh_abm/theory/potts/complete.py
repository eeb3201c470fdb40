"""The q-state Potts model on the complete graph, coupling K/n per pair (Wu 1982; Ellis and Wang 1990).

With one state favored, x_1 = (1 + (q-1) m)/q and the others (1 - m)/q, the free energy per node is f(m) = sum
x ln x - K/2 sum x^2. Any real q >= 1 has a meaning through the random-cluster model (Bollobas, Grimmett and
Janson 1996); q = 1 is percolation, where K is the mean degree and m the giant component (2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, number, plain, real
from mesh_abm.theory.percolation import giant_component


@dataclass(frozen=True, slots=True)
class MeanField:
    """The transition on the complete graph; couplings K as in the pair coupling K/n (the Ising case q = 2 has
    K_c = 2).

    `critical_coupling`: where ordered and disordered states have equal free energy (q > 2) or order sets in
    (q <= 2). `spinodal_low`: below it no ordered state is metastable. `spinodal_high`: above it the
    disordered state is unstable (K = q). `jump` of m = (q x_max - 1)/(q - 1) and `latent_heat` (energy per
    node in units of J) at the transition, both 0 if continuous.
    """

    q: float
    critical_coupling: float
    spinodal_low: float
    spinodal_high: float
    jump: float
    latent_heat: float

    @property
    def first_order(self) -> bool:
        """Whether the order parameter jumps: q > 2."""
        return self.jump > 0.0


def mean_field(q: float) -> MeanField:
    """Critical and spinodal couplings, jump and latent heat for q >= 1 states (any real number).

    K_c = 2 (q-1) ln(q-1)/(q-2), jump (q-2)/(q-1), latent heat (q-2)^2/(2 q (q-1)) for q > 2; K_c = q and no
    jump up to q = 2, which is also the limit from above.

    >>> round(mean_field(3).critical_coupling, 6), mean_field(2).critical_coupling
    (2.772589, 2.0)
    """
    states = number("q", q, 1.0, finite=True)
    if states <= 2.0:
        return MeanField(states, states, states, states, 0.0, 0.0)
    beyond = states - 2.0
    critical = min(states, 2.0 * (states - 1.0) * float(np.log1p(beyond)) / beyond)
    jump = beyond / (states - 1.0)
    low = min(critical, float(_coupling(np.array(_ordered_limit(states)), states)))
    return MeanField(states, critical, low, states, jump, beyond * beyond / (2.0 * states * (states - 1.0)))


def free_energy(m: ArrayLike, coupling: ArrayLike, q: float) -> Values:
    """Free energy per node less that of disorder, in units of the temperature, at order parameter m in [0,
    1].

    `coupling` K >= 0, `q` > 1; shapes broadcast. Minima are (meta)stable states; 0 at m = 0.
    """
    states = number("q", q, 1.0, above=True, finite=True)
    order = real("m", m, 0.0, 1.0)
    energy = real("coupling", coupling, 0.0, finite=True) / 2.0 * (states - 1.0) / states * order**2
    up = 1.0 + (states - 1.0) * order
    down = 1.0 - order
    logs = np.log(down, out=np.zeros_like(down), where=down > 0.0)
    entropy = (up * np.log(up) + (states - 1.0) * down * logs) / states
    return plain(entropy - energy)


def branches(coupling: ArrayLike, q: float) -> tuple[Values, Values]:
    """Order parameter m of the disordered and of the ordered state at each coupling K >= 0.

    The disordered branch is 0 up to the coupling q and nan beyond, where it is unstable; the ordered one is
    the largest solution of m = (e^(Km) - 1)/(e^(Km) + q - 1), nan where there is none. `q` >= 1; q = 1 is
    (2).
    """
    states = number("q", q, 1.0, finite=True)
    k = real("coupling", coupling, 0.0, finite=True)
    field = mean_field(states)
    disordered = np.where(k <= field.spinodal_high, 0.0, np.nan)
    ordered = np.full(k.shape, np.nan)
    exists = k >= field.spinodal_low if field.first_order else k > field.spinodal_low
    ordered[exists] = [_ordered(float(one), states) for one in np.ravel(k[exists])]
    return plain(disordered), plain(ordered)


def _coupling(m: FloatArray, q: float) -> FloatArray:
    """Coupling at which m is stationary, ln((1 + (q-1) m)/(1 - m))/m."""
    return np.asarray((np.log1p((q - 1.0) * m) - np.log1p(-m)) / m)


@lru_cache(maxsize=64)
def _ordered_limit(q: float) -> float:
    """m at the end of the ordered branch, where the coupling is smallest (q > 2)."""
    from scipy.optimize import brentq

    def slope(m: float) -> float:  # of the coupling, times m^2
        return q * m / ((1.0 + (q - 1.0) * m) * (1.0 - m)) - float(_coupling(np.array(m), q)) * m

    beyond = q - 2.0
    if beyond < 1e-4:  # the slope has no digits left: leading term of m
        return 0.75 * beyond
    return float(brentq(slope, 0.5 * beyond / (q - 1.0), beyond / (q - 1.0), xtol=1e-15))


def _ordered(coupling: float, q: float) -> float:
    """Largest root, between the end of the ordered branch and 1, in t = -ln(1 - m), which keeps its digits
    near m = 1.
    """
    from scipy.optimize import brentq

    if q == 1.0:
        return float(giant_component(coupling))
    low = _ordered_limit(q) if q > 2.0 else 0.0

    def excess(t: float) -> float:
        m = -np.expm1(-t)
        return float(np.log1p((q - 1.0) * m) + t - coupling * m)

    start = float(-np.log1p(-low)) if q > 2.0 else 1e-3 * (coupling - q)
    if excess(start) >= 0.0:  # the very end of the branch
        return float(-np.expm1(-start))
    return float(-np.expm1(-brentq(excess, start, coupling + 1.0, xtol=1e-300, rtol=1e-14)))
