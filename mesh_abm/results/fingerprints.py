"""Fingerprints of tables: the same values exactly, or the same to nine significant digits.

A fingerprint is a SHA-256 over column names and values, so two people can compare trajectories by comparing
two short strings. Where the files are at hand, `first_difference` says where two trajectories part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

DIGITS = 9
"""Significant digits to which results of different machines or library versions are expected to agree."""


class Difference(NamedTuple):
    """Where two trajectories part: the first month, and in it the first column."""

    month: int
    column: str


def exact(*tables: pd.DataFrame) -> str:
    """The SHA-256 of the values of `tables`: equal if and only if names and values are equal.

    Values, not bits: the two zeros are one value, and so are all NaN.
    """
    return _digest(tables, _exact_bytes)


def rounded(*tables: pd.DataFrame) -> str:
    """The SHA-256 of the values of `tables`, their floats rounded to `DIGITS` significant digits.

    Two values that differ in the last bit may lie on two sides of a rounding step: equal fingerprints mean equal to
    `DIGITS` digits, while different ones need `first_difference` to tell.
    """
    return _digest(tables, _rounded_bytes)


def first_difference(
    stored: pd.DataFrame, again: pd.DataFrame, *, digits: int | None = None, month: int = 0
) -> Difference | None:
    """The first month and column of `stored` whose values `again` does not repeat, or None.

    With `digits`, numbers count as equal if they differ by at most one unit in that significant digit. Columns
    that only `again` has are ignored. `month` is the month of tables without a column `month`.
    """
    months = stored["month"].to_numpy() if "month" in stored else np.full(len(stored), month)
    found = []
    for name in stored.columns:
        row = _first_row(stored[name], again.get(name), digits)
        if row is not None:
            found.append(
                Difference(int(months[min(row, len(months) - 1)]) if len(months) else month, str(name))
            )
    return min(found, key=lambda difference: difference.month, default=None)


def _first_row(stored: pd.Series, again: pd.Series | None, digits: int | None) -> int | None:
    """The first row in which two columns differ; a missing column or row differs."""
    if again is None:
        return 0
    rows = min(len(stored), len(again))
    differs = np.flatnonzero(~_same(stored.to_numpy()[:rows], again.to_numpy()[:rows], digits))
    if len(differs):
        return int(differs[0])
    return None if len(stored) == len(again) else rows


def _same(
    a: npt.NDArray[np.generic], b: npt.NDArray[np.generic], digits: int | None
) -> npt.NDArray[np.bool_]:
    """Which values of two arrays of equal length are the same (NaN is the same as NaN)."""
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return np.asarray(a.astype(object) == b.astype(object), dtype=bool)
    x, y = a.astype(float), b.astype(float)
    same = np.asarray((a == b) | (np.isnan(x) & np.isnan(y)), dtype=bool)
    if digits is None:
        return same
    with np.errstate(divide="ignore", invalid="ignore"):
        distance, exponent = np.abs(x - y), np.floor(np.log10(np.maximum(np.abs(x), np.abs(y))))
        same |= np.isfinite(distance) & (distance <= 10.0 ** (exponent - (digits - 1)))
    return same


def _digest(tables: tuple[pd.DataFrame, ...], as_bytes: Callable[[npt.NDArray[np.generic]], bytes]) -> str:
    digest = hashlib.sha256()
    for table in tables:
        for name in table.columns:
            digest.update(f"{name}\0{len(table)}\0".encode())
            digest.update(as_bytes(table[name].to_numpy()))
    return digest.hexdigest()


def _exact_bytes(values: npt.NDArray[np.generic]) -> bytes:
    if values.dtype.kind in "biu":
        return values.astype("<i8").tobytes()
    if values.dtype.kind != "f":
        return "\0".join(str(value) for value in values).encode()
    floats = values.astype("<f8") + 0.0  # minus zero becomes zero
    floats[np.isnan(floats)] = np.nan  # processors differ in the sign bit of NaN
    return floats.tobytes()


def _rounded_bytes(values: npt.NDArray[np.generic]) -> bytes:
    if values.dtype.kind != "f":
        return _exact_bytes(values)
    return "\0".join(f"{value + 0.0:.{DIGITS - 1}e}" for value in values.tolist()).encode()
