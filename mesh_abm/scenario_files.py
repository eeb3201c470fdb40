"""Scenario files: where they are, their text in and out; every failure is one line that names the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w

from mesh_abm.errors import ScenarioError, ScenarioFileError, nearest, shown

_PACKAGE = Path(__file__).parent


def scenario_names() -> list[str]:
    """The names of the shipped scenarios, `reference` first."""
    names = sorted(path.stem for path in _shipped().glob("*.toml"))
    return sorted(names, key=lambda name: name != "reference")


def find(name_or_path: str | Path, folder: str | Path = ".") -> Path:
    """The file of a shipped name, or of a path (relative to the folder); ScenarioFileError if neither."""
    if isinstance(name_or_path, str) and name_or_path in scenario_names():
        return _shipped() / f"{name_or_path}.toml"
    if not isinstance(name_or_path, str | Path) or not str(name_or_path).strip() or "\0" in str(name_or_path):
        raise ScenarioFileError(f"scenario {shown(name_or_path)}: must be the name or the file of a scenario")
    path = Path(folder) / Path(name_or_path).expanduser()
    if path.is_file() or _looks_like_path(name_or_path):
        return path
    name = str(name_or_path)
    shipped = "must be a TOML file or a shipped scenario (`mesh-abm scenarios list` shows them)"
    raise ScenarioFileError(f"scenario {name!r} not found: {shipped}{nearest(name, scenario_names())}")


def read(path: Path) -> dict[str, Any]:
    """The keys and values of the file; ScenarioFileError if it is missing, a folder, not text or not TOML."""
    try:
        toml = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise ScenarioFileError(f"{path}: not a text file (UTF-8); must be a scenario in TOML") from None
    except OSError as error:
        raise ScenarioFileError(f"{path}: cannot be read ({error.strerror}); must be a TOML file") from None
    with naming(path):
        return parse(toml)


def parse(toml: str) -> dict[str, Any]:
    """The keys and values of TOML text; ScenarioFileError if it is none."""
    try:
        return tomllib.loads(toml.removeprefix("\N{BOM}"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ScenarioFileError(f"not valid TOML: {error}") from None


def write(fields: dict[str, Any]) -> str:
    """The fields as TOML text: None as the word none; items of lists without what they leave out."""
    return tomli_w.dumps({name: _plain(value) for name, value in fields.items()})


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the file's name before the line of a ScenarioError that comes from what is in it."""
    try:
        yield
    except ScenarioError as error:
        raise type(error)(f"{path}: {error}", error.field) from None


def circular(chain: tuple[Path, ...]) -> ScenarioFileError:
    """The error of a scenario that is based on itself."""
    return ScenarioFileError(f"based_on leads in a circle: {' -> '.join(path.name for path in chain)}")


def _shipped() -> Path:
    """The folder of the shipped scenarios: in an installed package, else in the source tree beside it."""
    installed = _PACKAGE / "_runs"
    return installed if installed.is_dir() else _PACKAGE.parent / "runs"


def _looks_like_path(name: str | Path) -> bool:
    return isinstance(name, Path) or name.endswith(".toml") or any(mark in name for mark in "/\\")


def _plain(value: Any) -> Any:
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    return value
