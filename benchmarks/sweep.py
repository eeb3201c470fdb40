"""What the process engine of a sweep costs: its wall time against the ideal, one worker over the number of workers."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.timing import spread
from mesh_abm.engines import LocalProcesses
from mesh_abm.sweeps import Plan, sweep

RUNS, OWNERS, MONTHS, REPETITIONS = 64, 1_000, 100, 3


def main() -> None:
    """64 runs of `reference`, after a round that starts the workers; the ideal: one worker's time, divided."""
    workers = len(os.sched_getaffinity(0))
    parts = []
    with LocalProcesses(1) as one, LocalProcesses(workers) as all_:
        for engine, runs in ((one, 1), (all_, 2 * workers)):
            filled(engine, runs, months=1)
        for seed in range(1, REPETITIONS + 1):
            alone, shared = filled(one, RUNS, seed=seed), filled(all_, RUNS, seed=seed)
            parts.append(alone / workers / shared)
    print(
        f"sweep, {RUNS} runs of {OWNERS:,} owners and {MONTHS} months, {workers} workers: part of the ideal"
    )
    print(f"  {spread(parts, unit=100, digits=0)} %   aim: 95")


def filled(engine: LocalProcesses, runs: int, seed: int = 0, months: int = MONTHS) -> float:
    """Seconds that an engine takes for a sweep."""
    plan = Plan(scenario="reference", months=months, replicates=runs, seed=seed, set={"n_owners": OWNERS})
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        sweep(plan, Path(folder) / "store", engine=engine)
        return perf_counter() - begin


if __name__ == "__main__":
    main()
