"""What is remembered of some devices, month by month: their tasks, thresholds, shares of effort and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh_abm.terms import type_names
from mesh_abm.why.month import WhyError

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

MONTHS = 240
HALF_MOST = float(np.finfo(np.float16).max)


@dataclass(frozen=True, eq=False)
class Past:
    """A membership as it is remembered, a row a month (T), the newest last; empty (T = 0) of who is no member now.

    Rounded: thresholds, shares and signal to 3 digits, ask and wallet to 7.
    """

    row: int
    joined: int  # month of entry
    whole: bool  # whether it is remembered from its first month on
    names: tuple[str, ...]  # of the J types
    steepness: float  # of the response, in the last month
    months: npt.NDArray[np.int32]  # (T,)
    task: npt.NDArray[np.int8]  # (T,) IDLE where it did none
    load: npt.NDArray[np.int32]  # (T,) answers given, own ones included
    ask: npt.NDArray[np.float32]  # (T,) micro-credits
    wallet: npt.NDArray[np.float32]  # (T,) micro-credits
    thresholds: npt.NDArray[np.float16]  # (T, J) at the end of the month
    shares: npt.NDArray[np.float16]  # (T, J) at the end of the month
    signal: npt.NDArray[np.float16]  # (T, J) at the end of the month, the device's own or the global one


BY_MONTH = ("task", "load", "ask", "wallet", "thresholds", "shares", "signal")


class Recorder:
    """Remembers the last `months` months of the devices in `rows` (all of them if None).

    It takes 18 bytes and 6 more for each type, per device and month; a deep copy goes on by itself.
    """

    def __init__(
        self, model: MeshModel, rows: npt.NDArray[np.integer[Any]] | None = None, months: int = MONTHS
    ) -> None:
        self.rows = np.unique(np.arange(model.state.n_owners) if rows is None else rows).astype(np.int64)
        self._names, self._steepness = tuple(type_names(model.spec)), float(model.par.steepness)
        n, j = self.rows.size, model.state.n_types
        self._month = np.full(months, -1, np.int32)
        self._spell, self._joined = np.zeros((months, n), np.int32), np.zeros(n, np.int32)
        self._columns: dict[str, npt.NDArray[Any]] = {
            "task": np.zeros((months, n), np.int8), "load": np.zeros((months, n), np.int32),
            "ask": np.zeros((months, n), np.float32), "wallet": np.zeros((months, n), np.float32),
            "thresholds": np.zeros((months, n, j), np.float16), "shares": np.zeros((months, n, j), np.float16),
            "signal": np.zeros((months, n, j), np.float16),
        }  # fmt: skip

    def see(self, model: MeshModel) -> None:
        """Remembers the month that the model has just run, in the place of the oldest; seen twice, it counts once."""
        state, place = model.state, model.month % self._month.size
        self._month[place] = model.month
        self._spell[place] = np.where(state.member[self.rows], state.spell[self.rows], 0)
        self._joined[:] = state.joined[self.rows]
        self._steepness = float(model.par.steepness)
        for name, column in self._columns.items():
            values = getattr(state, name)
            seen = values[self.rows] if len(values) > 1 or state.n_owners == 1 else values
            column[place] = np.minimum(seen, HALF_MOST) if column.dtype == np.float16 else seen

    def past(self, row: int) -> Past:
        """The present membership of the device in `row`: a newcomer in it starts anew.

        Raises:
            WhyError: the row is not one of those remembered.
        """
        at = int(np.searchsorted(self.rows, row))
        if at == self.rows.size or self.rows[at] != row:
            raise WhyError(f"device {row}: is not one of the {self.rows.size:,} that are remembered")
        order = np.argsort(self._month, kind="stable")
        spell = self._spell[order[-1], at]
        kept = order[(self._month[order] >= 0) & (spell > 0) & (self._spell[order, at] == spell)]
        months, joined = self._month[kept], int(self._joined[at])
        columns = {name: self._columns[name][kept, at] for name in BY_MONTH}
        whole = bool(months.size) and int(months[0]) <= max(joined, 1)
        return Past(int(row), joined, whole, self._names, self._steepness, months, **columns)
