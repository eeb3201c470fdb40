"""Rules 4 and 7: who takes up which task, by class and main type, and what practice makes of it.

The last row of the main types is *none*: devices that have not served yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mesh_abm.theory import thresholds
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.setting import Setting


@dataclass(frozen=True)
class Labor:
    """By class and main type: share of the class's members, (K, J + 1), and the means of four traits, (4, K, J + 1).

    The traits are the threshold of the main type, the mean threshold of the others, the share of effort on the main
    type, and the sum over types of the squared shares of effort.
    """

    main: FloatArray
    traits: FloatArray

    @cached_property
    def learned(self) -> FloatArray:
        """Threshold of the main type, (K, J + 1)."""
        return np.asarray(self.traits[0])

    @cached_property
    def others(self) -> FloatArray:
        """Mean threshold of the other types, (K, J + 1)."""
        return np.asarray(self.traits[1])

    @cached_property
    def effort(self) -> FloatArray:
        """Share of effort on the main type, (K, J + 1)."""
        return np.asarray(self.traits[2])

    @cached_property
    def effort_elsewhere(self) -> FloatArray:
        """Share of effort on each other type, (K, J + 1)."""
        return np.asarray((1.0 - self.effort) / max(1, self.main.shape[1] - 2))

    @cached_property
    def squares(self) -> FloatArray:
        """Sum of the squared shares of effort, (K, J + 1)."""
        return np.asarray(self.traits[3])

    def mixed(self, newcomers: Labor, part: FloatArray) -> Labor:
        """With newcomers, who are the given part (K,) of each class's members."""
        old, new = (1.0 - part[:, None]) * self.main, part[:, None] * newcomers.main
        return _averaged(old, self.traits, new, new * newcomers.traits)


def newcomers(setting: Setting) -> Labor:
    """Those who have not served: thresholds at the mean of the initial ones, equal shares."""
    shape = (setting.classes.shape[1], setting.n_types + 1)
    main, level, even = np.zeros(shape), _initial_threshold(setting), 1.0 / setting.n_types
    main[:, -1] = 1.0
    return Labor(main, np.stack([np.full(shape, x) for x in (level, level, even, even)]))


def specialization(squares: FloatArray, types: int) -> FloatArray:
    """Index of specialization of shares with one peak, the rest even, and this sum of squares."""
    from scipy.special import entr

    if types == 1:
        return 0.0 * squares
    root = np.sqrt(np.maximum(0.0, (types - 1.0) * (types * squares - 1.0)))
    peak = np.minimum(1.0, (1.0 + root) / types)
    entropy = entr(peak) + entr(1.0 - peak) + (1.0 - peak) * np.log(types - 1.0)
    return np.asarray(1.0 - entropy / np.log(types))


def _averaged(some: FloatArray, traits: FloatArray, more: FloatArray, brought: FloatArray) -> Labor:
    """Two groups of devices together: `some` with these traits, and `more`, who bring so much of them in sum."""
    main = some + more
    return Labor(main, np.where(main > 0.0, over(some * traits + brought, main), traits))


def _initial_threshold(setting: Setting) -> float:
    """Mean of a uniform number from 0 to 2 `initial_threshold`, cut to the bounds."""
    top, low, high = 2.0 * setting.initial_threshold, setting.threshold_min, setting.threshold_max
    if top <= low:
        return low
    end = min(top, high)
    return (low * low + (end * end - low * low) / 2.0 + (top - end) * high) / top


def signal_strength(signal: FloatArray, setting: Setting) -> FloatArray:
    """(E s^n)^(1/n) of a gamma-shaped signal of these means, with the variance of Poisson calls, (J,)."""
    from scipy.special import gammaln

    if setting.signal == "global" or setting.demand == 0.0 or setting.signal_memory == 1.0:
        return signal
    memory, n = setting.signal_memory, setting.steepness
    scale = (1.0 - memory) / (1.0 + memory) * setting.n_types / setting.demand
    shape = np.maximum(signal / scale, 1e-12)
    return np.where(signal > 0.0, scale * np.exp((gammaln(shape + n) - gammaln(shape)) / n), 0.0)


def tasks(labor: Labor, signal: FloatArray, setting: Setting) -> FloatArray:
    """Chance that a device of a class and main type is on a type, (K, J + 1, J)."""
    theta = np.where(_diagonal(labor), labor.learned[:, :, None], labor.others[:, :, None])
    response = np.asarray(thresholds.response(signal_strength(signal, setting), theta, setting.steepness))
    active = 1.0 - np.prod(1.0 - response, axis=2, keepdims=True)
    return over(active * response, response.sum(axis=2, keepdims=True))


def practiced(labor: Labor, on_task: FloatArray, serves: FloatArray, setting: Setting) -> Labor:
    """After a month in which devices on a task served with chance `serves`, (2, K, J): as main type, as another."""
    diagonal = _diagonal(labor)
    served = on_task * np.where(diagonal, serves[0][:, None, :], serves[1][:, None, :])
    at_main = np.where(diagonal, served, 0.0).sum(axis=2)
    elsewhere = served.sum(axis=2) - at_main
    changing = elsewhere * _ease(labor, setting)
    stayers = _served(
        labor, over(at_main, 1.0 - changing), over(elsewhere - changing, 1.0 - changing), setting
    )
    return _with_changes(labor, stayers, np.where(diagonal, 0.0, served), setting)


def _served(labor: Labor, at_main: FloatArray, elsewhere: FloatArray, setting: Setting) -> FloatArray:
    """Traits after serving the main type and others with these chances; the main type stays what it is."""
    same, other = (
        _squares_after(labor, share, setting) - labor.squares
        for share in (labor.effort, labor.effort_elsewhere)
    )
    share = np.minimum(1.0, np.maximum(0.0, [at_main, elsewhere / _other_types(labor)]))
    bounds = (setting.threshold_min, setting.threshold_max)
    adapted = thresholds.adapt(labor.traits[:2], share, setting.reinforcement, setting.decay, *bounds)
    effort = labor.effort + setting.learning_rate * (at_main - (at_main + elsewhere) * labor.effort)
    return np.stack([*adapted, effort, labor.squares + at_main * same + elsewhere * other])


def _with_changes(
    before: Labor, stayers: FloatArray, served_elsewhere: FloatArray, setting: Setting
) -> Labor:
    """Moves those whose service elsewhere makes it their main type; `before` is what they carry."""
    flow = before.main[:, :, None] * served_elsewhere * _ease(before, setting)[:, :, None]
    types, rate = before.main.shape[1] - 1, setting.learning_rate
    arrived, brought = np.zeros_like(before.main), np.zeros_like(stayers)
    other = before.others + setting.decay + (before.learned - before.others) / _other_types(before)
    carried = np.stack([
        np.maximum(setting.threshold_min, before.others - setting.reinforcement),
        np.minimum(setting.threshold_max, other),
        (1.0 - rate) * before.effort_elsewhere + rate,
        _squares_after(before, before.effort_elsewhere, setting),
    ])  # fmt: skip
    arrived[:, :types] = flow.sum(axis=1)
    brought[:, :, :types] = np.einsum("kij,tki->tkj", flow, carried)
    return _averaged(np.maximum(0.0, before.main - flow.sum(axis=2)), stayers, arrived, brought)


def _squares_after(labor: Labor, share: FloatArray, setting: Setting) -> FloatArray:
    """Sum of the squared shares after serving a type that had this share."""
    rate = setting.learning_rate
    return np.asarray((1.0 - rate) ** 2 * labor.squares + 2.0 * rate * (1.0 - rate) * share + rate * rate)


def _ease(labor: Labor, setting: Setting) -> FloatArray:
    """Chance that a service elsewhere changes the main type: certain for the first, e-fold less for each step
    ahead.
    """
    step = setting.reinforcement + setting.decay
    ahead = np.maximum(0.0, labor.others - labor.learned)
    ease = np.exp(-ahead / step) if step > 0.0 else np.where(ahead > 0.0, 0.0, 1.0)
    ease[:, -1] = 1.0
    return ease


def _other_types(labor: Labor) -> FloatArray:
    """How many types are not the main one, at least 1: J - 1, and J where there is none; (J + 1,)."""
    types = labor.main.shape[1] - 1
    return np.asarray(np.maximum(1.0, np.append(np.full(types, types - 1.0), types)))


def _diagonal(labor: Labor) -> FloatArray:
    """True where the type is the main type, (J + 1, J)."""
    types = labor.main.shape[1] - 1
    return np.eye(types + 1, types, dtype=bool)
