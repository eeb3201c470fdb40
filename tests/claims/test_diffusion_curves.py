"""Bass, logistic and step are told apart on series that are one of them."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.claims.experiments import diffusion_curves as curves

MONTHS = np.arange(1.0, 241.0)
NOISE = 0.005 * np.random.default_rng(3).normal(size=MONTHS.size)


def test_bass_is_found_with_its_rates() -> None:
    fits = curves.fit(curves.bass(MONTHS, 0.6, 0.03 / 12, 0.38 / 12) + NOISE)
    assert fits.p_plus_q == pytest.approx(0.41, abs=0.03)
    assert fits.gain_of_step < -curves.PARAMETERS
    assert fits.bass < fits.logistic


def test_a_jump_is_told_from_diffusion() -> None:
    jump = np.where(MONTHS < 120, 0.03, 0.4)
    assert curves.fit(jump + NOISE).gain_of_step > 10


def test_a_rise_over_two_years_is_no_jump() -> None:
    assert curves.fit(curves.logistic(MONTHS, 0.4, np.log(81) / 24, 120) + NOISE).gain_of_step < -10


def test_bass_passes_5_to_25_percent_in_18_months_if_innovation_is_high() -> None:
    """The paper takes p + q < .5 a year for impossible; with p = .1 a year it is not (claim F1)."""

    def months(p: float, q: float) -> int:
        share = curves.bass(MONTHS, 1.0, p / 12, q / 12)
        return int((share < 0.25).sum() - (share < 0.05).sum())

    assert months(0.11, 0.39) <= 18 < months(0.03, 0.38)
