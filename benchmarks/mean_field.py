"""The mean-field equations against a simulated run of the same scenario, both to the last month."""

from __future__ import annotations

import statistics

from benchmarks.timing import alternate, spread
from mesh_abm.mean_field import setting_of
from mesh_abm.runs import run
from mesh_abm.scenario import Scenario
from mesh_abm.theory.mean_field_mesh import trajectory

OWNERS = (2_000, 20_000, 200_000)


def main(repetitions: int = 3) -> None:
    """`reference` at several sizes, which only the simulation notices, and `baseline`."""
    print("mean field beside one simulated run, milliseconds: median (range)")
    for owners in OWNERS:
        compare(f"reference, {owners:,} owners", Scenario(n_owners=owners, measure_every=0), repetitions)
    compare("baseline", Scenario.load("baseline").replace(measure_every=0), repetitions)


def compare(label: str, scenario: Scenario, repetitions: int) -> float:
    """Times both in turns, prints and returns how many times as long the run takes."""
    setting = setting_of(scenario)
    run(scenario, seed=1, months=2)  # compiled before it is timed
    trajectory(setting, 2)
    actions = {
        "equations": lambda: trajectory(setting, scenario.months),
        "run": lambda: run(scenario, seed=1),
    }
    times = alternate(actions, repetitions)
    ratio = statistics.median(times["run"]) / statistics.median(times["equations"])
    print(
        f"  {label}: equations {spread(times['equations'], digits=1)}   run {spread(times['run'], digits=0)}",
        end="",
    )
    print(f"   a run takes {ratio:.0f} times as long")
    return ratio


if __name__ == "__main__":
    main()
