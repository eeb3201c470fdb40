"""The phases of a run: nucleation, crystallization, maturity (docs/model.md)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mesh_abm.phases import phase, phases

NOTHING = np.nan


def series(s_inf: list[float], market_share: list[float] | None = None) -> pd.DataFrame:
    months = np.arange(len(s_inf))
    shares = np.linspace(0, 1, len(s_inf)) if market_share is None else market_share
    return pd.DataFrame({"month": months, "s_inf": s_inf, "market_share": shares})


def test_nucleation_is_the_first_of_three_months_above_a_twentieth() -> None:
    assert phases(series([0, 0.06, 0.06, 0.04, 0.06, 0.07, 0.08, 0.01])) == {"nucleation": 4}


def test_two_months_are_not_enough_and_the_twentieth_itself_neither() -> None:
    assert phases(series([0, 0.06, 0.06])) == {}
    assert phases(series([0.05] * 6)) == {}


def test_crystallization_is_the_first_month_above_a_half() -> None:
    assert phases(series([0, 0.2, 0.5, 0.51, 0.4])) == {"nucleation": 1, "crystallization": 3}


def test_maturity_needs_twelve_months_of_a_share_that_moves_less_than_a_point() -> None:
    rising = list(np.arange(20) * 0.02)  # two points a month
    still = [rising[-1]] * 20
    found = phases(series([0.6] * 40, rising + still))
    assert found["maturity"] == 31  # month 19 is the last to rise; 31 is twelve months later


def test_a_share_that_stood_still_before_crystallization_is_not_maturity() -> None:
    found = phases(series([0.1] * 20 + [0.6] * 3, [0.0] * 20 + [0.2, 0.4, 0.6]))
    assert found == {"nucleation": 0, "crystallization": 20}


def test_months_without_members_belong_to_no_phase() -> None:
    assert phases(series([NOTHING] * 5)) == {}
    assert phases(series([0.1, 0.1, NOTHING, 0.1, 0.1, 0.1])) == {"nucleation": 3}


def test_months_are_read_from_the_column_not_counted() -> None:
    later = series([0, 0.6, 0.6, 0.6]).assign(month=[24, 25, 26, 27])
    assert phases(later) == {"nucleation": 25, "crystallization": 25}


def test_the_phase_of_a_run_is_the_last_one_reached() -> None:
    assert phase(series([0, 0])) == "before"
    assert phase(series([0, 0.1, 0.1, 0.1])) == "nucleation"
    assert phase(series([0, 0.1, 0.1, 0.6])) == "crystallization"
