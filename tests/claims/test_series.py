"""Reading series: crossings, rise times, doubling times, breadth and intervals of known series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesh_abm.claims.experiments import series

LOGISTIC = 1 / (1 + np.exp(-0.2 * (np.arange(100) - 50)))


def test_a_mean_over_months_leaves_out_what_is_missing() -> None:
    assert series.smoothed([np.nan, 2.0, 4.0, 6.0], 3).tolist()[1:] == [2.0, 3.0, 4.0]


def test_the_first_place_over_a_level() -> None:
    assert series.first_over([0.0, 1.0, 2.0, 0.0, 2.0], 1.0) == 2
    assert np.isnan(series.first_over([0.0, np.nan], 1.0))


def test_a_rise_is_timed_from_the_last_low_to_the_first_high() -> None:
    assert series.rise_time([0.0, 0.2, 0.0, 0.1, 0.3], 0.05, 0.25) == 2
    assert np.isnan(series.rise_time([0.0, 0.2], 0.05, 0.25))
    assert series.rise_time([0.1, 0.1, 0.3], 0.05, 0.25) == 2


def test_a_logistic_has_half_of_its_final_value_in_the_middle() -> None:
    assert series.half_rise(LOGISTIC) == 50
    assert np.isnan(series.half_rise(np.zeros(20)))


def test_exponential_growth_doubles_at_a_constant_pace_and_hyperbolic_growth_ever_faster() -> None:
    assert series.doubling_times(2.0 ** (np.arange(41) / 8)) == pytest.approx([8.0] * 5)
    faster = series.doubling_times(1 / (1 - np.arange(100) / 101))
    assert len(faster) == 5
    assert faster == sorted(faster, reverse=True)


def test_a_fall_in_between_does_not_count_as_another_doubling() -> None:
    assert series.doubling_times([1.0, 2.0, 1.0, 2.0, 4.0]) == pytest.approx([1.0, 3.0])
    assert series.doubling_times([0.0, 1.0]) == []


def test_breadth_counts_types_served_over_types_asked_for() -> None:
    rows = [
        (month, type_, 10, 10 if type_ in served else 0)
        for month, served in enumerate([(), (0,), (0, 1), (0, 1, 2, 3)])
        for type_ in range(4)
    ]
    types = pd.DataFrame(rows, columns=["month", "type", "demand", "mesh"])
    assert series.breadth(types, months=1).tolist() == pytest.approx([0.0, 0.25, 0.5, 1.0])


def test_month_1_of_a_calibrated_run_is_january_2026() -> None:
    assert series.calendar(1) == 2026
    assert series.calendar(49) == 2030
    assert series.calendar(7) == 2026.5


def test_a_pair_among_nine_members_is_no_mesh() -> None:
    share = np.full(10, 2 / 9)
    frame = pd.DataFrame({"month": range(10), "s_inf": share, "members": 9, "market_share": 0.0})
    assert series.mesh_phases(frame) == {}
    assert series.mesh_phases(frame.assign(members=900)) == {"nucleation": 0}


def test_intervals_cover_the_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    ends = [series.interval(rng.normal(size=8))[1:] for _ in range(2000)]
    assert np.mean([low < 0 < high for low, high in ends]) == pytest.approx(
        0.95, abs=0.02
    )  # 4 standard errors
    assert series.interval([1.0, np.nan]) == (1.0, -np.inf, np.inf)
