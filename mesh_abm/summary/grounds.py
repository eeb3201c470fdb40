"""What a result rests on: assumptions without a source, and how much those that the closed form knows matter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.facts import at_end
from mesh_abm.results.result import Result
from mesh_abm.scenario import Scenario
from mesh_abm.summary.situation import Situation, growth_needed
from mesh_abm.wording import as_high, listing, plain

if TYPE_CHECKING:
    from mesh_abm.calibration import Calibration, End

ENTERS = (
    "classes",
    "capable_merit",
    "churn",
    "link_failure",
    "learning_exponent",
    "efficiency_growth",
    "merit_gain",
)
"""Fields of the calibration that the closed form and the path of merits know."""
ENDS: tuple[End, End] = ("low", "high")
UNSOURCED = ("recalled", "assumed")
"""Kinds of figures for which no document was read."""
MATTERS = 1.05
"""An assumption matters if its range moves the factor on merits by more than this."""


def calibration_of(result: Result) -> Calibration | None:
    """Return the calibration that the scenario starts from, None if its figures are choices for study."""
    if result.scenario.calibration is None:
        return None
    from mesh_abm.calibration import calibrate

    return calibrate(result.scenario.calibration)


def unsourced(result: Result) -> pd.DataFrame:
    """Return a row a step of the calibration that rests on something recalled or assumed, with what it rests on."""
    found = calibration_of(result)
    rows = []
    for step in found.unsourced() if found is not None else ():
        weak = [item for item in step.inputs if item.kind in ("recalled", "assumed")]
        rests = "; ".join(f"{item.name} = {_text(item.value)} {item.unit}".strip() for item in weak)
        rows.append((step.field, _value(step.value), step.unit, step.kind, step.rule, rests, step.kept))
    return pd.DataFrame(rows, columns=["field", "value", "unit", "kind", "rule", "rests_on", "kept"])


def sensitivity(result: Result) -> pd.DataFrame:
    """Return how far each ranged figure moves what merits still lack at the end of the run, most first.

    Columns: figure, kind, unit, low, high, factor_low, factor_high, spread (how many times the ends lie apart); the
    factors are those by which merits must still grow (`growth_needed`).
    By the closed form with the production that the run arrived at; nothing is simulated again.
    """
    columns = ["figure", "kind", "unit", "low", "high", "factor_low", "factor_high", "spread"]
    now = Situation.at_end(result)
    if result.scenario.calibration is None or now is None:
        return pd.DataFrame(columns=columns)
    from mesh_abm.calibration import moving
    from mesh_abm.calibration.inputs import Inputs

    central, rows, free = Inputs("central"), [], _calibrated(result.scenario)
    for name in moving():
        item = central.take(name)
        low, high = (_moved(result, now, free, {name: end}) for end in ENDS)
        figure = item.name.replace("_", " ")
        rows.append((figure, item.kind, item.unit, item.low, item.high, low, high, _apart(low, high)))
    return pd.DataFrame(rows, columns=columns).sort_values("spread", ascending=False, ignore_index=True)


def _calibrated(scenario: Scenario) -> tuple[str, ...]:
    """Return the fields of `ENTERS` that have the values of the calibration: the scenario does not set them itself."""
    usual = Scenario(calibration=scenario.calibration)
    return tuple(name for name in ENTERS if getattr(usual, name) == getattr(scenario, name))


def _moved(result: Result, now: Situation, free: tuple[str, ...], moved: dict[str, End]) -> float:
    """Return `growth_needed` at the end if figures of the calibration were at another end of their range.

    Production is that of the run: T = ln A + alpha ln(Q/Q0), and ln(Q/Q0) = -ln(c)/alpha.
    """
    from mesh_abm.calibration import calibrate

    scenario, alpha = result.scenario, result.scenario.learning_exponent
    fields = calibrate(str(scenario.calibration), moved).fields()
    other = scenario.replace(**{name: fields[name] for name in free if name in fields})
    production = -math.log(at_end(result.frame, "unit_cost")) / alpha if alpha else 0.0
    index = other.efficiency_growth * result.months + other.learning_exponent * production
    return growth_needed(now.change(churn=other.churn, link_failure=other.link_failure), other, index)


def _apart(low: float, high: float) -> float:
    """Return how many times two factors lie apart; inf if one of them is."""
    return 1.0 if low == high else max(low, high) / min(low, high)


def paragraphs(result: Result) -> list[str]:
    """Return what the result rests on, in words."""
    if result.scenario.calibration is None:
        return [
            "The figures of this scenario are not measured: they are chosen to show how the model "
            "behaves, and its result says nothing about a date in the world. `mesh-abm scenarios "
            "describe` gives the source of each."
        ]
    table = unsourced(result)
    text = (
        f"{len(table)} figures have no source: {(~table['kept']).sum()} rest on something recalled or "
        f"assumed, {table['kept'].sum()} are kept from the reference because nothing was found. They are "
        "listed in the report"
    )
    ranked = sensitivity(result)
    matter = ranked[(ranked["spread"] >= MATTERS) & ranked["kind"].isin(UNSOURCED)]
    if matter.empty:
        return [f"{text}."]
    parts = [_range_in_words(row) for _, row in matter.head(4).iterrows()]
    lead = (
        "By the closed form these change most how high merits would have to be for a mesh, beside what "
        "they are at the end"
    )
    return [f"{text}. {lead}: {listing(parts)}.", *_sourced(ranked)]


def _sourced(ranked: pd.DataFrame) -> list[str]:
    """Return what matters among figures that have a source but a wide range."""
    wide = ranked[(ranked["spread"] >= 1.5) & ~ranked["kind"].isin(UNSOURCED)]
    if wide.empty:
        return []
    return [
        "Figures with a source, but uncertain enough to matter as much: "
        f"{listing([_range_in_words(row) for _, row in wide.head(3).iterrows()])}."
    ]


def _range_in_words(row: pd.Series) -> str:
    unit = "" if row["unit"] in ("", "fraction", "dimensionless") else f" {row['unit']}"
    ends = [as_high(row[f"factor_{end}"]).removesuffix(" as high") for end in ("low", "high")]
    return f"{row['figure']} (at {plain(row['low'], 2)}{unit}: {ends[0]}; at {plain(row['high'], 2)}{unit}: {ends[1]})"


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else plain(value)


def _value(value: object) -> str:
    """Return a step's value for a table: a number, a word, or the range of one number a class."""
    if isinstance(value, dict):
        values = list(value.values())
        if all(isinstance(v, (int, float)) for v in values):
            return f"{plain(min(values))} to {plain(max(values))} ({len(values)} classes)"
        return f"one for each of {len(values)} classes"
    return plain(value) if isinstance(value, (int, float)) else str(value)
