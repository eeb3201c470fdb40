"""Part of a whole, where there may be none."""

from __future__ import annotations

import numpy as np

from mesh_abm.theory.domain import FloatArray


def over(part: FloatArray, whole: FloatArray | float) -> FloatArray:
    """part/whole, 0 where the whole is 0; shapes broadcast."""
    out = np.zeros(np.broadcast(part, whole).shape)
    return np.divide(part, whole, out=out, where=np.greater(whole, 0.0))


def ratio(part: float, whole: float) -> float:
    """The same of two numbers."""
    return float(part) / float(whole) if whole > 0.0 else 0.0
