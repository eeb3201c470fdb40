"""A scenario: the parameters, what changes during the run, and where it comes from; read, written, changed.

The parameters themselves are in mesh_abm.parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import StringConstraints, model_validator

from mesh_abm import layers, scenario_files
from mesh_abm.consistency import check_consistency, check_shocks
from mesh_abm.device_classes import DeviceClass
from mesh_abm.errors import ScenarioError, nearest
from mesh_abm.fields import FieldCard, OrNone, param, text
from mesh_abm.parameters import Parameters
from mesh_abm.scenario_files import scenario_names
from mesh_abm.settings import apply_settings, of_a_class
from mesh_abm.shocks import Shock, active_settings

__all__ = ["FIELDS", "DeviceClass", "Scenario", "ScenarioError", "Shock", "field_card", "scenario_names"]

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
_about: dict[str, Any] = {"group": "about the scenario"}


class Scenario(Parameters):
    """All that defines a run: frozen, equal by value, and checked when made.

    Fields are keywords. ``based_on`` (a scenario) and ``calibration`` (data) fill the fields left open.
    Raises ScenarioError: one line that names field, value and what is allowed.
    """

    # fmt: off
    calibration: Annotated[layers.Which | None, OrNone] = text(
        None, "", "", "The calibration on data that fills what is left open.", "docs/model.md, baseline",
        **_about,
    )
    shocks: tuple[Shock, ...] = param(
        (), "", "", "What changes during the run.", "docs/model.md, rule 0", kind="a list of shocks",
        **_about,
    )
    title: str = text("", "", "", "Its name for people.", "", **_about)
    question: str = text("", "", "", "What it asks.", "", **_about)
    based_on: Annotated[str | None, OrNone] = text(
        None, "", "", "The scenario that fills what is left open: a shipped name, or a file.", "", **_about,
    )
    start: Annotated[Month | None, OrNone] = text(
        None, "", "", "Calendar month of month 1, for reports only.", "",
        kind='a month written like "2026-01", or none', **_about,
    )
    # fmt: on

    def __init__(self, **fields: Any) -> None:
        super().__init__(**layers.complete(fields, type(self).cards(), Scenario.load))

    @classmethod
    def load(cls, name_or_path: str | Path) -> Self:
        """The scenario of a shipped name (see `scenario_names`) or TOML file; a ScenarioError names it."""
        return cls._read(scenario_files.find(name_or_path), ())

    @classmethod
    def _read(cls, path: Path, children: tuple[Path, ...]) -> Self:
        chain = (*children, path.resolve())
        if path.resolve() in children:
            raise scenario_files.circular(chain)
        fields = scenario_files.read(path)
        with scenario_files.naming(path):
            return cls._from_fields(fields, path.parent, chain)

    @classmethod
    def from_toml(cls, toml: str, folder: str | Path = ".") -> Self:
        """The scenario that the text describes; files in ``based_on`` are looked for in the folder."""
        return cls._from_fields(scenario_files.parse(toml), Path(folder), ())

    @classmethod
    def _from_fields(cls, fields: dict[str, Any], folder: Path, chain: tuple[Path, ...]) -> Self:
        def parent(name: str) -> Scenario:
            return cls._read(scenario_files.find(name, folder), chain)

        return cls(**layers.complete(fields, cls.cards(), parent))

    def to_toml(self) -> str:
        """Every field as TOML, what was left open included; `from_toml` gives an equal scenario."""
        return scenario_files.write(self.model_dump(exclude_none=False))

    def replace(self, **fields: Any) -> Self:
        """A scenario with these fields changed, checked again.

        A new ``mix`` brings its number of types; a new ``calibration`` first sets the fields it computes.
        """
        return type(self)(**layers.changed(dict(self), fields))

    def with_settings(self, settings: Iterable[str] | Mapping[str, Any]) -> Self:
        """Changed as `--set` says: ``["churn=.1", "classes.phone.merit=.1"]``, or a mapping of such names."""
        return self.replace(**apply_settings(dict(self), settings))

    def at(self, month: int) -> Self:
        """The scenario with the set and mix shocks in force in the month applied; this very one if there are none."""
        settings = active_settings(self.shocks, month)
        if "mix" in settings and self._has_mix(settings["mix"]):
            del settings["mix"]
        if not settings:
            return self
        return self.replace(shocks=(), **settings).model_copy(update={"shocks": self.shocks})

    def weights(self) -> npt.NDArray[np.float64]:
        """Share of each task type in demand, w_j: shape (task_types,), sums to 1 (docs/model.md, rule 6)."""
        if self.mix is None:
            weights = [rank**-self.zipf for rank in range(1, self.task_types + 1)]
        else:
            weights = list(layers.mix_weights(self.mix))
        return np.array(weights) / math.fsum(weights)

    def frontier_by_type(self) -> npt.NDArray[np.float64]:
        """Share of the queries of each type that only the provider can serve: shape (task_types,)."""
        return np.broadcast_to(np.asarray(self.frontier_share, dtype=float), (self.task_types,)).copy()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_consistency(self)
        check_shocks(self)
        return self

    def _has_mix(self, mix: str | tuple[float, ...]) -> bool:
        """Whether `mix` is w, to 12 digits: scaled anew it may differ in the last one, and would change bits."""
        return np.allclose(self.replace(mix=mix, shocks=()).weights(), self.weights(), rtol=1e-12, atol=0)


FIELDS: dict[str, FieldCard] = Scenario.cards()


def field_card(name: str) -> FieldCard:
    """The card of a field, or of one of the device classes (``classes.merit``, ``classes.phone.merit``)."""
    cards = FIELDS | {f"classes.{key}": card for key, card in DeviceClass.cards().items()}
    if name in DeviceClass.cards() and name not in FIELDS:
        raise of_a_class(name)
    if name.startswith("classes."):
        name = f"classes.{name.rpartition('.')[2]}"
    if name not in cards:
        raise ScenarioError(f"unknown field {name!r}{nearest(name, cards)}")
    return cards[name]
