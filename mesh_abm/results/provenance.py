"""What a result was made with: versions of libraries, and hashes of code and data."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from mesh_abm import __version__

LIBRARIES = ("numpy", "numba", "mesa", "scipy", "networkx", "pandas")
"""Libraries whose version can change a trajectory."""

PACKAGE = Path(__file__).resolve().parents[1]


def versions() -> dict[str, str]:
    """The versions of Python, the kind of machine, this program and each library that computes."""
    machine = f"{platform.system()} {platform.machine()}"
    found = {"python": platform.python_version(), "machine": machine, "mesh_abm": __version__}
    return found | {name: version(name) for name in LIBRARIES}


def code_hash() -> str:
    """SHA-256 over every Python file of the package, by name and content."""
    return _hash_files(PACKAGE.rglob("*.py"))


def data_hash() -> str:
    """SHA-256 over every table that the package ships, by name and content."""
    return _hash_files((PACKAGE / "data").rglob("*.csv"))


def file_hash(path: Path) -> str:
    """SHA-256 of one file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_files(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0{file_hash(path)}\0".encode())
    return digest.hexdigest()
