"""Division of labor beside what devices that are all alike would show, by (10) and by chance."""

from __future__ import annotations

import math

import numpy as np

from mesh_abm.fits.conditions import many, too_few
from mesh_abm.fits.fit import Comparison, Criterion, Missing
from mesh_abm.fits.registry import predicts
from mesh_abm.results.result import Result
from mesh_abm.streams import generator
from mesh_abm.theory import thresholds as theory

START = 21
"""Initial thresholds that stand for all."""
SAMPLE = 5_000
"""Devices that work by chance, at most."""


@predicts(
    "specialization",
    "Work by chance",
    source="symmetric state of (10); claim P4",
    figure="specialization",
    criterion=Criterion("points", 0.05, words="indices at most 0.05 apart"),
)
def chance(result: Result) -> Comparison | Missing:
    """Specialization of devices that are all alike: each works as often as the average, on types at random, as often as
    each was worked on. Frequent types and a short memory of effort make an index above 0 without any division of labor.
    What lies above has divided labor, what lies below shares it more evenly than chance."""
    if (missing := too_few(result)) is not None:
        return missing
    if result.scenario.task_types == 1:
        return Missing("no prediction", "with a single type there is nothing to specialize in")
    measured = float(result.devices()["specialization"].mean())
    expected = by_chance(result)
    statistic = f"{abs(measured - expected):.2f} {'above' if measured > expected else 'below'}"
    shown = (f"{measured:.2f}", f"{expected:.2f}")
    when = f"month {result.months}"
    return Comparison(measured, expected, when, list(many(result)), statistic=statistic, shown=shown)


@predicts(
    "",
    "Equation (10), mean threshold",
    source="(10); claim P4",
    figure="specialization",
    criterion=Criterion("relative", 0.1),
)
def thresholds(result: Result) -> Comparison | Missing:
    """Mean threshold of members by (10), from the share of them at work in every month of their stay. It depends on how
    much is done, hardly on who does it: a test of (10), not of the division of labor. Presupposes that devices are
    alike, as far as thresholds run into their bounds."""
    if (missing := too_few(result)) is not None:
        return missing
    devices = result.devices()
    columns = [f"threshold_{j}" for j in range(result.scenario.task_types)]
    measured = float(devices[columns].to_numpy(float).mean())
    law = _shared_evenly(result, devices["joined"].to_numpy())
    return Comparison(measured, law, f"month {result.months}", list(many(result)))


def standstill(result: Result) -> float:
    """Return the share of members at work above which devices that share all work evenly lower all thresholds together.

    J phi / (xi + phi), from the repelling share of (10); below it they rise together. Above 1 it is out of reach; NaN
    if thresholds stand still.
    """
    now = result.scenario.at(result.months)
    if now.reinforcement + now.decay == 0:
        return math.nan
    return float(now.task_types * theory.repelling_share(now.reinforcement, now.decay))


def by_chance(result: Result) -> float:
    """Return the mean specialization of devices with the members' dates of entry that work by chance."""
    lots, types = generator(result.seed, "by chance", result.months), result.scenario.task_types
    joined = result.devices()["joined"].to_numpy()
    if len(joined) > SAMPLE:
        joined = lots.choice(joined, SAMPLE, replace=False)
    active, worked = result.frame["active"].fillna(0.0).to_numpy(), _worked(result)
    effort = np.full((len(joined), types), 1 / types)
    for month in range(1, result.months + 1):
        at_work = np.flatnonzero((joined <= month) & (lots.random(len(joined)) < active[month]))
        if len(at_work):
            rate = result.scenario.at(month).learning_rate
            effort[at_work] *= 1 - rate
            effort[at_work, lots.choice(types, len(at_work), p=worked[month])] += rate
    return float(np.mean(theory.specialization(effort)))


def _worked(result: Result) -> np.ndarray:
    """Return by month (from 0) and type the part of devices at work: at most those on it, and what they served."""
    served = result.types["mesh"] + result.types["self"]
    worked = result.types.assign(worked=np.minimum(result.types["active"], served))
    count = worked.pivot(index="month", columns="type", values="worked")
    months, types = range(result.months + 1), range(result.scenario.task_types)
    table = count.reindex(index=months, columns=types).fillna(0).to_numpy(float, copy=True)
    table[table.sum(axis=1) == 0] = 1.0
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _shared_evenly(result: Result, joined: np.ndarray) -> float:
    """Return the mean threshold by (10), month by month, with each device on each type the same part of its time."""
    first, count = np.unique(joined, return_counts=True)
    share = result.frame.set_index("month")["active"].fillna(0.0) / result.scenario.task_types
    scenario = result.scenario
    top = 2 * scenario.initial_threshold * (np.arange(START) + 0.5) / START
    level = np.tile(np.clip(top, scenario.threshold_min, scenario.threshold_max), (len(first), 1))
    for month in range(1, result.months + 1):
        now, there = scenario.at(month), first <= month
        rates = (now.reinforcement, now.decay, now.threshold_min, now.threshold_max)
        level[there] = theory.adapt(level[there], float(share[month]), *rates)
    return float(np.average(level.mean(axis=1), weights=count))
