"""Rules 4 and 5: what devices offer, by kind of offer, and what they ask.

A kind is a class and whether the type is the device's main one: R = 2 K rows, main types first.
"""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from scipy.special import gammainc, gammaln, xlogy

from mesh_abm.theory.domain import FloatArray, Values
from mesh_abm.theory.mean_field.labor import Labor, split
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.sums import over_last


class Supply(NamedTuple):
    """By kind of offer and type, (R, J) each: devices on the type (per owner), chance to have capacity, mean capacity
    x of all of them, quality, devices with capacity (per owner); and by kind, (R,): ask.
    """

    devices: FloatArray
    chance: FloatArray
    capacity: FloatArray
    quality: FloatArray
    open: FloatArray
    ask: FloatArray


def by_class(values: FloatArray) -> FloatArray:
    """Sums of (R, J) values over kinds and types, (K,)."""
    rows = over_last(values)
    half = rows.size // 2
    return np.asarray(rows[:half] + rows[half:])


def by_kind(values: FloatArray) -> FloatArray:
    """(R,) from values by class, (K,)."""
    return np.concatenate((values, values))


def supply(
    labor: Labor,
    on_task: FloatArray,
    members: FloatArray,
    full_capacity: FloatArray,
    class_quality: FloatArray,
    ask: FloatArray,
    up_to_date: float,
    setting: Setting,
) -> Supply:
    """What the month has on offer; `members`, `full_capacity`, `class_quality` and `ask` by class, (K,)."""
    devices, effort = _at_work(labor, on_task, members)
    capacity = by_kind(full_capacity)[:, None] * effort
    chance = np.minimum(capacity, 1.0)
    quality = quality_of(by_kind(class_quality)[:, None], effort, setting)
    quality *= 1.0 + setting.update_bonus * up_to_date
    return Supply(devices, chance, capacity, quality, devices * chance, by_kind(ask))


def _at_work(labor: Labor, on_task: FloatArray, members: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Devices on the type and their mean effort, (R, J) each."""
    at_main, elsewhere = split(on_task)
    count = members[:, None] * labor.main
    weights = np.empty((len(members), 2, count.shape[1]))
    weights[:, 0] = count
    np.multiply(count, labor.effort_elsewhere, out=weights[:, 1])
    others = np.matmul(weights, elsewhere)  # devices, and their effort in sum
    devices = np.concatenate((count[:, :-1] * at_main, others[:, 0]))
    return devices, np.concatenate((labor.effort[:, :-1], over(others[:, 1], others[:, 0])))


def quality_of(class_quality: FloatArray, effort: FloatArray, setting: Setting) -> FloatArray:
    """q_k + (ceiling - q_k) bonus spec(effort): the bonus is the part of the gap that full specialization closes."""
    types = setting.n_types
    if types == 1:
        return class_quality + 0.0 * effort
    slope = (setting.specialist_ceiling - class_quality) * (setting.specialist_bonus / (1.0 - 1.0 / types))
    return (class_quality - slope / types) + slope * effort


def first_ask(price: float, setting: Setting) -> FloatArray:
    """Of newcomers of each class, (K,): midway between running cost and price, at least the cost."""
    cost = setting.classes[4]
    return np.asarray(np.maximum(cost, np.rint((cost + price) * 0.5)) if isfinite(price) else cost)


def asked(ask: FloatArray, had_capacity: FloatArray, use: FloatArray, setting: Setting) -> FloatArray:
    """Mean asks after rule 5; the part `had_capacity` of each class had capacity last month and used `use` of it."""
    change = np.expm1(setting.ask_rate * (use - setting.target_use))
    return np.asarray(np.maximum(setting.classes[4], ask * (1.0 + had_capacity * change)))


def served_of(arrivals: FloatArray, capacity: FloatArray) -> FloatArray:
    """E min(Poisson(arrivals), c) of devices with capacity: c is one of the whole numbers around `capacity` >= 1."""
    capacity = np.maximum(capacity, 1.0)
    c = np.floor(capacity)
    above = c + 1.0
    more = gammainc(above, arrivals)  # P(Poisson > c)
    equal: Values = np.exp(xlogy(c, arrivals) - arrivals - gammaln(above))
    return np.asarray(arrivals * np.maximum((1.0 - more) - equal, 0.0) + capacity * more)
