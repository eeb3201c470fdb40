"""How long a user waits: imports, and the first step of a new process once everything is compiled."""

from __future__ import annotations

import statistics
import subprocess
import sys

from benchmarks.timing import seconds

PROGRAMS = {
    "python alone": "pass",
    "import mesh_abm": "import mesh_abm",
    "import mesh_abm.theory": "import mesh_abm.theory",
    "reference to its first step": "from mesh_abm import MeshModel; MeshModel(rng=1).step()",
    "baseline to its first step": (
        "from mesh_abm import MeshModel, Scenario; MeshModel.from_scenario(Scenario.load('baseline'), rng=1).step()"
    ),
}


def main(repetitions: int = 5) -> None:
    """Whole processes, after one that compiled what was not yet compiled."""
    print("start, seconds from nothing, median of", repetitions)
    for name, program in PROGRAMS.items():
        command = [sys.executable, "-c", program]
        subprocess.run(command, check=True)
        times = [seconds(lambda c=command: subprocess.run(c, check=True)) for _ in range(repetitions)]
        print(f"  {name}: {statistics.median(times):.2f}" + ("   aim: 3" if "first step" in name else ""))


if __name__ == "__main__":
    main()
