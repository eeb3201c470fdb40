"""What a comparison says, in plain words."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.comparison.comparison import HEADLINES, LAST, Comparison
from mesh_abm.wording import listing, number, percent

SHARES = (
    "market_share", "share_mesh", "share_self", "share_provider", "share_unserved", "s_inf", "condensate",
    "specialization", "hub_share", "gini_wallet",
)  # fmt: skip
"""Measures that are shares: their differences are told in points of a hundred."""
MOST = 5
"""Effects that a sentence names."""


def sentences(comparison: Comparison) -> list[str]:
    """Return a paragraph for each scenario but the first."""
    return [_about(comparison, name) for name in comparison.names[1:]]


def effect_in_words(row: pd.Series) -> str:
    """Return a difference as "market share of devices +3.2 points (+- 0.4)"."""
    measure = str(row["measure"])
    difference, half = amount(measure, row["difference"]), amount(measure, row["half_width"], signed=False)
    return f"{HEADLINES[measure]} {difference} (+- {half})"


def amount(measure: str, value: float, signed: bool = True) -> str:
    """Return a difference of a measure with its unit."""
    if math.isnan(value):
        return "not defined"
    sign = ("+" if value > 0 else "-" if value < 0 else "") if signed else ""
    if measure in SHARES:
        return f"{sign}{number(100 * abs(value))} points"
    return f"{sign}{number(abs(value), 3)}"


def level(measure: str, value: float) -> str:
    """Return a value of a measure with its unit."""
    return percent(value) if measure in SHARES else number(value, 3)


def saved_in_words(effects: pd.DataFrame) -> str:
    """Return what the same seeds saved."""
    known = effects["variance_saved"].dropna()
    if known.empty:
        return "No measure varied between seeds, so that there was no variance to save."
    middle = float(known.median())
    if middle <= 0:
        return "The same seeds saved no variance here: runs of scenarios so different have nothing in common."
    return (
        f"The same random numbers save {percent(middle)} of the variance of a difference (median over measures): "
        f"independent seeds would need {number(1 / max(1 - middle, 1e-9), 2)} times as many runs."
    )


def _about(comparison: Comparison, name: str) -> str:
    first = comparison.names[0]
    parted = float(comparison.first_difference[name])
    if math.isnan(parted):
        return f"{name} is {first}: every measure is exactly the same in every month of all {comparison.seeds} seeds."
    effects = comparison.effects[comparison.effects["scenario"] == name]
    clear = effects[effects["clear"]]
    begin = f"{name} against {first} differs from month {parted:.0f} on, on {comparison.seeds} seeds."
    if clear.empty:
        return f"{begin} In the last {LAST} months no difference is larger than noise (5 %, all measures together)."
    size = (clear["difference"] / clear["half_width"].where(clear["half_width"] > 0)).abs().fillna(math.inf)
    told = [effect_in_words(clear.loc[place]) for place in size.sort_values(ascending=False).index[:MOST]]
    rest = len(clear) - len(told)
    more = f", and {rest} more" if rest else ""
    quiet = len(effects) - len(clear)
    return (
        f"{begin} Larger than noise in the last {LAST} months: {listing(told)}{more}. "
        f"{quiet} of {len(effects)} measures differ by no more than noise."
    )
