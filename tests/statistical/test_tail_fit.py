"""The fit of a power-law tail finds the exponent that the degrees were drawn with."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesh_abm.measures.tail import fit_tail

pytestmark = pytest.mark.statistical


@pytest.mark.parametrize("exponent", [2.2, 3.0, 4.0])
def test_an_exponent_is_found_again(exponent: float) -> None:
    """Standard error about (exponent - 1) / sqrt(20,000); six of them: a false alarm has a chance below 1e-8."""
    degrees = np.random.default_rng(1).zipf(exponent, 20_000)
    found, distance, start = fit_tail(degrees)
    assert found == pytest.approx(exponent, abs=6 * (exponent - 1) / math.sqrt(20_000))
    assert distance < 0.02
    assert start == 1


def test_a_thin_tail_has_a_steep_exponent_or_a_poor_fit() -> None:
    exponent, distance, _ = fit_tail(np.random.default_rng(2).poisson(8.0, 20_000))
    assert exponent > 5 or distance > 0.1


def test_too_few_devices_or_degrees_have_no_tail() -> None:
    assert all(math.isnan(x) for x in fit_tail(np.array([1, 2, 3, 4, 5, 6, 7])))
    assert all(math.isnan(x) for x in fit_tail(np.full(1000, 3)))
