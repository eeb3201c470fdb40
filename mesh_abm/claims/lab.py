"""Where the experiments of claims are made: their size, their random numbers, their simulated runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from mesh_abm.engines import Engine, ThisProcess, values_in_order
from mesh_abm.model import MeshModel
from mesh_abm.runs import settle
from mesh_abm.scenario import Scenario

Size = TypeVar("Size")
Probe = Callable[[MeshModel], Any]
"""Looks at a model at the end of its run; a function of a module, whose value can be pickled."""


@dataclass(frozen=True)
class Trajectory:
    """A simulated run: its series (docs/model.md, measures), its table by type, and what a probe saw at the end."""

    seed: int
    frame: pd.DataFrame
    types: pd.DataFrame
    seen: Any = None


class Lab:
    """Hands out what experiments need.

    `fast` asks for reduced size where chance plays a part. Seeds are fixed, so that the same version finds the same
    figures, on any engine.
    """

    def __init__(self, *, fast: bool = False, engine: Engine | None = None) -> None:
        self.fast = fast
        self._engine = engine or ThisProcess()
        self._runs: dict[tuple[str, int, Probe | None], Trajectory] = {}

    def size(self, *, fast: Size, full: Size) -> Size:
        """Return the size of an experiment: `fast` or `full`."""
        return fast if self.fast else full

    def rng(self, *key: int) -> np.random.Generator:
        """Return random numbers of their own for a key of whole numbers."""
        return np.random.default_rng(key)

    def map(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
        """Return the values of a function of a module for all tasks, in their order, on all cores."""
        return values_in_order(self._engine, function, tasks)

    def runs(
        self,
        scenario: str | Scenario,
        replicates: int,
        *,
        months: int | None = None,
        changes: Mapping[str, Any] | None = None,
        probe: Probe | None = None,
    ) -> list[Trajectory]:
        """Return runs with seeds 1 to `replicates`; what another claim has already run is not run again."""
        settled = [
            settle(scenario, seed=seed, months=months, set=changes) for seed in range(1, replicates + 1)
        ]
        keys = [(one.to_toml(), int(one.seed or 0), probe) for one in settled]
        missing = [place for place, key in enumerate(keys) if key not in self._runs]
        made = self.map(simulate, [(settled[place], probe) for place in missing])
        self._runs.update({keys[place]: trajectory for place, trajectory in zip(missing, made, strict=True)})
        return [self._runs[key] for key in keys]


def simulate(task: tuple[Scenario, Probe | None]) -> Trajectory:
    """Run a scenario, whose seed is settled, to its last month."""
    scenario, probe = task
    model = MeshModel.from_scenario(scenario)
    model.run_for(scenario.months)
    return Trajectory(
        seed=int(scenario.seed or 0),
        frame=model.datacollector.get_model_vars_dataframe(),
        types=model.datacollector.get_table_dataframe("types"),
        seen=None if probe is None else probe(model),
    )
