"""Theory beside simulation: every prediction that applies to a run, what the run has instead, and a verdict.

The predictions are those of `mesh_abm.theory`; how large a difference still counts as agreement is a criterion of each,
stated with it. No prediction enters a run, so every run can contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.fits import (  # noqa: F401  (they enter the registry, in the order of a report)
    capability,
    component,
    degrees,
    hold,
    labor,
    spreading,
)
from mesh_abm.fits.fit import Criterion, Fit, Verdict, caption
from mesh_abm.fits.registry import PREDICTIONS, Prediction

if TYPE_CHECKING:
    from mesh_abm.results.result import Result

__all__ = [
    "PREDICTIONS",
    "Criterion",
    "Fit",
    "Prediction",
    "Verdict",
    "all_fits",
    "caption",
    "of_figure",
    "table",
]


def all_fits(result: Result) -> tuple[Fit, ...]:
    """Return every prediction beside a run, in the order of the registry."""
    return tuple(prediction.beside(result) for prediction in PREDICTIONS.values())


def of_figure(fits: Sequence[Fit], figure: str) -> tuple[Fit, ...]:
    """Return the fits that belong to a figure; those without a prediction only where there is no other."""
    mine = tuple(fit for fit in fits if fit.figure == figure)
    return tuple(fit for fit in mine if fit.verdict != "no prediction") or mine


def table(fits: Sequence[Fit]) -> pd.DataFrame:
    """Return fits as a table, a row each."""
    return pd.DataFrame(fits, columns=list(Fit.__dataclass_fields__))
