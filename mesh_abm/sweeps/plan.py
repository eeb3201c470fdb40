"""A plan: which scenario, what varies, how many replicates, and when these are enough."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomli_w
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mesh_abm.errors import ScenarioError, nearest, shown
from mesh_abm.fields import as_whole
from mesh_abm.scenario import Scenario
from mesh_abm.sweeps import ranges
from mesh_abm.sweeps.ranges import PlanError
from mesh_abm.sweeps.samplers import SAMPLERS, Point
from mesh_abm.sweeps.seeds import run_seed

__all__ = ["Plan", "PlanError", "Until"]

Whole = Annotated[int, BeforeValidator(as_whole)]
Name = Annotated[str, Field(min_length=1)]


class Until(BaseModel):
    """Replicate until sure: the interval of the mean of `measure` in the last month is no wider than asked.

    Decided on replicates 1, 2, .. in their order, `step` at a time, up to `ceiling`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    measure: Name
    half_width: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    ceiling: Annotated[Whole, Field(ge=2, le=10_000)] = 64
    step: Annotated[Whole, Field(ge=1, le=1_000)] = 2


class Plan(BaseModel):
    """What a sweep runs. Raises PlanError: one line that names key, value and what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    scenario: Name | Scenario = "reference"
    months: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    replicates: Annotated[Whole, Field(ge=1, le=100_000)] = 1
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] = 1
    sampler: Literal["grid", "latin-hypercube", "sobol", "saltelli", "list"] = "grid"
    samples: Annotated[Whole, Field(ge=1, le=ranges.MOST)] | None = None
    vary: Annotated[dict[str, Any], BeforeValidator(ranges.by_name)] = {}
    set: Annotated[dict[str, Any], BeforeValidator(ranges.by_name)] = {}
    until: Until | None = None

    def __init__(self, **keys: Any) -> None:
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise PlanError(_line(error)) from None

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the plan of a TOML file; files that it names are looked for beside it."""
        file = Path(path)
        try:
            keys = tomllib.loads(file.read_bytes().decode("utf-8").removeprefix("\N{BOM}"))
        except OSError as error:
            raise PlanError(f"{file}: cannot be read ({error.strerror}); must be a plan in TOML") from None
        except UnicodeDecodeError:
            raise PlanError(f"{file}: not a text file (UTF-8); must be a plan in TOML") from None
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise PlanError(f"{file}: not valid TOML: {error}") from None
        beside = file.parent / str(keys.get("scenario", ""))
        if str(keys.get("scenario", "")).endswith(".toml") and beside.is_file():
            keys["scenario"] = str(beside)
        try:
            return cls(**keys)
        except PlanError as error:
            raise PlanError(f"{file}: {error}") from None

    @model_validator(mode="after")
    def _points_can_be_run(self) -> Self:
        self._each_key_in_one_place()
        try:
            _ = self.base
        except ScenarioError as error:
            raise PlanError(str(error)) from None
        runs = len(self.points) * self.replicates
        if runs > ranges.MOST:
            raise PlanError(
                f"replicates = {self.replicates}: {len(self.points):,} points make {runs:,} runs; "
                f"must be at most {ranges.MOST:,}"
            )
        for place, point in enumerate(self.points):
            self._checked(place, point)
        if self.until is not None and self.until.ceiling < self.replicates:
            raise PlanError(
                f"until.ceiling = {self.until.ceiling}: must be at least replicates = {self.replicates}"
            )
        return self

    @cached_property
    def base(self) -> Scenario:
        """The scenario before anything varies, `set` and months applied."""
        loaded = self.scenario if isinstance(self.scenario, Scenario) else Scenario.load(self.scenario)
        changes = dict(self.set) | ({} if self.months is None else {"months": self.months})
        return loaded.with_settings(changes) if changes else loaded

    @cached_property
    def points(self) -> list[Point]:
        """What each point changes, in order; a plan without `vary` has one point that changes nothing."""
        if not self.vary:
            if self.samples is not None:
                raise PlanError(f"samples = {self.samples}: there is nothing to draw; vary must name a field")
            return [{}]
        return SAMPLERS[self.sampler](ranges.read(self.vary), self.samples, self.seed)

    def scenario_of(self, point: int, replicate: int) -> Scenario:
        """Return the scenario of a run, its seed settled."""
        return self.base.with_settings({**self.points[point], "seed": run_seed(self.seed, point, replicate)})

    def to_toml(self) -> str:
        """Return the plan as TOML; a scenario given as an object is written as its title."""
        keys = self.model_dump(exclude_none=True, exclude={"scenario"})
        name = self.scenario if isinstance(self.scenario, str) else self.scenario.title or "a Scenario"
        return tomli_w.dumps({"scenario": name, **{key: value for key, value in keys.items() if value != {}}})

    @cached_property
    def identity(self) -> dict[str, str]:
        """What must be the same for a store to be gone on with, by key: values as text, the scenario resolved."""
        keys = self.model_dump(exclude={"scenario"}, exclude_none=True)
        told = {key: json.dumps(value, sort_keys=True, default=str) for key, value in keys.items()}
        resolved = self.base.to_toml()
        return told | {"scenario": hashlib.blake2b(resolved.encode(), digest_size=16).hexdigest()}

    def _each_key_in_one_place(self) -> None:
        for table, keys in (("vary", self.vary), ("set", self.set)):
            for name in keys:
                if name in ("seed", "months"):
                    raise PlanError(
                        f"{table}.{name}: is given by {name} = .. of the plan; must be there only"
                    )
        for name in self.vary:
            if name in self.set:
                raise PlanError(f"vary.{name}: is given by set, too; must be in one place")

    def _checked(self, place: int, point: Point) -> None:
        try:
            self.base.with_settings(point)
        except ScenarioError as error:
            told = ", ".join(f"{name} = {shown(value)}" for name, value in point.items())
            raise PlanError(f"point {place} ({told}): {error}") from None


def _line(error: ValidationError) -> str:
    """Return the first thing that pydantic found, as one line."""
    first = error.errors()[0]
    place = ".".join(
        str(part)
        for part in first["loc"]
        if not str(part).startswith(("function", "Scenario", "constrained"))
    )
    if first["type"] == "extra_forbidden":
        keys = list(Until.model_fields) if place.startswith("until.") else list(Plan.model_fields)
        return f"{place}: unknown key; must be one of {', '.join(keys)}{nearest(place.split('.')[-1], keys)}"
    if first["type"] == "value_error" and isinstance(first["ctx"]["error"], PlanError):
        return str(first["ctx"]["error"])
    if first["type"] == "missing":
        return f"{place} is missing"
    words = first["msg"].removeprefix("Value error, ")
    return f"{place} = {shown(first['input'])}: {words[0].lower()}{words[1:]}"
