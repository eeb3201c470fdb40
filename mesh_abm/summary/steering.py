"""How far prices steer choices, and what would change if people chose more sharply."""

from __future__ import annotations

import math

import pandas as pd

from mesh_abm.facts import at_end
from mesh_abm.results.result import Result
from mesh_abm.summary.situation import Situation
from mesh_abm.wording import as_high, number, percent

SHARPER = (1, 3, 10, 30, 100)
"""`choice_noise` is divided by these in the scan."""


def elasticity(result: Result) -> float:
    """Return minus d ln(odds)/d ln(price) of the logit choice at the provider's price: price / `choice_noise`."""
    return at_end(result.frame, "provider_price") / result.scenario.at(result.months).choice_noise


def scan(result: Result) -> pd.DataFrame:
    """Return for sharper choices: noise, elasticity, chance v of a typical offer, mean degree and factor on merits.

    The advantage of a typical offer in money is kept: U_m - U_p = noise x logit(v) at the end. By the closed
    form; nothing is simulated again. Empty where v is given or the law does not apply.
    """
    now, noise = Situation.at_end(result), result.scenario.at(result.months).choice_noise
    columns = ["sharper", "choice_noise", "elasticity", "link_value", "mean_degree", "factor"]
    if now is None or result.scenario.at(result.months).link_value is not None or not 0 < now.value < 1:
        return pd.DataFrame(columns=columns)
    logit = math.log(now.value / (1 - now.value))
    rows = []
    for sharper in SHARPER:
        case = now.change(value=1 / (1 + math.exp(-max(-60.0, min(60.0, sharper * logit)))))
        rows.append(
            (
                sharper,
                noise / sharper,
                elasticity(result) * sharper,
                case.value,
                case.mean_degree(),
                case.factor(),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def paragraph(result: Result) -> str:
    """Return the elasticity and what sharper choices would change, in words."""
    response = elasticity(result)
    if not math.isfinite(response):
        return "The provider's price is infinite: nobody can choose it."
    how = (
        "hardly follow price"
        if response < 0.3
        else "follow price"
        if response < 3
        else "follow price closely"
    )
    text = (
        f"Choices {how} here: a price 10% lower raises the odds of being chosen by "
        f"{percent(math.expm1(0.1 * response))} (elasticity of the odds {number(response)} = price / "
        "choice_noise). A typical offer of a device is preferred to the provider's with a chance of "
        f"{percent(at_end(result.frame, 'link_value'))} (the link value)."
    )
    return f"{text}{_sharper(scan(result))}"


def _sharper(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    now, ten = table.iloc[0], table[table["sharper"] == 10].iloc[0]
    text = f" If people chose ten times as sharply, that chance would be {percent(ten['link_value'])}"
    if max(now["factor"], ten["factor"]) <= 1:
        return f"{text}, and the network would hold together either way."
    if math.isinf(now["factor"]) and math.isinf(ten["factor"]):
        return f"{text}; no merit of devices would be enough for a network either way."
    return (
        f"{text}; for a network to hold together merits would have to be {as_high(ten['factor'])} instead "
        f"of {as_high(now['factor'])}."
    )
