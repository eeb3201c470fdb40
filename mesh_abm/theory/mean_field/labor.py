"""Rules 4 and 7: who takes up which task, by class and main type, and what practice makes of it.

The last row of the main types is *none*: devices that have not served yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesh_abm.theory import thresholds
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.ratios import over
from mesh_abm.theory.mean_field.setting import Setting


@dataclass(frozen=True)
class Labor:
    """By class and main type, (K, J + 1) each: share of the class's members, threshold of the main type and mean
    threshold of the others, share of effort on the main type, and sum over types of the squared shares of effort.
    """

    main: FloatArray
    learned: FloatArray
    others: FloatArray
    effort: FloatArray
    squares: FloatArray

    def mixed(self, newcomers: Labor, part: FloatArray) -> Labor:
        """With newcomers, who are the given part (K,) of each class's members."""
        old, new = (1.0 - part[:, None]) * self.main, part[:, None] * newcomers.main
        main = old + new

        def mean(own: FloatArray, theirs: FloatArray) -> FloatArray:
            return np.where(main > 0.0, over(old * own + new * theirs, main), own)

        return Labor(
            main,
            mean(self.learned, newcomers.learned),
            mean(self.others, newcomers.others),
            mean(self.effort, newcomers.effort),
            mean(self.squares, newcomers.squares),
        )

    @property
    def effort_elsewhere(self) -> FloatArray:
        """Share of effort on each other type, (K, J + 1)."""
        return np.asarray((1.0 - self.effort) / max(1, self.main.shape[1] - 2))

    def specialization(self) -> FloatArray:
        """Index of each main type, (K, J + 1): that of shares with one peak, the rest even, and the same squares."""
        types = self.main.shape[1] - 1
        peak = (1.0 + np.sqrt(np.maximum(0.0, (types - 1.0) * (types * self.squares - 1.0)))) / types
        peak = np.minimum(1.0, peak)[:, :, None]
        rest = np.repeat((1.0 - peak) / max(1, types - 1), types - 1, axis=2)
        return np.asarray(thresholds.specialization(np.concatenate([peak, rest], axis=2)))


def newcomers(setting: Setting) -> Labor:
    """Those who have not served: thresholds at the mean of the initial ones, equal shares."""
    shape = (setting.classes.shape[1], setting.n_types + 1)
    main, level = np.zeros(shape), _initial_threshold(setting)
    main[:, -1] = 1.0
    levels, even = np.full(shape, level), np.full(shape, 1.0 / setting.n_types)
    return Labor(main, levels, levels, even, even)


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


def _served(labor: Labor, at_main: FloatArray, elsewhere: FloatArray, setting: Setting) -> Labor:
    """After serving the main type and others with these chances; the main type stays what it is."""
    same, other = (
        _squares_after(labor, share, setting) - labor.squares
        for share in (labor.effort, labor.effort_elsewhere)
    )
    return Labor(
        labor.main,
        _adapted(labor.learned, at_main, setting),
        _adapted(labor.others, elsewhere / _other_types(labor), setting),
        labor.effort + setting.learning_rate * (at_main - (at_main + elsewhere) * labor.effort),
        labor.squares + at_main * same + elsewhere * other,
    )


def _with_changes(before: Labor, stayers: Labor, served_elsewhere: FloatArray, setting: Setting) -> Labor:
    """Moves those whose service elsewhere makes it their main type; `before` is what they carry."""
    flow = before.main[:, :, None] * served_elsewhere * _ease(before, setting)[:, :, None]
    types, rate = before.main.shape[1] - 1, setting.learning_rate
    left, arrived = flow.sum(axis=2), np.zeros_like(before.main)
    arrived[:, :types] = flow.sum(axis=1)
    kept = np.maximum(0.0, before.main - left)
    other = np.minimum(
        setting.threshold_max,
        before.others + setting.decay + (before.learned - before.others) / _other_types(before),
    )
    first = np.maximum(setting.threshold_min, before.others - setting.reinforcement)
    effort = (1.0 - rate) * before.effort_elsewhere + rate

    def mean(own: FloatArray, carried: FloatArray) -> FloatArray:
        brought = np.zeros_like(own)
        brought[:, :types] = np.einsum("kij,ki->kj", flow, carried)
        return np.where(kept + arrived > 0.0, over(kept * own + brought, kept + arrived), own)

    return Labor(
        kept + arrived,
        mean(stayers.learned, first),
        mean(stayers.others, other),
        mean(stayers.effort, effort),
        mean(stayers.squares, _squares_after(before, before.effort_elsewhere, setting)),
    )


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


def _adapted(threshold: FloatArray, share: FloatArray, setting: Setting) -> FloatArray:
    return np.asarray(
        thresholds.adapt(
            threshold, np.clip(share, 0.0, 1.0), setting.reinforcement, setting.decay, setting.threshold_min,
            setting.threshold_max,
        )
    )  # fmt: skip


def _other_types(labor: Labor) -> FloatArray:
    """How many types are not the main one, at least 1: J - 1, and J where there is none; (J + 1,)."""
    types = labor.main.shape[1] - 1
    return np.maximum(1.0, np.append(np.full(types, types - 1.0), types))


def _diagonal(labor: Labor) -> FloatArray:
    """True where the type is the main type, (J + 1, J)."""
    types = labor.main.shape[1] - 1
    return np.eye(types + 1, types, dtype=bool)
