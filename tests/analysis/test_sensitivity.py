"""Global sensitivity against Ishigami's function, whose indices are known in closed form."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesh_abm.analysis import AnalysisError, sensitivity
from mesh_abm.sweeps import Plan, PlanError, Store
from tests.analysis import formulas
from tests.analysis.conftest import store_of

FIELDS = ("churn", "link_failure", "update_rate")
VARY: dict[str, Any] = {name: {"low": 0.0, "high": 1.0} for name in FIELDS}
VARIANCE = formulas.A**2 / 8 + formulas.B * np.pi**4 / 5 + formulas.B**2 * np.pi**8 / 18 + 0.5
ALONE = pd.Series(
    [(1 + formulas.B * np.pi**4 / 5) ** 2 / 2 / VARIANCE, formulas.A**2 / 8 / VARIANCE, 0.0], FIELDS
)
TOTAL = ALONE + pd.Series([1.0, 0.0, 1.0], FIELDS) * 8 * formulas.B**2 * np.pi**8 / 225 / VARIANCE


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("sampled") / "store"
    return store_of(formulas.ishigami, folder, sampler="latin-hypercube", samples=300, vary=VARY)


@pytest.fixture(scope="module")
def designed(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("designed") / "store"
    return store_of(formulas.ishigami, folder, sampler="saltelli", samples=128, vary=VARY)


def of_index(table: pd.DataFrame, index: str) -> pd.DataFrame:
    return table[table["index"] == index].set_index("field").loc[list(FIELDS)]


def test_the_design_has_a_block_for_every_base_point(designed: Store) -> None:
    points = designed.points[list(FIELDS)].to_numpy().reshape(128, 5, 3)
    first, last = points[:, 0], points[:, -1]
    for k in range(3):
        assert (points[:, k + 1, k] == last[:, k]).all()  # one field after another from the second sequence
        assert (np.delete(points[:, k + 1], k, axis=1) == np.delete(first, k, axis=1)).all()
    assert ((points >= 0) & (points < 1)).all()


def test_sobol_indices_are_those_of_the_function(designed: Store) -> None:
    """Seeds are fixed; the errors allowed are about three times those of 128 base points."""
    table = sensitivity(designed, "s_inf", "sobol")
    total, alone = of_index(table, "ST"), of_index(table, "S1")
    np.testing.assert_allclose(total["value"], TOTAL, atol=0.12)
    np.testing.assert_allclose(alone["value"], ALONE, atol=0.2)
    assert ((total["low"] <= TOTAL) & (total["high"] >= TOTAL)).all()
    assert (table["noise"] == 0).all()


def test_rbd_fast_finds_what_fields_explain_alone(sampled: Store) -> None:
    found = of_index(sensitivity(sampled, "s_inf", "rbd_fast"), "S1")
    np.testing.assert_allclose(found["value"], ALONE, atol=0.1)
    assert (found["value"] > found["noise"]).tolist() == [True, True, False]


def test_delta_tells_a_field_that_acts_through_others_only(sampled: Store) -> None:
    table = sensitivity(sampled, "s_inf", "delta")
    delta = of_index(table, "delta")
    # as published (Plischke et al. 2013): 0.21, 0.39, 0.16; smoothing 300 points makes the largest smaller
    assert delta["value"].rank().tolist() == [2, 3, 1]
    assert (delta["value"] > delta["noise"]).all()
    assert table.groupby("index")["value"].apply(lambda values: values.is_monotonic_decreasing).all()
    np.testing.assert_allclose(of_index(table, "S1")["value"], ALONE, atol=0.12)


def test_pawn_ranks_the_fields(sampled: Store) -> None:
    found = of_index(sensitivity(sampled, "s_inf", "pawn"), "median")
    assert found["value"].idxmax() == "link_failure"
    assert (found["value"] > found["noise"]).tolist() == [True, True, True]
    assert (found["low"] < found["high"]).all()


def test_the_same_seed_gives_the_same_table_and_nothing_else_is_touched(sampled: Store) -> None:
    state, look = np.random.get_state()[1], warnings.formatwarning  # noqa: NPY002
    for method in ("delta", "pawn", "rbd_fast"):
        first, second = (sensitivity(sampled, "s_inf", method, seed=4) for _ in range(2))  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(first, second)
    assert (np.random.get_state()[1] == state).all()  # type: ignore[union-attr] # noqa: NPY002
    assert warnings.formatwarning is look


@pytest.mark.parametrize(
    ("method", "count"),
    [("delta", 30), ("rbd_fast", 30), *(("pawn", count) for count in (30, 41, 50, 64, 71, 85, 99))],
)
def test_few_points_do(tmp_path: Path, method: Any, count: int) -> None:
    store = store_of(formulas.plain, tmp_path / "store", sampler="latin-hypercube", samples=count, vary=VARY)
    table = sensitivity(store, "s_inf", method)
    assert table["value"].notna().all()
    assert table["field"].iloc[0] == "churn"


def test_what_cannot_be_analyzed(tmp_path: Path, sampled: Store, designed: Store) -> None:
    with pytest.raises(
        AnalysisError, match="method = 'sobol': needs a store of sampler = 'saltelli', this one is of 'latin"
    ):
        sensitivity(sampled, "s_inf", "sobol")
    with pytest.raises(AnalysisError, match=r"method = 'dleta': must be one of .*'delta'"):
        sensitivity(sampled, "s_inf", "dleta")  # type: ignore[arg-type]
    few = store_of(formulas.plain, tmp_path / "few", sampler="latin-hypercube", samples=20, vary=VARY)
    with pytest.raises(AnalysisError, match="has 20 points with a value; must have 30 or more"):
        sensitivity(few, "s_inf")
    flat = store_of(formulas.constant, tmp_path / "flat", sampler="latin-hypercube", samples=40, vary=VARY)
    with pytest.raises(AnalysisError, match="the measure is the same at all points"):
        sensitivity(flat, "s_inf")
    part = tmp_path / "part"
    shutil.copytree(designed.folder, part)
    journal = part / "journal.jsonl"
    journal.write_text("".join(journal.read_text().splitlines(True)[:-1]))
    with pytest.raises(
        AnalysisError, match="method = 'sobol': 1 of 640 points have no value; must all have one"
    ):
        sensitivity(Store(part), "s_inf", "sobol")


def test_a_design_wants_a_power_of_two() -> None:
    with pytest.raises(
        PlanError, match="samples = 100: must be a power of two for sampler = 'saltelli', such as 128"
    ):
        Plan(sampler="saltelli", samples=100, vary=VARY)
    with pytest.raises(PlanError, match="samples is missing"):
        Plan(sampler="saltelli", vary=VARY)
