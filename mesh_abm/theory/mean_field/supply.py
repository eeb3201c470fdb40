"""Rules 4 and 5: what devices offer, by kind of offer, and what they ask.

A kind is a class and whether the type is the device's main one: R = 2 K rows, main types first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.labor import Labor
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.setting import Setting


@dataclass(frozen=True)
class Supply:
    """By kind of offer and type, (R, J) each: devices on the type (per owner), chance to have capacity, mean capacity
    x of all of them, quality; and by kind, (R,): ask and running cost.
    """

    devices: FloatArray
    chance: FloatArray
    capacity: FloatArray
    quality: FloatArray
    ask: FloatArray
    cost: FloatArray

    @cached_property
    def open(self) -> FloatArray:
        """Devices with capacity, per owner, (R, J)."""
        return self.devices * self.chance

    def by_class(self, values: FloatArray) -> FloatArray:
        """Sums of (R, J) values over kinds and types, (K,)."""
        return np.asarray(values.sum(axis=1).reshape(2, -1).sum(axis=0))


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
    types = setting.n_types
    busy = members[:, None, None] * labor.main[:, :, None] * on_task
    diagonal = np.eye(types + 1, types, dtype=bool)
    elsewhere = np.where(diagonal, 0.0, busy)
    devices = np.concatenate([np.where(diagonal, busy, 0.0).sum(axis=1), elsewhere.sum(axis=1)])
    effort_elsewhere = np.einsum("kij,ki->kj", elsewhere, labor.effort_elsewhere)
    effort = np.concatenate([labor.effort[:, :types], over(effort_elsewhere, elsewhere.sum(axis=1))])
    capacity = np.tile(full_capacity, 2)[:, None] * effort
    quality = quality_of(np.tile(class_quality, 2)[:, None], effort, setting)
    return Supply(
        devices,
        np.minimum(1.0, capacity),
        capacity,
        quality * (1.0 + setting.update_bonus * up_to_date),
        np.tile(ask, 2),
        np.tile(setting.classes[4], 2),
    )


def quality_of(class_quality: FloatArray, effort: FloatArray, setting: Setting) -> FloatArray:
    """q_k + (ceiling - q_k) bonus spec(effort): the bonus is the part of the gap that full specialization closes."""
    types = setting.n_types
    spec = (effort - 1.0 / types) / (1.0 - 1.0 / types) if types > 1 else 0.0 * effort
    return class_quality + (setting.specialist_ceiling - class_quality) * setting.specialist_bonus * spec


def first_ask(price: float, setting: Setting) -> FloatArray:
    """Of newcomers of each class, (K,): midway between running cost and price, at least the cost."""
    cost = setting.classes[4]
    return np.asarray(np.maximum(cost, np.rint((cost + price) / 2.0)) if np.isfinite(price) else cost)


def asked(ask: FloatArray, had_capacity: FloatArray, use: FloatArray, setting: Setting) -> FloatArray:
    """Mean asks after rule 5; the part `had_capacity` of each class had capacity last month and used `use` of it."""
    factor = np.exp(setting.ask_rate * (use - setting.target_use))
    return np.asarray(np.maximum(setting.classes[4], ask * (1.0 - had_capacity + had_capacity * factor)))


def served_of(arrivals: FloatArray, capacity: FloatArray) -> FloatArray:
    """E min(Poisson(arrivals), c) of devices with capacity: c is one of the whole numbers around `capacity` >= 1."""
    from scipy.special import gammainc, gammaln

    c = np.floor(np.maximum(capacity, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        equal = np.exp(np.where(arrivals > 0.0, c * np.log(arrivals) - arrivals, -np.inf) - gammaln(c + 1.0))
    more = gammainc(c + 1.0, arrivals)  # P(Poisson > c)
    part = np.maximum(capacity, 1.0) - c
    return np.asarray(arrivals * np.maximum(0.0, 1.0 - more - equal) + c * more + part * more)
