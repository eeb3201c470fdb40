"""Sums along an axis as products with ones, which for the few numbers here take less than half the time of `sum`."""

from __future__ import annotations

from functools import cache

import numpy as np

from mesh_abm.theory.domain import FloatArray


def over_first(values: FloatArray) -> FloatArray:
    """Sum over the first axis of two."""
    return np.asarray(ones(len(values)).dot(values))


def over_last(values: FloatArray) -> FloatArray:
    """Sum over the last axis."""
    return np.asarray(values.dot(ones(values.shape[-1])))


@cache
def ones(size: int) -> FloatArray:
    """So many ones, not to be written to."""
    array = np.ones(size)
    array.flags.writeable = False
    return array
