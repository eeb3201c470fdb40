"""What an argument may be: every theory function checks its arguments here, so that all complain alike.

A value outside its domain, no number (NaN) included, raises `ValueError` with one line that names the
argument.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
#: A float where all arguments were numbers, a float array where one was an array (typed as numpy types its ufuncs).
Values: TypeAlias = Any


def real(
    name: str,
    value: ArrayLike,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: bool = False,
    below: bool = False,
    finite: bool = False,
) -> FloatArray:
    """`value` as a float array, all of it in [low, high].

    `above` and `below` leave out the ends low and high, `finite` leaves out infinities.
    """
    array = _floats(name, value)
    if array.size:
        bottom, top = float(np.min(array)), float(np.max(array))
        wrong = bottom < low or top > high or (above and bottom <= low) or (below and top >= high)
        if math.isnan(bottom) or wrong or (finite and (math.isinf(bottom) or math.isinf(top))):
            raise ValueError(
                f"{name} = {_culprit(array)}: must be {_interval(low, high, above, below, finite)}"
            )
    return array


def number(
    name: str,
    value: ArrayLike,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: bool = False,
    below: bool = False,
    finite: bool = False,
) -> float:
    """`value` as one float in [low, high]; see `real`."""
    array = real(name, value, low, high, above=above, below=below, finite=finite)
    if array.ndim:
        raise ValueError(f"{name}: must be one number, not an array of shape {array.shape}")
    return float(array)


def whole(name: str, value: ArrayLike, low: int = 0) -> FloatArray:
    """`value` as a float array of whole numbers >= low."""
    array = real(name, value, low, finite=True)
    if np.any(array != np.floor(array)):
        raise ValueError(
            f"{name} = {_culprit(array[array != np.floor(array)])}: must be a whole number >= {low}"
        )
    return array


def count(name: str, value: ArrayLike, low: int = 0) -> int:
    """`value` as one int >= low."""
    array = whole(name, value, low)
    if array.ndim:
        raise ValueError(f"{name}: must be one whole number, not an array of shape {array.shape}")
    return int(array)


def weighted(name: str, value: ArrayLike, low: float, high: float) -> tuple[FloatArray, FloatArray | None]:
    """Values in [low, high] and their weights (summing to 1, None for equal ones) from a number, sample or
    matrix.

    A matrix has two columns, value and weight (or, if it is not 2 by 2, two rows of that kind).
    """
    array = _floats(name, value)
    if array.size == 0 or array.ndim > 2:
        raise ValueError(
            f"{name}: must be a number, a sample or a matrix of values and weights, not shape {array.shape}"
        )
    if array.ndim < 2:
        return np.atleast_1d(real(name, array, low, high)), None
    columns = array.T if array.shape[1] == 2 else array
    if columns.shape[0] != 2:
        raise ValueError(f"{name}: a matrix must have two columns, value and weight, not shape {array.shape}")
    weights = real(f"weights of {name}", columns[1], 0.0, finite=True)
    if weights.sum() <= 0.0:
        raise ValueError(f"weights of {name} = 0.0: must not all be zero")
    return real(name, columns[0], low, high), weights / weights.sum()


def average(values: FloatArray, weights: FloatArray | None) -> float:
    """Mean under weights that sum to 1 (None: equal ones); a value of weight 0 does not count, even if
    infinite.
    """
    if weights is None:
        return float(np.mean(values))
    kept = weights > 0.0
    return float(np.dot(weights[kept], values[kept]))


def plain(array: ArrayLike) -> Values:
    """A float for a 0-d array, the array itself otherwise."""
    result = np.asarray(array)
    return result.item() if result.ndim == 0 else result


def _floats(name: str, value: ArrayLike) -> FloatArray:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}: must be a number or an array of numbers") from None


def _culprit(array: FloatArray) -> str:
    """The values to show in a message: the only one, or the range."""
    if array.size == 1:
        return repr(float(array.ravel()[0]))
    if np.isnan(array).any():
        return "nan (in an array)"
    return f"{float(array.min())!r} to {float(array.max())!r}"


def _interval(low: float, high: float, above: bool, below: bool, finite: bool) -> str:
    """The allowed values in words."""
    kind = "a finite number" if finite else "a number"
    parts = []
    if low > -math.inf:
        parts.append(f"{'>' if above else '>='} {low:g}")
    if high < math.inf:
        parts.append(f"{'<' if below else '<='} {high:g}")
    return f"{kind} {' and '.join(parts)}".strip()
