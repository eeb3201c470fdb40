"""Response thresholds (9) and (10)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mesh_abm.theory import thresholds


def test_response() -> None:
    s, theta = np.array([0.3, 1.0, 5.0]), np.array([[0.1], [2.0]])
    for n in (1, 2, 3.5, 8):
        assert thresholds.response(s, theta, n) == pytest.approx(s**n / (s**n + theta**n), rel=1e-13)
    assert thresholds.response(0.7, 0.7, 2) == 0.5


def test_response_at_the_edges() -> None:
    signal = [0.0, 0.0, 1.0, 1.0, 1e-200, np.inf, 1e300]
    threshold = [0.0, 1.0, 0.0, np.inf, 1e200, 1.0, 1e-300]
    assert thresholds.response(signal, threshold, 2).tolist() == [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    assert isinstance(thresholds.response(1, 2, 2), float)


def test_adapt_and_its_repelling_point() -> None:
    assert thresholds.adapt([1.0, 1.0], [1, 0], 0.25, 0.05, 0.01, 2.0) == pytest.approx([0.75, 1.05])
    assert thresholds.adapt([0.1, 1.99], [1, 0], 0.25, 0.05, 0.01, 2.0).tolist() == [0.01, 2.0]
    share = thresholds.repelling_share(0.25, 0.05)
    assert thresholds.adapt(1.0, share, 0.25, 0.05, 0.01, 2.0) == pytest.approx(1.0, rel=1e-14)
    assert thresholds.adapt(1.0, share + 0.1, 0.25, 0.05, 0.01, 2.0) < 1.0


def test_symmetric_state() -> None:
    # W/J against phi/(xi + phi): at W = .9, J = 5 thresholds fall together at phi/xi = .15, rise at .3
    assert thresholds.symmetric_drift(0.9, 5, 1.0, 0.15) < 0 < thresholds.symmetric_drift(0.9, 5, 1.0, 0.3)
    ratio = thresholds.critical_decay(0.9, 5)
    assert thresholds.symmetric_drift(0.9, 5, 1.0, ratio) == pytest.approx(0.0, abs=1e-15)
    assert ratio == pytest.approx(0.18 / 0.82)
    assert thresholds.symmetric_drift(7.0, 5, 1.0, 0.1) == thresholds.symmetric_drift(1.0, 5, 1.0, 0.1)


def test_specialization_index() -> None:
    assert thresholds.specialization([[1, 1, 1], [0, 5, 0]]) == pytest.approx([0.0, 1.0], abs=1e-15)
    assert thresholds.specialization([0.5, 0.5, 0, 0]) == pytest.approx(0.5)
    assert thresholds.specialization([3.0]) == 0.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: thresholds.response(-0.1, 1, 2), "signal"),
        (lambda: thresholds.response(np.nan, 1, 2), "signal"),
        (lambda: thresholds.response(np.inf, np.inf, 2), "signal"),
        (lambda: thresholds.response(1, -1, 2), "threshold"),
        (lambda: thresholds.response(1, 1, 0), "n = "),
        (lambda: thresholds.response(1, 1, np.nan), "n = "),
        (lambda: thresholds.repelling_share(0, 0), "decay"),
        (lambda: thresholds.adapt(1, 1.5, 0.1, 0.1, 0, 1), "performed"),
        (lambda: thresholds.adapt(1, 1, 0.1, 0.1, 2, 1), "high"),
        (lambda: thresholds.critical_decay(5, 5), "load"),
        (lambda: thresholds.specialization([0, 0]), "shares"),
    ],
)
def test_refusals(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
