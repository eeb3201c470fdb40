"""Intervals of means and of differences between means (Student, Welch)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mesh_abm.analysis.reading import CONFIDENCE

Values = npt.NDArray[np.float64]


def known(values: npt.ArrayLike) -> Values:
    """Return the values that are numbers."""
    array: Values = np.asarray(values, float)
    return np.asarray(array[np.isfinite(array)])


def half_width(error: float, freedom: float) -> float:
    """Return the half-width of a t interval from standard error and degrees of freedom; NaN without any."""
    from scipy.stats import t as student

    return float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * error if freedom > 0 else np.nan


def of_mean(values: npt.ArrayLike) -> tuple[float, float]:
    """Return mean and half-width of its t interval (NaN for fewer than two values)."""
    sample = known(values)
    if not sample.size:
        return np.nan, np.nan
    error = float(sample.std(ddof=1)) / np.sqrt(sample.size) if sample.size > 1 else np.nan
    return float(sample.mean()), half_width(error, sample.size - 1)


def of_strata(groups: list[Values]) -> tuple[float, float]:
    """Return the mean of group means, and the half-width of its interval from the spread within groups.

    For a design whose groups were chosen, not drawn: what differs between groups is no noise. Degrees of freedom after
    Satterthwaite (1946); NaN where a group has a single value.
    """
    samples = [sample for sample in map(known, groups) if sample.size]
    if not samples:
        return np.nan, np.nan
    mean = float(np.mean([sample.mean() for sample in samples]))
    if any(sample.size < 2 for sample in samples):
        return mean, np.nan
    parts = np.array([sample.var(ddof=1) / sample.size for sample in samples]) / len(samples) ** 2
    return mean, half_width(float(np.sqrt(parts.sum())), _freedom(parts, samples))


def of_difference(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[float, float]:
    """Return mean(second) - mean(first) of independent samples, and the half-width of its interval (Welch 1947)."""
    samples = [known(first), known(second)]
    if not all(sample.size for sample in samples):
        return np.nan, np.nan
    gap = float(samples[1].mean() - samples[0].mean())
    if any(sample.size < 2 for sample in samples):
        return gap, np.nan
    parts = np.array([sample.var(ddof=1) / sample.size for sample in samples])
    return gap, half_width(float(np.sqrt(parts.sum())), _freedom(parts, samples))


def _freedom(parts: Values, samples: list[Values]) -> float:
    """Degrees of freedom of a sum of variances; where all are 0 the smallest number, which then does not matter."""
    sizes = np.array([sample.size for sample in samples])
    return (
        float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum())
        if parts.sum() > 0
        else float(sizes.min() - 1)
    )
