"""The kinds of prediction: a number with its unit, a choice, a curve drawn by hand.

Whatever comes from a page goes through `read`, which returns a guess in one form or raises a one-line UserError.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh_abm.errors import UserError, shown
from mesh_abm.wording import percent, plain

F64 = npt.NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
Guess = float | str | Points

FEWEST, MOST = 5, 400
"""Points of a curve."""
COVERED = 0.6
"""Part of the axis that a curve must reach over."""
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
GRID = 41
"""Places at which curves are compared."""


@dataclass(frozen=True)
class Amount:
    """A number from `low` to `high`; `share` numbers are typed and shown in per cent.

    `near`, in the unit typed, is how far beyond the noise of runs a prediction still counts as close.
    """

    text: str
    unit: str
    low: float
    high: float
    near: float
    share: bool = False

    def read(self, given: Any) -> float:
        """Return the number that was typed ("12.5", "12,5 %", 12.5) in the unit of the answer."""
        text = str(given).strip().removesuffix("%").strip()
        text = text.replace(",", "") if THOUSANDS.fullmatch(text) else text.replace(",", ".")
        try:
            value = float(text) if len(text) <= 40 and text.isascii() else math.nan
        except ValueError:
            value = math.nan
        if isinstance(given, bool) or not self.low <= value <= self.high:
            raise UserError(
                f"prediction = {shown(given)}: must be a number from {self.low:g} to {self.high:g} ({self.unit})"
            )
        return value / 100 if self.share else value

    def say(self, guess: Guess) -> str:
        """Return a value in words."""
        assert isinstance(guess, float | int)
        if self.share:
            return percent(guess) if guess >= 0 else f"-{percent(-guess)}"
        return f"{plain(float(guess), 3)} {self.unit}"

    @property
    def margin(self) -> float:
        """`near` in the unit of the answer."""
        return self.near / (100 if self.share else 1)


@dataclass(frozen=True)
class Choice:
    """One of several statements: pairs of a key and its words."""

    text: str
    options: tuple[tuple[str, str], ...]

    def read(self, given: Any) -> str:
        """Return the key that was chosen."""
        keys = [key for key, _ in self.options]
        if given not in keys:
            raise UserError(f"prediction = {shown(given)}: must be one of {', '.join(keys)}")
        return str(given)

    def say(self, guess: Guess) -> str:
        """Return a statement in words."""
        return dict(self.options)[str(guess)]


@dataclass(frozen=True)
class Sketch:
    """A curve of shares, 0 to 1, over `low` to `high`."""

    text: str
    low: float
    high: float

    def read(self, given: Any) -> Points:
        """Return the points that were drawn, from left to right, cut to the axes."""
        if not isinstance(given, Sequence) or isinstance(given, str) or not FEWEST <= len(given) <= MOST:
            raise UserError(f"prediction: must be a curve of {FEWEST} to {MOST} points; draw it on the chart")
        try:
            points = sorted((float(x), float(y)) for x, y in given)
        except (TypeError, ValueError):
            raise UserError("prediction: must be a curve, each point two numbers") from None
        if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
            raise UserError("prediction: must be a curve of finite numbers")
        kept = tuple((min(max(x, self.low), self.high), min(max(y, 0.0), 1.0)) for x, y in points)
        if kept[-1][0] - kept[0][0] < COVERED * (self.high - self.low):
            raise UserError(f"prediction: the curve must reach over at least {percent(COVERED)} of the axis")
        return kept

    def say(self, guess: Guess) -> str:
        """Return where a curve begins, passes the middle and ends."""
        assert isinstance(guess, tuple)
        places = np.linspace(max(guess[0][0], self.low), min(guess[-1][0], self.high), 3)
        values = heights(guess, places)
        said = [f"{percent(float(y))} at {plain(float(x), 2)}" for x, y in zip(places, values, strict=True)]
        return f"{said[0]}, {said[1]} and {said[2]}"

    def sampled(self, points: Points) -> F64:
        """Return the curve at the places where curves are compared, NaN where it does not reach, shape (GRID,)."""
        x, y = np.array(sorted(points), float).T
        return np.asarray(np.interp(np.linspace(self.low, self.high, GRID), x, y, math.nan, math.nan))


def heights(points: Points, places: npt.ArrayLike) -> F64:
    """Return the values of a curve, points from left to right, at places on the axis."""
    x, y = np.array(points, float).T
    return np.asarray(np.interp(np.asarray(places, float), x, y))


Question = Amount | Choice | Sketch
