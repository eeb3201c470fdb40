"""The Potts model on random graphs: annealed theory for any degree sequence, and sparse uncorrelated graphs.

Annealed: two nodes of degrees k, l are linked with probability k l/(n <k>), so each feels one field y = K m,
with m the order parameter weighed by degree: m = <k F(k y)>/<k>, F(u) = (e^u - 1)/(e^u + q - 1). The free
energy is y^2/(2K) less <Psi(k y)>/<k>, Psi' = F (times (q-1)/q). The transition jumps if <k F(k y)>/(<k> y)
first rises with y. Sources: Igloi and Turban 2002; Dorogovtsev, Goltsev and Mendes 2004; claim P2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, number, plain, real, weighted


@dataclass(frozen=True, slots=True)
class AnnealedTransition:
    """The transition on a degree sequence; couplings K per edge.

    `critical_coupling`: equal free energy (first order), or where order sets in; `spinodal_low`: end of the
    ordered branch; `spinodal_high` q <k>/<k^2>: end of the disordered one (all equal if continuous). `jump`
    of m = (q x_max - 1)/(q - 1) over nodes and `weighted_jump` over link ends at the critical coupling.
    """

    q: float
    critical_coupling: float
    spinodal_low: float
    spinodal_high: float
    jump: float
    weighted_jump: float

    @property
    def first_order(self) -> bool:
        """Whether the order parameter jumps."""
        return self.weighted_jump > 0.0


def annealed(degrees: ArrayLike, q: float, smallest_jump: float = 0.05) -> AnnealedTransition:
    """Transition of the q-state Potts model (q >= 1, real) on an annealed network with these degrees.

    `degrees` >= 0: a sample, or a matrix with two columns, degree and weight. For q > 2 first order unless
    hubs prevent it (see `critical_tail_exponent`): any finite sequence of large degrees cut off somewhere
    jumps a little, less the more nodes it has (.024 for a Barabasi-Albert graph of 10,000 and q = 3), so a
    jump below `smallest_jump` counts as none. Without links the couplings are inf. It is mean field in the
    degrees: at small ones couplings come out too low (`sparse_spinodal` is exact for the upper one on sparse
    graphs).

    >>> t = annealed([99.0], 3)
    >>> round(t.critical_coupling * 99, 6), round(t.jump, 6)
    (2.772589, 0.5)
    """
    states = number("q", q, 1.0, finite=True)
    k, weights = weighted("degrees", degrees, 0.0, np.inf)
    values, share = _distinct(real("degrees", k, 0.0, finite=True), weights)
    if float(np.dot(share, values)) == 0.0:
        return AnnealedTransition(states, np.inf, np.inf, np.inf, 0.0, 0.0)
    return _transition(values, share, states, number("smallest_jump", smallest_jump, 0.0))


def critical_tail_exponent(q: float, branching: float = np.inf) -> float:
    """Tail exponent gamma_c > 3 of P(k) ~ k^-gamma above which the transition of the q-state model (q > 2)
    jumps.

    Root of int_0^inf y^(1-g) (F(y) - F'(0) y) dy = 0, F the response of a node to its field: annealed for
    infinite `branching` <k^2>/<k> - 1, else the message (e^(K+h) + q - 1)/(e^h + e^K + q - 2) in logs at the
    spinodal coupling (`branching` > 1). At and below 3 there is no threshold at all. Tends to 4 as q falls to
    2; ValueError for q <= 2, where nothing jumps.

    >>> [round(critical_tail_exponent(q), 4) for q in (3, 6)]
    [3.6542, 3.3579]
    """
    from scipy.optimize import brentq

    states = number("q", q, 2.0, above=True, finite=True)
    ratio = number("branching", branching, 1.0, above=True)
    response = _Response(states, 0.0 if np.isinf(ratio) else states / (ratio - 1.0))
    return float(brentq(response.moment, 3.0 + 1e-9, 4.0 - 1e-9, xtol=1e-12))


def sparse_spinodal(branching: ArrayLike, q: ArrayLike) -> Values:
    """Coupling at which the disordered state loses stability on a sparse uncorrelated graph: exp(K_s) = 1 +
    q/(b - 1).

    `branching` b = <k^2>/<k> - 1 >= 0 (<= 1: inf, there is no giant component to order), `q` >= 1; shapes
    broadcast. For q = 1 it is the percolation threshold 1 - exp(-K) = 1/b, for q = 2 Ising's tanh(K/2) = 1/b.
    """
    b, states = real("branching", branching, 0.0), real("q", q, 1.0, finite=True)
    with np.errstate(divide="ignore"):
        return plain(np.where(b > 1.0, np.log1p(states / np.maximum(b - 1.0, 0.0)), np.inf))


def regular_critical_coupling(degree: ArrayLike, q: ArrayLike) -> Values:
    """Transition on random regular graphs: exp(K_c) = (q - 2)/((q - 1)^(1 - 2/d) - 1); at q = 2 its limit
    d/(d - 2).

    `degree` d >= 3, `q` >= 2 (real); shapes broadcast. First order for q > 2 (claim P2; Haggstrom 1996).
    """
    d, states = real("degree", degree, 3.0, finite=True), real("q", q, 2.0, finite=True)
    beyond = np.where(states > 2.0, states - 2.0, 1.0)
    ratio = beyond / np.expm1((1.0 - 2.0 / d) * np.log1p(beyond))
    return plain(np.log(np.where(states > 2.0, ratio, d / (d - 2.0))))


def _distinct(k: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Distinct degrees and their shares."""
    values, place = np.unique(k, return_inverse=True)
    return values, np.bincount(place, weights) / (k.size if weights is None else 1.0)


def _transition(k: FloatArray, share: FloatArray, q: float, smallest_jump: float) -> AnnealedTransition:
    ends = share * k / float(np.dot(share, k))  # weights of link ends
    high = q / float(np.dot(ends, k))
    continuous = AnnealedTransition(q, high, high, high, 0.0, 0.0)
    if q <= 2.0:
        return continuous

    def stationary(log_y: float) -> float:  # q/(K <k^2>/<k>) of the stationary state at y: 1 at y = 0
        y = float(np.exp(log_y))
        return high * float(np.dot(ends, _force(k * y, q))) / y

    def balanced(log_y: float) -> float:  # the same where the state at y is as deep as disorder
        y = float(np.exp(log_y))
        return high * 2.0 * float(np.dot(share, _depth(k * y, q))) / float(np.dot(share, k)) / y**2

    span = (float(np.log(1e-3 / k.max())), float(np.log(60.0 * q / k[k > 0.0].min())))
    deepest, at = _peak(balanced, span)
    y, critical = float(np.exp(at)), high / deepest
    jump = float(np.dot(share, _force(k * y, q)))
    if deepest <= 1.0 or jump < smallest_jump:
        return continuous
    return AnnealedTransition(q, critical, high / _peak(stationary, span)[0], high, jump, y / critical)


def _peak(curve: Callable[[float], float], span: tuple[float, float]) -> tuple[float, float]:
    """Largest value of a curve of log y over a span, and where."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(*span, 240)
    best = int(np.clip(np.argmax([curve(float(x)) for x in grid]), 1, grid.size - 2))
    around = (float(grid[best - 1]), float(grid[best + 1]))
    found = minimize_scalar(
        lambda x: -curve(float(x)), bounds=around, method="bounded", options={"xatol": 1e-9}
    )
    return -float(found.fun), float(found.x)


def _force(u: FloatArray, q: float) -> FloatArray:
    """F(u) = (e^u - 1)/(e^u + q - 1), the order of a node in a field u >= 0."""
    return np.asarray(-np.expm1(-u) / (1.0 + (q - 1.0) * np.exp(-u)))


def _depth(u: FloatArray, q: float) -> FloatArray:
    """Psi(u), the integral of F from 0 to u (q > 1), by its series where the difference loses digits."""
    bounded = np.minimum(u, 700.0)
    exact = (q * np.log1p(np.expm1(bounded) / q) - bounded) / (q - 1.0) + (u - bounded)
    c4 = (q**3 - 14.0 * q**2 + 36.0 * q - 24.0) / (120.0 * q**4)
    series = (
        u
        * u
        * (
            1.0 / (2.0 * q)
            + u * ((q - 2.0) / (6.0 * q**2) + u * ((q * q - 6.0 * q + 6.0) / (24.0 * q**3) + u * c4))
        )
    )
    return np.asarray(np.where(u < 1e-3, series, exact))


@dataclass(frozen=True, slots=True)
class _Response:
    """Response of a node to its field: F for strength 0, else the message at e^K = 1 + strength."""

    q: float
    strength: float

    def __call__(self, y: float) -> float:
        if self.strength == 0.0:
            return float(_force(np.array(y), self.q))
        a, shrunk = 1.0 + self.strength, np.exp(-y)
        return float(np.log1p((a - 1.0) * (1.0 - shrunk) / (1.0 + (a + self.q - 2.0) * shrunk)))

    @property
    def limits(self) -> tuple[float, float, float]:
        """Slope and half curvature at 0, and the value at infinity."""
        if self.strength == 0.0:
            return 1.0 / self.q, (self.q - 2.0) / (2.0 * self.q**2), 1.0
        total = self.strength + self.q
        half = (self.q - 2.0) * self.strength / (2.0 * total**2)
        return self.strength / total, half, float(np.log1p(self.strength))

    def moment(self, g: float) -> float:
        """int_0^inf y^(1-g) (F(y) - F'(0) y) dy for 3 < g < 4, its slowly falling parts by hand."""
        from scipy.integrate import quad

        slope, curvature, top = self.limits

        def rest(y: float) -> float:
            return self(y) - y * (slope + curvature * y)

        near, far, h = rest(0.01) / 0.01**3, rest(0.02) / 0.02**3, 1e-3
        # below h, where differences lose digits, the cubic and quartic terms stand for the rest
        ends = (2.0 * near - far) * h ** (5.0 - g) / (5.0 - g) + (far - near) / 0.01 * h ** (6.0 - g) / (
            6.0 - g
        )
        ends += curvature / (4.0 - g) + top / (g - 2.0) - slope / (g - 3.0)
        low = quad(lambda y: y ** (1.0 - g) * rest(y), h, 1.0, epsabs=1e-11, epsrel=1e-10)[0]
        high = quad(lambda y: y ** (1.0 - g) * (self(y) - top), 1.0, 60.0, epsabs=1e-12, epsrel=1e-10)[0]
        return float(low + high + ends)
