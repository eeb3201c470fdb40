"""Results made by hand: a year with the same numbers in every month, whatever a test says otherwise."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from mesh_abm.fits import PREDICTIONS, Fit
from mesh_abm.measures import COLUMNS, TYPE_COLUMNS
from mesh_abm.results.result import Result
from mesh_abm.scenario import Scenario

YEAR = 12


def made(
    series: dict[str, Any] | None = None,
    network: nx.Graph | None = None,
    devices: dict[str, Any] | None = None,
    months: int = YEAR,
    types: pd.DataFrame | None = None,
    **settings: Any,
) -> Result:
    """Return a result with these series (numbers hold for every month), links at the end and columns of devices."""
    frame = pd.DataFrame(np.nan, index=range(months + 1), columns=list(COLUMNS))
    plain = {
        "month": range(months + 1),
        "members": 1000,
        "mean_odds": 1.0,
        "active": 0.0,
        "filled_slots": 1.0,
    }
    frame = frame.assign(**(plain | (series or {})))
    members = int(frame["members"].iloc[-1])
    rows = pd.DataFrame({"row": range(members), "joined": 0, "fitness": 0.5, "merit": 1.0}).assign(
        **(devices or {})
    )
    ends = np.array(list(network.edges) if network else [], int).reshape(-1, 2)
    links = pd.DataFrame({"source": ends[:, 0], "target": ends[:, 1]})
    scenario = Scenario.load("reference").replace(seed=1, months=months, n_owners=2000, **settings)
    by_type = pd.DataFrame(columns=list(TYPE_COLUMNS), dtype=float) if types is None else types
    return Result(scenario, frame, by_type, rows, {"end": (months, links)})


def fit(name: str, result: Result) -> Fit:
    """Return one prediction beside a result."""
    return PREDICTIONS[name].beside(result)
