"""When a mean over seeds agrees with a law: the one test of means, with its probability of a false alarm."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

FALSE_ALARM = 1e-5  # a right model is rejected with this probability at most


def agrees(samples, law, slack=0.0, power=0.02):
    """Whether the mean over seeds is the law's value, as far as the samples can tell: Student's t at FALSE_ALARM.

    `slack` allows for what the law leaves out, such as the finite size of a network. `power` is the largest error that
    may hide; samples that would hide more fail.
    """
    samples = np.asarray(samples)
    error = samples.std(ddof=1) / math.sqrt(samples.size)
    bound = stats.t.isf(FALSE_ALARM / 2, samples.size - 1) * error + slack
    assert bound < power, f"too few samples to decide: {bound}"
    return abs(samples.mean() - law) <= bound
