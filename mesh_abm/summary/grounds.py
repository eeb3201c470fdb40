"""What a result rests on: assumptions without a source, and how much those that the closed form knows matter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.results.result import Result
from mesh_abm.scenario import Scenario
from mesh_abm.summary.situation import Situation, owners_merit
from mesh_abm.wording import listing, number, times

if TYPE_CHECKING:
    from mesh_abm.calibration import Calibration, Input

MATTERS = 1.05
"""An assumption matters if its range moves the factor on merits by more than this."""


def calibration_of(result: Result) -> Calibration | None:
    """Return the calibration that the scenario starts from, None if its figures are choices for study."""
    if result.scenario.calibration is None:
        return None
    from mesh_abm.calibration import calibrate

    return calibrate(result.scenario.calibration)


def unsourced(result: Result) -> pd.DataFrame:
    """Return a row a figure of the calibration that rests on something recalled or assumed: field, value, unit, kind, rule, on."""
    found = calibration_of(result)
    rows = []
    for step in found.unsourced() if found is not None else ():
        weak = [item for item in step.inputs if item.kind in ("recalled", "assumed")]
        rests = "; ".join(f"{item.name} = {_plain(item.value)} {item.unit}".strip() for item in weak)
        rows.append((step.field, _value(step.value), step.unit, step.kind, step.rule, rests, step.kept))
    return pd.DataFrame(rows, columns=["field", "value", "unit", "kind", "rule", "rests_on", "kept"])


def sensitivity(result: Result) -> pd.DataFrame:
    """Return how far each ranged figure moves what merits still lack at the end of the run, most first.

    Columns: figure, kind, unit, low, high, factor_low, factor_high, spread (how many times the ends lie apart); the
    factors are those by which merits must still grow (`Situation.factor`), of all owners who could join.
    By the closed form with the production that the run arrived at; nothing is simulated again.
    """
    columns = ["figure", "kind", "unit", "low", "high", "factor_low", "factor_high", "spread"]
    now = Situation.at_end(result)
    if result.scenario.calibration is None or now is None:
        return pd.DataFrame(columns=columns)
    from mesh_abm.calibration import moving
    from mesh_abm.calibration.inputs import Inputs

    central, rows = Inputs("central"), []
    for name in moving():
        item = central.take(name)
        low, high = (_moved(result, now, {name: end}).factor() for end in ("low", "high"))
        rows.append((item.name.replace("_", " "), item.kind, item.unit, item.low, item.high, low, high, _apart(low, high)))
    return pd.DataFrame(rows, columns=columns).sort_values("spread", ascending=False, ignore_index=True)


def _moved(result: Result, now: Situation, moved: dict[str, str]) -> Situation:
    """Return the situation at the end if figures of the calibration were at another end of their range.

    What the scenario itself sets is kept. Production is that of the run: T = ln A + alpha ln(Q/Q0), ln(Q/Q0) = -ln(c)/alpha.
    """
    from mesh_abm.calibration import calibrate

    scenario, which = result.scenario, str(result.scenario.calibration)
    usual, fields = calibrate(which).fields(), calibrate(which, moved).fields()
    changed = {name: value for name, value in fields.items() if name in ENTERS and value != usual[name]}
    own = [name for name in changed if Scenario.from_toml(f'calibration = "{which}"').model_dump()[name] != scenario.model_dump()[name]]
    other = scenario.replace(**{name: value for name, value in changed.items() if name not in own})
    production = -math.log(at_end(result.frame, "unit_cost")) / scenario.learning_exponent if scenario.learning_exponent else 0.0
    index = other.efficiency_growth * result.months + other.learning_exponent * production
    return now.change(merit=owners_merit(other, index), churn=other.churn, link_failure=other.link_failure)
