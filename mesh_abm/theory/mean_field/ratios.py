"""Part of a whole, where there may be none."""

from __future__ import annotations

import numpy as np

from mesh_abm.theory.domain import FloatArray


def over(part: FloatArray, whole: FloatArray | float) -> FloatArray:
    """part/whole, 0 where the whole is 0; shapes broadcast, parts are finite."""
    return np.asarray(part / np.where(np.greater(whole, 0.0), whole, np.inf))


def ratio(part: float, whole: float) -> float:
    """The same of two numbers."""
    return float(part) / float(whole) if whole > 0.0 else 0.0
