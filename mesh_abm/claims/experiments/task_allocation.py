"""A population of threshold devices alone: (9) and (10) with bounds, one task at a time, work that waits until done.

Each step the work waiting on task j grows by its demand and falls by the devices on it; it is the signal that all
devices hear (Bonabeau, Theraulaz and Deneubourg 1998, with a global stimulus). Nothing else of the model is here, so
that what comes out is owed to thresholds alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesh_abm.theory import thresholds

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Devices, types of task, steepness n of (9), reinforcement xi a step, and the bounds of thresholds."""

    devices: int = 200
    types: int = 5
    steepness: float = 2.0
    reinforcement: float = 1.0
    low: float = 0.1
    high: float = 100.0


@dataclass(frozen=True)
class Outcome:
    """What the devices of each setting did in the last quarter of the steps; first axis settings."""

    index: FloatArray
    """1 - entropy / ln J of the tasks done, mean over devices that did any."""
    idle: FloatArray
    """Share of devices that did none."""
    dominant: FloatArray
    """(settings, J): share of the working devices whose most frequent task is j."""
    specialists: FloatArray
    """Share of the working devices that did at least 9 in 10 of their work on one task."""


def allocate(
    load: ArrayLike,
    ratio: ArrayLike,
    equal_start: ArrayLike,
    steps: int,
    rng: np.random.Generator,
    population: Population | None = None,
) -> Outcome:
    """Run a population for each setting; all arguments but `steps` and `rng` broadcast to the settings.

    `load` is demand over capacity, `ratio` decay over reinforcement, `equal_start` starts all thresholds in the middle
    of their range instead of uniformly at random within it.
    """
    who = population or Population()
    demand, decay, equal = np.broadcast_arrays(*map(np.atleast_1d, (load, ratio, equal_start)))
    shape = (demand.size, who.devices, who.types)
    theta = np.where(equal[:, None, None], (who.low + who.high) / 2.0, rng.uniform(who.low, who.high, shape))
    arriving = (demand * who.devices / who.types)[:, None]
    waiting = np.zeros((demand.size, who.types))
    done = np.zeros(shape)
    for step in range(steps):
        waiting += arriving
        working = _tasks(waiting, theta, who.steepness, rng)
        waiting = np.maximum(0.0, waiting - working.sum(axis=1))
        if step >= steps - steps // 4:
            done += working
        fall_or_rise = np.where(working, -1.0, decay[:, None, None]) * who.reinforcement
        theta = np.clip(theta + fall_or_rise, who.low, who.high)
    return _outcome(done)


def _tasks(
    signal: FloatArray, theta: FloatArray, steepness: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw the task of each device: active with 1 - prod (1 - P), then one by P."""
    chance = np.asarray(thresholds.response(signal[:, None, :], theta, steepness))
    active = rng.random(chance.shape[:2]) < 1.0 - np.prod(1.0 - chance, axis=2)
    total = np.cumsum(chance, axis=2)
    draw = rng.random(chance.shape[:2]) * total[..., -1]
    picked = (total <= draw[..., None]).sum(axis=2)
    return np.asarray((np.arange(chance.shape[2]) == picked[..., None]) & active[..., None])


def _outcome(done: FloatArray) -> Outcome:
    work = done.sum(axis=2)
    worked = work > 0.0
    shares = np.where(worked[..., None], done, 1.0)
    index = np.asarray(thresholds.specialization(shares))
    top = shares.max(axis=2) / shares.sum(axis=2)
    number = np.maximum(worked.sum(axis=1), 1)
    favorite = np.arange(done.shape[2]) == done.argmax(axis=2)[..., None]
    return Outcome(
        index=np.where(worked, index, 0.0).sum(axis=1) / number,
        idle=1.0 - worked.mean(axis=1),
        dominant=(favorite & worked[..., None]).sum(axis=1) / number[:, None],
        specialists=(worked & (top >= 0.9)).sum(axis=1) / number,
    )
