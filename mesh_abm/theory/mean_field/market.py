"""Rule 6: a month of queries, from demand to who served them. All counts are per owner."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np

from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field.choice import Drawn, Options, draw
from mesh_abm.theory.mean_field.degrees import Degrees
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.search import Search, best_kinds, search
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.sums import over_first, over_last
from mesh_abm.theory.mean_field.supply import Supply, by_kind, served_of
from mesh_abm.theory.mean_field.technology import Provider


class Market(NamedTuple):
    """What became of the queries of a month.

    By type, (J,), per owner: served `by_self`, `by_mesh`, `by_provider`. By kind of offer and type, (R, J): `load` of
    devices with capacity together, and `serves`, the chance that a device on the type serves at all. `heard`: calls
    of each type heard per member, (J,). `benefit`: mean of a member, in money.
    """

    by_self: FloatArray
    by_mesh: FloatArray
    by_provider: FloatArray
    load: FloatArray
    serves: FloatArray
    heard: FloatArray
    benefit: float


class _Month(NamedTuple):
    """All that a market clears: what is found and offered, what an offer pays its owner (R, J), and who asks."""

    supply: Supply
    found: Search
    paid: FloatArray
    members: float
    outside: float  # demand of non-members, queries a month
    room: float  # what the provider has left for members
    there: FloatArray  # devices with capacity on each type, (J,)


def cleared(
    supply: Supply,
    degrees: Degrees,
    ends: FloatArray,
    members: float,
    provider: Provider,
    setting: Setting,
) -> Market:
    """A month of queries; `ends` (K,) is the share of the ends of device links at a device of a class, per device."""
    weight = supply.open * by_kind(ends)[:, None]
    found = search(degrees, over_first(weight), setting.ttl, setting.looks)
    relays = setting.relay_fee * np.maximum(found.hops - 1.0, 0.0)
    paid = supply.ask[:, None] * (1.0 + relays)
    outside = _outside(members, provider, setting)
    room = max(0.0, provider.capacity - outside)
    month = _Month(supply, found, paid, members, outside, room, over_first(supply.open))
    options = _options(month, weight, provider, setting)
    market = _delivered(month, options, setting)
    wanted = members * setting.demand - float(market.by_self.sum()) - float(market.by_mesh.sum())
    if options.provider > 0.0 and wanted > room:  # an option for the part that fits
        market = _delivered(month, options._replace(provider=room / wanted), setting)
    return market


def part_that_fits(wanted: float, room: float) -> float:
    """Share of what is wanted that there is room for, 1 where all of it fits."""
    return room / wanted if wanted > room else 1.0


def strangers(members: float, setting: Setting) -> float:
    """Non-members, owners or not, per owner."""
    return max(0.0, 1.0 - members) + setting.non_owners


def _outside(members: float, provider: Provider, setting: Setting) -> float:
    """Queries of non-members that the provider serves."""
    asked = strangers(members, setting) * setting.demand
    return asked * part_that_fits(asked, provider.capacity) if isfinite(provider.price) else 0.0


def _options(month: _Month, weight: FloatArray, provider: Provider, setting: Setting) -> Options:
    """Utilities at the mean number of hops, less the provider's (its price left out where it is infinite)."""
    supply, v, noise = month.supply, setting.query_value, setting.choice_noise
    there = isfinite(provider.price)
    cost = (provider.paid if there else 0.0) + setting.latency_cost * setting.provider_latency
    level = v * provider.quality - cost
    quality = v * supply.quality
    latency = (setting.latency_cost * setting.hop_latency) * month.found.hops
    offer = quality - month.paid
    offer -= latency + level + setting.settlement_fee
    offer *= 1.0 / noise
    own = over_first(supply.open * quality) - setting.kind_cost.dot(supply.open)
    return Options(
        offer,
        best_kinds(month.found, weight, offer),
        (over(own, month.there) - level) * (1.0 / noise),
        np.minimum(over(month.there, month.members), 1.0),
        float(there),
        level,
        noise,
    )


def _delivered(month: _Month, options: Options, setting: Setting) -> Market:
    """Draws, loads within capacities, and what is left to the provider."""
    drawn, members, supply = draw(options), month.members, month.supply
    local = members * setting.local_queries
    own, to_mesh = local * drawn.own, local * drawn.mesh
    to_own = supply.open * over(own, month.there)
    arrivals = over(to_own + to_mesh, supply.open)
    accepted = over(served_of(arrivals, supply.capacity), arrivals)
    by_mesh, own_load = to_mesh * accepted, to_own * accepted
    settled = part_that_fits(float(by_mesh.sum()), setting.settlement_capacity)
    if settled < 1.0:
        by_mesh *= settled
    by_self, mesh = over_first(own_load), over_first(by_mesh)
    failed = own + over_first(to_mesh) - by_self - mesh
    hosted = local * drawn.provider + options.provider * (failed + members * setting.frontier_queries)
    hosted *= part_that_fits(float(hosted.sum()), month.room)
    return Market(
        by_self, mesh, hosted + month.outside * setting.weights, own_load + by_mesh,
        supply.chance * -np.expm1(-arrivals),
        _heard(drawn, month.found, accepted, over(by_self, own), setting),
        _benefit(drawn, accepted * settled, by_mesh, local, month, setting),
    )  # fmt: skip


def _heard(
    drawn: Drawn, found: Search, accepted: FloatArray, own_served: FloatArray, setting: Setting
) -> FloatArray:
    """Calls heard per member: by the origin, and with local signals at every node the walk moved to."""
    moves = setting.ttl - 1 if setting.signal == "local" else 0
    missing = np.maximum(1.0 - found.found, 0.0)
    unanswered = missing - drawn.own_alone * own_served  # nothing found, and the own device did not serve
    failed = unanswered * (1.0 + moves * np.maximum(1.0 - over(found.no_link, missing), 0.0))
    hops = found.hops if setting.signal == "local" else np.minimum(found.hops, 1.0)
    full = over_first(drawn.mesh * (1.0 - accepted)) * hops
    return setting.local_queries * (failed + full)


def _benefit(
    drawn: Drawn, kept: FloatArray, by_mesh: FloatArray, local: FloatArray, month: _Month, setting: Setting
) -> float:
    """Log-sum gains of what could be delivered, the part `kept`, and earnings, a member."""
    gains = local.dot(drawn.gain - over_first(drawn.gain_mesh * (1.0 - kept)))
    earned = np.vdot(by_mesh, month.paid) - setting.kind_cost.dot(over_last(by_mesh))
    return ratio(float(gains + earned), month.members)
