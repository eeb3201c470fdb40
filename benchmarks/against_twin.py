"""Engine against the plain object-per-device Mesa model of the same rules, both measured every month."""

from __future__ import annotations

import statistics

from benchmarks.timing import alternate, spread
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario
from tests.twin.model import TwinModel

OWNERS, MEMBERS = 10_000, 0.9
GROWN = 140  # months after which nine in ten owners of `reference` are members again, in a grown mesh


def main() -> None:
    """Steps from the start (few links yet) and in the grown mesh."""
    scenario = Scenario(n_owners=OWNERS, initial_members=MEMBERS, measure_every=0, months=GROWN + 20)
    MeshModel.from_scenario(scenario, rng=0).run_for(3)  # compiled before it is timed
    engine, twin = MeshModel.from_scenario(scenario, rng=1), TwinModel(scenario, 1)
    print(f"reference, {OWNERS:,} owners, milliseconds a step: median (range)")
    compare("months 1 to 12, from nine in ten members", engine, twin, 12)
    while engine.month < GROWN:
        engine.step()
        twin.step()
    compare(f"months {GROWN + 1} to {GROWN + 12}, grown mesh", engine, twin, 12)


def compare(label: str, engine: MeshModel, twin: TwinModel, repetitions: int) -> None:
    """Times both in turns and prints their ratio."""
    times = alternate({"engine": engine.step, "twin": twin.step}, repetitions)
    ratio = statistics.median(times["twin"]) / statistics.median(times["engine"])
    best = min(times["twin"]) / min(times["engine"])
    print(f"  {label}: {engine.record['members']:,} and {twin.row['members']:,} members")
    print(f"    engine {spread(times['engine'])}   twin {spread(times['twin'])}")
    print(f"    the twin takes {ratio:.0f} times as long (by the fastest steps: {best:.0f})   aim: 150")


if __name__ == "__main__":
    main()
