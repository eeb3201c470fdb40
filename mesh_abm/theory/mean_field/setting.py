"""What the equations are told: classes of device, mix of types and all rates, under the names of the model's
fields (docs/model.md, section 8).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from mesh_abm.theory.domain import FloatArray, count, number, real

STRATA = 8  # of the personal merit factor, in each class

# Allowed values, both ends included; the scenario may be narrower. Counts and classes are checked apart.
SHARES = (
    "initial_members",
    "churn",
    "link_failure",
    "update_recovery",
    "update_seed",
    "signal_memory",
    "learning_rate",
    "obsolescence",
    "depreciation",
    "reinvest",
    "update_rate",
    "cost_share",
    "pass_through",
    "undercut",
)
AMOUNTS = (
    "n_owners",
    "arrivals",
    "innovation",
    "contagion",
    "information_friction",
    "standing_cost",
    "capable_merit",
    "merit_spread",
    "non_owners",
    "learning_exponent",
    "datacenter_volume",
    "device_volume",
    "quality_growth",
    "specialist_bonus",
    "specialist_ceiling",
    "knowledge_gain",
    "practice",
    "update_bonus",
    "demand",
    "initial_threshold",
    "threshold_min",
    "threshold_max",
    "reinforcement",
    "decay",
    "ask_rate",
    "target_use",
    "query_value",
    "latency_cost",
    "hop_latency",
    "provider_latency",
    "relay_fee",
    "settlement_fee",
    "focus",
)
POSITIVE = ("cumulative_production", "choice_noise", "steepness", "unit_price")
ENDLESS = ("provider_capacity", "provider_price", "settlement_capacity")
SIGNED = ("efficiency_growth", "merit_gain", "capacity_gain")
COUNTS = ("slots", "attempts", "ttl", "looks", "release_every")
KINDS = {
    "population": ("fixed", "adoption", "growth"),
    "kernel": ("fitness", "degree", "uniform"),
    "signal": ("local", "global"),
    "pricing": ("cost-plus", "undercut", "fixed"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """All that defines a trajectory; immutable and checked when made, changed by `dataclasses.replace`.

    `share` (scaled to sum 1), `merit`, `capacity`, `quality`, `running_cost` are by class of device, (K,);
    `mix` (scaled to sum 1) by type of task, (J,); `frontier_share` a number or by type. The others are one number
    each, in the units of docs/model.md, section 8: money in micro-credits, rates a month, provider capacity,
    production and settlement capacity per owner. `link_value` None is the rule's logit. ValueError names the
    first that is out of its domain.
    """

    share: ArrayLike
    merit: ArrayLike
    capacity: ArrayLike
    quality: ArrayLike
    running_cost: ArrayLike
    mix: ArrayLike
    frontier_share: ArrayLike
    n_owners: float
    population: str
    initial_members: float
    arrivals: float
    churn: float
    innovation: float
    contagion: float
    information_friction: float
    standing_cost: float
    capable_merit: float
    merit_spread: float
    non_owners: float
    learning_exponent: float
    cumulative_production: float
    datacenter_volume: float
    device_volume: float
    efficiency_growth: float
    merit_gain: float
    capacity_gain: float
    quality_growth: float
    specialist_bonus: float
    specialist_ceiling: float
    knowledge_gain: float
    practice: float
    obsolescence: float
    update_rate: float
    update_recovery: float
    update_seed: float
    release_every: int
    update_bonus: float
    kernel: str
    slots: int
    attempts: int
    link_failure: float
    link_value: float | None
    demand: float
    signal: str
    signal_memory: float
    steepness: float
    initial_threshold: float
    threshold_min: float
    threshold_max: float
    reinforcement: float
    decay: float
    learning_rate: float
    ask_rate: float
    target_use: float
    query_value: float
    choice_noise: float
    latency_cost: float
    hop_latency: float
    provider_latency: float
    ttl: int
    looks: int
    relay_fee: float
    settlement_fee: float
    settlement_capacity: float
    provider_capacity: float
    provider_price: float
    pricing: str
    pass_through: float
    undercut: float
    cost_share: float
    focus: float
    reinvest: float
    unit_price: float
    depreciation: float
    classes: FloatArray = field(init=False, repr=False)  # (5, K): the five columns, share scaled
    weights: FloatArray = field(init=False, repr=False)  # (J,): mix, scaled
    frontier: FloatArray = field(init=False, repr=False)  # (J,)

    def __post_init__(self) -> None:
        for name, value in (
            ("classes", _classes(self)),
            ("weights", _scaled("mix", self.mix)),
            ("frontier", _by_type(self)),
        ):
            object.__setattr__(self, name, value)
        _check_numbers(self)
        _check_kinds(self)

    @cached_property
    def n_types(self) -> int:
        """J."""
        return self.weights.size

    @cached_property
    def queries(self) -> FloatArray:
        """Queries a month by type of one owner, (J,)."""
        return self.demand * self.weights

    @cached_property
    def per_call(self) -> float:
        """J/demand, by which one call of a member raises a signal; 0 without demand. Finite at the faintest demand."""
        return min(self.n_types / self.demand, 1e300) if self.demand > 0.0 else 0.0

    @cached_property
    def frontier_queries(self) -> FloatArray:
        """Those that only the provider can answer, (J,)."""
        return self.queries * self.frontier

    @cached_property
    def local_queries(self) -> FloatArray:
        """The others, (J,)."""
        return self.queries * (1.0 - self.frontier)

    @cached_property
    def kind_cost(self) -> FloatArray:
        """Running cost by kind of offer, (R,) with R = 2 K (see `supply`)."""
        return np.tile(self.classes[4], 2)


def _classes(setting: Setting) -> FloatArray:
    columns = [
        _scaled("share", setting.share),
        _column("merit", setting.merit),
        _column("capacity", setting.capacity),
        _column("quality", setting.quality, 1.0),
        _column("running_cost", setting.running_cost),
    ]
    for name, column in zip(("merit", "capacity", "quality", "running_cost"), columns[1:], strict=True):
        if column.size != columns[0].size:
            raise ValueError(f"{name}: must have one value a class, {columns[0].size}, not {column.size}")
    return np.array(columns)


def _by_type(setting: Setting) -> FloatArray:
    types = np.size(np.asarray(setting.mix))
    values = real("frontier_share", setting.frontier_share, 0.0, 1.0)
    if values.ndim > 1 or (values.ndim == 1 and values.size != types):
        raise ValueError(
            f"frontier_share: must be a number or one a type, {types}, not of shape {values.shape}"
        )
    return np.broadcast_to(values, (types,))


def _column(name: str, values: ArrayLike, high: float = inf) -> FloatArray:
    column = np.atleast_1d(real(name, values, 0.0, high, finite=True))
    if column.ndim != 1 or column.size == 0:
        raise ValueError(f"{name}: must be a number or a list of numbers, not of shape {column.shape}")
    return column


def _scaled(name: str, values: ArrayLike) -> FloatArray:
    column = _column(name, values)
    if column.sum() <= 0.0:
        raise ValueError(f"{name} = 0.0: must not all be zero")
    return np.asarray(column / column.sum())


def _check_numbers(setting: Setting) -> None:
    for name in SHARES:
        number(name, getattr(setting, name), 0.0, 1.0)
    for name in AMOUNTS:
        number(name, getattr(setting, name), 0.0, finite=True)
    for name in POSITIVE:
        number(name, getattr(setting, name), 0.0, above=True, finite=True)
    for name in ENDLESS:
        number(name, getattr(setting, name), 0.0)
    for name in SIGNED:
        number(name, getattr(setting, name), finite=True)
    for name in COUNTS:
        count(name, getattr(setting, name), 1)
    number("n_owners", setting.n_owners, 1.0)
    number("threshold_max", setting.threshold_max, setting.threshold_min)
    if setting.link_value is not None:
        number("link_value", setting.link_value, 0.0, 1.0)


def _check_kinds(setting: Setting) -> None:
    for name, allowed in KINDS.items():
        if getattr(setting, name) not in allowed:
            raise ValueError(f"{name} = {getattr(setting, name)!r}: must be one of {', '.join(allowed)}")
