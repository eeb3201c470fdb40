"""Closed forms shown beside the simulation, and the statistics that the measures need."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import lambertw


def mean(values: Sequence[float]) -> float:
    """Mean; NaN of nothing."""
    return sum(values) / len(values) if values else math.nan


def ratio(part: float, whole: float) -> float:
    """part / whole; NaN where nothing is divided by nothing, infinite where something is."""
    if whole:
        return part / whole
    return math.inf if part > 0 else math.nan


def giant_component(r0: float) -> float:
    """Root S of S = 1 - exp(-R0 S), equation (2)."""
    if math.isnan(r0):
        return math.nan
    excess = r0 - 1
    if excess <= 0:
        return 0.0
    if excess < 0.01:
        return 2 * excess - 8 / 3 * excess**2 + 28 / 9 * excess**3 - 464 / 135 * excess**4
    return float(1 + lambertw(-r0 * math.exp(-r0)).real / r0)


def condensate(keep: Sequence[float], link_failure: float, churn: float) -> float:
    """b of docs/model.md, what the rules imply; `keep` are the h = v eta of the members.

    With X (1 - kappa) = E[D h / (1 - (1 - mu)(s + D h))], which spares the division by s.
    """
    if not keep:
        return math.nan
    survives = (1 - link_failure) * (1 - churn)
    lost = 1 - survives
    if any(h >= 1 for h in keep) and churn == 0:
        return 0.0
    if lost == 0:
        return max(0.0, 1 - mean([h / (1 - h) for h in keep]))
    x = mean([lost * h / (1 - (1 - churn) * (survives + lost * h)) for h in keep])
    return max(0.0, 1 - x / (1 + churn * x))


def ces(amounts: Sequence[float], rho: float) -> float:
    """(sum of amounts^rho)^(1/rho), equation (6)."""
    return float(sum(amount**rho for amount in amounts if amount > 0) ** (1 / rho))


def entropy(shares: Sequence[float]) -> float:
    """Shannon entropy in nats."""
    return -sum(share * math.log(share) for share in shares if share > 0)


def gini(values: Sequence[float]) -> float:
    """Gini coefficient; NaN when there is nothing to share."""
    total = sum(values)
    if not total:
        return math.nan
    n = len(values)
    ranked = sum((2 * rank - n - 1) * value for rank, value in enumerate(sorted(values), start=1))
    return ranked / (n * total)
