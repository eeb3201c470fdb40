"""How step time grows with the number of owners: `large`, resized, at the start and with a grown mesh."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np

from benchmarks.timing import DENSE, alternate, copy_bytes_per_second, gather_seconds, spread
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario

SIZES = (100_000, 200_000, 500_000, 1_000_000)
STATES: dict[str, dict[str, Any]] = {
    "large": {},
    "large, all owners members with full slots": DENSE,
}


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Prints step times, the exponent of their growth, and what the machine's memory does at each size."""
    for label, changes in STATES.items():
        models = {}
        for n in sizes:
            scenario = Scenario.load("large").replace(n_owners=n, measure_every=0, **changes)
            models[f"{n:,}"] = MeshModel.from_scenario(scenario, rng=1)
            models[f"{n:,}"].run_for(6)
        times = alternate({name: model.step for name, model in models.items()}, 7)
        medians = [statistics.median(values) for values in times.values()]
        exponent = np.polyfit(np.log(sizes), np.log(medians), 1)[0]
        print(f"{label}: milliseconds a step, median (range)")
        for name, model in models.items():
            record = model.record
            print(
                f"  {name:>10} owners: {spread(times[name], digits=1)}   {record['members']:,} members,",
                end=" ",
            )
            print(f"mean degree {record['mean_degree']:.2f}, {model.flows.member_queries:,} queries")
        print(f"  grows as N^{exponent:.2f}   aim: at most N^1.1")
    print("the machine: one independent read, nanoseconds:", end=" ")
    print(", ".join(f"{n:,} doubles {gather_seconds(n) * 1e9:.1f}" for n in sizes))
    print(f"             plain copy {copy_bytes_per_second() / 1e9:.1f} GB/s read and written")


if __name__ == "__main__":
    main()
