"""When a mesh forms: nucleation, crystallization and maturity of a run (docs/model.md, phases)."""

from __future__ import annotations

import numpy as np
import pandas as pd

NUCLEATION, LASTING = 0.05, 3
"""Nucleation: the largest component holds more than this share of members for so many months running."""
CRYSTALLIZATION = 0.5
"""Crystallization: the largest component holds more than this share of members."""
PHASES = ("before", "nucleation", "crystallization", "maturity")
"""In the order in which a run comes to them."""
STEADY, SPAN = 0.01, 12
"""Maturity: the market share moved by less than this in so many months."""


def phases(frame: pd.DataFrame) -> dict[str, int]:
    """Return the first month of each phase that was reached: "nucleation", "crystallization", "maturity".

    `frame` has a row a month with the columns `month`, `s_inf` and `market_share`. What was not reached is left out;
    before nucleation is the phase *before*.
    """
    month = frame["month"].to_numpy()
    reached = {
        "nucleation": _first(_lasting(frame["s_inf"].to_numpy(float) > NUCLEATION)),
        "crystallization": _first(frame["s_inf"].to_numpy(float) > CRYSTALLIZATION),
    }
    if (start := reached["crystallization"]) is not None:
        steady = _steady(frame["market_share"].to_numpy(float))
        steady[: start + 1] = False
        reached["maturity"] = _first(steady)
    return {phase: int(month[row]) for phase, row in reached.items() if row is not None}


def phase(frame: pd.DataFrame) -> str:
    """Return the phase at the end of `frame`: "before", "nucleation", "crystallization" or "maturity"."""
    return max(phases(frame).items(), key=_order, default=("before", 0))[0]


def _order(item: tuple[str, int]) -> int:
    return PHASES.index(item[0])


def _lasting(holds: np.ndarray) -> np.ndarray:
    """Return where a condition holds in this row and the ones after it, `LASTING` in all."""
    padded = np.concatenate([holds, np.zeros(LASTING - 1, bool)])
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, LASTING).all(axis=1))


def _steady(share: np.ndarray) -> np.ndarray:
    """Return where a share differs by less than `STEADY` from what it was `SPAN` rows earlier; NaN never does."""
    steady = np.zeros(len(share), bool)
    steady[SPAN:] = np.abs(share[SPAN:] - share[:-SPAN]) < STEADY
    return steady


def _first(holds: np.ndarray) -> int | None:
    """Return the first row where a condition holds, None if nowhere."""
    rows = np.flatnonzero(holds)
    return int(rows[0]) if len(rows) else None
