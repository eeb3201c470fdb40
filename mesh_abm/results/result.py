"""What a run leaves behind: its series, its types, its networks, and the way back to any of its months."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mesh_abm.errors import ResultError
from mesh_abm.model import MeshModel
from mesh_abm.phases import phases
from mesh_abm.results import fingerprints
from mesh_abm.results.moments import Snapshots, annotated_links
from mesh_abm.scenario import Scenario

if TYPE_CHECKING:
    from mesh_abm.fits import Fit
    from mesh_abm.rules import Rules


@dataclass(frozen=True, eq=False)
class Result:
    """One run: what was asked (`scenario`, its seed and months settled) and what came of it.

    `frame` has a row a month and the measures of docs/model.md as columns; `types` a row a month and type;
    `last_devices` a row a member at the end; `snapshots` the network at nucleation, crystallization and the end,
    as far as they were reached. `own_rules` names the rules that were not the program's own (custom shocks, a rule
    replaced); `rules` holds them as long as the result is not read from a folder, which holds no code.
    """

    scenario: Scenario
    frame: pd.DataFrame
    types: pd.DataFrame
    last_devices: pd.DataFrame
    snapshots: Snapshots
    rules: Rules | None = None
    own_rules: tuple[str, ...] = ()

    @property
    def seed(self) -> int:
        """The seed of every random number of the run."""
        assert self.scenario.seed is not None, "a result's scenario has its seed settled"
        return self.scenario.seed

    @property
    def months(self) -> int:
        """The last month."""
        return int(self.frame["month"].iloc[-1])

    @cached_property
    def phases(self) -> dict[str, int]:
        """The first month of each phase that was reached: nucleation, crystallization, maturity."""
        return phases(self.frame)

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        """Every prediction of the theory beside this run; `pandas.DataFrame(result.fits)` makes a table of them."""
        from mesh_abm.fits import all_fits

        return all_fits(self)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the trajectory (series and types): equal if and only if all values are."""
        return fingerprints.exact(self.frame, self.types)

    @cached_property
    def fingerprint9(self) -> str:
        """The same of values rounded to nine significant digits, to compare between machines."""
        return fingerprints.rounded(self.frame, self.types)

    def devices(self, month: int | None = None) -> pd.DataFrame:
        """A row a member at the end of `month` (the last, unless given); columns of `MeshModel.device_frame`."""
        if month is None or month == self.months:
            return self.last_devices
        return self.model(month).device_frame()

    def network(self, month: int | None = None) -> pd.DataFrame:
        """A row a link at the end of `month` (the last, unless given); columns of `annotated_links`."""
        wanted = self.months if month is None else month
        kept = dict(self.snapshots.values())
        return kept[wanted] if wanted in kept else annotated_links(self.model(wanted))

    def model(self, month: int) -> MeshModel:
        """The model as it stood at the end of `month`: the run made again up to there, exactly.

        Raises ValueError for a month outside the run, ResultError if this version of the program no longer makes the
        same trajectory, or if the run had rules of its own and was read from a folder.
        """
        if not 0 <= month <= self.months:
            raise ValueError(f"month = {month}: must be a month of the run, from 0 to {self.months}")
        if self.own_rules and self.rules is None:
            raise ResultError(f"a month cannot be made again: {own_rules_lost(self.own_rules)}")
        model = MeshModel.from_scenario(self.scenario, rules=self.rules)
        model.run_for(month)
        self._check_same(model)
        return model

    def save(self, folder: str | Path, *, overwrite: bool = False, report: bool = True) -> Path:
        """Write the result folder, whole or not at all, and return its path; raises ResultError.

        `overwrite` replaces a result that is there; `report=False` leaves out the report and its figures.
        """
        from mesh_abm.results.folder import check_free, write
        from mesh_abm.results.place import filling

        check_free(Path(folder), overwrite)
        with filling(Path(folder), replacing=overwrite) as partial:
            write(self, partial, report=report)
        return Path(folder)

    def _check_same(self, model: MeshModel) -> None:
        again = model.datacollector.get_model_vars_dataframe()
        difference = fingerprints.first_difference(
            self.frame.iloc[: len(again)], again, digits=fingerprints.DIGITS
        )
        if difference is not None:
            raise ResultError(
                f"this version of mesh_abm does not make the same run again: month {difference.month}, "
                f"column {difference.column} differs; use the version that the run card names"
            )


def own_rules_lost(names: tuple[str, ...]) -> str:
    """Why a folder does not tell how to make a run with rules of its own again."""
    which = ", ".join(names)
    return f"the run had custom shocks or rules of its own ({which}), whose code is not in the folder"
