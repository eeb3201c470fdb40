"""From a settled scenario to its result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mesh_abm.model import MeshModel
from mesh_abm.results.moments import Moments, annotated_links
from mesh_abm.results.result import Result
from mesh_abm.rules import Rules
from mesh_abm.scenario import Scenario

Progress = Callable[[int, int, MeshModel], object]
"""Called after every month with the month, the last month and the model."""


def simulate(
    scenario: Scenario, *, check: bool = False, progress: Progress | None = None, rules: Rules | None = None
) -> Result:
    """Run `scenario`, whose seed is settled, to its last month; `check` tests the invariants after every month."""
    model, moments = MeshModel.from_scenario(scenario, check=check, rules=rules), Moments()
    look = partial(annotated_links, model)
    moments.see(0, _s_inf(model), look)
    for month in range(1, scenario.months + 1):
        model.step()
        moments.see(month, _s_inf(model), look)
        if progress is not None:
            progress(month, scenario.months, model)
    return Result(
        scenario=scenario,
        frame=model.datacollector.get_model_vars_dataframe(),
        types=model.datacollector.get_table_dataframe("types"),
        last_devices=model.device_frame(),
        snapshots=moments.snapshots(scenario.months, look),
        rules=rules,
        own_rules=rules.own() if rules else (),
    )


def _s_inf(model: MeshModel) -> float:
    return float(model.datacollector.model_vars["s_inf"][-1])
