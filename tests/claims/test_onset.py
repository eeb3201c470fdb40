"""Fits of how an order parameter leaves zero."""

import numpy as np
import pytest

from mesh_abm.claims.experiments.onset import as_figures, of_figures, onset

X = np.array([1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5])


@pytest.mark.parametrize(("exponent", "point"), [(1.0, 1.0), (0.5, 1.0), (1.0, 0.9)])
def test_point_and_exponent_are_found(exponent, point) -> None:
    found = onset(X, 2 * (X - point) ** exponent * np.exp(-(X - point)))
    assert found.point == pytest.approx(point, abs=1e-3)
    assert found.exponent == pytest.approx(exponent, abs=0.01)
    assert not found.vague


def test_the_mean_field_magnet_is_a_pitchfork() -> None:
    from scipy.optimize import brentq

    m = [brentq(lambda m, k=k: m - np.tanh(k * m), 1e-3, 1) for k in X]
    found = onset(X, m)
    assert found.is_at(1.0)
    assert found.has_exponent(0.5)
    assert not found.has_exponent(1.0)


def test_errors_of_the_data_become_errors_of_the_fit() -> None:
    y = 2 * (X - 1)
    assert onset(X, y, 0.3 * y).vague
    assert not onset(X, y, 0.001 * y).vague


def test_figures_keep_an_onset() -> None:
    found = onset(X, 2 * (X - 1))
    assert of_figures(as_figures(found, "a_"), "a_") == found
