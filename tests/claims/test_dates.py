"""First months of things in a run."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.claims.experiments.dates import crossing, first_month, four_dates, lasting_month

FRAME = pd.DataFrame(
    {
        "month": [0, 1, 2, 3, 4],
        "distance_to_crossing": [5.0, 1.0, 0.0, 2.0, -1.0],
        "adoption_r0": [0.5, 1.5, 0.9, 1.1, 1.2],
        "s_inf": [0.0, 0.1, 0.2, 0.3, 0.04],
        "condensate_theory": [math.nan, 0.4, 0.6, 0.3, 0.2],
    }
)


def test_the_crossing_is_the_first_month_without_distance() -> None:
    assert crossing(FRAME) == 2
    assert math.isnan(crossing(FRAME.assign(distance_to_crossing=1.0)))


def test_what_lasts_is_dated_from_its_last_beginning() -> None:
    assert lasting_month(FRAME, FRAME["adoption_r0"] > 1) == 3
    assert lasting_month(FRAME, FRAME["month"] >= 0) == 0
    assert math.isnan(lasting_month(FRAME, FRAME["s_inf"] > 0.05))
    assert first_month(FRAME, FRAME["s_inf"] > 0.05) == 1


def test_the_four_dates() -> None:
    dates = four_dates(FRAME)
    assert (dates["crossing"], dates["adoption"], dates["condensate"]) == (2, 3, 3)
    assert math.isnan(dates["component"])
