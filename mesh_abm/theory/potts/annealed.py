"""The Potts model on random graphs: annealed theory for any degree sequence, and sparse uncorrelated graphs.

Annealed: two nodes of degrees k, l are linked with probability k l/(n <k>), so each feels one field y = K m, with m the order
parameter weighed by degree: m = <k F(k y)>/<k>, F(u) = (e^u - 1)/(e^u + q - 1). The free energy is y^2/(2K) less <Psi(k y)>/<k>,
Psi' = F (times (q-1)/q). The transition jumps if <k F(k y)>/(<k> y) first rises with y. Sources: Igloi and Turban 2002; Dorogovtsev,
Goltsev and Mendes 2004; PAPER.md P2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, number, plain, real, weighted


@dataclass(frozen=True, slots=True)
class AnnealedTransition:
    """The transition on a degree sequence; couplings K per edge.

    `critical_coupling`: equal free energy (first order), or where order sets in; `spinodal_low`: end of the ordered branch;
    `spinodal_high` q <k>/<k^2>: end of the disordered one (all equal if continuous). `jump` of m = (q x_max - 1)/(q - 1)
    over nodes and `weighted_jump` over link ends at the critical coupling.
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


def annealed(degrees: ArrayLike, q: float) -> AnnealedTransition:
    """Transition of the q-state Potts model (q >= 1, real) on an annealed network with these degrees.

    `degrees` >= 0: a sample, or a matrix with two columns, degree and weight. First order for q > 2 unless hubs prevent it: see
    `critical_tail_exponent`. Without links the couplings are inf. Mean field in the degrees: for large ones; at small ones couplings
    come out too low (`sparse_spinodal` is exact for the upper one on sparse graphs).

    >>> t = annealed([99.0], 3)
    >>> round(t.critical_coupling * 99, 6), round(t.jump, 6)
    (2.772589, 0.5)
    """
    states = number("q", q, 1.0, finite=True)
    k, weights = weighted("degrees", degrees, 0.0, np.inf)
    values, share = _distinct(real("degrees", k, 0.0, finite=True), weights)
    ends = float(np.dot(share, values))
    if ends == 0.0:
        return AnnealedTransition(states, np.inf, np.inf, np.inf, 0.0, 0.0)
    return _transition(values, share, share * values / ends, states)


def critical_tail_exponent(q: float, branching: float = np.inf) -> float:
    """Tail exponent gamma_c > 3 of P(k) ~ k^-gamma above which the transition of the q-state model (q > 2) jumps.

    Root of int_0^inf y^(1-g) (F(y) - F'(0) y) dy = 0, F the response of a node to its field: annealed for infinite `branching`
    <k^2>/<k> - 1, else the message (e^(K+h) + q - 1)/(e^h + e^K + q - 2) in logs at the spinodal coupling (`branching` > 1). At and
    below 3 there is no threshold at all. Tends to 4 as q falls to 2; ValueError for q <= 2, where nothing jumps.

    >>> [round(critical_tail_exponent(q), 4) for q in (3, 6)]
    [3.6542, 3.3579]
    """
    from scipy.optimize import brentq

    states = number("q", q, 2.0, above=True, finite=True)
    ratio = number("branching", branching, 1.0, above=True)
    strength = 0.0 if np.isinf(ratio) else states / (ratio - 1.0)  # e^K - 1 at the spinodal
    y, rest = _scaled_rest(states, strength)
    # g near 3 weighs large fields, where F is bounded and the rest negative; near 4 small ones, where it is y^2 > 0
    return float(brentq(lambda g: _moment(g, y, rest, states, strength), 3.0 + 1e-7, 4.0 - 1e-9, xtol=1e-12))


def sparse_spinodal(branching: ArrayLike, q: ArrayLike) -> Values:
    """Coupling at which the disordered state loses stability on a sparse uncorrelated graph: exp(K_s) = 1 + q/(b - 1).

    `branching` b = <k^2>/<k> - 1 >= 0 (<= 1: inf, there is no giant component to order), `q` >= 1; shapes broadcast. For q = 1 it is the
    percolation threshold 1 - exp(-K) = 1/b, for q = 2 Ising's tanh(K/2) = 1/b.
    """
    b, states = real("branching", branching, 0.0), real("q", q, 1.0, finite=True)
    with np.errstate(divide="ignore"):
        return plain(np.where(b > 1.0, np.log1p(states / np.maximum(b - 1.0, 0.0)), np.inf))


def regular_critical_coupling(degree: ArrayLike, q: ArrayLike) -> Values:
    """Transition on random regular graphs: exp(K_c) = (q - 2)/((q - 1)^(1 - 2/d) - 1); at q = 2 its limit d/(d - 2).

    `degree` d >= 3, `q` >= 2 (real); shapes broadcast. First order for q > 2 (PAPER.md P2; Haggstrom 1996).
    """
    d, states = real("degree", degree, 3.0, finite=True), real("q", q, 2.0, finite=True)
    beyond = np.where(states > 2.0, states - 2.0, 1.0)
    ratio = beyond / np.expm1((1.0 - 2.0 / d) * np.log1p(beyond))
    return plain(np.log(np.where(states > 2.0, ratio, d / (d - 2.0))))


def _distinct(k: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Distinct degrees and their shares."""
    values, place = np.unique(k, return_inverse=True)
    return values, np.bincount(place, weights) / (k.size if weights is None else 1.0)


def _transition(k: FloatArray, share: FloatArray, ends: FloatArray, q: float) -> AnnealedTransition:
    """`share` weighs nodes, `ends` link ends."""
    high = q / float(np.dot(ends, k))

    def response(log_y: FloatArray) -> FloatArray:  # m/y = 1/K of stationary states, relative to y = 0
        y = np.exp(log_y)[:, None]
        return _force(k * y, q) @ ends / y[:, 0] * high

    def depth(log_y: FloatArray) -> FloatArray:  # 1/K at which the state at y is as good as disorder, relative to y = 0
        y = np.exp(log_y)[:, None]
        return 2.0 * _depth(k * y, q) @ (ends / np.where(k > 0.0, k, 1.0)) / y[:, 0] ** 2 * high

    span = (np.log(1e-4 / float(k.max())), np.log(60.0 * q / float(k[k > 0.0].min())))
    best, at = _peak(response, span)
    if q <= 2.0 or best <= 1.0 + 1e-9:
        return AnnealedTransition(q, high, high, high, 0.0, 0.0)
    deepest, where = _peak(depth, span)
    y = np.exp(where)
    critical = high / deepest
    return AnnealedTransition(
        q, critical, high / best, high, float(np.dot(share, _force(k * y, q))), float(y / critical)
    )


def _peak(curve, span: tuple[float, float]) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Largest value of a curve of log y over a span, and where."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(*span, 800)
    values = curve(grid)
    i = int(np.clip(np.argmax(values), 1, grid.size - 2))
    found = minimize_scalar(
        lambda x: -float(curve(np.array([x]))[0]), bounds=(grid[i - 1], grid[i + 1]), method="bounded", options={"xatol": 1e-12}
    )
    return float(-found.fun), float(found.x)


def _force(u: FloatArray, q: float) -> FloatArray:
    """F(u) = (e^u - 1)/(e^u + q - 1), the order of a node in a field u >= 0."""
    shrunk = np.exp(-u)
    return np.asarray(-np.expm1(-u) / (1.0 + (q - 1.0) * shrunk))


def _depth(u: FloatArray, q: float) -> FloatArray:
    """Psi(u), the integral of F from 0 to u, with its series where differences lose digits."""
    small = u < 1e-3
    exact = (q * np.log1p(np.expm1(np.minimum(u, 700.0)) / q) - u) / (q - 1.0) if q > 1.0 else u + np.expm1(-u)
    big = u > 700.0
    if q > 1.0:
        exact = np.where(big, u - q / (q - 1.0) * np.log(q), exact)
    series = u * u / (2.0 * q) * (1.0 + u * (q - 2.0) / (3.0 * q) * (1.0 + u * 0.0))
    series = series + u**4 * (q * q - 6.0 * q + 6.0) / (24.0 * q**3)
    return np.asarray(np.where(small, series, exact))
