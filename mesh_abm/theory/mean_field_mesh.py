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

from dataclasses import dataclass, fields, replace

import numpy as np

from mesh_abm.theory import percolation
from mesh_abm.theory.condensation import fitness_of_merit
from mesh_abm.theory.domain import FloatArray, count
from mesh_abm.theory.mean_field import degrees as degree_law
from mesh_abm.theory.mean_field import labor as labor_rule
from mesh_abm.theory.mean_field import links as link_rule
from mesh_abm.theory.mean_field import population as population_rule
from mesh_abm.theory.mean_field import technology as technology_rule
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.labor import Labor
from mesh_abm.theory.mean_field.links import Links
from mesh_abm.theory.mean_field.market import Market, cleared
from mesh_abm.theory.mean_field.population import Moves, Population
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.supply import Supply, asked, first_ask, quality_of, supply
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


@dataclass(frozen=True)
class _State:
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
    rows, states, degrees = [_start_row(state, setting)], [state], [_degrees(state, setting)]
    for month in range(1, count("months", months) + 1):
        state, row, degree = _step(state, month, setting)
        rows.append(row)
        states.append(state)
        degrees.append(degree)
    series = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    anybody = series["members"] > 0.0
    size = degree_law.giant_component(_stacked(degrees))
    theory = np.asarray(percolation.giant_component(np.nan_to_num(series["mean_degree"])))
    for name, values in {
        "s_inf": size,
        "s_inf_theory": theory,
        "specialization": _specialization(states, setting),
    }.items():
        series[name] = np.where(anybody, values, np.nan)
    return Trajectory(month=np.arange(float(len(rows))), **series)


def _specialization(states: list[_State], setting: Setting) -> FloatArray:
    """Mean index over the members of every month, (T,)."""
    members = np.array([state.population.by_class for state in states])[:, :, None]
    main = np.array([state.labor.main for state in states]) * members
    squares = np.array([state.labor.squares for state in states])
    index = labor_rule.specialization(squares, setting.n_types)
    return over((main * index).sum(axis=(1, 2)), main.sum(axis=(1, 2)))


def _start(setting: Setting) -> _State:
    population, newcomers = population_rule.start(setting), labor_rule.newcomers(setting)
    technology, provider = technology_rule.start(setting)
    nothing = np.zeros(setting.classes.shape[1])
    return _State(
        population, link_rule.start(population.members, setting), newcomers, newcomers, technology, provider,
        np.zeros(setting.n_types), first_ask(provider.price, setting), nothing, nothing, 0.0, 0.0, 0.0,
    )  # fmt: skip


def _step(state: _State, month: int, setting: Setting) -> tuple[_State, dict[str, float], Degrees]:
    """One month, rules in order; its measures and degrees."""
    technology = state.technology.advanced(setting)
    state, moves = _peopled(replace(state, technology=technology), setting)
    value = _link_value(state, setting)
    links = link_rule.failed(state.links, moves.stay, setting)
    fitness = fitness_of_merit(state.population.merit(technology.merit(setting)))
    links = link_rule.formed(links, state.population.members, moves, fitness, value, setting)
    state = replace(state, links=links)
    on_task = labor_rule.tasks(state.labor, state.signal, setting)
    state = replace(state, ask=asked(state.ask, state.had_capacity, state.use, setting))
    offered, degrees = _supply(state, on_task, setting), _degrees(state, setting)
    market = cleared(offered, degrees, _ends(state), state.population.total, state.provider, setting)
    row = _row(state, offered, market, value, setting)
    state = replace(
        _learned(state, on_task, offered, market, setting),
        up_to_date=_spread(state.up_to_date, degrees, month, setting),
    )
    row |= _learned_row(state)
    technology, provider = technology_rule.invested(
        technology, state.provider, float(market.by_provider.sum()), float(moves.joined.sum()), row["mean_ask"],
        setting,
    )  # fmt: skip
    return replace(state, technology=technology, provider=provider), row, degrees


def _peopled(state: _State, setting: Setting) -> tuple[_State, Moves]:
    """Rule 2: members move, and what they carry is mixed with what newcomers bring."""
    merit = state.technology.merit(setting)
    population, moves = population_rule.moved(state.population, merit, state.benefit, setting)
    new = over(moves.joined.sum(axis=1), population.by_class)
    old = 1.0 - ratio(moves.joined.sum(), population.total)
    mixed = replace(
        state,
        population=population,
        labor=state.labor.mixed(state.newcomers, new),
        signal=state.signal * (old if setting.signal == "local" else 1.0),
        ask=(1.0 - new) * state.ask + new * first_ask(state.provider.price, setting),
        had_capacity=(1.0 - new) * state.had_capacity,
        knowledge=old * state.knowledge,
        up_to_date=old * state.up_to_date,
    )
    return mixed, moves


def _link_value(state: _State, setting: Setting) -> float:
    """v: as given, else the chance that a typical offer one hop away is preferred; 0 without members."""
    if setting.link_value is not None:
        return float(setting.link_value)
    if state.population.total == 0.0:
        return 0.0
    share = state.population.by_class / state.population.total
    typical = quality_of(state.technology.quality(setting)[:, None], state.labor.effort, setting)
    quality = float(share @ (state.labor.main * typical).sum(axis=1))
    mesh = setting.query_value * quality - float(share @ state.ask) - setting.settlement_fee
    hosted = setting.query_value * float(setting.weights @ state.provider.quality) - state.provider.paid
    latency = setting.latency_cost * (setting.provider_latency - setting.hop_latency)
    return float(
        1.0 / (1.0 + np.exp(-np.clip((mesh - hosted + latency) / setting.choice_noise, -60.0, 60.0)))
    )


def _supply(state: _State, on_task: FloatArray, setting: Setting) -> Supply:
    gain = 1.0 + setting.knowledge_gain * state.knowledge / (1.0 + state.knowledge)
    return supply(
        state.labor, on_task, state.population.by_class, state.technology.capacity(setting) * gain,
        state.technology.quality(setting), state.ask, state.up_to_date, setting,
    )  # fmt: skip


def _degrees(state: _State, setting: Setting) -> Degrees:
    return Degrees.of(state.links, state.population.members, setting.slots)


def _ends(state: _State) -> FloatArray:
    """Share of the ends of device links that are at one device of each class (per device and owner), (K,)."""
    ends = state.links.degree.sum(axis=1)
    return over(over(ends, ends.sum()), state.population.by_class)


def _stacked(degrees: list[Degrees]) -> Degrees:
    """The degrees of all months, (T, G) each."""
    columns = [np.array([getattr(one, field.name) for one in degrees]) for field in fields(Degrees)[1:]]
    return Degrees(degrees[0].slots, *columns)


def _learned(state: _State, on_task: FloatArray, offered: Supply, market: Market, setting: Setting) -> _State:
    """Rules 6d (calls), 7 and 8 (practice): what the month leaves in the devices."""
    serves = market.serves.reshape(2, -1, setting.n_types)
    memory, calls = setting.signal_memory, ratio(setting.n_types, setting.demand)
    had = over(offered.by_class(offered.open), state.population.by_class)
    use = over(offered.by_class(market.load), offered.by_class(offered.devices * offered.capacity))
    members = state.population.by_class
    busy = ratio((members * had * use).sum(), members.sum())
    return replace(
        state,
        labor=labor_rule.practiced(state.labor, on_task, serves, setting),
        signal=memory * state.signal + (1.0 - memory) * calls * market.heard,
        had_capacity=had,
        use=use,
        knowledge=(1.0 - setting.obsolescence) * state.knowledge + setting.practice * busy,
        benefit=market.benefit,
    )


def _spread(x: float, degrees: Degrees, month: int, setting: Setting) -> float:
    """Share up to date after releases, contagion and falling behind (SIS)."""
    if (month - 1) % setting.release_every == 0:
        x += setting.update_seed * (1.0 - x)
    spared, _ = degrees.generating(np.array([1.0 - setting.update_rate * x]))
    caught = float(np.clip(degrees.weight.sum() - spared[0], 0.0, 1.0))
    return (1.0 - setting.update_recovery) * x + (1.0 - x) * caught


def _start_row(state: _State, setting: Setting) -> dict[str, float]:
    flows = (
        "link_value share_mesh share_self share_provider share_unserved market_share share_mesh_head share_mesh_tail "
        "active mean_ask member_benefit"
    )
    row = dict.fromkeys(flows.split(), np.nan) | _structure(state, setting) | _learned_row(state)
    return row | {"provider_price": state.provider.paid, "technology_index": 0.0, "unit_cost": 1.0}


def _structure(state: _State, setting: Setting) -> dict[str, float]:
    """Stocks of the network."""
    links, n = state.links, state.population.total
    merit = state.population.merit(state.technology.merit(setting))
    filled = float(links.filled.sum())
    return {
        "members": n * setting.n_owners,
        "mean_degree": _share(links.degree.sum(), n),
        "condensate": _share(links.hosted.sum(), filled),
        "filled_slots": _share(filled, setting.slots * n),
        "mean_odds": _share((state.population.members * merit).sum(), n),
    }


def _learned_row(state: _State) -> dict[str, float]:
    """Stocks of the devices at the end of the month."""
    anybody = state.population.total > 0.0
    return {
        "mean_knowledge": state.knowledge if anybody else np.nan,
        "up_to_date": state.up_to_date if anybody else np.nan,
    }


def _row(state: _State, offered: Supply, market: Market, value: float, setting: Setting) -> dict[str, float]:
    """Measures of the month before learning."""
    demand, n = float(market.demand.sum()), state.population.total
    mesh, own, hosted = (float(x.sum()) for x in (market.by_mesh, market.by_self, market.by_provider))
    head = np.zeros(setting.n_types, bool)
    head[np.argsort(-setting.weights, kind="stable")[: -(-setting.n_types // 4)]] = True
    on_task = offered.devices.sum(axis=1)
    return _structure(state, setting) | {
        "link_value": value,
        "share_mesh": _share(mesh, demand),
        "share_self": _share(own, demand),
        "share_provider": _share(hosted, demand),
        "share_unserved": _share(market.unserved.sum(), demand),
        "market_share": _share(mesh + own, mesh + own + hosted),
        "share_mesh_head": _share(market.by_mesh[head].sum(), market.demand[head].sum()),
        "share_mesh_tail": _share(market.by_mesh[~head].sum(), market.demand[~head].sum()),
        "active": _share((offered.devices * market.serves).sum(), n),
        "mean_ask": _share((on_task * offered.ask).sum(), on_task.sum()),
        "provider_price": state.provider.paid,
        "member_benefit": market.benefit if n > 0.0 else np.nan,
        "technology_index": state.technology.index,
        "unit_cost": state.technology.cost,
    }


def _share(part: float, whole: float) -> float:
    """part/whole, NaN where there is no whole."""
    return float(part) / float(whole) if whole > 0.0 else np.nan
