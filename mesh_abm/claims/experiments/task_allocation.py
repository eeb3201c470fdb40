"""A population of threshold devices alone: (9) and (10) with bounds, one task at a time, work that waits until done.

Each step the work waiting on task j grows by its demand. All devices hear it as a signal, those that respond do one
unit of work each in random order, and who finds none left performs nothing (Bonabeau, Theraulaz and Deneubourg 1998
with a global stimulus). The rest of the model is left out, so that what comes out is owed to thresholds alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesh_abm.kernels import kernel
from mesh_abm.theory import thresholds

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Devices, types of task, steepness n of (9), reinforcement xi a step, and the bounds of thresholds.

    The signal is work waiting per device, times the number of types as in the model: 1 if every device's work of a
    step waits. With `total_signal` it is all the work waiting, however many devices there are to share it.
    """

    devices: int = 200
    types: int = 5
    steepness: int = 2
    reinforcement: float = 1.0
    low: float = 0.1
    high: float = 100.0
    total_signal: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the devices of each setting did in the last quarter of the steps; first axis settings."""

    index: FloatArray
    """1 - entropy / ln J of the tasks done, mean over devices that did any."""
    idle: FloatArray
    """Share of devices that did none."""
    busy: FloatArray
    """Work done over what all devices could have done."""
    dominant: FloatArray
    """(settings, J): share of the working devices whose most frequent task is j."""


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
    settings = np.broadcast_arrays(*map(np.atleast_1d, (load, ratio, equal_start)))
    done = np.array(
        [_run(float(w), float(r), bool(e), steps, rng, who) for w, r, e in zip(*settings, strict=True)]
    )
    return _outcome(done, steps // 4)


def _run(
    load: float, ratio: float, equal: bool, steps: int, rng: np.random.Generator, who: Population
) -> FloatArray:
    """Return units of work done in the last quarter, (devices, J)."""
    shape = (who.devices, who.types)
    middle = np.full(shape, (who.low + who.high) / 2.0)
    theta = middle if equal else rng.uniform(who.low, who.high, shape)
    unit = 1.0 if who.total_signal else who.types / who.devices
    arriving = load * who.devices / who.types
    down, up = who.reinforcement, ratio * who.reinforcement
    bounds = (who.low, who.high)
    done: FloatArray = _work(theta, arriving, unit, who.steepness, down, up, bounds, steps, rng)
    return done


@kernel
def _work(theta, arriving, unit, steepness, down, up, bounds, steps, rng):  # type: ignore[no-untyped-def]
    devices, types = theta.shape
    waiting = np.zeros(types)
    chance = np.zeros(types)
    done = np.zeros((devices, types))
    task = np.full(devices, -1)
    order = np.arange(devices)
    for step in range(steps):
        waiting += arriving
        for i in range(devices):
            idle, total = 1.0, 0.0
            for j in range(types):
                signal = unit * waiting[j]
                chance[j] = 1.0 / (1.0 + (theta[i, j] / signal) ** steepness) if signal > 0.0 else 0.0
                idle *= 1.0 - chance[j]
                total += chance[j]
            task[i] = -1
            if rng.random() < 1.0 - idle:
                draw, j = rng.random() * total, 0
                while j < types - 1 and draw >= chance[j]:
                    draw -= chance[j]
                    j += 1
                task[i] = j
        for at in range(devices - 1, -1, -1):  # in random order
            other = int(rng.random() * (at + 1))
            order[at], order[other] = order[other], order[at]
            i = order[at]
            if task[i] >= 0 and waiting[task[i]] < 1.0:
                task[i] = -1  # nothing left to do
            for j in range(types):
                moved = theta[i, j] + (-down if j == task[i] else up)
                theta[i, j] = min(max(moved, bounds[0]), bounds[1])
            if task[i] >= 0:
                waiting[task[i]] -= 1.0
                if step >= steps - steps // 4:
                    done[i, task[i]] += 1.0
    return done


def _outcome(done: FloatArray, steps: int) -> Outcome:
    work = done.sum(axis=2)
    worked = work > 0.0
    index = np.asarray(thresholds.specialization(np.where(worked[..., None], done, 1.0)))
    number = np.maximum(worked.sum(axis=1), 1)
    favorite = np.arange(done.shape[2]) == done.argmax(axis=2)[..., None]
    return Outcome(
        index=np.where(worked, index, 0.0).sum(axis=1) / number,
        idle=1.0 - worked.mean(axis=1),
        busy=work.mean(axis=1) / steps,
        dominant=(favorite & worked[..., None]).sum(axis=1) / number[:, None],
    )
