"""Rule 6d, delivery and settlement by clearinghouse: query after query, in a random order that the seed fixes.

A delivery happens with all its payments or not at all; every query ends once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.books import Reason
from mesh_abm.kernels import inlined, kernel
from mesh_abm.network import count_traffic
from mesh_abm.parallel import over_rows
from mesh_abm.rules.choice import (
    MESH_DRAWN,
    NO_OPTION,
    PROVIDER_DRAWN,
    SELF_DRAWN,
    draw_option,
    why_provider,
)
from mesh_abm.rules.offers import offer_utility, pay_for, terms_of_trade
from mesh_abm.rules.routing import FOUND
from mesh_abm.state import NO_USE
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

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
        flows, sums = model.flows, np.zeros(4, np.int64)
        tally = Tally(flows.by_self, flows.by_mesh, flows.by_provider, flows.unserved, flows.reasons, sums)
        fate = np.empty(model.queries.total, np.int8)
        lots = query_lots(model)
        flows.gains, bought = _settle(
            np.argsort(lots), lots, model.queries, model.offers, devices, net.slots, net.traffic,
            model.running_costs, provider.quality, terms_of_trade(model), provider.capacity_left,
            settlement_limit(model), fate, tally,
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


def query_lots(model: MeshModel) -> npt.NDArray[np.uint64]:
    """A random number per query, a hash of its name, (Q,): their order is that of delivery, each seeds its own choice.

    So one query more does not shuffle the others.
    """
    lots = np.empty(model.queries.total, np.uint64)
    over_rows(_draw_lots, lots.size, model.queries, stream_key(model.seed, "settlement", model.month), lots)
    return lots


@kernel
def _draw_lots(start, stop, queries, key, lots):
    origins, numbers = queries.origin, queries.number
    for q in range(start, stop):
        lots[q] = substream(substream(key, origins[q]), numbers[q])


@kernel
def _use(start, stop, members, load, capacity, utilization):
    for a in range(start, stop):
        i = members[a]
        use = load[i] / capacity[i]
        utilization[i] = use if capacity[i] >= 1 else NO_USE


@inlined
def pay_all(i, k, q, moves, paths, pay, running_cost, ask, wallet, relayed, terms, sums):
    """All payments of one delivery: by the origin, to each relay (also if that is the origin), to the pool."""
    fee = np.int64(np.rint(terms.relay_fee * ask[k]))
    wallet[i] -= pay
    for m in range(moves):
        wallet[paths[q, m]] += fee
        relayed[paths[q, m]] += 1
    wallet[k] += ask[k] - running_cost
    sums[SPENT] += running_cost
    sums[POOL] += terms.fee
    sums[EARNED] += ask[k] - running_cost + moves * fee


@inlined
def pass_along(i, k, q, moves, paths, slots, traffic):
    """Counts the passage over each link from the origin over its relays to the specialist."""
    at = i
    for m in range(moves):
        count_traffic(slots, traffic, at, paths[q, m])
        at = paths[q, m]
    count_traffic(slots, traffic, at, k)


@inlined
def end_of_delivery(i, k, pay, settled, limit, wallet, load, capacity):
    """How a delivery by k that i has drawn ends: BY_MESH, or the reason why not."""
    if load[k] >= capacity[k]:
        return NO_CAPACITY
    if wallet[i] < pay:
        return FUNDS
    return SETTLEMENT if settled >= limit else BY_MESH


@kernel
def _settle(
    order, lots, queries, offers, devices, slots, traffic, costs, hosted_quality, terms, hosted_left, limit, fate,
    tally,
):  # fmt: skip
    # Columns are taken out of their tuples once: inside the loop each access would count references.
    origins, _, types, frontier = queries
    specialists, moves, outcomes, paths = offers
    device_class, task, quality, capacity, ask, wallet, load, delivered, relayed, hosted = devices
    by_self, by_mesh, by_provider, unserved, reasons, sums = tally
    gains, bought, settled = 0.0, 0, 0
    for q in order:
        i, j, k, hops = origins[q], types[q], specialists[q], moves[q] + 1
        own_cost = costs[device_class[i]]
        has_provider = bought < hosted_left and wallet[i] >= terms.price
        has_self = not frontier[q] and task[i] == j and load[i] < capacity[i] and wallet[i] >= own_cost
        has_mesh = not frontier[q] and outcomes[q] == FOUND
        provider = own = mesh = NO_OPTION
        if has_provider:
            provider = terms.query_value * hosted_quality[j] - terms.price - terms.provider_delay
        if has_self:
            own = terms.query_value * quality[i] - own_cost
        if has_mesh:
            mesh = offer_utility(quality[k], ask[k], hops, terms)
        drawn, gain = draw_option(uniform(lots[q], 1), provider, own, mesh, terms.noise)
        pay = pay_for(ask[k], hops, terms) if has_mesh else 0
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
        elif drawn == PROVIDER_DRAWN and has_mesh:
            end = why_provider(quality[k], pay, hops, hosted_quality[j], terms)
        if end == BY_MESH:
            settled += 1
            by_mesh[j] += 1
            delivered[k] += 1
            load[k] += 1
            pay_all(i, k, q, hops - 1, paths, pay, costs[device_class[k]], ask, wallet, relayed, terms, sums)
            pass_along(i, k, q, hops - 1, paths, slots, traffic)
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
