"""Rules 4 and 7: who takes up which task, by class and main type, and what practice makes of it.

The last row of the main types is *none*: devices that have not served yet.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import entr, gammaln

from mesh_abm.theory import thresholds
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.ratios import LEAST, over
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.sums import over_last


class Labor(NamedTuple):
    """By class and main type: share of the class's members, (K, J + 1), and the means of four traits, (4, K, J + 1).

    The traits are the threshold of the main type, the mean threshold of the others, the share of effort on the main
    type, and the sum over types of the squared shares of effort.
    """

    main: FloatArray
    traits: FloatArray

    @property
    def learned(self) -> FloatArray:
        """Threshold of the main type, (K, J + 1)."""
        return np.asarray(self.traits[0])

    @property
    def others(self) -> FloatArray:
        """Mean threshold of the other types, (K, J + 1)."""
        return np.asarray(self.traits[1])

    @property
    def effort(self) -> FloatArray:
        """Share of effort on the main type, (K, J + 1)."""
        return np.asarray(self.traits[2])

    @property
    def effort_elsewhere(self) -> FloatArray:
        """Share of effort on each other type, (K, J + 1)."""
        return np.asarray((1.0 - self.effort) * (1.0 / max(1, self.main.shape[1] - 2)))

    @property
    def squares(self) -> FloatArray:
        """Sum of the squared shares of effort, (K, J + 1)."""
        return np.asarray(self.traits[3])

    def mixed(self, newcomers: Labor, part: FloatArray) -> Labor:
        """With newcomers, who are the given part (K,) of each class's members."""
        new = part[:, None]
        return _averaged((1.0 - new) * self.main, self.traits, new * newcomers.main, newcomers.traits)


def newcomers(setting: Setting) -> Labor:
    """Those who have not served: thresholds at the mean of the initial ones, equal shares."""
    shape = (setting.classes.shape[1], setting.n_types + 1)
    main, level, even = np.zeros(shape), _initial_threshold(setting), 1.0 / setting.n_types
    main[:, -1] = 1.0
    return Labor(main, np.stack([np.full(shape, x) for x in (level, level, even, even)]))


def specialization(squares: FloatArray, types: int) -> FloatArray:
    """Index of specialization of shares with one peak, the rest even, and this sum of squares."""
    if types == 1:
        return 0.0 * squares
    root = np.sqrt(np.maximum(0.0, (types - 1.0) * (types * squares - 1.0)))
    peak = np.minimum(1.0, (1.0 + root) / types)
    entropy = entr(peak) + entr(1.0 - peak) + (1.0 - peak) * np.log(types - 1.0)
    return np.asarray(1.0 - entropy / np.log(types))


def _averaged(some: FloatArray, traits: FloatArray, more: FloatArray, brought: FloatArray) -> Labor:
    """Two groups of devices together, with their traits; those of nobody do not count."""
    main = some + more
    return Labor(main, over(some * traits + more * brought, main))


def _initial_threshold(setting: Setting) -> float:
    """Mean of a uniform number from 0 to 2 `initial_threshold`, cut to the bounds."""
    top, low, high = 2.0 * setting.initial_threshold, setting.threshold_min, setting.threshold_max
    if top <= low:
        return low
    end = min(top, high)
    return (low * low + (end * end - low * low) / 2.0 + (top - end) * high) / top


def signal_strength(signal: FloatArray, setting: Setting) -> FloatArray:
    """(E s^n)^(1/n) of a gamma-shaped signal of these means, with the variance of Poisson calls, (J,)."""
    if setting.signal == "global" or setting.demand == 0.0 or setting.signal_memory == 1.0:
        return signal
    memory, n = setting.signal_memory, setting.steepness
    scale = (1.0 - memory) / (1.0 + memory) * setting.per_call
    shape = np.maximum(signal / scale, 1e-12)
    return np.asarray(scale * np.exp((gammaln(shape + n) - gammaln(shape)) / n) * (signal > 0.0))


def tasks(labor: Labor, signal: FloatArray, setting: Setting) -> FloatArray:
    """Chance that a device of a class and main type is on a type, (K, J + 1, J)."""
    theta = np.empty((*labor.main.shape, setting.n_types))
    theta[:] = labor.others[:, :, None]
    _diagonal(theta)[:] = labor.learned[:, :-1]
    with np.errstate(divide="ignore", over="ignore"):
        response = thresholds.unchecked_response(signal_strength(signal, setting), theta, setting.steepness)
    active = 1.0 - np.multiply.reduce(1.0 - response, axis=2)
    response *= over(active, over_last(response))[:, :, None]
    return response


def split(by_type: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values by class, main type and type, (K, J + 1, J), at the main type, (K, J), and elsewhere, with 0 there."""
    elsewhere = by_type.copy()
    diagonal = _diagonal(elsewhere)
    at_main = diagonal.copy()
    diagonal[:] = 0.0
    return at_main, elsewhere


def practiced(labor: Labor, on_task: FloatArray, serves: FloatArray, setting: Setting) -> Labor:
    """After a month in which devices on a task served with chance `serves`, (2, K, J): as main type, as another."""
    main_task, other_tasks = split(on_task)
    at_main = np.zeros(labor.main.shape)
    np.multiply(main_task, serves[0], out=at_main[:, :-1])
    elsewhere = np.matmul(other_tasks, serves[1][:, :, None])[:, :, 0]
    ease, effort_elsewhere = _ease(labor, setting), labor.effort_elsewhere
    changing = elsewhere * ease
    staying = np.maximum(1.0 - changing, LEAST)
    stayers = _served(
        labor, effort_elsewhere,
        np.minimum(at_main / staying, 1.0), np.minimum((elsewhere - changing) / staying, 1.0), setting,
    )  # fmt: skip
    left = np.maximum(labor.main * (1.0 - changing), 0.0)
    # those whose service elsewhere makes it their main type, and their traits in sum
    moving, carried = labor.main * ease, _carried(labor, effort_elsewhere, setting)
    leaving = np.empty((len(ease), 5, ease.shape[1]))
    leaving[:, 0] = moving
    leaving[:, 1:] = (moving * carried).transpose(1, 0, 2)
    arriving = np.zeros((5, *ease.shape))
    arriving[:, :, :-1] = (np.matmul(leaving, other_tasks) * serves[1][:, None]).transpose(1, 0, 2)
    main = left + arriving[0]
    return Labor(main, over(left * stayers + arriving[1:], main))


def _served(
    labor: Labor, effort_elsewhere: FloatArray, at_main: FloatArray, elsewhere: FloatArray, setting: Setting
) -> FloatArray:
    """Traits after serving the main type and others with these chances; the main type stays what it is."""
    rate, effort, after = setting.learning_rate, labor.effort, np.empty(labor.traits.shape)
    for trait, share in ((0, at_main), (1, elsewhere * _part_of_others(*at_main.shape))):
        after[trait] = thresholds.unchecked_adapt(
            labor.traits[trait], share,
            setting.reinforcement, setting.decay, setting.threshold_min, setting.threshold_max,
        )  # fmt: skip
    served = at_main + elsewhere
    np.add(effort, rate * (at_main - served * effort), out=after[2])
    mean_share = at_main * effort + elsewhere * effort_elsewhere  # sum over types of chance and share
    unserved = labor.squares - served * labor.squares
    np.add(unserved, _squares_after(labor.squares, served, mean_share, rate), out=after[3])
    return after


def _carried(labor: Labor, effort_elsewhere: FloatArray, setting: Setting) -> FloatArray:
    """Traits of those who have just made another type their main one, (4, K, J + 1)."""
    rate, learned, others = setting.learning_rate, labor.learned, labor.others
    carried = np.empty(labor.traits.shape)
    np.maximum(others - setting.reinforcement, setting.threshold_min, out=carried[0])
    rest = others + (learned - others) * _part_of_others(*others.shape)
    np.minimum(rest + setting.decay, setting.threshold_max, out=carried[1])
    np.add((1.0 - rate) * effort_elsewhere, rate, out=carried[2])
    carried[3] = _squares_after(labor.squares, 1.0, effort_elsewhere, rate)
    return carried


def _squares_after(
    squares: FloatArray, served: FloatArray | float, share: FloatArray, rate: float
) -> FloatArray:
    """Sum of the squared shares after serving a type that had this share; that and the share times the chance of
    it, `served`.
    """
    kept = 1.0 - rate
    return np.asarray(((kept * kept) * squares + rate * rate) * served + (2.0 * rate * kept) * share)


def _ease(labor: Labor, setting: Setting) -> FloatArray:
    """Chance that a service elsewhere changes the main type: certain for the first, e-fold less for each step
    ahead.
    """
    step = setting.reinforcement + setting.decay
    behind = np.minimum(labor.learned - labor.others, 0.0)
    ease = np.exp(behind / step) if step > 0.0 else np.where(behind < 0.0, 0.0, 1.0)
    ease[:, -1] = 1.0
    return np.asarray(ease)


@cache
def _part_of_others(classes: int, columns: int) -> FloatArray:
    """One over how many types are not the main one, at least 1: J - 1, and J where there is none; (K, J + 1)."""
    types = columns - 1
    others = np.maximum(1.0, np.append(np.full(types, types - 1.0), types))
    return np.asarray(np.tile(1.0 / others, (classes, 1)))


def _diagonal(by_type: FloatArray) -> FloatArray:
    """View of (K, J + 1, J) values where the type is the main type, (K, J)."""
    classes, rows, types = by_type.shape
    return by_type.reshape(classes, rows * types)[:, :: types + 1]
