"""How updates spread: the epidemic threshold (14), its relatives, and how many are infected above it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import real


def sis_threshold(degrees: ArrayLike) -> float:
    """Infection rate over recovery rate above which SIS spreading lasts, <k>/<k^2> (14); inf without links.

    For annealed networks (Pastor-Satorras and Vespignani 2001): about a third too low for lasting spread on a fixed network,
    where it is near `quenched_threshold`. `degrees` >= 0, any shape.

    >>> sis_threshold([1, 1, 2])
    0.6666666666666666
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    return _ratio(float(k.sum()), float(np.dot(k, k)))


def sir_threshold(degrees: ArrayLike) -> float:
    """Transmission probability above which an SIR epidemic reaches many, <k>/(<k^2> - <k>); inf where no tree can branch.

    The same as the bond percolation threshold (Newman 2002). `degrees` >= 0, any shape.
    """
    k = np.ravel(real("degrees", degrees, 0.0, finite=True))
    total = float(k.sum())
    return _ratio(total, float(np.dot(k, k)) - total)


def _ratio(first: float, second: float) -> float:
    return first / second if second > 0.0 else float("inf")
