"""How kernels are compiled, and where their machine code is kept.

numba keeps compiled code as long as the file of a kernel is unchanged. Kernels here inline functions of other files, so
the code is kept in a folder named by a hash of all our sources: after any change it is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba

PACKAGE = Path(__file__).parent

inlined = numba.njit(inline="always")
"""Decorates a function that becomes part of the kernels that call it."""


def kernel(function: Callable[..., Any]) -> Any:
    """Decorates a function that is compiled, releases the interpreter's lock while it runs, and is kept compiled."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(code_folder())  # read when numba decorates; other users of numba keep their own
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before


@cache
def code_folder() -> Path:
    """The folder of this version's machine code: in the package if that is writable, else in the user's cache."""
    name = f"kernels-{source_hash()}"
    places = [PACKAGE / "__pycache__", user_cache(), Path(tempfile.gettempdir()) / f"mesh-abm-{os.getuid()}"]
    if os.environ.get("NUMBA_CACHE_DIR"):
        places.insert(0, Path(os.environ["NUMBA_CACHE_DIR"]))
    for place in places:
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return places[0] / name


def user_cache() -> Path:
    """The user's cache folder for this package."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mesh-abm"


def source_hash(package: Path = PACKAGE) -> str:
    """A hash of the sources that hold kernels or what they inline: of the package itself, its rules and measures."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in (package, package / "rules", package / "measures"):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
