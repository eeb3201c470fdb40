"""Response curves: means and intervals on grids and on samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesh_abm.analysis import AnalysisError, response
from mesh_abm.sweeps import Store
from tests.analysis import formulas
from tests.analysis.conftest import store_of


def test_on_a_grid_other_fields_are_no_noise(plane: Store) -> None:
    table = response(plane, "churn", "s_inf")
    assert table["churn"].tolist() == [0.05, 0.1, 0.2]
    assert (table["count"] == 18).all()
    np.testing.assert_allclose(table["mean"], [0.05, 0.15, 0.35], atol=0.01)
    # noise of .01 in 18 runs, 12 degrees of freedom or a few less
    assert ((table["high"] - table["low"]) / 2).between(0.002, 0.012).all()
    merit = response(plane, "classes.device.merit", "s_inf")
    assert ((merit["high"] - merit["low"]) / 2 < 0.012).all()  # though churn moves it by .3
    assert (merit["sd"] > 0.1).all()


def test_others_may_be_held(plane: Store) -> None:
    held = response(plane, "classes.device.merit", "s_inf", fixed={"churn": 0.2, "n_owners": 50})
    np.testing.assert_allclose(held["mean"], 0.35, atol=0.03)
    assert (held["count"] == 3).all()


def test_single_runs_have_no_interval(tmp_path: Path) -> None:
    store = store_of(formulas.linear, tmp_path / "store", vary={"churn": [0.1, 0.2]})
    table = response(store, "churn", "s_inf")
    assert table["mean"].notna().all()
    assert table[["low", "high", "sd"]].isna().all(axis=None)


def test_a_grid_of_many_values_keeps_them(tmp_path: Path) -> None:
    values = np.linspace(0.01, 0.3, 15).tolist()
    store = store_of(formulas.linear, tmp_path / "store", vary={"churn": values})
    assert response(store, "churn", "s_inf")["churn"].tolist() == values


def test_samples_are_cut_into_parts(tmp_path: Path) -> None:
    vary = {"churn": {"low": 0.0, "high": 1.0}, "link_failure": {"low": 0.0, "high": 0.3}}
    store = store_of(formulas.plain, tmp_path / "store", sampler="latin-hypercube", samples=96, vary=vary)
    table = response(store, "churn", "s_inf")
    assert table["count"].tolist() == [8] * 12
    truth = 2 * table["churn"] - 0.15
    assert ((table["low"] <= truth) & (truth <= table["high"])).sum() >= 9  # 11.4 of 12 on average


def test_what_does_not_respond(tmp_path: Path, plane: Store) -> None:
    with pytest.raises(AnalysisError, match="x = zipf: must be a field that the store varies"):
        response(plane, "zipf", "s_inf")
    store = store_of(formulas.linear, tmp_path / "store", vary={"signal": ["local", "global"]})
    with pytest.raises(AnalysisError, match="x = signal: must be a field of numbers"):
        response(store, "signal", "s_inf")
