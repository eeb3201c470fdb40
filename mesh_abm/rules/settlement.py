"""Rule 6c, choice, delivery and settlement by clearinghouse: query after query, in a random but fixed order.

Each query draws among its options by logit (McFadden 1974); its gain over the provider alone is the difference of
log-sums (Small and Rosen 1981). A delivery happens with all its payments or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from mesh_abm.books import Reason
from mesh_abm.network import count_traffic
from mesh_abm.parallel import over_rows
from mesh_abm.rules.demand import Queries
from mesh_abm.rules.offers import CLIP, INFINITE_PRICE, offer_utility, pay_for, terms_of_trade
from mesh_abm.rules.routing import FOUND
from mesh_abm.state import NO_USE
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

BY_SELF, BY_MESH = -1, -2  # fate of a query that was served here; else the Reason why it was not
FRONTIER, NO_CAPACITY, FUNDS, SETTLEMENT = (
    int(r) for r in (Reason.FRONTIER, Reason.NO_CAPACITY, Reason.FUNDS, Reason.SETTLEMENT)
)
QUALITY, PRICE, LATENCY, TASTE = (
    int(r) for r in (Reason.QUALITY, Reason.PRICE, Reason.LATENCY, Reason.TASTE)
)
PROVIDER_DRAWN, SELF_DRAWN, MESH_DRAWN, NOTHING = 0, 1, 2, 3


class Devices(NamedTuple):
    """The columns that a delivery reads and writes."""

    device_class: npt.NDArray[np.uint8]
    task: npt.NDArray[np.int8]
    quality: npt.NDArray[np.float64]
    capacity: npt.NDArray[np.int32]
    ask: npt.NDArray[np.int64]
    wallet: npt.NDArray[np.int64]
    load: npt.NDArray[np.int32]
    delivered: npt.NDArray[np.int32]
    relayed: npt.NDArray[np.int32]
    hosted: npt.NDArray[np.int32]


class Tally(NamedTuple):
    """Counts of the month by type, (J,), by reason, (10,), and sums of money: spent, pool, earned, needed."""

    by_self: npt.NDArray[np.int64]
    by_mesh: npt.NDArray[np.int64]
    by_provider: npt.NDArray[np.int64]
    unserved: npt.NDArray[np.int64]
    reasons: npt.NDArray[np.int64]
    sums: npt.NDArray[np.int64]


SPENT, POOL, EARNED, NEEDED = range(4)


class Settlement:
    """Chooses and delivers every query of the month; wallets, till and pool move together."""

    def apply(self, model: MeshModel) -> None:
        state, net, provider = model.state, model.network, model.provider
        net.traffic[:] = 0
        devices = Devices(*(getattr(state, name) for name in Devices._fields))
        flows = model.flows
        tally = Tally(
            flows.by_self,
            flows.by_mesh,
            flows.by_provider,
            flows.unserved,
            flows.reasons,
            np.zeros(4, np.int64),
        )
        fate = np.zeros(model.queries.count, np.int8)
        flows.gains, bought = _settle(
            delivery_order(model.queries, stream_key(model.seed, "order", model.month)),
            model.queries, model.offers, devices, net.slots, net.traffic, model.running_costs, provider.quality,
            terms_of_trade(model), provider.capacity_left, settlement_limit(model),
            stream_key(model.seed, "choice", model.month), fate, tally,
        )  # fmt: skip
        model.fate = fate
        provider.sell(bought, bought * provider.price_paid if bought else 0)
        self.book(model, tally)
        over_rows(_use, model.members.size, model.members, state.load, state.capacity, state.utilization)

    def book(self, model: MeshModel, tally: Tally) -> None:
        """Enters the month's sums into the books."""
        flows, sums = model.flows, [int(x) for x in tally.sums]
        flows.settled = int(tally.by_mesh.sum())
        flows.settlement_needed, flows.earned = sums[NEEDED], sums[EARNED]
        model.money.spent += sums[SPENT]
        model.money.pool += sums[POOL]
        if model.members.size:
            model.benefit = (flows.gains + flows.earned) / model.members.size
        else:
            model.benefit = 0.0


def settlement_limit(model: MeshModel) -> int:
    """Deliveries that can be settled this month: until `settlement_capacity` x P is reached."""
    limit = model.par.settlement_capacity * model.par.n_owners
    return int(np.ceil(min(limit, 2.0**62)))


def delivery_order(queries: Queries, key: np.uint64) -> npt.NDArray[np.int64]:
    """A random order of the queries: by a hash of their names, so that one query more does not shuffle the others."""
    rank = np.empty(queries.count, np.uint64)
    over_rows(_rank, queries.count, queries, key, rank)
    return np.argsort(rank)


@njit(nogil=True, cache=True)
def _rank(start, stop, queries, key, rank):
    for q in range(start, stop):
        rank[q] = substream(substream(key, queries.origin[q]), queries.number[q])


@njit(nogil=True, cache=True)
def _use(start, stop, members, load, capacity, utilization):
    for a in range(start, stop):
        i = members[a]
        utilization[i] = load[i] / capacity[i] if capacity[i] >= 1 else NO_USE


@njit(inline="always")
def draw_option(u, utilities, noise):
    """One of the options (those with utility above -inf) by logit, and ln of the sum of exp(U / noise) times noise."""
    top = max(utilities[0], utilities[1], utilities[2])
    if top == -np.inf:
        return NOTHING, 0.0
    total = 0.0
    for o in range(3):
        if utilities[o] > -np.inf:
            total += np.exp(max(-CLIP, (utilities[o] - top) / noise))
    mark = u * total
    drawn = NOTHING
    for o in range(3):
        if utilities[o] > -np.inf:
            drawn = o
            mark -= np.exp(max(-CLIP, (utilities[o] - top) / noise))
            if mark < 0.0:
                break
    return drawn, top + noise * np.log(total)


@njit(inline="always")
def surplus(utilities, log_sum):
    """Gain of having more than the provider; 0 where there was nothing else."""
    if utilities[SELF_DRAWN] == -np.inf and utilities[MESH_DRAWN] == -np.inf:
        return 0.0
    return log_sum - (utilities[PROVIDER_DRAWN] if utilities[PROVIDER_DRAWN] > -np.inf else 0.0)


@njit(inline="always")
def why_provider(quality, pay, hops, provider_quality, terms):
    """The largest advantage of the provider over the offer that it was preferred to."""
    by_quality = terms.query_value * (provider_quality - quality)
    by_price = float(pay - terms.price)
    by_latency = terms.hop_cost * hops - terms.provider_delay
    best = max(by_quality, by_price, by_latency)
    if best <= 0.0:
        return TASTE
    if best == by_quality:
        return QUALITY
    return PRICE if best == by_price else LATENCY


@njit(inline="always")
def deliver(i, k, moves, path, pay, d, slots, traffic, running_cost, terms, sums):
    """All payments of one mesh delivery together; a fee that the origin earns as its own relay comes back to it."""
    fee = np.int64(np.rint(terms.relay_fee * d.ask[k]))
    d.wallet[i] -= pay
    at = i
    for m in range(moves):
        relay = path[m]
        d.wallet[relay] += fee
        d.relayed[relay] += 1
        sums[EARNED] += fee
        count_traffic(slots, traffic, at, relay)
        at = relay
    count_traffic(slots, traffic, at, k)
    d.wallet[k] += d.ask[k] - running_cost
    d.load[k] += 1
    d.delivered[k] += 1
    sums[SPENT] += running_cost
    sums[POOL] += terms.fee
    sums[EARNED] += d.ask[k] - running_cost


@njit(nogil=True, cache=True)
def _settle(
    order, queries, offers, d, slots, traffic, costs, provider_quality, terms, hosted_left, limit, key, fate, tally
):  # fmt: skip
    gains = 0.0
    bought = 0
    settled = 0
    u = np.empty(3)
    for q in order:
        i, j = queries.origin[q], queries.type[q]
        own_cost = costs[d.device_class[i]]
        k = offers.specialist[q]
        hops = offers.moves[q] + 1
        found = not queries.frontier[q] and offers.outcome[q] == FOUND
        pay = pay_for(d.ask[k], hops, terms) if found else 0
        u[:] = -np.inf
        if bought < hosted_left and d.wallet[i] >= terms.price and terms.price < INFINITE_PRICE:
            u[PROVIDER_DRAWN] = terms.query_value * provider_quality[j] - terms.price - terms.provider_delay
        if not queries.frontier[q]:
            if d.task[i] == j and d.load[i] < d.capacity[i] and d.wallet[i] >= own_cost:
                u[SELF_DRAWN] = terms.query_value * d.quality[i] - own_cost
            if found:
                u[MESH_DRAWN] = offer_utility(d.quality[k], d.ask[k], hops, terms)
        drawn, log_sum = draw_option(
            uniform(substream(substream(key, i), queries.number[q]), 0), u, terms.noise
        )
        end = FRONTIER if queries.frontier[q] else offers.outcome[q]
        if drawn == SELF_DRAWN:
            end = BY_SELF
            d.wallet[i] -= own_cost
            d.load[i] += 1
            tally.sums[SPENT] += own_cost
        elif drawn == MESH_DRAWN:
            if d.load[k] >= d.capacity[k]:
                end = NO_CAPACITY
            elif d.wallet[i] < pay:
                end = FUNDS
            else:
                tally.sums[NEEDED] += 1
                if settled >= limit:
                    end = SETTLEMENT
                else:
                    settled += 1
                    end = BY_MESH
                    running_cost = costs[d.device_class[k]]
                    deliver(
                        i,
                        k,
                        hops - 1,
                        offers.path[q],
                        pay,
                        d,
                        slots,
                        traffic,
                        running_cost,
                        terms,
                        tally.sums,
                    )
        elif drawn == PROVIDER_DRAWN and found:
            end = why_provider(d.quality[k], pay, hops, provider_quality[j], terms)
        fate[q] = end
        if not queries.frontier[q] and (drawn != MESH_DRAWN or end == BY_MESH) and drawn != NOTHING:
            gains += surplus(u, log_sum)
        if end == BY_SELF:
            tally.by_self[j] += 1
        elif end == BY_MESH:
            tally.by_mesh[j] += 1
        else:
            tally.reasons[end] += 1
            if bought < hosted_left and d.wallet[i] >= terms.price:
                bought += 1
                d.wallet[i] -= terms.price
                d.hosted[i] += 1
                tally.by_provider[j] += 1
            else:
                tally.unserved[j] += 1
    return gains, bought
