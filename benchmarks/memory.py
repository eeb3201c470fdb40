"""Lasting state per owner, and the scratch arrays of one step apart."""

from __future__ import annotations

import tracemalloc

from benchmarks.timing import DENSE
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario


def main(n: int = 200_000) -> None:
    """`large`, resized, all owners members of a dense mesh: the fullest it gets."""
    scenario = Scenario.load("large").replace(n_owners=n, measure_every=0, **DENSE)
    model = MeshModel.from_scenario(scenario, rng=1)
    model.run_for(6)
    lasting = model.state.nbytes + model.network.nbytes + model.members.nbytes + model.expelled.nbytes
    tracemalloc.start()
    model.step()
    scratch = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"memory, {n:,} owners, {scenario.task_types} types, {scenario.slots} slots, bytes an owner")
    print(f"  lasting: {lasting / n:.0f}   aim: 400   (state {model.state.nbytes / n:.0f},", end=" ")
    print(
        f"slots and neighbor lists {model.network.nbytes / n:.0f}; {model.record['mean_degree']:.1f} links a device)"
    )
    print(f"  scratch at the most during a step: {scratch / n:.0f}")


if __name__ == "__main__":
    main()
