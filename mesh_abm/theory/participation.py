"""The participation game: who joins a mesh that is worth what it connects, and which equilibria that has.

A device joins when its gain exceeds its cost of taking part. The gain is value x S(r0 x), with x the share
that has joined and S the giant component (2), so gains rise with members: strategic complements, with a fold,
tipping and hysteresis that need no Potts model (claim T1b; Katz and Shapiro 1985). The choice of a type is
the opposite, congestion: see `type_shares`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, count, number, real, whole
from mesh_abm.theory.percolation import giant_component

#: Cumulative distribution of costs: a function, a sample of costs, or None for costs uniform on (0, 1).
Costs = Callable[[FloatArray], ArrayLike] | ArrayLike | None

STEPS = 20_000  # best responses; even next to a fold the steps then stay below 1e-8
TOLERANCE = 1e-13


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """A fixed point of best responses: the share that joins, the share `connected` among those, whether it is
    `stable`.

    Stable: best responses come back after a small push to either side. `basin` are the starts from which they
    lead here (both ends the share itself if unstable).
    """

    share: float
    connected: float
    stable: bool
    basin: tuple[float, float]


def best_responses(
    start: ArrayLike, r0: float, value: float, costs: Costs = None, steps: int = STEPS
) -> FloatArray:
    """Joined share after repeated best responses x <- F(value S(r0 x)) from each start in [0, 1].

    `r0` >= 0 is the reproduction number with everybody in, `value` >= 0 what it is worth to be connected to
    everybody, in the units of `costs`. Stops early when nothing moves.

    >>> best_responses([0.3, 0.9], 2.5, 1.0).round(3)
    array([0.  , 0.79])
    """
    respond = _response(r0, value, costs)
    share = np.array(np.atleast_1d(real("start", start, 0.0, 1.0)))
    for _ in range(count("steps", steps)):
        answer = respond(share)
        still = np.max(np.abs(answer - share), initial=0.0) < TOLERANCE
        share = answer
        if still:
            break
    return share


def equilibria(
    r0: float, value: float, costs: Costs = None, starts: int = 401, push: float = 1e-4
) -> list[Equilibrium]:
    """All equilibria that best responses from `starts` evenly spaced starts can tell apart, by rising share.

    Stable ones are where they end; an unstable one divides the starts that end in different places and is
    found by halving between them. Each is then tested: best responses from `push` to either side must come
    back. Equilibria closer than `push` are one: for a sample of n costs choose it well above 1/n. Arguments
    as in `best_responses`; shares to about 1e-9.

    >>> [(round(e.share, 4), e.stable) for e in equilibria(2.5, 1.0)]
    [(0.0, True), (0.6345, False), (0.7895, True)]
    """
    respond, size = _response(r0, value, costs), number("push", push, 0.0, 1.0, above=True)
    begin = np.linspace(0.0, 1.0, count("starts", starts, 2))
    ends = best_responses(begin, r0, value, costs)
    jumps = np.flatnonzero(np.abs(np.diff(ends)) > size)
    divides = [_divide(respond, float(begin[j]), float(begin[j + 1]), float(ends[j])) for j in jumps]
    shares = [_polished(respond, float(np.median(part))) for part in np.split(ends, jumps + 1)]
    basins = zip([0.0, *divides], [*divides, 1.0], strict=True)
    found = list(zip(shares, basins, strict=True))
    # what divides two basins is an equilibrium unless the response jumps across the diagonal there
    found += [(x, (x, x)) for x in divides if abs(float(respond(np.array([x]))[0]) - x) < size]
    return [
        Equilibrium(x, float(giant_component(r0 * x)), _comes_back(respond, x, size), basin)
        for x, basin in sorted(found)
    ]


def fold() -> tuple[float, float]:
    """Smallest r0 x value with an equilibrium above zero at costs uniform on (0, 1), and r0 x share there.

    min over y of y/S(y) = 2.455407 at y = 1.756: there joining starts with a jump (claim T1b).
    """
    from scipy.optimize import brentq

    size = brentq(lambda s: s / (1.0 - s) + 2.0 * np.log1p(-s), 0.5, 0.9, xtol=1e-15)
    reach = -np.log1p(-size) / size
    return float(reach / size), float(reach)


def type_shares(start: ArrayLike, rho: float, weights: ArrayLike | None = None) -> FloatArray:
    """Members by type after one at a time has moved to the type that pays best, until none gains.

    A member of type j earns the marginal product of its type in (6), weights_j n_j^(rho-1) up to a common
    factor, n_j counted with itself: own-type payoffs fall in n_j, so the game has no complements between
    choices of type, and every permutation of an equilibrium among equal types is one. `start` whole numbers
    (J,), `rho` < 1, not 0; `weights` > 0 (equal).

    >>> type_shares([7, 0, 2], 0.5)
    array([3., 3., 3.])
    """
    members = np.array(whole("start", start))
    power = number("rho", rho, -np.inf, 1.0, below=True, finite=True)
    if power == 0.0:
        raise ValueError("rho = 0.0: must be a number < 1 other than 0")
    if members.ndim != 1 or members.size == 0:
        raise ValueError(f"start: must be members by type, not of shape {members.shape}")
    worth = real(
        "weights", np.ones(members.size) if weights is None else weights, 0.0, above=True, finite=True
    )
    for _ in range(int(members.sum()) * members.size):
        stay = np.where(members > 0, worth * np.maximum(members, 1.0) ** (power - 1.0), np.inf)
        move = worth * (members + 1.0) ** (power - 1.0)
        worst, best = int(np.argmin(stay)), int(np.argmax(move))
        if move[best] <= stay[worst] * (1.0 + 1e-12):
            break
        members[worst] -= 1.0
        members[best] += 1.0
    return members


def _response(r0: float, value: float, costs: Costs) -> Callable[[FloatArray], FloatArray]:
    """The best response: share whose cost is below the gain, given the share that has joined."""
    reach, worth = number("r0", r0, 0.0, finite=True), number("value", value, 0.0, finite=True)
    cumulative = _cumulative(costs)
    return lambda share: cumulative(worth * np.asarray(giant_component(reach * share)))


def _cumulative(costs: Costs) -> Callable[[FloatArray], FloatArray]:
    if costs is None:
        return lambda gain: np.clip(gain, 0.0, 1.0)
    if callable(costs):
        given = costs
        return lambda gain: real("costs", given(gain), 0.0, 1.0)
    ordered = np.sort(np.ravel(real("costs", costs)))
    if ordered.size == 0:
        raise ValueError("costs: must not be empty")
    return lambda gain: np.searchsorted(ordered, gain, side="left") / ordered.size  # cost < gain, strictly


def _follow(respond: Callable[[FloatArray], FloatArray], share: float, steps: int = STEPS) -> float:
    now = np.array([share])
    for _ in range(steps):
        before, now = now, respond(now)
        if abs(now[0] - before[0]) < TOLERANCE:
            break
    return float(now[0])


def _polished(respond: Callable[[FloatArray], FloatArray], share: float) -> float:
    """A stable fixed point to the last digits, by halving where the response crosses the diagonal."""
    from scipy.optimize import brentq

    def rise(x: float) -> float:
        return float(respond(np.array([x]))[0]) - x

    low, high = max(0.0, share - 1e-5), min(1.0, share + 1e-5)
    return float(brentq(rise, low, high, xtol=1e-15)) if rise(low) > 0.0 > rise(high) else share


def _divide(respond: Callable[[FloatArray], FloatArray], low: float, high: float, lower_end: float) -> float:
    """Start between low and high above which best responses no longer lead down (or up) to `lower_end`."""
    while high - low > 1e-15 + 1e-15 * high:
        middle = 0.5 * (low + high)
        upwards = middle > lower_end and float(respond(np.array([middle]))[0]) > middle
        low, high = (low, middle) if upwards else (middle, high)
    return 0.5 * (low + high)


def _comes_back(respond: Callable[[FloatArray], FloatArray], share: float, push: float) -> bool:
    """Whether best responses from `push` to either side come back."""
    sides = [x for x in (share - push, share + push) if 0.0 <= x <= 1.0]
    return all(abs(_follow(respond, x) - share) < push / 2.0 for x in sides)
