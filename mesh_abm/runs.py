"""One run: a scenario in, a result out.

>>> from mesh_abm import run
>>> result = run("reference", seed=1, months=60, set={"churn": 0.05})  # doctest: +SKIP
>>> result.frame, result.devices(month=24), result.save("somewhere")  # doctest: +SKIP
"""

from __future__ import annotations

import operator
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mesh_abm.results import Result, Verdict, load_result, verify
from mesh_abm.results.simulation import Progress, simulate
from mesh_abm.rules import Rules
from mesh_abm.scenario import Scenario

__all__ = ["Result", "Verdict", "load_result", "run", "settle", "verify"]


def run(
    scenario: str | Path | Scenario = "reference",
    *,
    seed: int | None = None,
    months: int | None = None,
    set: Mapping[str, Any] | None = None,
    check: bool = False,
    progress: Progress | None = None,
    rules: Rules | None = None,
) -> Result:
    """Run a scenario to its last month and return the result.

    `scenario` is a shipped name, a file or a Scenario; `set` changes fields of it. Without `seed` the scenario's
    own counts, and without that a random one, which `result.seed` tells. `check` tests the invariants of
    docs/model.md after every month; `progress(month, months, model)` is called after every month. `rules` are
    rules or custom shocks of one's own; a folder holds no code, so such a result cannot be verified once saved.

    Raises ScenarioError for a scenario, field or value that is not valid.
    """
    settled = settle(scenario, seed=seed, months=months, set=set)
    return simulate(settled, check=check, progress=progress, rules=rules)


def settle(
    scenario: str | Path | Scenario,
    *,
    seed: int | None = None,
    months: int | None = None,
    set: Mapping[str, Any] | None = None,
) -> Scenario:
    """The scenario as it will run: changed as asked, its seed and months settled."""
    loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    changes = dict(set or {})
    if months is not None:
        changes["months"] = operator.index(months)
    if seed is not None:
        changes["seed"] = operator.index(seed)
    settled = loaded.with_settings(changes)
    return settled if settled.seed is not None else settled.replace(seed=secrets.randbelow(2**31))
