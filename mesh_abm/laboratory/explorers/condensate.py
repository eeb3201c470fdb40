"""The model side of the phase explorer: one class of devices, the theory of its links, the shocks that move it.

A `Point` is where the sliders stand. Theory is that of the devices at hand, so that its curve and the measure
condensate_theory of the running model agree; merits are those of one class with personal differences.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from mesh_abm.errors import ScenarioError, UserError, shown
from mesh_abm.laboratory.charts import Chart, chosen
from mesh_abm.laboratory.explorers.bounds import Bounds
from mesh_abm.laboratory.world import World
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import Shock
from mesh_abm.state import new_state
from mesh_abm.theory import condensation
from mesh_abm.wording import number, percent

Population = Literal["fixed", "growth"]
F64 = npt.NDArray[np.float64]

OWNERS, NEWCOMERS, FOUNDERS = 600, 5, 0.004
"""Devices of the picture; of a growing network those that join each month, and the share that begins it."""
RECENT = 12
"""Months over which the condensate is averaged when it is compared with the prediction."""
MERITS = (0.01, 100.0)
"""Merits between which the condensate is looked for to dissolve."""
MOVES = 400
"""Shocks that a run may collect before it must begin anew."""
CHARTS: tuple[Chart, ...] = chosen("condensate", "component")


RANGES: dict[str, Bounds] = {
    "merit": Bounds(0.05, 5.0, 0.05, "merit (the provider's is 1)"),
    "merit_spread": Bounds(0.0, 1.5, 0.05, "spread of log merit"),
    "churn": Bounds(0.0, 0.3, 0.01, "churn a month"),
    "link_failure": Bounds(0.0, 0.5, 0.01, "link failure a month"),
}
RATES = ("churn", "link_failure")


@dataclass(frozen=True)
class Point:
    """Where the sliders stand: mean merit of the devices and its spread, and the rates at which links are lost.

    In a growing network nobody leaves and no link fails. Raises UserError for a value outside `RANGES`.
    """

    merit: float = 0.6
    merit_spread: float = 0.3
    churn: float = 0.05
    link_failure: float = 0.08
    population: Population = "fixed"

    def __post_init__(self) -> None:
        if self.population not in ("fixed", "growth"):
            raise UserError(f"population = {shown(self.population)}: must be one of fixed, growth")
        for name, allowed in RANGES.items():
            allowed.check(name, getattr(self, name))

    def moved(self, name: str, value: float) -> Point:
        """Return the point with one slider elsewhere."""
        return replace(self, **{name: value})  # type: ignore[arg-type]

    @property
    def rates(self) -> tuple[float, float]:
        """Churn and link failure that act."""
        return (0.0, 0.0) if self.population == "growth" else (self.churn, self.link_failure)

    def scenario(self, seed: int = 1) -> Scenario:
        """Return the scenario of a run that begins here: `equal-devices` without technology, every contact welcome."""
        base = Scenario.load("equal-devices")
        churn, link_failure = self.rates
        growing = self.population == "growth"
        return base.with_settings({f"classes.{base.classes[0].name}.merit": self.merit}).replace(
            title="Phase explorer", seed=seed, n_owners=OWNERS, population=self.population,
            initial_members=FOUNDERS if growing else 1.0, arrivals=NEWCOMERS, churn=churn, link_failure=link_failure,
            merit_spread=self.merit_spread, merit_gain=0.0, link_value=1.0,
        )  # fmt: skip


def world_at(point: Point, seed: int = 1) -> World:
    """Return a new world at a point."""
    return World(point.scenario(seed), CHARTS)


def needs_new_world(before: Point, after: Point) -> bool:
    """Whether what was changed is given to devices or networks once: the spread of merit, the population."""
    return (before.merit_spread, before.population) != (after.merit_spread, after.population)


def shocks_between(before: Point, after: Point, month: int) -> tuple[Shock, ...]:
    """Return the shocks at the start of a month that lead a running model from one point to another."""
    moved = []
    if after.merit != before.merit:
        moved.append(Shock(month=month, kind="merit", value=after.merit / before.merit))
    for name, old, new in zip(RATES, before.rates, after.rates, strict=True):
        if new != old:
            moved.append(Shock(month=month, kind="set", field=name, value=new))
    return tuple(moved)


def move(world: World, before: Point, after: Point) -> None:
    """Let a running world go to another point with the next month. Raises UserError where it must begin anew."""
    if needs_new_world(before, after):
        raise UserError("merit_spread, population: are settled at the start; begin anew to change them")
    if len(world.scenario.shocks) >= MOVES:
        raise UserError(f"the sliders were moved {MOVES} times in this run: begin anew")
    try:
        world.change(shocks_between(before, after, world.month + 1))
    except ScenarioError as error:
        raise UserError(str(error)) from None


@lru_cache(maxsize=64)
def personal_factors(merit_spread: float, seed: int = 1) -> F64:
    """Return the factor by which the merit of each device differs from that of its class, shape (OWNERS,)."""
    point = Point(merit_spread=merit_spread)
    return new_state(point.scenario(seed), seed).personal


def predicted(point: Point, seed: int = 1) -> float:
    """Return the share of links that point to the provider in the steady state of a point (the exact monthly law)."""
    return float(shares([point.merit], point, seed)[0])


def shares(merits: Iterable[float], point: Point, seed: int = 1) -> F64:
    """Return the predicted condensate at these mean merits, all else as at the point."""
    churn, link_failure = point.rates
    personal = personal_factors(point.merit_spread, seed)
    return np.array([_law(merit * personal, link_failure, churn) for merit in merits])


def growth_limit(merits: Iterable[float], point: Point, seed: int = 1) -> F64:
    """Return the condensate of a network that only grows, (5), at these mean merits."""
    personal = personal_factors(point.merit_spread, seed)
    return np.array([_law(merit * personal, 0.0, 0.0) for merit in merits])


def boundary(point: Point, seed: int = 1) -> float:
    """Return the mean merit at which the condensate dissolves; inf if it does not up to the largest of `MERITS`."""
    churn, link_failure = point.rates
    personal = personal_factors(point.merit_spread, seed)

    def surplus(log_merit: float) -> float:
        fitness = condensation.fitness_of_merit(math.exp(log_merit) * personal)
        return condensation.mesh_share(np.asarray(fitness), None, 1.0, link_failure, churn) - 1.0

    low, high = (math.log(merit) for merit in MERITS)
    if surplus(high) < 0.0:
        return math.inf
    return math.exp(brentq(surplus, low, high, xtol=1e-9))


def boundary_over_churn(point: Point, churns: Iterable[float], seed: int = 1) -> F64:
    """Return the merit at which the condensate dissolves for each churn, link failure as at the point."""
    steady = replace(point, population="fixed")
    return np.array([boundary(replace(steady, churn=float(churn)), seed) for churn in churns])


def measured(world: World) -> float:
    """Return the mean condensate of the last `RECENT` months (month 0 left out where there are others)."""
    seen = world.model.datacollector.model_vars["condensate"]
    later = seen[max(1, len(seen) - RECENT) :] or seen
    return float(np.mean(later))


def sentence(world: World, point: Point) -> str:
    """Return what is measured beside what is predicted, in a sentence."""
    goal, seen = predicted(point), measured(world)
    limit = boundary(point)
    phase = "condensed" if goal > 0 else "fit-get-rich: devices hold nearly all links between them"
    dissolves = (
        f"it dissolves at mean merit {number(limit, 3)}"
        if math.isfinite(limit)
        else "no merit of devices dissolves it at these rates"
    )
    months = min(RECENT, max(1, world.month))
    over = (
        f"mean of the last {months} months to month {world.month}" if months > 1 else f"month {world.month}"
    )
    slow = (
        " A growing network comes near its limit slowly: what was linked early stays linked."
        if point.population == "growth"
        else ""
    )
    return f"Predicted condensate {percent(goal)} ({phase}; {dissolves}). Measured, {over}: {percent(seen)}.{slow}"


def _law(merit: F64, link_failure: float, churn: float) -> float:
    fitness = condensation.fitness_of_merit(merit)
    return float(condensation.with_churn(fitness, 1.0, link_failure, churn))
