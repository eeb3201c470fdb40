"""Response thresholds and division of labor: (9), (10) and what they imply (Bonabeau, Theraulaz and
Deneubourg 1998).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, plain, real, whole

LEAST = float(np.finfo(float).tiny)


def response(signal: ArrayLike, threshold: ArrayLike, n: ArrayLike) -> Values:
    """Probability s^n/(s^n + theta^n) that a device takes up a task (9); 0 without signal, even at threshold
    0.

    `signal` s >= 0 and `threshold` theta >= 0 in the same units (at most one of them inf), steepness `n` > 0
    (the paper asks for n >= 2); shapes broadcast. 1/2 where signal and threshold agree.

    >>> response(1.0, 2.0, 2)
    0.2
    >>> response(0.0, 0.0, 2)
    0.0
    """
    s, theta = real("signal", signal, 0.0), real("threshold", threshold, 0.0)
    steepness = real("n", n, 0.0, above=True, finite=True)
    if np.any(np.isinf(s) & np.isinf(theta)):
        raise ValueError("signal = inf: must be finite where threshold is inf")
    with np.errstate(divide="ignore", over="ignore"):
        return plain(unchecked_response(s, theta, steepness))


def unchecked_response(signal: FloatArray, threshold: FloatArray, n: float | FloatArray) -> FloatArray:
    """`response` of what is known to be in its domain; the caller ignores divisions by 0 and overflows."""
    # at threshold 0 the least of floats, so that no signal answers nothing: 0/0 would be no number
    return np.asarray(1.0 / (1.0 + (np.maximum(threshold, LEAST) / signal) ** n))


def adapt(
    threshold: ArrayLike,
    performed: ArrayLike,
    reinforcement: float,
    decay: float,
    low: float,
    high: float,
    dt: float = 1.0,
) -> Values:
    """Thresholds after a time dt of (10): down by reinforcement dt where `performed`, up by decay dt
    elsewhere.

    Cut to [low, high], which (10) needs to have a meaning. `performed` may be a share of the time in [0, 1].
    """
    share = real("performed", performed, 0.0, 1.0)
    bottom, time = real("low", low, 0.0, finite=True), real("dt", dt, 0.0, finite=True)
    up, down = real("decay", decay, 0.0, finite=True), real("reinforcement", reinforcement, 0.0, finite=True)
    start, top = real("threshold", threshold, 0.0), real("high", high, float(bottom))
    return plain(unchecked_adapt(start, share, time * down, time * up, bottom, top))


def unchecked_adapt(
    threshold: FloatArray,
    performed: FloatArray,
    reinforcement: Values,
    decay: Values,
    low: Values,
    high: Values,
) -> FloatArray:
    """`adapt` after one month of what is known to be in its domain."""
    moved = threshold + (decay * (1.0 - performed) - reinforcement * performed)
    return np.asarray(np.minimum(np.maximum(moved, low), high))


def repelling_share(reinforcement: ArrayLike, decay: ArrayLike) -> Values:
    """Share of time on a task at which its threshold stands still, decay/(reinforcement + decay): a repelling
    point of (10).

    Above it a device becomes a specialist of the task, below it forgets it. Both rates >= 0, not both 0.
    """
    xi, phi = real("reinforcement", reinforcement, 0.0, finite=True), real("decay", decay, 0.0, finite=True)
    if np.any(xi + phi == 0.0):
        raise ValueError("decay = 0.0: must be > 0 where reinforcement is 0")
    return plain(phi / (xi + phi))


def symmetric_drift(
    load: ArrayLike, n_types: ArrayLike, reinforcement: ArrayLike, decay: ArrayLike
) -> Values:
    """Mean drift of all thresholds while all devices share all tasks evenly: decay - (reinforcement + decay)
    load/n_types.

    `load` is demand over capacity (>= 0; above 1 devices are always busy). Negative: thresholds fall together
    to the floor; positive: they rise together to the ceiling (claim P4).
    """
    busy = np.minimum(real("load", load, 0.0, finite=True), 1.0) / whole("n_types", n_types, 1)
    xi, phi = real("reinforcement", reinforcement, 0.0, finite=True), real("decay", decay, 0.0, finite=True)
    return plain(phi - (xi + phi) * busy)


def critical_decay(load: ArrayLike, n_types: ArrayLike) -> Values:
    """decay/reinforcement at which the symmetric state has no drift, (W/J)/(1 - W/J), load W < J (claim P4)."""
    types = whole("n_types", n_types, 1)
    busy = real("load", load, 0.0, finite=True) / types
    if np.any(busy >= 1.0):
        raise ValueError(f"load = {float(np.max(busy * types))!r}: must be < n_types")
    return plain(busy / (1.0 - busy))


def specialization(shares: ArrayLike) -> Values:
    """1 - entropy/ln J of each row of task shares (..., J), scaled to sum 1: 0 for a generalist, 1 for a
    specialist.

    0 for a single type (J = 1), as there is nothing to choose; ValueError if a row is all zero.
    """
    p = real("shares", shares, 0.0, finite=True)
    if p.ndim == 0 or np.any(p.sum(axis=-1) <= 0.0):
        raise ValueError("shares: must be shares by type that do not all vanish")
    p = p / p.sum(axis=-1, keepdims=True)
    entropy = -np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0.0), axis=-1)
    return plain(1.0 - entropy / np.log(p.shape[-1]) if p.shape[-1] > 1 else np.zeros_like(entropy))
