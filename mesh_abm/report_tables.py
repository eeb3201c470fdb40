"""The tables of a report as text: facts of the run, the closed form, assumptions, parameters, run card."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from mesh_abm.facts import at_end
from mesh_abm.fits import Fit
from mesh_abm.pages import Table
from mesh_abm.results.result import Result
from mesh_abm.scenario import FIELDS
from mesh_abm.summary import grounds, requirements, steering
from mesh_abm.wording import calendar, counted, listing, months, number, percent, plain

APART = ("title", "question", "based_on", "classes", "shocks", "seed")
"""Fields that are shown elsewhere than in the table of parameters."""


def facts(result: Result) -> dict[str, str]:
    """Return what was run, for the head of the report."""
    scenario = result.scenario
    found = {
        "Owners of a device": f"{scenario.n_owners:,}",
        "Members at the end": (
            f"{at_end(result.frame, 'members'):,.0f} "
            f"({percent(at_end(result.frame, 'members') / scenario.n_owners)})"
        ),
        "Length": _length(result),
        "Device classes": str(len(scenario.classes)),
        "Types of questions": str(scenario.task_types),
        "Seed": str(result.seed),
    }
    calibration = grounds.calibration_of(result)
    if calibration is not None:
        found["Figures from data"] = f"calibration {calibration.which}"
        found["One simulated query"] = f"is {number(calibration['batch'].number)} real ones"
    return found


def _length(result: Result) -> str:
    first, last = (calendar(month, result.scenario.start) for month in (1, result.months))
    length = months(result.months)
    return length if first is None or not result.months else f"{length} ({first} to {last})"


def card(result: Result) -> dict[str, str]:
    """Return what makes the run again and tells whether it is the same."""
    from mesh_abm import __version__

    found = {
        "Program": f"mesh_abm {__version__}",
        "Seed": str(result.seed),
        "Months": str(result.months),
        "Fingerprint of the trajectory": result.fingerprint,
    }
    if result.own_rules:
        found["Rules of the run's own"] = f"{listing(result.own_rules)}: cannot be run again from this folder"
    return found


def theory(result: Result, order: Sequence[str]) -> Table:
    """Return every prediction beside the run, in the order of the figures that show them."""
    fits = sorted(result.fits, key=lambda fit: order.index(fit.figure))
    rows = [
        (
            fit.title,
            fit.source,
            f"{fit.measure or 'thresholds'}, {fit.when}" if fit.compared else fit.measure or "thresholds",
            fit.shown_measured,
            fit.shown_predicted,
            fit.statistic,
            fit.criterion,
            fit.verdict,
            fit.why,
        )
        for fit in fits
    ]
    head = (
        "prediction",
        "source",
        "measure",
        "measured",
        "predicted",
        "statistic",
        "agrees if",
        "verdict",
        "presupposed, and not so here; or why nothing is compared",
    )
    return Table(head, rows, f"{_tally(fits)} Prices and wallets have no prediction.")


def _tally(fits: Sequence[Fit]) -> str:
    """Return how many predictions agree, and what to think of those that are off."""
    agree, off = ([fit for fit in fits if fit.verdict == verdict] for verdict in ("agrees", "off"))
    explained = sum(bool(fit.presupposed) for fit in off)
    compared = counted(len(agree) + len(off), "prediction")
    text = f"Of {compared} that could be compared {len(agree)} agree and {len(off)} are off"
    if not off:
        return f"{text}."
    return f"{text}; for {explained} of these the run is not as presupposed, so that it is no test of them."


def changes(result: Result) -> Table:
    """Return what single changes would do, by the closed form."""
    table = requirements.table(result)
    rows = [
        (
            row.change,
            percent(row.condensate),
            number(row.mean_degree),
            _factor(row.factor),
            _factor(row.giant_factor),
            _months(row.months),
        )
        for row in _records(table)
    ]
    head = (
        "at the end of the run",
        "condensate",
        "links to devices",
        "factor on merits",
        "with uneven links",
        "time at this pace",
    )
    note = (
        "By the closed form for a steady population. Factor on merits: by what all merits must be "
        "multiplied for one link to other devices each, the least that holds a network together (below 1: "
        "it holds until merits fall to that part); with uneven links: the same, counting that some "
        "devices have many more links than others; time: counting the weaker devices that technology lets "
        "join on the way."
    )
    return Table(head, rows, note)


def scan(result: Result) -> Table:
    """Return what sharper choices would do, by the closed form."""
    rows = [
        (
            f"{row.sharper:g}",
            plain(row.choice_noise),
            number(row.elasticity),
            percent(row.link_value),
            number(row.mean_degree),
            _factor(row.factor),
        )
        for row in _records(steering.scan(result))
    ]
    head = (
        "times as sharp",
        "choice_noise",
        "elasticity of the odds to price",
        "offers preferred",
        "links to devices",
        "factor on merits",
    )
    return Table(
        head,
        rows,
        "The advantage of a typical offer over the provider is kept as it is in money; only how sharply "
        "people choose is changed.",
    )


def sensitivity(result: Result) -> Table:
    """Return how much ranged figures of the calibration matter, by the closed form."""
    ranked = grounds.sensitivity(result)
    rows = [
        (
            row.figure,
            row.kind,
            f"{plain(row.low)} to {plain(row.high)}",
            row.unit,
            _factor(row.factor_low),
            _factor(row.factor_high),
        )
        for row in _records(ranked[ranked["spread"] >= grounds.MATTERS])
    ]
    head = ("figure", "known by", "range", "unit", "factor at the low end", "factor at the high end")
    note = (
        "By what technology must still multiply merits at the end of the run for the network to hold "
        "together, with the figure at either end of its range and the weaker devices counted that can "
        "join on the way. Figures that change it by less than a twentieth are left out."
    )
    return Table(head, rows, note)


def unsourced(result: Result) -> Table:
    """Return the calibrated fields that rest on something recalled or assumed."""
    table = grounds.unsourced(result)
    rows = [
        (row.field, row.value, row.unit, row.kind, row.rule, row.rests_on)
        for row in _records(table[~table["kept"].astype(bool)])
    ]
    return Table(("field", "value", "unit", "kind", "rule", "recalled or assumed"), rows)


def kept(result: Result) -> str:
    """Return the fields for which no figure was found at all."""
    table = grounds.unsourced(result)
    names = table.loc[table["kept"].astype(bool), "field"].tolist()
    return (
        f"For these no figure was found, and the value of the reference scenario is kept: {listing(names)}."
        if names
        else ""
    )


def parameters(result: Result) -> Table:
    """Return every field with its value, default where it is another, unit, meaning and source."""
    rows, calibration = [], grounds.calibration_of(result)
    steps = {
        step.field: f"{step.kind}: {step.rule}"
        for step in (calibration.steps if calibration else ())
        if not step.kept
    }
    for name, field in FIELDS.items():
        if name not in APART:
            value = _value(getattr(result.scenario, name))
            default = _value(field.default)
            rows.append(
                (
                    name,
                    field.symbol,
                    value,
                    "" if value == default else default,
                    field.unit,
                    field.meaning,
                    steps.get(name, field.source),
                )
            )
    return Table(("field", "symbol", "value", "default", "unit", "meaning", "source"), rows)


def classes(result: Result) -> Table:
    """Return the device classes."""
    rows = [
        (c.name, percent(c.share), plain(c.merit), plain(c.capacity), plain(c.quality), plain(c.running_cost))
        for c in result.scenario.classes
    ]
    return Table(
        (
            "class",
            "share of owners",
            "merit",
            "capacity, queries a month",
            "quality",
            "running cost, micro-credits a query",
        ),
        rows,
    )


def shocks(result: Result) -> Table:
    """Return the shocks."""
    rows = [
        (str(s.month), "" if s.until is None else str(s.until), s.kind, s.field or "", _value(s.value))
        for s in result.scenario.shocks
    ]
    return Table(("month", "until", "kind", "field", "value"), rows)


def _records(table: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table as tuples with the columns' names."""
    yield from table.itertuples()


def _factor(factor: float) -> str:
    return "infinite" if math.isinf(factor) else number(factor)


def _months(count: float) -> str:
    return "passed" if count == 0 else "never" if math.isinf(count) else months(count)


def _value(value: Any) -> str:
    """Return a field's value as text: short numbers, at most a line of a list."""
    if isinstance(value, bool) or value is None:
        return "none" if value is None else str(value)
    if isinstance(value, float) and math.isfinite(value):
        return plain(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(_value(item) for item in value)
    return str(value)
