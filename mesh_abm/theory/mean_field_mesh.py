"""The model as difference equations: devices by class in the place of devices one by one.

`trajectory` follows members, links, tasks, offers, prices and technology month by month by the mean-field form of
the rules of docs/model.md. docs/mean-field.md states every equation, what is assumed and how far off it is. In
short, it assumes

- many owners: contacts that clash, and chance, both of order 1/N, are left out;
- the same thresholds, effort, asks and signals for all devices of a class and main type: crude while they differ;
- no correlation between a device's place in the network and what it does: crude, as local scarcity is lost;
- one main type a device, the rest of its effort even: crude, as the change of main type is an order of magnitude;
- Poisson loads, wallets that never bind, no shocks.

No constant is fitted to the simulation. `mesh_abm.mean_field` makes a `Setting` of a scenario.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import exp, nan
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.condensation import unchecked_fitness
from mesh_abm.theory.domain import FloatArray, count
from mesh_abm.theory.mean_field import labor as labor_rule
from mesh_abm.theory.mean_field import links as link_rule
from mesh_abm.theory.mean_field import population as population_rule
from mesh_abm.theory.mean_field import technology as technology_rule
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.labor import Labor
from mesh_abm.theory.mean_field.links import Links
from mesh_abm.theory.mean_field.market import Market, cleared
from mesh_abm.theory.mean_field.measures import Month, measures
from mesh_abm.theory.mean_field.population import Moves, Population
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.sums import over_last
from mesh_abm.theory.mean_field.supply import Supply, asked, by_class, first_ask, quality_of, supply
from mesh_abm.theory.mean_field.technology import Provider, Technology

__all__ = ["Setting", "Trajectory", "trajectory"]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Expected measures by month, (months + 1,) each, under the names and units of docs/model.md, rule 10.

    Row 0 is the start; flows are NaN in it, and means of nothing are NaN. `members` counts devices of `n_owners`
    owners and need not be whole.
    """

    month: FloatArray
    members: FloatArray
    mean_degree: FloatArray
    s_inf: FloatArray
    s_inf_theory: FloatArray
    condensate: FloatArray
    filled_slots: FloatArray
    mean_odds: FloatArray
    link_value: FloatArray
    share_mesh: FloatArray
    share_self: FloatArray
    share_provider: FloatArray
    share_unserved: FloatArray
    market_share: FloatArray
    share_mesh_head: FloatArray
    share_mesh_tail: FloatArray
    specialization: FloatArray
    active: FloatArray
    mean_ask: FloatArray
    provider_price: FloatArray
    member_benefit: FloatArray
    technology_index: FloatArray
    unit_cost: FloatArray
    mean_knowledge: FloatArray
    up_to_date: FloatArray

    def columns(self) -> dict[str, FloatArray]:
        """All of them by name, in this order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class _State(NamedTuple):
    """All that a month leaves to the next; `had_capacity` and `use` (K,) are last month's, `newcomers` never change."""

    population: Population
    links: Links
    labor: Labor
    newcomers: Labor
    technology: Technology
    provider: Provider
    signal: FloatArray
    ask: FloatArray
    had_capacity: FloatArray
    use: FloatArray
    knowledge: float
    up_to_date: float
    benefit: float


def trajectory(setting: Setting, months: int = 120) -> Trajectory:
    """Expected measures of months 0 to `months`, by the equations of docs/mean-field.md.

    ValueError for `months` that is no whole number >= 0.
    """
    state = _start(setting)
    record = [_first_month(state, setting)]
    for month in range(1, count("months", months) + 1):
        state, measured = _step(state, month, setting)
        record.append(measured)
    return Trajectory(**measures(record, setting))


def _start(setting: Setting) -> _State:
    population, newcomers = population_rule.start(setting), labor_rule.newcomers(setting)
    technology, provider = technology_rule.start(setting)
    nothing = np.zeros(setting.classes.shape[1])
    return _State(
        population, link_rule.start(population.members, setting), newcomers, newcomers, technology, provider,
        np.zeros(setting.n_types), first_ask(provider.price, setting), nothing, nothing, 0.0, 0.0, 0.0,
    )  # fmt: skip


def _first_month(state: _State, setting: Setting) -> Month:
    """The start, in which nothing flows."""
    nothing = np.zeros(setting.n_types)
    return Month(
        state.population, state.links, state.labor, state.technology, nothing, nothing, nothing,
        0.0, nan, nan, state.provider.paid, nan, state.knowledge, state.up_to_date,
    )  # fmt: skip


def _step(old: _State, month: int, setting: Setting) -> tuple[_State, Month]:
    """One month, rules in order, and what its measures are taken of."""
    technology = old.technology.advanced(setting)
    merit, quality = technology.merit(setting), technology.quality(setting)
    state, moves = _peopled(old, technology, merit, setting)
    population, provider = state.population, state.provider
    value = _link_value(state, quality, setting)
    links = link_rule.failed(state.links, moves.stay, setting)
    fitness = unchecked_fitness(population.merit(merit))
    links = link_rule.formed(links, population.members, moves, fitness, value, setting)
    degrees = _degrees(links, population, setting)
    on_task = labor_rule.tasks(state.labor, state.signal, setting)
    ask = asked(state.ask, state.had_capacity, state.use, setting)
    offered = _supply(state, on_task, quality, ask, setting)
    market = cleared(offered, degrees, _ends(links, population), population.total, provider, setting)
    working = over_last(offered.devices)
    mean_ask = _mean(offered.ask, working)
    had, use, busy = _used(offered, market, population, setting)
    labor = labor_rule.practiced(state.labor, on_task, market.serves.reshape(2, -1, setting.n_types), setting)
    knowledge = (1.0 - setting.obsolescence) * state.knowledge + setting.practice * busy
    up_to_date = _spread(state.up_to_date, degrees, month, setting)
    measured = Month(
        population, links, labor, technology, market.by_mesh, market.by_self, market.by_provider,
        float(np.vdot(offered.devices, market.serves)), value, mean_ask, provider.paid, market.benefit,
        knowledge, up_to_date,
    )  # fmt: skip
    served, joined = float(market.by_provider.sum()), float(moves.joined.sum())
    technology, provider = technology_rule.invested(technology, provider, served, joined, mean_ask, setting)
    return _State(
        population, links, labor, state.newcomers, technology, provider, _signal(state, market, setting),
        ask, had, use, knowledge, up_to_date, market.benefit,
    ), measured  # fmt: skip


def _peopled(
    state: _State, technology: Technology, merit: FloatArray, setting: Setting
) -> tuple[_State, Moves]:
    """Rule 2: members move, and what they carry is mixed with what newcomers bring."""
    population, moves = population_rule.moved(state.population, merit, state.benefit, setting)
    joined = over_last(moves.joined)
    new = over(joined, population.by_class)
    old, stayed = 1.0 - ratio(float(joined.sum()), population.total), 1.0 - new
    return _State(
        population, state.links, state.labor.mixed(state.newcomers, new), state.newcomers, technology, state.provider,
        state.signal * old if setting.signal == "local" else state.signal,
        stayed * state.ask + new * first_ask(state.provider.price, setting),
        stayed * state.had_capacity, state.use, old * state.knowledge, old * state.up_to_date, state.benefit,
    ), moves  # fmt: skip


def _link_value(state: _State, quality: FloatArray, setting: Setting) -> float:
    """v: as given, else the chance that a typical offer one hop away is preferred; 0 without members."""
    if setting.link_value is not None:
        return float(setting.link_value)
    population, labor, provider = state.population, state.labor, state.provider
    if population.total == 0.0:
        return 0.0
    # the mean over main types of the quality is that at their mean effort, as the one is linear in the other
    typical = quality_of(quality, over_last(labor.main * labor.effort), setting)
    mesh = _mean(setting.query_value * typical - state.ask, population.by_class) - setting.settlement_fee
    hosted = setting.query_value * float(setting.weights.dot(provider.quality)) - provider.paid
    latency = setting.latency_cost * (setting.provider_latency - setting.hop_latency)
    ahead = (mesh - hosted + latency) / setting.choice_noise
    return 1.0 / (1.0 + exp(-min(max(ahead, -60.0), 60.0)))


def _supply(
    state: _State, on_task: FloatArray, quality: FloatArray, ask: FloatArray, setting: Setting
) -> Supply:
    gain = 1.0 + setting.knowledge_gain * state.knowledge / (1.0 + state.knowledge)
    return supply(
        state.labor, on_task, state.population.by_class, state.technology.capacity(setting) * gain, quality, ask,
        state.up_to_date, setting,
    )  # fmt: skip


def _degrees(links: Links, population: Population, setting: Setting) -> Degrees:
    flat = Links(*(values.ravel() for values in links))
    return Degrees.of(flat, population.members.ravel(), setting.slots)


def _ends(links: Links, population: Population) -> FloatArray:
    """Share of the ends of device links that are at one device of each class (per device and owner), (K,)."""
    ends = over_last(links.own + links.into)
    return over(ends, population.by_class * ends.sum())


def _used(
    offered: Supply, market: Market, population: Population, setting: Setting
) -> tuple[FloatArray, FloatArray, float]:
    """Part of each class that had capacity, and the part of it that was used, (K,) each; mean use of a member."""
    had = over(by_class(offered.open), population.by_class)
    use = over(by_class(market.load), by_class(offered.devices * offered.capacity))
    return had, use, ratio(float(population.by_class.dot(had * use)), population.total)


def _signal(state: _State, market: Market, setting: Setting) -> FloatArray:
    """Rule 6d: the signal after the calls of the month."""
    memory = setting.signal_memory
    return memory * state.signal + ((1.0 - memory) * setting.per_call) * market.heard


def _spread(x: float, degrees: Degrees, month: int, setting: Setting) -> float:
    """Share up to date after releases, contagion and falling behind (SIS)."""
    if (month - 1) % setting.release_every == 0:
        x += setting.update_seed * (1.0 - x)
    spared = degrees.value(1.0 - setting.update_rate * x)
    caught = min(max(float(degrees.weight.sum()) - spared, 0.0), 1.0)
    return (1.0 - setting.update_recovery) * x + (1.0 - x) * caught


def _mean(values: FloatArray, weights: FloatArray) -> float:
    """NaN without weight."""
    total = float(weights.sum())
    return float(values.dot(weights)) / total if total > 0.0 else nan
