"""Seeds of the runs of a sweep: each depends on its own place only, so that adding runs changes no other."""

from __future__ import annotations

import numpy as np


def run_seed(plan_seed: int, point: int, replicate: int) -> int:
    """Return the seed of a run, below 2**31: a hash of plan seed, point and replicate."""
    words = np.random.SeedSequence([plan_seed, point, replicate]).generate_state(1)
    return int(words[0] >> 1)
