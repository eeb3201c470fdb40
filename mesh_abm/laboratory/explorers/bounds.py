"""The bounds of what a slider or a field of an explorer may say; whatever comes from a page is checked against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mesh_abm.errors import UserError, shown


@dataclass(frozen=True)
class Bounds:
    """A number from `low` to `high` in steps (whole, if the step is), with its name for people and what it means."""

    low: float
    high: float
    step: float
    label: str = ""
    help: str = ""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return self.step >= 1

    def check(self, name: str, value: Any) -> None:
        """Raise UserError naming field, value and what is allowed, unless the value is within."""
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not known or not self.low <= value <= self.high or (self.whole and value != int(value)):
            kind = "a whole number" if self.whole else "a number"
            raise UserError(f"{name} = {shown(value)}: must be {kind} from {self.low:g} to {self.high:g}")
