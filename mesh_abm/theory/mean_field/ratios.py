"""Part of a whole, where there may be none."""

from __future__ import annotations

import numpy as np

from mesh_abm.theory.domain import FloatArray, Values

LEAST = np.array(np.finfo(float).tiny)  # an array without axes: a number would be made one in every call


def over(part: Values, whole: Values) -> FloatArray:
    """part/whole, 0 where both are 0, as the part is where the whole is; shapes broadcast, wholes are >= 0."""
    result: FloatArray = part / np.maximum(whole, LEAST)
    return result


def ratio(part: float, whole: float) -> float:
    """The same of two numbers, 0 for any part of nothing."""
    return part / whole if whole > 0.0 else 0.0
