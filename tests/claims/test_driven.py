"""A drive there and back, and what it measures on series with and without memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesh_abm.claims.experiments import driven
from mesh_abm.claims.lab import Lab
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import factor

DRIVE = driven.Drive((1.0, 2.0, 4.0), 12)


def test_levels_are_held_in_turn_there_and_back() -> None:
    assert DRIVE.path == [1.0, 2.0, 4.0, 2.0, 1.0]
    assert DRIVE.months == 60
    held = [factor(DRIVE.shocks(), "merit", month) for month in (1, 12, 13, 25, 36, 37, 60)]
    assert held == [1.0, 1.0, 2.0, 4.0, 4.0, 2.0, 1.0]


def test_what_follows_the_drive_at_once_shows_no_gap() -> None:
    found = driven.branches(
        Lab(),
        DRIVE,
        driven.STILL | {"n_owners": 60, "merit_spread": 0, "population": "fixed"},
        "mean_odds",
        2,
    )
    assert found["up"].to_numpy() == pytest.approx(found["down"].to_numpy())
    assert driven.widest(found)["range"] == pytest.approx(0.265)  # mean merit of reference, doubled once


def test_the_widest_gap_comes_with_its_interval() -> None:
    rng = np.random.default_rng(2)
    rows = [
        (seed, level, 0.0, gap + 0.01 * rng.normal())
        for seed in range(8)
        for level, gap in ((1.0, 0.0), (2.0, 0.5))
    ]
    found = driven.widest(pd.DataFrame(rows, columns=["seed", "level", "up", "down"]))
    assert found["level"] == 2.0
    assert found["low"] < 0.5 < found["high"]
    assert found["high"] - found["low"] < 0.05


def test_later_classes_are_those_of_the_reference_a_hundred_months_on() -> None:
    first, later = Scenario().classes[0], driven.later_classes(2.0)[0]
    assert later.capacity == pytest.approx(first.capacity * np.exp(2))
    assert 1 - later.quality == pytest.approx((1 - first.quality) / np.e)
    assert later.merit == 2 * first.merit
