"""Aggregate capability and what diversity adds: (6), (7), (8), (15) and (16).

C = (sum_j C_j^rho)^(1/rho) over task types j. For 0 < rho < 1 types are substitutes with elasticity 1/(1 -
rho) > 1 (the paper calls them complements: claim E6), for rho < 0 complements. Computed relative to the
leading type, in logs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, Values, plain, real, whole


def aggregate(capability: ArrayLike, rho: ArrayLike, *, pooled: bool = False) -> Values:
    """Aggregate capability (6), in the units of `capability` (queries a month).

    `capability`: capability by type (J,), or a matrix devices x types (N, J), whose rows are summed first as
    in (6) and (15). With `pooled` the last axis is types and nothing is summed: shape (..., J) gives shape
    (...). All >= 0; no type at all is 0. `rho` <= 1, not 0, a number or an array that broadcasts with the
    result; rho = 1 is the plain sum, at rho < 0 one empty type makes it 0, at rho = -inf it is the least
    type. inf where the value exceeds the floats: see `log_aggregate`.

    >>> round(aggregate([1, 1, 1, 1, 1, 1], 0.5), 10)
    36.0
    >>> aggregate([[1, 0], [0, 1]], 0.5)
    4.0
    """
    with np.errstate(over="ignore"):
        return plain(np.exp(log_aggregate(capability, rho, pooled=pooled)))


def log_aggregate(capability: ArrayLike, rho: ArrayLike, *, pooled: bool = False) -> Values:
    """Natural logarithm of `aggregate` (-inf for 0), for small rho where the value itself overflows."""
    pools = real("capability", capability, 0.0, finite=True)
    if pools.ndim == 0 or (pools.ndim > 2 and not pooled):
        raise ValueError(f"capability: must be by type or devices x types, not of shape {pools.shape}")
    if pools.ndim == 2 and not pooled:
        pools = pools.sum(axis=0)
    power = _rho(rho)
    if pools.shape[-1] == 0:
        return plain(np.full(np.broadcast_shapes(pools.shape[:-1], power.shape), -np.inf))
    return plain(log_pooled(pools, power))


def log_pooled(pools: FloatArray, rho: FloatArray) -> FloatArray:
    """The same by the last axis, at least one type long: the core of `log_aggregate`, its arguments not checked."""
    if np.all(rho > 0.0):
        return _log_sum(pools, rho)
    return np.where(rho > 0.0, _log_sum(pools, np.abs(rho)), _log_sum_negative(pools, rho))


def diversity_premium(n_types: ArrayLike, rho: ArrayLike) -> Values:
    """Equal coverage over coverage of one type, n_types^((1-rho)/rho) (7).

    `n_types` >= 1 (whole), `rho` <= 1, not 0. For rho < 0 one type alone achieves nothing: inf (1 for one
    type).

    >>> round(diversity_premium(6, 0.5), 10)
    6.0
    """
    types, power = whole("n_types", n_types, 1), _rho(rho)
    with np.errstate(over="ignore"):
        premium = np.exp(_log_premium(types, power))
    return plain(np.where((power < 0.0) & (types > 1.0), np.inf, premium))


def centralized(units: ArrayLike, unit_capability: ArrayLike, n_types: ArrayLike, rho: ArrayLike) -> Values:
    """Capability of a provider of `units` equal units spread evenly over the types: n_types^((1-rho)/rho)
    units cbar (8).

    `units`, `unit_capability` >= 0, `n_types` >= 1 (whole), `rho` <= 1, not 0; shapes broadcast.

    >>> round(centralized(10, 3.0, 6, 0.5), 10)
    180.0
    """
    total = real("units", units, 0.0, finite=True) * real(
        "unit_capability", unit_capability, 0.0, finite=True
    )
    return plain(_spread(total, whole("n_types", n_types, 1), _rho(rho)))


def mesh(
    n: ArrayLike, connected: ArrayLike, mean_capability: ArrayLike, n_types: ArrayLike, rho: ArrayLike
) -> Values:
    """Capability of n devices, a share `connected` of them in the mesh, specialized evenly: J^(1/rho - 1) S N
    cbar.

    This is (16) without the stray 1/J that the paper prints (claim E16); `mesh_as_printed` has it.
    """
    total = (
        real("n", n, 0.0, finite=True)
        * real("connected", connected, 0.0, 1.0)
        * real("mean_capability", mean_capability, 0.0, finite=True)
    )
    return plain(_spread(total, whole("n_types", n_types, 1), _rho(rho)))


def mesh_as_printed(
    n: ArrayLike, connected: ArrayLike, mean_capability: ArrayLike, n_types: ArrayLike, rho: ArrayLike
) -> Values:
    """(16) as printed, J^(1/rho - 2) S N cbar: `mesh` divided by the number of types."""
    return plain(np.asarray(mesh(n, connected, mean_capability, n_types, rho)) / whole("n_types", n_types, 1))


def effective_types(shares: ArrayLike, rho: ArrayLike) -> Values:
    """Hill number D = (sum_j p_j^rho)^(1/(1-rho)) of type shares: how many equally covered types they are
    worth.

    `shares` (..., J) >= 0, scaled to sum 1; `rho` in (0, 1]; at 1 it is exp(entropy). Equal shares give J.
    """
    p = real("shares", shares, 0.0, finite=True)
    if p.ndim == 0 or np.any(p.sum(axis=-1) <= 0.0):
        raise ValueError("shares: must be shares by type that do not all vanish")
    p = p / p.sum(axis=-1, keepdims=True)
    power = real("rho", rho, 0.0, 1.0, above=True)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0.0)
    entropy = -np.sum(p * logs, axis=-1)
    rest = np.where(power == 1.0, 1.0, 1.0 - power)
    # sum p^rho = sum p exp((rho-1) ln p): expm1 and log1p keep the digits as rho -> 1
    excess = np.sum(p * np.expm1((power - 1.0)[..., None] * logs), axis=-1)
    return plain(np.exp(np.where(power == 1.0, entropy, np.log1p(excess) / rest)))


def uneven_coverage_factor(shares: ArrayLike, rho: ArrayLike) -> Values:
    """Factor by which uneven type shares raise the critical mass: (J/D)^((1-rho)/rho), D = `effective_types`
    >= ..

    The true replacement of Theorem 1(e), against a provider that covers all J types evenly (claim T1e).

    >>> round(uneven_coverage_factor([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], 0.5), 4)
    1.1459
    """
    p = real("shares", shares, 0.0, finite=True)
    power = real("rho", rho, 0.0, 1.0, above=True)
    ratio = p.shape[-1] / np.asarray(effective_types(p, power))
    with np.errstate(over="ignore"):
        return plain(np.exp((1.0 - power) / power * np.log(ratio)))


def _rho(rho: ArrayLike) -> FloatArray:
    power = real("rho", rho, -np.inf, 1.0)
    if np.any(power == 0.0):
        raise ValueError("rho = 0.0: must be a number <= 1 other than 0")
    return power


def _log_premium(types: FloatArray, rho: FloatArray) -> FloatArray:
    return np.asarray((1.0 / rho - 1.0) * np.log(types))


def _spread(total: FloatArray, types: FloatArray, rho: FloatArray) -> FloatArray:
    """types^(1/rho - 1) total; 0 stays 0 however large the premium."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(np.exp(np.log(total) + _log_premium(types, rho)))


def _log_sum(pools: FloatArray, power: FloatArray) -> FloatArray:
    """ln C for rho > 0, relative to the largest type."""
    top = pools.max(axis=-1, keepdims=True)
    ratio = np.divide(pools, top, out=np.zeros_like(pools), where=top > 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(top[..., 0]) + np.log(np.sum(ratio ** power[..., None], axis=-1)) / power)


def _log_sum_negative(pools: FloatArray, rho: FloatArray) -> FloatArray:
    """ln C for rho < 0, relative to the smallest type; -inf where a type is empty."""
    low = pools.min(axis=-1, keepdims=True)
    ratio = np.divide(pools, low, out=np.ones_like(pools), where=low > 0.0)
    power = np.minimum(rho, -1e-300)  # positive entries are not used
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(low[..., 0]) + np.log(np.sum(ratio ** power[..., None], axis=-1)) / power)
