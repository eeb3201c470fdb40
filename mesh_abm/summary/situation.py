"""A run at its end as the closed form (docs/model.md, "What the rules imply") sees it, and otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from scipy.optimize import bisect
from scipy.stats import norm

from mesh_abm.facts import YEAR, at_end
from mesh_abm.results.result import Result
from mesh_abm.scenario import Scenario

POINTS = 200
"""The merits are represented by so many of their quantiles."""
FEW = 200
"""Fewer members than this are too few to judge by; the merits of all owners who could join are taken instead."""
PERSONAL = 15
"""Quantiles of the personal factor of merit that stand for a class."""
FARTHEST = 1e4
"""Largest factor on merits that is looked at."""


@dataclass(frozen=True)
class Situation:
    """What decides, in the closed form, whether devices link to each other: merits and the rates of linking.

    `merit`: merits relative to the provider, shape (n, 2) with weights; `value` is the chance v that a typical
    offer is preferred; `filled` the share of slots in use. The law is that of a steady population and kernel fitness.
    """

    merit: np.ndarray = field(repr=False)
    slots: int
    filled: float
    link_failure: float
    churn: float
    value: float
    of_members: bool = True

    @classmethod
    def at_end(cls, result: Result) -> Self | None:
        """Return the situation at the end of a run; None where the law does not hold or nobody is a member."""
        scenario = result.scenario.at(result.months)
        if scenario.kernel != "fitness":
            return None
        devices = result.devices()
        of_members = len(devices) >= FEW
        merit = (
            _sampled(devices["merit"].to_numpy(float))
            if of_members
            else owners_merit(scenario, at_end(result.frame, "technology_index"))
        )
        filled, value = at_end(result.frame, "filled_slots"), at_end(result.frame, "link_value")
        if not at_end(result.frame, "members") or not len(merit) or math.isnan(value) or scenario.churn >= 1:
            return None
        return cls(
            merit,
            scenario.slots,
            filled if filled > 0 else 1.0,
            scenario.link_failure,
            scenario.churn,
            value,
            of_members,
        )

    def change(self, **changes: Any) -> Self:
        """Return the situation with something else."""
        return replace(self, **changes)

    def stronger(self, factor: float) -> Self:
        """Return the situation with all merits multiplied."""
        return replace(self, merit=self.merit * (factor, 1.0))

    def mean_merit(self) -> float:
        """Return the mean merit relative to the provider."""
        return float(np.average(self.merit[:, 0], weights=self.merit[:, 1]))

    def condensate(self) -> float:
        """Return the share of links that would point to the provider."""
        from mesh_abm.theory import condensation

        merit, weight = self.merit.T
        sample = np.stack([merit / (1 + merit), weight], axis=1)
        return float(condensation.with_churn(sample, self.value, self.link_failure, self.churn))

    def mean_degree(self) -> float:
        """Return the mean number of links to other devices, 2 m f (1 - b)."""
        return 2 * self.slots * self.filled * (1 - self.condensate())

    def factor(self) -> float:
        """Return by what factor all merits must grow for the mean degree to pass 1 (below 1: it has passed)."""
        from mesh_abm.theory import equilibrium

        return float(equilibrium.mesh_threshold(*self._arguments()))

    def giant_factor(self) -> float:
        """Return by what factor all merits must grow for a giant component, counting how in-links vary."""
        from mesh_abm.theory import equilibrium

        return float(equilibrium.percolation_threshold(*self._arguments()))

    def _arguments(self) -> tuple[Any, ...]:
        return self.merit, self.slots, self.link_failure, self.churn, self.value, self.filled


def owners_merit(scenario: Scenario, technology_index: float) -> np.ndarray:
    """Return merits of all owners who could join, with weights, shape (n, 2): classes, technology, personal factor."""
    z = norm.ppf((np.arange(PERSONAL) + 0.5) / PERSONAL)
    personal = np.exp(scenario.merit_spread * z - scenario.merit_spread**2 / 2)
    gain = math.exp(scenario.merit_gain * technology_index)
    rows = [
        (device.merit * gain * factor, device.share / PERSONAL)
        for device in scenario.classes
        for factor in personal
        if device.share
    ]
    table = np.array(rows, float).reshape(-1, 2)
    return table[table[:, 0] >= scenario.capable_merit]


def growth_needed(now: Situation, scenario: Scenario, technology_index: float) -> float:
    """Return by what factor technology must raise merits until the mean degree passes 1; inf if it never does.

    Other than `Situation.factor` it counts the weaker devices that get over the bar (`capable_merit`) on the way and
    thin out the links. 1 if it has passed already; factors up to `FARTHEST` are looked at.
    """
    if scenario.merit_gain <= 0:
        return (
            1.0 if now.change(merit=owners_merit(scenario, technology_index)).mean_degree() >= 1 else math.inf
        )

    def excess(log_factor: float) -> float:
        merit = owners_merit(scenario, technology_index + log_factor / scenario.merit_gain)
        return now.change(merit=merit).mean_degree() - 1 if len(merit) else -1.0

    steps = np.linspace(0, math.log(FARTHEST), 41)
    passed = next((k for k, step in enumerate(steps) if excess(step) >= 0), None)
    if not passed:
        return math.inf if passed is None else 1.0
    return float(math.exp(bisect(excess, steps[passed - 1], steps[passed], xtol=1e-3)))


def pace(result: Result) -> float:
    """Return by how much ln(merit) grew a month over the last year through technology alone (0 if no year was run)."""
    index = result.frame["technology_index"].iloc[-YEAR - 1 :]
    if len(index) < 2:
        return 0.0
    return float(
        result.scenario.at(result.months).merit_gain * (index.iloc[-1] - index.iloc[0]) / (len(index) - 1)
    )


def wait(factor: float, rate: float) -> float:
    """Return the months in which merits grow by a factor at a rate of ln(merit) a month; inf if never."""
    if factor <= 1:
        return 0.0
    return math.log(factor) / rate if rate > 0 and math.isfinite(factor) else math.inf


def _sampled(merit: np.ndarray) -> np.ndarray:
    """Return a sample's quantiles with equal weights, shape (n, 2)."""
    count = min(len(merit), POINTS)
    quantiles = np.quantile(merit, (np.arange(count) + 0.5) / count)
    return np.stack([quantiles, np.full(count, 1 / count)], axis=1)
