"""Phase diagrams: means over a grid, and the theory at each point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesh_abm.analysis import AnalysisError, Reading, phase
from mesh_abm.analysis.phase_diagram import boundary, in_ratios, lawless
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import Store
from mesh_abm.theory import condensation, equilibrium
from tests.analysis import formulas
from tests.analysis.conftest import store_of

X, Y = "churn", "classes.device.merit"
FIXED = {"n_owners": 100}


def test_means_of_all_pairs(plane: Store) -> None:
    table = phase(plane, X, Y, "s_inf")
    assert list(table)[:5] == [X, Y, "mean", "sd", "count"]
    assert len(table) == 9
    assert (table["count"] == 6).all()  # three runs of two numbers of owners
    np.testing.assert_allclose(table["mean"], 2 * table[X] - 0.05, atol=0.02)
    assert table["sd"].between(0.001, 0.03).all()
    np.testing.assert_allclose(table["degree_ratio"], 20 * table[X])
    assert (phase(plane, X, Y, "s_inf", fixed=FIXED)["count"] == 3).all()


def test_the_theory_at_a_point_is_that_of_its_merits_and_rates(plane: Store) -> None:
    table = phase(plane, X, Y, "condensate", fixed=FIXED)
    for row in table.to_dict("records"):
        eta = condensation.fitness_of_merit(row[Y])
        held = condensation.with_churn(eta, 0.5, 0.05, row[X])
        assert row["theory"] == pytest.approx(held)
        assert row["residual"] == pytest.approx(0.9 - held)
        assert row["degree_theory"] == pytest.approx(2 * 4 * (1 - held))
        needed = equilibrium.percolation_threshold(row[Y], 4, 0.05, row[X], 0.5, 1.0, in_degrees="reinforced")
        assert row["merit_needed"] == pytest.approx(needed)


def test_lines_of_the_theory_pass_where_the_thresholds_are(plane: Store) -> None:
    fine = boundary(plane, phase(plane, X, Y, "s_inf", fixed=FIXED), fixed=FIXED)
    assert len(fine) == 33 * 33
    checked = 0
    for churn, column in fine.groupby(X):
        merit = column[Y].to_numpy()
        leading = equilibrium.mesh_threshold(1.0, 4, 0.05, float(str(churn)), 0.5)
        uneven = equilibrium.percolation_threshold(1.0, 4, 0.05, float(str(churn)), 0.5, 1.0, "reinforced")
        for name, at in (("degree_theory", leading), ("merit_needed", uneven)):
            values = column[name] if name == "degree_theory" else -np.log(column[name])
            level = 1.0 if name == "degree_theory" else 0.0
            assert np.interp(level, values, merit) == pytest.approx(at, rel=2e-3)
            checked += 1
    assert checked == 66


def test_points_that_are_missing_are_nan(tmp_path: Path, one_class: Scenario) -> None:
    vary = {X: [0.05, 0.1, 0.1], "link_failure": [0.1, 0.1, 0.2]}
    store = store_of(formulas.linear, tmp_path / "store", scenario=one_class, sampler="list", vary=vary)
    table = phase(store, X, "link_failure", "s_inf").set_index([X, "link_failure"])
    assert len(table) == 4
    assert np.isnan(table.loc[(0.05, 0.2), "mean"])
    assert table.loc[(0.05, 0.2), "count"] == 0
    assert np.isnan(table.loc[(0.05, 0.2), "degree_theory"])
    assert table.loc[(0.1, 0.2), "count"] == 1
    assert boundary(store, table.reset_index())["degree_theory"].notna().all()


def test_no_theory_where_it_does_not_apply(tmp_path: Path, plane: Store, one_class: Scenario) -> None:
    assert "n_owners varied too" in lawless(plane, X, Y)
    assert lawless(plane, X, Y, FIXED) == ""
    assert phase(plane, X, Y, "s_inf")["degree_theory"].isna().all()
    assert boundary(plane, phase(plane, X, Y, "s_inf")).empty
    for changes, why in (
        ({"kernel": "uniform"}, "kernel = uniform"),
        ({"population": "growth"}, "population = growth"),
        ({"shocks": ({"month": 1, "kind": "merit", "value": 2},)}, "shocks"),
    ):
        vary = {X: [0.05, 0.1], "link_failure": [0.1, 0.2]}
        folder = tmp_path / str(next(iter(changes)))
        store = store_of(formulas.linear, folder, scenario=one_class.replace(**changes), vary=vary)
        assert why in lawless(store, X, "link_failure")
        table = phase(store, X, "link_failure", "condensate")
        assert table[["degree_theory", "merit_needed", "theory", "residual"]].isna().all(axis=None)


def test_technology_moves_the_merits_that_the_theory_sees(tmp_path: Path, one_class: Scenario) -> None:
    def tables(folder: str, merit: float) -> float:
        vary = {X: [0.05, 0.1], Y: [merit, 2 * merit]}
        store = store_of(advanced, tmp_path / folder, scenario=one_class, vary=vary)
        return float(phase(store, X, Y, "condensate").loc[0, "theory"])

    expected = condensation.with_churn(condensation.fitness_of_merit(0.1 * np.e), 0.5, 0.05, 0.05)
    assert tables("a", 0.1) == pytest.approx(expected)


def advanced(scenario: Scenario) -> object:
    """The linear formula at technology index 1."""
    formula = formulas.linear(scenario)
    formula.columns["technology_index"] = 1.0
    return formula


def test_what_cannot_be_mapped(plane: Store) -> None:
    with pytest.raises(AnalysisError, match="y = churn: must be another field than x"):
        phase(plane, X, X, "s_inf")
    with pytest.raises(AnalysisError, match=r"x = chrn: must be a field that the store varies .*'churn'"):
        phase(plane, "chrn", Y, "s_inf")


def test_the_month_of_a_first_passage_has_a_map_too(plane: Store) -> None:
    table = phase(plane, X, Y, Reading("s_inf", above=0.3), fixed=FIXED)
    np.testing.assert_array_equal(table["mean"].notna(), table[X] == 0.2)
    assert (table.loc[table[X] == 0.2, "mean"] == 0).all()


@pytest.mark.parametrize(
    ("values", "answer"),
    [([1, 2, 4, 8], True), ([1, 2, 3, 4], False), ([0, 1, 10], False), ([1, 2], False)],
)
def test_ratios_are_told_from_steps(values: list[float], answer: bool) -> None:
    assert in_ratios(np.array(values, float)) is answer
