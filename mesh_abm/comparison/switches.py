"""The causal links of the model, each with the fields that switch it off, and what each is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mesh_abm.comparison.comparing import compare
from mesh_abm.comparison.comparison import LAST, Comparison, holm, paired
from mesh_abm.engines import Engine
from mesh_abm.scenario import Scenario

TENTH = 0.1


@dataclass(frozen=True)
class Switch:
    """A causal link: what leads to what, and the fields that cut it."""

    name: str
    cause: str
    effect: str
    off: Mapping[str, Any]

    @property
    def fields(self) -> str:
        """What is set to cut it, as in --set."""
        return ", ".join(
            f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
            for name, value in self.off.items()
        )


SWITCHES: tuple[Switch, ...] = (
    Switch("investment", "gains of the provider", "its capacity and production", {"reinvest": 0.0}),
    Switch("datacenter production", "capacity bought", "cumulative production", {"datacenter_volume": 0.0}),
    Switch("device production", "devices that join", "cumulative production", {"device_volume": 0.0}),
    Switch("learning curve", "cumulative production", "unit cost", {"learning_exponent": 0.0}),
    Switch("efficiency", "time", "efficiency of devices", {"efficiency_growth": 0.0}),
    Switch("merit", "technology", "merit of devices", {"merit_gain": 0.0}),
    Switch("capacity", "technology", "capacity of devices", {"capacity_gain": 0.0}),
    Switch("fitness", "merit", "who is linked to", {"kernel": "degree"}),
    Switch("rich get richer", "degree", "who is linked to", {"kernel": "uniform"}),
    Switch("long search", "the component", "specialists found", {"ttl": 1, "looks": 1}),
    Switch("hearing", "calls", "which task a device takes up", {"signal": "global"}),
    Switch("thresholds", "tasks done", "thresholds", {"reinforcement": 0.0, "decay": 0.0}),
    Switch("practice", "tasks done", "shares of tasks (specialization)", {"learning_rate": 0.0}),
    Switch("specialist quality", "specialization", "quality", {"specialist_bonus": 0.0}),
    Switch("knowledge", "knowledge", "capacity", {"knowledge_gain": 0.0}),
    Switch("imitation", "gains of members", "adoption", {"contagion": 0.0}),
    Switch("churn", "time", "members leave", {"churn": 0.0}),
    Switch("link failure", "time", "links are lost", {"link_failure": 0.0}),
    Switch("pass-through", "costs of the provider", "its price", {"pass_through": 0.0}),
    Switch(
        "settlement",
        "payments",
        "fees, and deliveries that fail",
        {"settlement_capacity": math.inf, "settlement_fee": 0},
    ),
)
"""Every link of docs/model.md, section 1, in the order of the chain; docs/what-if.md lists them."""

OUTCOMES: dict[str, str] = {
    "share_mesh": "share of queries served by the mesh",
    "month_of_tenth": "first month in which devices take 10 % of the market",
    "s_inf": "largest component",
    "specialization": "specialization",
    "capability_ratio": "C_mesh / C_cent",
}
"""What is tabulated, over the last twelve months (the month of 10 % apart)."""


def switch_table(
    scenario: str | Path | Scenario = "reference",
    *,
    seeds: int = 16,
    months: int | None = None,
    engine: Engine | str = "process",
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> pd.DataFrame:
    """Return what switching off each causal link changes, on the same seeds; a row a switch and outcome.

    Columns: switch, fields (what is set), outcome, on, off (means over seeds), difference, half_width (95 %), p
    (Holm-corrected over the whole table), clear, seeds. A scenario in which a link is off already is left out of it.
    `month_of_tenth` counts a run that never gets there as one month past the end, so that it is a lower bound.
    """
    base = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    if months is not None:
        base = base.replace(months=months)
    on = [switch for switch in SWITCHES if not is_off(base, switch)]
    changed = [base.replace(**switch.off, title=switch.name) for switch in on]
    found = compare(
        base.replace(title="as it is"),
        *changed,
        seeds=seeds,
        engine=engine,
        workers=workers,
        progress=progress,
    )
    rows = [
        {
            "switch": switch.name,
            "fields": switch.fields,
            "outcome": outcome,
            **_change(found, switch.name, outcome),
        }
        for switch in on
        for outcome in OUTCOMES
    ]
    table = pd.DataFrame(rows)
    corrected = holm(table["p"])
    return table.assign(p=corrected, clear=corrected < 0.05, seeds=seeds)


def is_off(scenario: Scenario, switch: Switch) -> bool:
    """Whether a scenario has a link switched off already."""
    return all(getattr(scenario, name) == value for name, value in switch.off.items())


def _change(found: Comparison, name: str, outcome: str) -> dict[str, float]:
    on, off = (_by_seed(found, each, outcome) for each in (found.names[0], name))
    gaps = (off - on).dropna()
    mean, half, p = paired(gaps.to_numpy())
    return {"on": float(on.mean()), "off": float(off.mean()), "difference": mean, "half_width": half, "p": p}


def _by_seed(found: Comparison, name: str, outcome: str) -> pd.Series:
    if outcome != "month_of_tenth":
        return found.values(name, outcome).iloc[-LAST:].mean()
    shares = found.values(name, "market_share")
    reached = shares >= TENTH
    first = np.where(reached.any(), reached.idxmax(), found.months + 1)
    return pd.Series(first.astype(float), index=shares.columns)
