"""Tipping points: bisection on formulas, and on models whose threshold is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from mesh_abm.analysis import AnalysisError, Reading, flips, tipping
from mesh_abm.analysis.evaluations import NAME
from mesh_abm.analysis.tipping import by_size
from mesh_abm.scenario import Scenario
from mesh_abm.theory import condensation, percolation
from tests.analysis import formulas

STEP: dict[str, Any] = {"sizes": (50, 200), "replicates": 4, "steps": 12, "build": formulas.step}


@pytest.fixture
def short(one_class: Scenario) -> Scenario:
    return one_class.replace(months=1)


def test_bisection_finds_the_step_of_each_size(short: Scenario) -> None:
    table = tipping(short, "link_value", 0.1, 0.9, **STEP)
    assert table["n_owners"].tolist() == [50, 200]
    np.testing.assert_allclose(table["threshold"], [0.5, 0.35], atol=0.005)
    assert table["spread"].iloc[0] > table["spread"].iloc[1] > 0  # noise of 0.1/N
    assert table[["flipped", "replicates"]].to_numpy().tolist() == [[4, 4], [4, 4]]
    assert (table["half_width"] > 0.8 / 2**13).all()
    assert (table["jump"].abs() < 0.02).all()  # a bracket of 0.8/2^12 on a step of width 0.01
    found = flips(short, "link_value", 0.1, 0.9, **STEP)
    np.testing.assert_allclose(found["high"] - found["low"], 0.8 / 2**12)
    assert ((found["at_low"] < 0.5) & (found["at_high"] >= 0.5)).all()


def test_a_falling_measure_flips_too(short: Scenario) -> None:
    """1 - step by another name: link_failure from low to high, value falls."""
    table = tipping(short, "link_failure", 0.0, 0.8, level=-0.3, **{**STEP, "build": formulas.plain})
    np.testing.assert_allclose(table["threshold"], 2 * 0.02 + 0.3, atol=0.001)
    assert (table["jump"] < 0).all()


def test_whole_numbers_end_at_neighbors(short: Scenario) -> None:
    how = {**STEP, "build": formulas.slots_step, "steps": 20}
    found = flips(short, "slots", 1, 64, **how)
    assert (found["low"] == 11).all()
    assert (found["high"] == 12).all()
    assert (
        by_size(found)["half_width"] == 0.5
    ).all()  # all searches agree, and may all be off by half a bracket


def test_what_does_not_flip_has_no_threshold(short: Scenario) -> None:
    table = tipping(short, "link_value", 0.6, 0.9, **STEP)
    assert table["threshold"].isna().all()
    assert (table["flipped"] == 0).all()
    undefined = tipping(short, "link_value", 0.1, 0.9, **{**STEP, "build": formulas.not_defined})
    assert undefined["threshold"].isna().all()


def test_a_search_is_gone_on_with(short: Scenario, tmp_path: Path) -> None:
    few = {**STEP, "steps": 5}
    whole = flips(short, "link_value", 0.1, 0.9, **few)
    kept = flips(short, "link_value", 0.1, 0.9, store=tmp_path / "kept", **few)
    pd.testing.assert_frame_equal(kept, whole)
    file = tmp_path / "kept" / NAME
    lines = file.read_text().splitlines(True)
    assert len(lines) == 2 * 4 * (2 + 5)
    file.write_text("".join(lines[:20]) + lines[20][:9])  # as a crash leaves it
    again = flips(short, "link_value", 0.1, 0.9, store=tmp_path / "kept", **few)
    pd.testing.assert_frame_equal(again, whole)
    assert sorted(file.read_text().splitlines(True)) == sorted(lines)
    finer = flips(short, "link_value", 0.1, 0.9, store=tmp_path / "kept", **{**few, "steps": 6})
    assert len(file.read_text().splitlines()) == len(lines) + 8  # one round more
    assert finer["low"].between(whole["low"], whole["high"]).all()
    file.write_text("[1]\n")
    with pytest.raises(AnalysisError, match=r"evaluations\.jsonl: damaged"):
        flips(short, "link_value", 0.1, 0.9, store=tmp_path / "kept", **few)


def test_evaluations_that_cannot_be_kept_are_one_line(short: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnalysisError, match=r"store = .*: cannot be written \(Not a directory\)"):
        flips(short, "link_value", 0.1, 0.9, store=tmp_path / "file" / "kept", **STEP)
    (tmp_path / "kept" / NAME).mkdir(parents=True)
    with pytest.raises(AnalysisError, match=r"evaluations\.jsonl: cannot be read \(Is a directory\)"):
        flips(short, "link_value", 0.1, 0.9, store=tmp_path / "kept", **STEP)


def test_another_engine_gives_the_same(short: Scenario) -> None:
    how: dict[str, Any] = {"sizes": (30,), "replicates": 2, "steps": 2, "level": 0.2}
    here = flips(short, "link_value", 0.1, 0.9, **how)
    there = flips(short, "link_value", 0.1, 0.9, engine="process", workers=1, **how)
    pd.testing.assert_frame_equal(here, there)


def test_searches_that_cannot_be(short: Scenario) -> None:
    for changes, line in (
        ({"field": "n_owners"}, "field = n_owners: must be another"),
        ({"low": 0.9}, r"high = 0.9: must be above low = 0.9"),
        ({"sizes": ()}, r"sizes = \[\], replicates = 4, steps = 12: must be one or more of each"),
        ({"measure": "s_ing"}, r"measure = s_ing: must be a measure; did you mean 's_inf'"),
        ({"measure": Reading("s_inf", month=2)}, "month = 2: must be at most 1, the last of a run"),
        ({"build": formulas.fails}, "a run failed: ArithmeticError: cannot be built"),
    ):
        given = {"field": "link_value", "low": 0.1, "high": 0.9, **STEP, **changes}
        with pytest.raises(AnalysisError, match=line):
            flips(short, **given)
    with pytest.raises(ValueError, match="link_value = 2"):
        flips(short, "link_value", 0.1, 2, **STEP)


@pytest.mark.statistical
def test_percolation_of_the_slots_rule_tips_where_the_formula_has_it(one_class: Scenario) -> None:
    """Empty slots try once in the first month, so that link_value is the share of slots filled.

    S = 0.3 is passed where `giant_component_slots` has it; the interval is four standard errors of six searches (false
    alarm about one in a hundred), and half a bracket.
    """
    links = {
        "kernel": "uniform",
        "initial_members": 1.0,
        "churn": 0.0,
        "attempts": 1,
        "slots": 2,
        "months": 1,
    }
    scenario = one_class.replace(**links)
    how: dict[str, Any] = {
        "measure": Reading("s_inf", month=1),
        "sizes": (150, 1200),
        "replicates": 6,
        "steps": 7,
    }
    table = tipping(scenario, "link_value", 0.1, 0.9, level=0.3, seed=3, **how)
    expected = brentq(lambda f: percolation.giant_component_slots(2, f) - 0.3, 0.3, 0.9)
    last = table.iloc[-1]
    assert abs(last["threshold"] - expected) <= 4 * last["spread"] / np.sqrt(6) + 0.8 / 2**8
    assert table["spread"].is_monotonic_decreasing  # the transition sharpens with size
    assert last["spread"] < 0.05


@pytest.mark.statistical
@pytest.mark.slow
def test_the_condensate_passes_a_half_where_its_law_does(one_class: Scenario) -> None:
    """Within five standard errors of five searches (false alarm about one in a hundred), half a bracket more."""
    scenario = one_class.replace(churn=0.1, link_value=1.0, months=110, demand=0.01)
    how: dict[str, Any] = {
        "measure": Reading("condensate", last=40),
        "sizes": (600,),
        "replicates": 5,
        "steps": 5,
    }
    found = tipping(scenario, "classes.device.merit", 0.7, 2.3, seed=2, **how).iloc[0]

    def above(merit: float) -> float:
        return float(condensation.with_churn(condensation.fitness_of_merit(merit), 1.0, 0.05, 0.1)) - 0.5

    assert abs(found["threshold"] - brentq(above, 0.7, 2.3)) <= 5 * found["spread"] / np.sqrt(5) + 1.6 / 2**6
    assert found["jump"] < 0  # it falls with merit
