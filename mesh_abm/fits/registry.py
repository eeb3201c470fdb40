"""The registry of predictions: each is a function of a run that returns what was measured and what was predicted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_abm.fits.fit import Comparison, Criterion, Fit, Missing, Scale, judged

if TYPE_CHECKING:
    from mesh_abm.results.result import Result

Compare = Callable[["Result"], Comparison | Missing]


@dataclass(frozen=True)
class Prediction:
    """One prediction: what it says (`meaning`), of which measure, in which figure, and when a run agrees with it."""

    name: str
    title: str
    source: str
    measure: str
    figure: str
    criterion: Criterion
    scale: Scale
    meaning: str
    compare: Compare

    def beside(self, result: Result) -> Fit:
        """Return how a run compares with it."""
        return judged(
            self.compare(result), self.criterion, self.scale,
            name=self.name, title=self.title, source=self.source, measure=self.measure, figure=self.figure,
        )  # fmt: skip


PREDICTIONS: dict[str, Prediction] = {}


def predicts(
    measure: str, title: str, *, source: str, figure: str, criterion: Criterion, scale: Scale = "number"
) -> Callable[[Compare], Compare]:
    """Enters a function of a result into the registry under its own name; its docstring is the meaning."""

    def enter(function: Compare) -> Compare:
        name, meaning = function.__name__, " ".join((function.__doc__ or "").split())
        PREDICTIONS[name] = Prediction(
            name, title, source, measure, figure, criterion, scale, meaning, function
        )
        return function

    return enter
