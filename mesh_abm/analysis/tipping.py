"""Where a measure flips as one field moves: found by bisection, for several sizes of the population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.analysis.evaluations import Evaluations, Task
from mesh_abm.analysis.intervals import of_mean
from mesh_abm.analysis.reading import AnalysisError, Reading, as_reading
from mesh_abm.engines import Engine, engine_named
from mesh_abm.errors import nearest
from mesh_abm.measures import REGISTRY
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario, field_card
from mesh_abm.sweeps.seeds import run_seed
from mesh_abm.sweeps.work import Build

SIZES = (250, 500, 1000)
REPLICATES = 8
STEPS = 8
Progress = Callable[[int, int], object]
"""Called with the rounds that are done, and how many there are."""


@dataclass(frozen=True)
class Bracket:
    """The two values of the field between which a replicate of a size flips, and the measure at each."""

    n_owners: int
    replicate: int
    low: float
    high: float
    at_low: float = np.nan
    at_high: float = np.nan

    def flips(self, level: float) -> bool:
        """Whether one end is at the level or above it and the other is below."""
        values = (self.at_low, self.at_high)
        return not np.isnan(values).any() and (values[0] >= level) != (values[1] >= level)

    def narrowed(self, middle: float, value: float, level: float) -> Bracket:
        """Return the half in which it flips; a measure that is not defined counts as below the level."""
        if (value >= level) == (self.at_low >= level):
            return replace(self, low=middle, at_low=value)
        return replace(self, high=middle, at_high=value)


def tipping(scenario: str | Path | Scenario, field: str, low: float, high: float, **how: Any) -> pd.DataFrame:
    """Return a row a size: n_owners, threshold (mean over replicates), half_width (95 % t interval, and half of the
    last bracket, within which no search can tell), spread (sd over replicates: how wide the transition is at this
    size), jump, flipped, replicates.

    `jump` is the mean change of the measure over the last bracket: it shrinks with the bracket where the measure is
    continuous and stays where it is not. `flipped` counts replicates that are on both sides of the level at the two
    ends; the others have no threshold. For the arguments see `flips`.
    """
    return by_size(flips(scenario, field, low, high, **how))


def flips(
    scenario: str | Path | Scenario,
    field: str,
    low: float,
    high: float,
    *,
    measure: str | Reading = "s_inf",
    level: float = 0.5,
    sizes: Sequence[int] = SIZES,
    replicates: int = REPLICATES,
    steps: int = STEPS,
    seed: int = 1,
    engine: Engine | str = "local",
    workers: int | None = None,
    scheduler: str | None = None,
    build: Build = MeshModel.from_scenario,
    store: str | Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return a row a size and replicate: n_owners, replicate, threshold, then of the last bracket low, high, at_low,
    at_high.

    The value of `field` between `low` and `high` at which the measure passes `level`, halved `steps` times (whole
    numbers: until they are neighbors); it must pass it once. The seed of a run depends on size and replicate only, so
    values are compared on common random numbers, and the answer is the same on any engine. `store`: a folder that
    keeps every evaluation, so that a search that was stopped, or is widened, goes on from there. Raises AnalysisError.
    """
    base = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    reading = as_reading(measure)
    _check(base, reading, field, low, high, sizes, replicates, steps)
    whole = "whole" in field_card(field).kind
    kept = Evaluations(store)
    brackets = [Bracket(size, k, low, high) for size in sizes for k in range(replicates)]
    with engine_named(engine, workers=workers, scheduler=scheduler) as running:

        def measured(asked: list[tuple[Bracket, float]]) -> list[float]:
            return kept.values(
                running, [_task(base, field, each, at, seed, reading, build) for each, at in asked]
            )

        ends = measured([(each, at) for each in brackets for at in (low, high)])
        brackets = [
            replace(each, at_low=ends[2 * k], at_high=ends[2 * k + 1]) for k, each in enumerate(brackets)
        ]
        for step in range(steps):
            if progress is not None:
                progress(step + 1, steps + 1)
            brackets = _halved(brackets, level, whole, measured)
    return pd.DataFrame([_row(each, level) for each in brackets])


def by_size(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `tipping` from that of `flips`."""
    rows = []
    for size, group in table.groupby("n_owners"):
        mean, half = of_mean(group["threshold"])
        flipped = group[group["threshold"].notna()]
        rows.append(
            {
                "n_owners": size, "threshold": mean, "half_width": half + _unresolved(flipped),
                "spread": flipped["threshold"].std(ddof=1),
                "jump": (flipped["at_high"] - flipped["at_low"]).mean(), "flipped": len(flipped),
                "replicates": len(group),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _unresolved(flipped: pd.DataFrame) -> float:
    """Half of the last bracket, which all searches of a size may be off by alike."""
    return float((flipped["high"] - flipped["low"]).mean()) / 2


def _halved(
    brackets: list[Bracket],
    level: float,
    whole: bool,
    measured: Callable[[list[tuple[Bracket, float]]], list[float]],
) -> list[Bracket]:
    """Halve every bracket that flips and is still to be halved, all in one round of runs."""
    middles = {k: _middle(each, whole) for k, each in enumerate(brackets) if each.flips(level)}
    open_ = [k for k, middle in middles.items() if brackets[k].low < middle < brackets[k].high]
    values = measured([(brackets[k], middles[k]) for k in open_])
    narrowed = list(brackets)
    for k, value in zip(open_, values, strict=True):
        narrowed[k] = brackets[k].narrowed(middles[k], value, level)
    return narrowed


def _middle(bracket: Bracket, whole: bool) -> float:
    middle = (bracket.low + bracket.high) / 2
    return float(np.floor(middle)) if whole else middle


def _task(
    base: Scenario, field: str, bracket: Bracket, at: float, seed: int, reading: Reading, build: Build
) -> Task:
    """The seed is a hash of size and replicate: the same for all values of the field."""
    fixed = {"n_owners": bracket.n_owners, "seed": run_seed(seed, bracket.n_owners, bracket.replicate)}
    return Task(base.with_settings({field: at, **fixed}), reading, build)


def _row(bracket: Bracket, level: float) -> dict[str, float]:
    found = bracket.flips(level)
    return {
        "n_owners": bracket.n_owners, "replicate": bracket.replicate,
        "threshold": (bracket.low + bracket.high) / 2 if found else np.nan, "low": bracket.low, "high": bracket.high,
        "at_low": bracket.at_low, "at_high": bracket.at_high,
    }  # fmt: skip


def _check(
    base: Scenario,
    reading: Reading,
    field: str,
    low: float,
    high: float,
    sizes: Sequence[int],
    replicates: int,
    steps: int,
) -> None:
    if reading.measure not in REGISTRY:
        raise AnalysisError(
            f"measure = {reading.measure}: must be a measure{nearest(reading.measure, REGISTRY)}"
        )
    if field in ("seed", "n_owners"):
        raise AnalysisError(f"field = {field}: must be another; it is set by sizes and replicates")
    if not low < high:
        raise AnalysisError(f"high = {high:g}: must be above low = {low:g}")
    if not sizes or replicates < 1 or steps < 1:
        counts = f"sizes = {list(sizes)}, replicates = {replicates}, steps = {steps}"
        raise AnalysisError(f"{counts}: must be one or more of each")
    if reading.month is not None and reading.month > base.months:
        raise AnalysisError(f"month = {reading.month}: must be at most {base.months}, the last of a run")
    for size in sizes:
        for end in (low, high):
            base.with_settings({field: end, "n_owners": size})
