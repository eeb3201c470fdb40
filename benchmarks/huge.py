"""Ten million owners: does it run, how long does a step take, and in how much memory? (`python -m benchmarks huge`)"""

from __future__ import annotations

import resource

from benchmarks.timing import seconds
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario


def main(n: int = 10_000_000, months: int = 6) -> None:
    """`large`, resized."""
    scenario = Scenario.load("large").replace(n_owners=n, measure_every=0)
    model = MeshModel.from_scenario(scenario, rng=1)
    model.step()
    times = [seconds(model.step) for _ in range(months)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{n:,} owners: {sum(times) / months:.1f} s a step, at most {peak:.1f} GB resident   aim: 24")


if __name__ == "__main__":
    main()
