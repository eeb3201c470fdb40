"""When things happen in a run: the first month of each of the dates that the paper lets coincide."""

from __future__ import annotations

import numpy as np
import pandas as pd

NEVER = float("nan")


def first_month(frame: pd.DataFrame, condition: pd.Series) -> float:
    """Return the first month in which a condition holds, NaN if it never does."""
    months = frame["month"][condition.fillna(False)]
    return float(months.iloc[0]) if len(months) else NEVER


def lasting_month(frame: pd.DataFrame, condition: pd.Series) -> float:
    """Return the first month from which on a condition holds to the end, NaN if it does not hold in the end."""
    holds = condition.fillna(False).to_numpy(bool)
    if not len(holds) or not holds[-1]:
        return NEVER
    broken = np.flatnonzero(~holds)
    return float(frame["month"].iloc[broken[-1] + 1 if len(broken) else 0])


def crossing(frame: pd.DataFrame) -> float:
    """Return the month of the crossing, x <= 0."""
    return first_month(frame, frame["distance_to_crossing"] <= 0)


def four_dates(frame: pd.DataFrame) -> dict[str, float]:
    """Return the months from which: costs have crossed, adoption sustains itself, a component stands, links
    leave the provider half of what they were (the condensate's law falls to one half).
    """
    return {
        "crossing": crossing(frame),
        "adoption": lasting_month(frame, frame["adoption_r0"] > 1),
        "component": lasting_month(frame, frame["s_inf"] > 0.05),
        "condensate": lasting_month(frame, frame["condensate_theory"] < 0.5),
    }
