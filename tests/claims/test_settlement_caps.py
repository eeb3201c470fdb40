"""Capped runs are those without a cap until the cap binds, and obstacles add up reasons."""

from __future__ import annotations

import pandas as pd
import pytest

from mesh_abm.claims.experiments import settlement_caps as caps
from mesh_abm.claims.lab import Lab, Trajectory

SMALL = {"n_owners": 300, "population": "fixed", "kernel": "uniform", "measure_every": 0}


def test_a_cap_above_the_need_changes_nothing_and_one_below_turns_queries_away() -> None:
    free, high, low = (
        Lab().runs("reference", 1, months=24, changes=SMALL | more)[0].frame
        for more in ({}, {"settlement_capacity": 10.0}, {"settlement_capacity": 0.01})
    )
    pd.testing.assert_frame_equal(free, high)
    assert free["settled"].iloc[-1] > 0.01
    assert low["settled"].max() == pytest.approx(0.01)
    assert caps.obstacles(free)["settlement"].iloc[-1] == 0
    assert caps.obstacles(low)["settlement"].iloc[-1] > 0


def test_the_release_comes_when_three_quarters_of_the_final_share_are_reached() -> None:
    share = [0.0] * 40 + [0.28] * 10 + [0.4] * 50
    frame = pd.DataFrame({"share_mesh": share})
    made = Trajectory(seed=1, frame=frame, types=pd.DataFrame())
    assert caps.release([made]) == 50  # its quarterly mean is .32
    assert caps.formed(made)
