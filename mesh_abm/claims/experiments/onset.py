"""How an order parameter leaves zero: where, and with which exponent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import curve_fit

POINT = 0.02
"""A critical point agrees if it is so close, or within SPREADS standard errors."""
EXPONENT = 0.1
"""The same for an exponent."""
SPREADS = 4.0
VAGUE = 0.1
"""Standard errors above this leave the bifurcation undecided."""

CONTROLS = (1.03, 1.05, 1.075, 1.1, 1.15, 1.2, 1.25, 1.3)
"""Values of a control parameter with its critical point at 1: over these the fit finds the exponents of equations
known exactly within 0.04 (over 1.05 to 1.5 it is off by 0.09)."""


class Onset(NamedTuple):
    """Fit of order = a (x - point)^exponent exp(c (x - point)) above the critical point, with standard errors."""

    point: float
    exponent: float
    point_error: float
    exponent_error: float

    def is_at(self, point: float) -> bool:
        """Whether the order parameter leaves zero there."""
        return abs(self.point - point) <= max(POINT, SPREADS * self.point_error)

    def has_exponent(self, exponent: float) -> bool:
        """Whether it does so with this exponent."""
        return abs(self.exponent - exponent) <= max(EXPONENT, SPREADS * self.exponent_error)

    @property
    def vague(self) -> bool:
        """Whether the fit leaves open which bifurcation it is."""
        return not max(self.point_error, self.exponent_error) <= VAGUE


def onset(control: npt.ArrayLike, order: npt.ArrayLike, error: npt.ArrayLike | None = None) -> Onset:
    """Return the onset that fits an order parameter measured above its critical point, with standard errors `error`."""
    x, y = np.asarray(control, float), np.asarray(order, float)
    sigma = None if error is None else np.asarray(error, float) / y

    def logarithm(at: npt.NDArray[np.float64], a: float, point: float, exponent: float, c: float) -> object:
        gap = np.maximum(at - point, 1e-12)
        return a + exponent * np.log(gap) + c * gap

    first = (np.log(y[-1]), x[0] - 0.5 * (x[1] - x[0]), 1.0, 0.0)
    upper = (np.inf, x[0] - 1e-6, 5.0, np.inf)
    values, cov = curve_fit(
        logarithm,
        x,
        np.log(y),
        first,
        sigma,
        absolute_sigma=sigma is not None,
        bounds=((-np.inf, x[0] - 2.0, 0.01, -np.inf), upper),
        max_nfev=20_000,
    )
    errors = np.sqrt(np.diag(cov))
    return Onset(float(values[1]), float(values[2]), float(errors[1]), float(errors[2]))


def of_figures(figures: object, name: str = "") -> Onset:
    """Return the onset that `as_figures` wrote down under this name."""
    assert isinstance(figures, dict) or hasattr(figures, "__getitem__")
    return Onset(*(float(figures[f"{name}{field}"]) for field in Onset._fields))


def as_figures(found: Onset, name: str = "") -> dict[str, float]:
    """Return an onset as figures whose names begin with `name`."""
    return {f"{name}{field}": value for field, value in found._asdict().items()}
