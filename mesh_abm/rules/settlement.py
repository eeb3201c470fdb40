"""Rule 6d, delivery and settlement by clearinghouse: query after query, in a random order that the seed fixes.

A delivery happens with all its payments or not at all; every query ends once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.books import Reason
from mesh_abm.kernels import inlined, kernel
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.choice import (
    MESH_DRAWN,
    NO_OPTION,
    PROVIDER_DRAWN,
    SELF_DRAWN,
    draw_option,
    why_provider,
)
from mesh_abm.rules.offers import Terms, offer_utility, pay_for, terms_of_trade
from mesh_abm.rules.routing import FOUND
from mesh_abm.state import NO_USE
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

PROVIDER_HAD, SELF_HAD = 1, 2  # options of a query beside the offer found; they add up
BY_SELF, BY_MESH = -1, -2  # fate of a query that was served here; else the Reason why it was not
FRONTIER, NO_CAPACITY, FUNDS, SETTLEMENT = (
    int(r) for r in (Reason.FRONTIER, Reason.NO_CAPACITY, Reason.FUNDS, Reason.SETTLEMENT)
)


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


class Market(NamedTuple):
    """What choices depend on: the devices, running cost by class, the provider, the terms, and the key of the draws."""

    devices: Devices
    costs: npt.NDArray[np.int64]
    hosted_quality: npt.NDArray[np.float64]
    terms: Terms
    hosted_left: int
    key: np.uint64


class Draws(NamedTuple):
    """What each query draws if its options are those it has when the month opens, (Q,)."""

    options: npt.NDArray[
        np.int8
    ]  # PROVIDER_HAD, SELF_HAD and their sum; an offer, once found, does not go away
    drawn: npt.NDArray[np.int8]
    gain: npt.NDArray[np.float64]

    @classmethod
    def empty(cls, n: int) -> Draws:
        return cls(np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n))


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
        state, provider, n = model.state, model.provider, model.queries.total
        devices = Devices(*(getattr(state, name) for name in Devices._fields))
        flows, sums = model.flows, np.zeros(4, np.int64)
        tally = Tally(flows.by_self, flows.by_mesh, flows.by_provider, flows.unserved, flows.reasons, sums)
        market = Market(
            devices, model.running_costs, provider.quality, terms_of_trade(model), provider.capacity_left,
            stream_key(model.seed, "settlement", model.month),
        )  # fmt: skip
        lots, draws = np.empty(n, np.uint64), Draws.empty(n)
        over_rows(_draw_ahead, n, model.queries, model.offers, market, lots, draws, chunk=HEAVY)
        fate = np.empty(n, np.int8)
        flows.gains, bought = _settle(
            in_order(lots), model.queries, model.offers, market, draws, settlement_limit(model), fate, tally,
        )  # fmt: skip
        model.fate = fate
        model.network.carry(partial(_count_traffic, model.queries, model.offers, fate, model.network.slots))
        provider.sell(bought, bought * provider.price_paid if bought else 0)
        self.book(model, tally)
        over_rows(_use, state.n_owners, state.load, state.capacity, state.utilization)

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


def in_order(lots: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The queries in the order of their lots, a hash of their names, (Q,): one more does not shuffle the others.

    A query's number takes the place of the last bits of its lot, so that one sort does: many times as fast as argsort.
    """
    bits = np.uint64(int(lots.size).bit_length())
    numbered = (lots >> bits << bits) | np.arange(lots.size, dtype=np.uint64)
    numbered.sort()
    return numbered & ((np.uint64(1) << bits) - np.uint64(1))


@kernel
def _use(start, stop, load, capacity, utilization):
    for i in range(start, stop):
        use = load[i] / capacity[i]
        utilization[i] = use if capacity[i] >= 1 else NO_USE


@inlined
def end_of_delivery(i, k, pay, settled, limit, wallet, load, capacity):
    """How a delivery by k that i has drawn ends: BY_MESH, or the reason why not."""
    if load[k] >= capacity[k]:
        return NO_CAPACITY
    if wallet[i] < pay:
        return FUNDS
    return SETTLEMENT if settled >= limit else BY_MESH


@inlined
def options_had(hosted_left, wallet, price, able, free, own_cost):
    """What a query can turn to beside the offer found: the provider, its own device, both (the sum) or nothing (0).

    `able`: the device works on the query's type; `free`: capacity that it has left.
    """
    has_provider = (hosted_left > 0) & (wallet >= price)
    has_self = able & (free > 0) & (wallet >= own_cost)
    return PROVIDER_HAD * has_provider + SELF_HAD * has_self


@inlined
def draw(u, options, found, hosted_quality, own_quality, own_cost, quality, ask, hops, terms):
    """What a query draws among these options and the offer, if one was found, and the gain; see `draw_option`."""
    provider = own = mesh = NO_OPTION
    if options & PROVIDER_HAD:
        provider = terms.query_value * hosted_quality - terms.price - terms.provider_delay
    if options & SELF_HAD:
        own = terms.query_value * own_quality - own_cost
    if found:
        mesh = offer_utility(quality, ask, hops, terms)
    return draw_option(u, provider, own, mesh, terms.noise)


# Columns are taken out of their tuples once in these kernels, and inlined functions are given numbers, not arrays:
# inside a loop each array handed over would count references, which takes longer than most of what they do.
@kernel
def _draw_ahead(start, stop, queries, offers, market, lots, draws):
    """The draws that can be made at once for all queries: with the options that are there as deliveries begin."""
    origins, numbers, types, frontier = queries
    specialists, moves, outcomes, _paths = offers
    devices, costs, hosted_quality, terms, hosted_left, key = market
    device_class, task, quality, capacity, ask, wallet, load, _delivered, _relayed, _hosted = devices
    options, drawn, gains = draws
    for q in range(start, stop):
        i, j, k = origins[q], types[q], specialists[q]
        lot = substream(substream(key, i), numbers[q])
        own_cost = costs[device_class[i]]
        able = (task[i] == j) & (not frontier[q])
        had = options_had(hosted_left, wallet[i], terms.price, able, capacity[i] - load[i], own_cost)
        d, gain = draw(
            uniform(lot, 1), had, outcomes[q] == FOUND, hosted_quality[j], quality[i], own_cost, quality[k], ask[k],
            moves[q] + 1, terms,
        )  # fmt: skip
        lots[q], options[q], drawn[q], gains[q] = lot, had, d, gain


@kernel
def _settle(order, queries, offers, market, draws, limit, fate, tally):
    origins, numbers, types, frontier = queries
    specialists, moves, outcomes, paths = offers
    devices, costs, hosted_quality, terms, hosted_left, key = market
    device_class, task, quality, capacity, ask, wallet, load, delivered, relayed, hosted = devices
    foreseen, drawn_ahead, gains_ahead = draws
    by_self, by_mesh, by_provider, unserved, reasons, sums = tally
    gains, bought, settled = 0.0, 0, 0
    for q in order:
        i, j, k, hops = origins[q], types[q], specialists[q], moves[q] + 1
        own_cost, found = costs[device_class[i]], outcomes[q] == FOUND
        able = (task[i] == j) & (not frontier[q])
        options = options_had(
            hosted_left - bought, wallet[i], terms.price, able, capacity[i] - load[i], own_cost
        )
        drawn, gain = drawn_ahead[q], gains_ahead[q]
        if options != foreseen[q]:
            u = uniform(substream(substream(key, i), numbers[q]), 1)
            drawn, gain = draw(
                u, options, found, hosted_quality[j], quality[i], own_cost, quality[k], ask[k], hops, terms
            )
        pay = pay_for(ask[k], hops, terms) if found else 0
        end = FRONTIER if frontier[q] else outcomes[q]
        if drawn == SELF_DRAWN:
            end = BY_SELF
            wallet[i] -= own_cost
            load[i] += 1
            sums[SPENT] += own_cost
            by_self[j] += 1
        elif drawn == MESH_DRAWN:
            end = end_of_delivery(i, k, pay, settled, limit, wallet, load, capacity)
            sums[NEEDED] += end == BY_MESH or end == SETTLEMENT
        elif drawn == PROVIDER_DRAWN and found:
            end = why_provider(quality[k], pay, hops, hosted_quality[j], terms)
        if end == BY_MESH:
            settled += 1
            by_mesh[j] += 1
            delivered[k] += 1
            load[k] += 1
            fee = np.int64(np.rint(terms.relay_fee * ask[k]))
            for m in range(hops - 1):  # a relay is paid also if it is the origin
                wallet[paths[q, m]] += fee
                relayed[paths[q, m]] += 1
            cost = costs[device_class[k]]
            wallet[i] -= pay
            wallet[k] += ask[k] - cost
            sums[SPENT] += cost
            sums[POOL] += terms.fee
            sums[EARNED] += ask[k] - cost + (hops - 1) * fee
        elif end >= 0:
            reasons[end] += 1
            if bought < hosted_left and wallet[i] >= terms.price:
                bought += 1
                wallet[i] -= terms.price
                hosted[i] += 1
                by_provider[j] += 1
            else:
                unserved[j] += 1
        if drawn != MESH_DRAWN or end == BY_MESH:
            gains += gain
        fate[q] = end
    return gains, bought


@kernel
def _count_traffic(queries, offers, fate, slots):
    """Passages of deliveries over the link of each slot, from the origin over the relays to the specialist, (P, m)."""
    origins, specialists, moves, paths = queries.origin, offers.specialist, offers.moves, offers.path
    traffic = np.zeros_like(slots)
    for q in range(fate.size):
        if fate[q] == BY_MESH:
            at = origins[q]
            for m in range(moves[q] + 1):
                to = paths[q, m] if m < moves[q] else specialists[q]
                for s in range(slots.shape[1]):  # the link is in a slot of one of the two
                    traffic[at, s] += slots[at, s] == to
                    traffic[to, s] += slots[to, s] == at
                at = to
    return traffic
