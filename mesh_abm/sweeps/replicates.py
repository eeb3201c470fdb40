"""Which runs a plan still needs: its replicates, and more of them until a point is sure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from mesh_abm.sweeps.journal import DONE, Entry, run_id
from mesh_abm.sweeps.plan import Plan, Until

Last = Callable[[str], float]
"""The chosen measure of a run in its last month."""


def missing(plan: Plan, ended: Mapping[str, Entry], last: Last) -> list[tuple[int, int]]:
    """Return the (point, replicate) to be run next; none when the plan is done.

    A point is judged on replicates 0 to k - 1 once all of them have ended, k rising from `replicates` by `step`:
    never on the order in which they ended. A failed run is an end too, and has no value.
    """
    wanted = []
    for point in range(len(plan.points)):
        upto = plan.replicates
        while True:
            open_ = [k for k in range(upto) if run_id(point, k) not in ended]
            if open_ or plan.until is None or _enough(plan.until, point, upto, ended, last):
                break
            upto = min(upto + plan.until.step, plan.until.ceiling)
        wanted += [(point, k) for k in open_]
    return wanted


def half_width(values: list[float], confidence: float) -> float:
    """Return the half-width of the t interval of a mean; inf for fewer than two values."""
    from scipy.stats import t as student

    known = np.array([value for value in values if math.isfinite(value)])
    if known.size < 2:
        return math.inf
    quantile = float(student.ppf((1 + confidence) / 2, known.size - 1))
    return quantile * float(known.std(ddof=1)) / math.sqrt(known.size)


def _enough(until: Until, point: int, upto: int, ended: Mapping[str, Entry], last: Last) -> bool:
    if upto >= until.ceiling:
        return True
    done = [run_id(point, k) for k in range(upto) if ended[run_id(point, k)].status == DONE]
    return half_width([last(run) for run in done], until.confidence) <= until.half_width
