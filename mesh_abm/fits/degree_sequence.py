"""The degrees of the device network at the moments of a run of which the network is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mesh_abm.results.result import Result


def degrees(result: Result, moment: str = "end") -> np.ndarray:
    """Return the degree of every member in the device network, from the largest down; members without links are 0.

    `moment`: one of `result.snapshots`.
    """
    month, links = result.snapshots[moment]
    links = links[links["target"] >= 0]
    count = pd.concat([links["source"], links["target"]]).value_counts().to_numpy()
    members = int(result.frame.loc[result.frame["month"] == month, "members"].iloc[0])
    return np.concatenate([count, np.zeros(members - len(count), count.dtype)])
