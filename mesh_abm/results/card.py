"""The run card, `run.json`: all that is needed to make a result again and to tell whether it is the same.

It is written last; a folder without a valid card is not a result.
"""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, ValidationError

from mesh_abm.errors import ResultError, ScenarioError
from mesh_abm.scenario import Scenario

NAME = "run.json"
_WORDS = ("title", "question", "name")
"""Fields of a scenario that are words, whatever they say."""


class Fingerprints(BaseModel):
    """Hashes of the trajectory (series and types): of its values, and of its values to nine digits."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    exact: str
    digits9: str


class RunCard(BaseModel):
    """What `run.json` says: parameters, seed, versions, hashes, checksums, fingerprints."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal["mesh_abm result 1"] = "mesh_abm result 1"
    seed: int
    months: int
    parameters: dict[str, Any]
    own_rules: tuple[str, ...] = ()
    moments: dict[str, int]
    versions: dict[str, str]
    code: str
    data: str
    fingerprint: Fingerprints
    files: dict[str, str]

    def scenario(self) -> Scenario:
        """The scenario that the card describes, its seed and months included; raises ResultError."""
        try:
            scenario = Scenario.from_toml(tomli_w.dumps(_numbers(self.parameters)))
            return scenario.replace(seed=self.seed, months=self.months)
        except ScenarioError as error:
            raise ResultError(f"{NAME}: parameters do not fit this version of mesh_abm: {error}") from error

    def write(self, folder: Path) -> None:
        """Write the card into `folder`."""
        from mesh_abm.results.place import write_text

        write_text(folder / NAME, self.model_dump_json(indent=2) + "\n")


def parameters_of(scenario: Scenario) -> dict[str, Any]:
    """Every field of `scenario` in the types of JSON, which has no infinity: it is written "inf"."""
    found: dict[str, Any] = _texts(tomllib.loads(scenario.to_toml()))
    return found


def read_card(folder: Path) -> RunCard:
    """The card of the result in `folder`; raises ResultError where there is no valid one."""
    path = folder / NAME
    if not folder.is_dir():
        raise ResultError(f"{folder}: is not a folder; must be the folder of a result")
    try:
        return RunCard.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ResultError(f"{folder}: is not a result: it has no {NAME}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ResultError(f"{path}: is not a run card: {where}: {first['msg'].lower()}") from None
    except (ValueError, OSError) as error:
        raise ResultError(f"{path}: cannot be read as a run card: {error}") from None


def _texts(value: Any) -> Any:
    """`value` with infinities as text, in nested lists and tables."""
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    return "inf" if value == math.inf else value


def _numbers(value: Any) -> Any:
    """The inverse of `_texts`."""
    if isinstance(value, dict):
        return {key: part if key in _WORDS else _numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_numbers(part) for part in value]
    return math.inf if value == "inf" else value
