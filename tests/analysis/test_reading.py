"""How a run becomes one number, and means become intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mesh_abm.analysis import AnalysisError, Reading
from mesh_abm.analysis.intervals import of_difference, of_mean, of_strata
from mesh_abm.analysis.reading import per_run
from mesh_abm.sweeps import Plan, sweep
from tests.analysis import formulas
from tests.analysis.conftest import store_of


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading("s_inf"), 0.55),  # months 1 to 10: month 0 is the start
        (Reading("s_inf", last=3), 0.9),
        (Reading("s_inf", month=0), 0.0),
        (Reading("s_inf", month=4), 0.4),
        (Reading("s_inf", above=0.35), 4),
        (Reading("s_inf", above=9), np.nan),
        (Reading("condensate"), np.nan),
    ],
)
def test_a_series_becomes_one_number(tmp_path: Path, reading: Reading, expected: float) -> None:
    store = store_of(formulas.growing, tmp_path / "store", months=10, vary={"churn": [0.1, 0.2]})
    table = per_run(store, reading)
    np.testing.assert_allclose(table["value"], expected, rtol=1e-12)
    assert table["churn"].tolist() == [0.1, 0.2]
    single = formulas.Formula({"s_inf": 0.1 * np.arange(11), "condensate": np.nan})
    single.run_for(10)
    assert reading.of(single.get_model_vars_dataframe()) == pytest.approx(expected, nan_ok=True)


def test_readings_that_cannot_be(tmp_path: Path) -> None:
    store = store_of(formulas.growing, tmp_path / "store", vary={"churn": [0.1, 0.2], "n_owners": [10, 20]})
    with pytest.raises(AnalysisError, match="last = 0: must be 1 or more months"):
        Reading("s_inf", last=0)
    with pytest.raises(AnalysisError, match="month = 3: must be left out where above is given"):
        Reading("s_inf", month=3, above=0.1)
    with pytest.raises(AnalysisError, match="month = 7: must be at most 2, the last of the runs"):
        per_run(store, Reading("s_inf", month=7))
    with pytest.raises(AnalysisError, match=r"fix churn = 0.3: must be one of its values: 0.1, 0.2"):
        per_run(store, "s_inf", {"churn": 0.3})
    with pytest.raises(AnalysisError, match=r"fix = chrn: must be a field that the store varies .*'churn'"):
        per_run(store, "s_inf", {"chrn": 0.1})


def test_failed_runs_are_no_numbers(tmp_path: Path) -> None:
    plan = Plan(scenario="reference", months=2, vary={"churn": [0.1, 0.2]})
    store = sweep(plan, tmp_path / "store", engine="local", build=formulas.fails)
    with pytest.raises(AnalysisError, match="holds no run that is done"):
        per_run(store, "s_inf")


def test_intervals_are_those_of_scipy() -> None:
    draw = np.random.default_rng(1)
    a, b = draw.normal(0, 1, 9), draw.normal(1, 3, 6)
    mean, half = of_mean([*a, np.nan])
    low, high = stats.ttest_1samp(a, 0).confidence_interval(0.95)
    assert (mean - half, mean + half) == pytest.approx((low, high))
    gap, half = of_difference(a, b)
    low, high = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert (gap - half, gap + half) == pytest.approx((low, high))
    assert np.isnan(of_mean([1.0])[1])
    assert np.isnan(of_difference([1.0], [2.0, 3.0])[1])
    assert np.isnan(of_mean([np.nan])[0])


def test_what_differs_between_chosen_groups_is_no_noise() -> None:
    groups = [np.array([0.0, 0.2]), np.array([10.0, 10.2])]
    mean, half = of_strata(groups)
    assert mean == pytest.approx(5.1)
    assert half == pytest.approx(stats.t.ppf(0.975, 2) * np.sqrt(2 * 0.02 / 2 / 4))
    assert np.isnan(of_strata([np.array([1.0]), np.array([1.0, 2.0])])[1])
    assert of_strata([np.zeros(2), np.zeros(2)]) == (0.0, 0.0)


def test_intervals_cover_as_often_as_they_say() -> None:
    """400 intervals of 5 values: fewer than 92 % or more than 98 % would come up once in 200 times."""
    draw = np.random.default_rng(2)
    hits = [abs(mean) <= half for mean, half in (of_mean(draw.normal(0, 1, 5)) for _ in range(400))]
    assert 0.92 <= pd.Series(hits).mean() <= 0.98
