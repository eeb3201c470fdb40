"""Print constraints.txt: what is installed in several virtual environments, one per Python version, merged.

    python3.11 -m venv .venv-3.11 && .venv-3.11/bin/pip install -e '.[dev]'    # the same for the others
    python3 .ci/pins.py .venv-3.11 .venv-3.12 .venv-3.13 > constraints.txt

Take the oldest patch release of each Python that should work (3.11.2 is Debian 12's): some packages ask for a
newer one, and a pin that leaves out Debian's Python breaks `make run` there. A package whose version differs gets
one line per version, with a marker; the first and last lines reach on to older and newer Pythons.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HEADER = """\
# Every direct and indirect dependency, pinned. Made by .ci/pins.py from environments of Python 3.11, 3.12 and 3.13;
# give it to pip with -c. Mesa 3.3.1 is the last for Python 3.11.
"""


def frozen(environment: Path) -> dict[str, str]:
    """Package name -> version in the virtual environment, this project left out."""
    command = [str(environment / "bin" / "python"), "-m", "pip", "freeze", "--exclude", "mesh-abm"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(line.split("==") for line in listed.splitlines())


def python_version(environment: Path) -> str:
    """The environment's Python, as "3.11"."""
    command = [str(environment / "bin" / "python"), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def pin_lines(pins: dict[str, dict[str, str]]) -> Iterator[str]:
    """The lines of the constraints file, given Python version -> package -> version (Pythons in rising order)."""
    names = sorted({name for packages in pins.values() for name in packages}, key=str.lower)
    for name in names:
        runs: list[tuple[str, list[str]]] = []  # (version, the Pythons in a row that have it)
        for python, packages in pins.items():
            version = packages.get(name)
            if version and runs and runs[-1][0] == version:
                runs[-1][1].append(python)
            elif version:
                runs.append((version, [python]))
        for position, (version, pythons) in enumerate(runs):
            bounds = [f'python_version >= "{pythons[0]}"'] if position > 0 else []
            if position + 1 < len(runs):
                bounds.append(f'python_version < "{runs[position + 1][1][0]}"')
            yield f"{name}=={version}" + (f" ; {' and '.join(bounds)}" if bounds else "")


def main() -> None:
    """Read the environments named on the command line and print the file."""
    environments = [Path(name) for name in sys.argv[1:]]
    print(HEADER + "\n".join(pin_lines({python_version(path): frozen(path) for path in environments})))


if __name__ == "__main__":
    main()
