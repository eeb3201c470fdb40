"""`python -m benchmarks` runs all but the largest; `python -m benchmarks NAME ...` those named."""

from __future__ import annotations

import sys
from importlib import import_module

USUAL = ("against_twin", "mean_field", "scaling", "routing", "memory", "start")
ALL = (*USUAL, "partition", "sweep", "laboratory", "huge")


def main(names: list[str]) -> int:
    """Runs the benchmarks named, in order; exit code 2 for an unknown name."""
    for name in names:
        if name not in ALL:
            print(f"unknown benchmark {name!r}: must be one of {', '.join(ALL)}", file=sys.stderr)
            return 2
    for name in names or USUAL:
        import_module(f"benchmarks.{name}").main()
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
