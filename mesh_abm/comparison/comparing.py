"""Run scenarios on the same seeds: what they have in common once, then each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from mesh_abm.comparison.comparison import Comparison
from mesh_abm.comparison.forking import common_months, fork
from mesh_abm.engines import Engine, dead_models, engine_named
from mesh_abm.errors import ScenarioError, UserError
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario

Progress = Callable[[int, int], object]
"""Called after every seed with the seeds that are done and their number."""


@dataclass(frozen=True)
class _Task:
    """All scenarios at one seed; `forked` says whether what they have in common is run once."""

    scenarios: tuple[Scenario, ...]
    seed: int
    forked: bool


def compare(
    first: str | Path | Scenario,
    *others: str | Path | Scenario,
    seeds: int = 16,
    months: int | None = None,
    set: Mapping[str, Any] | None = None,
    engine: Engine | str = "process",
    workers: int | None = None,
    forked: bool = True,
    progress: Progress | None = None,
) -> Comparison:
    """Return how scenarios differ from the first, on seeds 1 to `seeds`.

    `months` and `set` change all of them alike. Months that a scenario has in common with the first are run once
    (`forked=False` runs them for each: the result is the same). Raises ScenarioError for scenarios that cannot be, or
    of different length.
    """
    if not others:
        raise UserError("compare: needs two scenarios or more")
    if seeds < 2:
        raise UserError(f"seeds = {seeds}: must be 2 or more, for differences have to be told from noise")
    loaded = _alike([_loaded(each) for each in (first, *others)], months, set)
    names = _names([first, *others])
    tasks = [_Task(tuple(loaded), seed, forked) for seed in range(1, seeds + 1)]
    frames = []
    with engine_named(engine, workers=workers) as running:
        for outcome in running.run(run_all, tasks):
            if outcome.failed:
                raise RuntimeError(f"seed {outcome.place + 1} failed\n{outcome.error}")
            frames += [
                frame.assign(scenario=name, seed=outcome.place + 1)
                for name, frame in zip(names, outcome.value, strict=True)
            ]
            if progress is not None:
                progress(len(frames) // len(names), seeds)
    return Comparison.of(names, loaded, pd.concat(frames, ignore_index=True))


def run_all(task: _Task) -> list[pd.DataFrame]:
    """Return the series of every scenario at one seed."""
    frames = _run_all(task)
    dead_models.add(sum(scenario.n_owners for scenario in task.scenarios))
    return frames


def _run_all(task: _Task) -> list[pd.DataFrame]:
    first, *others = (scenario.replace(seed=task.seed) for scenario in task.scenarios)
    model = MeshModel.from_scenario(first)
    parted = {k: common_months(first, other) if task.forked else 0 for k, other in enumerate(others)}
    frames: dict[int, pd.DataFrame] = {}
    for month in sorted({*parted.values(), first.months}):
        model.run_for(month - model.month)
        for k in (k for k, shared in parted.items() if shared == month):
            branch = fork(model, others[k]) if month else MeshModel.from_scenario(others[k])
            branch.run_for(others[k].months - month)
            frames[k] = _series(branch)
    return [_series(model), *(frames[k] for k in range(len(others)))]


def _series(model: MeshModel) -> pd.DataFrame:
    frame: pd.DataFrame = model.datacollector.get_model_vars_dataframe()
    return frame


def _loaded(given: str | Path | Scenario) -> Scenario:
    return given if isinstance(given, Scenario) else Scenario.load(given)


def _alike(scenarios: list[Scenario], months: int | None, set: Mapping[str, Any] | None) -> list[Scenario]:
    changes = dict(set or {}) | ({} if months is None else {"months": months})
    changed = [scenario.with_settings(changes) if changes else scenario for scenario in scenarios]
    lengths = [scenario.months for scenario in changed]
    if len({*lengths}) > 1:
        told = ", ".join(str(length) for length in lengths)
        raise ScenarioError(
            f"months: are {told}; scenarios to be compared must be of one length (give months)"
        )
    return changed


def _names(given: Sequence[str | Path | Scenario]) -> list[str]:
    """Return a name for each scenario, told apart by numbers where they would be the same."""
    names: list[str] = []
    for each in given:
        name = (each.title or "scenario") if isinstance(each, Scenario) else Path(each).stem
        names.append(next(free for free in numbered(name) if free not in names))
    return names


def numbered(name: str, number: str = " ({})") -> Iterator[str]:
    """Yield a name, then the name with 2, 3, .. as `number` has it."""
    yield name
    yield from (name + number.format(k) for k in count(2))
