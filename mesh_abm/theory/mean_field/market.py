"""Rule 6: a month of queries, from demand to who served them. All counts are per owner."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.choice import Drawn, Options, draw
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.search import Search, best_kinds, search
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.supply import Supply, served_of
from mesh_abm.theory.mean_field.technology import Provider


@dataclass(frozen=True)
class Market:
    """What became of the queries of a month.

    By type, (J,), per owner: `demand` of all, served `by_self`, `by_mesh`, `by_provider`, and `unserved`. By kind
    of offer and type, (R, J): `load` of devices with capacity together, and `serves`, the chance that a device on
    the type serves at all. `heard`: calls of each type heard per member, (J,). `benefit`: mean of a member, in money.
    """

    demand: FloatArray
    by_self: FloatArray
    by_mesh: FloatArray
    by_provider: FloatArray
    unserved: FloatArray
    load: FloatArray
    serves: FloatArray
    heard: FloatArray
    benefit: float


def cleared(
    supply: Supply,
    degrees: Degrees,
    ends: FloatArray,
    members: float,
    provider: Provider,
    setting: Setting,
) -> Market:
    """A month of queries; `ends` (K,) is the share of the ends of device links at a device of a class, per device."""
    weight = supply.open * np.tile(ends, 2)[:, None]
    found = search(degrees, weight.sum(axis=0), setting.ttl, setting.looks)
    options = _options(supply, found, weight, members, provider, setting)
    month = _delivered(options, supply, found, members, provider, setting)
    asked = members * setting.demand * setting.weights
    wanted = asked.sum() - month.by_self.sum() - month.by_mesh.sum()
    left = max(0.0, provider.capacity - _outside(members, provider, setting).sum())
    if options.provider > 0.0 and wanted > left:  # an option for the part that fits
        month = _delivered(
            replace(options, provider=left / wanted), supply, found, members, provider, setting
        )
    return month


def part_that_fits(wanted: float, room: float) -> float:
    """Share of what is wanted that there is room for, 1 where all of it fits."""
    return room / wanted if wanted > room else 1.0


def _outside(members: float, provider: Provider, setting: Setting) -> FloatArray:
    """Queries of non-members that the provider serves, by type."""
    asked = _strangers(members, setting)
    if not np.isfinite(provider.price):
        return 0.0 * asked
    return asked * part_that_fits(float(asked.sum()), provider.capacity)


def _strangers(members: float, setting: Setting) -> FloatArray:
    return setting.demand * setting.weights * (max(0.0, 1.0 - members) + setting.non_owners)


def _options(
    supply: Supply,
    found: Search,
    weight: FloatArray,
    members: float,
    provider: Provider,
    setting: Setting,
) -> Options:
    """Utilities at the mean number of hops, less the provider's (its price left out where it is infinite)."""
    v, noise = setting.query_value, setting.choice_noise
    price = provider.paid if np.isfinite(provider.price) else 0.0
    level = v * provider.quality - price - setting.latency_cost * setting.provider_latency
    offer = v * supply.quality - _pay(supply, found, setting)
    offer = offer - setting.latency_cost * setting.hop_latency * found.hops
    own = v * supply.quality - supply.cost[:, None]
    there = supply.open.sum(axis=0)
    return Options(
        (offer - level) / noise,
        best_kinds(found, weight, offer),
        (over((supply.open * own).sum(axis=0), there) - level) / noise,
        np.minimum(1.0, over(there, members)),
        float(np.isfinite(provider.price)),
        level,
        noise,
    )


def _pay(supply: Supply, found: Search, setting: Setting) -> FloatArray:
    """What an offer costs the origin: ask, relays, settlement; (R, J)."""
    relays = np.maximum(0.0, found.hops - 1.0) * setting.relay_fee
    return supply.ask[:, None] * (1.0 + relays) + setting.settlement_fee


def _delivered(
    options: Options,
    supply: Supply,
    found: Search,
    members: float,
    provider: Provider,
    setting: Setting,
) -> Market:
    """Draws, loads within capacities, and what is left to the provider."""
    drawn, queries = draw(options), members * setting.demand * setting.weights
    local, there = queries * (1.0 - setting.frontier), supply.open.sum(axis=0)
    to_own, to_mesh = local * drawn.own * over(supply.open, there), local * drawn.mesh
    arrivals = over(to_own + to_mesh, supply.open)
    accepted = over(served_of(arrivals, supply.capacity), arrivals)
    by_mesh = to_mesh * accepted
    settled = part_that_fits(float(by_mesh.sum()), setting.settlement_capacity)
    by_mesh = by_mesh * settled
    own_served = over((to_own * accepted).sum(axis=0), to_own.sum(axis=0))
    by_self = local * drawn.own * own_served
    load = to_own * accepted + by_mesh
    strangers = _outside(members, provider, setting)
    failed = local * (drawn.own + drawn.mesh.sum(axis=0)) - by_self - by_mesh.sum(axis=0)
    hosted = local * drawn.provider + options.provider * (failed + queries * setting.frontier)
    left = max(0.0, provider.capacity - strangers.sum())
    hosted = hosted * part_that_fits(float(hosted.sum()), left)
    demand = queries + _strangers(members, setting)
    by_provider, mesh = strangers + hosted, by_mesh.sum(axis=0)
    unserved = demand - by_self - mesh - by_provider
    unserved = np.where(unserved > 1e-12 * demand, unserved, 0.0)  # not what rounding leaves
    lost = 1.0 - accepted * settled
    return Market(
        demand, by_self, mesh, by_provider, unserved, load,
        supply.chance * -np.expm1(-arrivals),
        _heard(drawn, found, accepted, own_served, setting),
        _benefit(drawn, lost, by_mesh, local, supply, found, members, setting),
    )  # fmt: skip


def _heard(
    drawn: Drawn, found: Search, accepted: FloatArray, own_served: FloatArray, setting: Setting
) -> FloatArray:
    """Calls heard per member: by the origin, and with local signals at every node the walk moved to."""
    moves = setting.ttl - 1 if setting.signal == "local" else 0
    missing = 1.0 - found.found
    unanswered = over(missing - drawn.own_alone * own_served, missing)  # of the searches that found nothing
    failed = unanswered * (found.no_link + (missing - found.no_link) * (1.0 + moves))
    hops = found.hops if setting.signal == "local" else np.minimum(found.hops, 1.0)
    full = (drawn.mesh * (1.0 - accepted)).sum(axis=0) * hops
    return setting.demand * setting.weights * (1.0 - setting.frontier) * (failed + full)


def _benefit(
    drawn: Drawn,
    lost: FloatArray,
    by_mesh: FloatArray,
    local: FloatArray,
    supply: Supply,
    found: Search,
    members: float,
    setting: Setting,
) -> float:
    """Log-sum gains of what could be delivered, and earnings, a member."""
    gains = local @ (drawn.gain - (drawn.gain_mesh * lost).sum(axis=0))
    relays = np.maximum(0.0, found.hops - 1.0) * setting.relay_fee
    earned = (by_mesh * (supply.ask[:, None] * (1.0 + relays) - supply.cost[:, None])).sum()
    return ratio(gains + earned, members)
