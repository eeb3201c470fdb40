"""When hardware of one's own costs less than the provider: by list, and at the load that devices really get."""

from __future__ import annotations

import math

import numpy as np

from mesh_abm.facts import YEAR, at_end, first_month, lately, recent
from mesh_abm.results.result import Result
from mesh_abm.wording import at_month, money, number, percent


def paragraph(result: Result) -> str:
    """Return when costs cross, by list price and in fact."""
    use = used_capacity(result)
    text = _by_list(result)
    if math.isnan(use):
        return text
    if use == 0:
        return (
            f"{text} In fact no device had anything to do {lately(result.frame)}, so no hardware was paid "
            "for by serving."
        )
    return f"{text} {_in_fact(result, use)}"


def _by_list(result: Result) -> str:
    """Return the crossing of list prices: the paper's x, hardware busy as much as it was priced for."""
    frame, start = result.frame, result.scenario.start
    month = first_month(frame, frame["distance_to_crossing"] <= 0)
    lead = "By list (a new device that is as busy as its price assumes, against the provider's price)"
    if month is not None and month <= 1:
        return f"{lead} hardware of one's own is cheaper from the start."
    if month is not None:
        return f"{lead} costs cross in {at_month(month, start)}."
    distance = at_end(frame, "distance_to_crossing")
    if not np.isfinite(distance) and result.scenario.learning_exponent == 0:
        return (
            f"{lead} costs do not cross, and no production would change that: hardware does not get "
            "cheaper with it here."
        )
    if not np.isfinite(distance):
        return (
            f"{lead} costs never cross: at the end electricity alone costs as much as the provider's price."
        )
    return (
        f"{lead} costs do not cross in this run: at the end {number(distance)} units of cumulative "
        "production are missing."
    )


def used_capacity(result: Result) -> float:
    """Return which part of what members' devices could do they were asked to do, lately; NaN without members."""
    frame, par = result.frame, result.scenario
    served = recent(frame, "share_mesh") + recent(frame, "share_self")
    asked = par.demand * par.n_owners * (1 + par.non_owners)
    possible = recent(frame, "members") * mean_capacity(result)
    return served * asked / possible if possible > 0 else math.nan


def mean_capacity(result: Result) -> float:
    """Return the mean capacity of a member's device, C_i, in queries a month, lately; NaN without members.

    K/(s_inf N*), as N* = K/(s_inf mean C_i), with K from C_cent = J^((1-rho)/rho) K (docs/model.md, measures).
    """
    rho, types, rows = result.scenario.rho, result.scenario.task_types, result.frame.iloc[-YEAR:]
    each = rows["c_cent"] * types ** ((rho - 1) / rho) / (rows["s_inf"] * rows["n_star"])
    return float(each.mean())


def _in_fact(result: Result, use: float) -> str:
    cost = result.scenario.hardware_cost * math.exp(-at_end(result.frame, "technology_index")) / use
    price, dollars = at_end(result.frame, "provider_price"), result.scenario.calibration is not None
    text = (
        f"In fact members' devices were asked for {percent(use)} of what they can do "
        f"{lately(result.frame)}; at that load the hardware of a query costs {money(cost, dollars)} at the "
        f"end, and the provider asks {money(price, dollars)}"
    )
    if cost <= price:
        return f"{text}: costs have crossed in fact too."
    return f"{text}: a device bought for this does not pay, only one that is there anyway."
