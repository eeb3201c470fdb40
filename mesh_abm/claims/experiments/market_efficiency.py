"""What different ways of choosing a specialist make of a month's queries, against the best assignment there is.

The month is one of a simulated market: its queries, its devices on a task, their capacities and the network between
them. Value is that of an answer less running cost and latency; a query left to the provider has the provider's quality
less its price, which is taken for its cost, and its latency.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from mesh_abm.model import MeshModel
from mesh_abm.rules.offers import terms_of_trade
from mesh_abm.rules.settlement import BY_MESH, BY_SELF

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """Queries of one type (n) and devices on it (d): what each pair is worth more than the provider, and the asks."""

    value: F64
    """(n, d) V q - running cost - latency, less what the provider's answer is worth; -inf where nobody is found."""
    ask: F64
    """(d,) what a device asks; its running cost for its own owner is in `own`."""
    cost: F64
    """(d,) running cost."""
    capacity: npt.NDArray[np.int64]
    """(d,) answers in the month."""
    own: npt.NDArray[np.bool_]
    """(n, d) whether the device is the asker's own."""
    made: float
    """What the model itself made of these queries, over leaving all to the provider."""


def best(market: Market) -> float:
    """Return the most that any assignment of queries to devices is worth over leaving all to the provider."""
    n = market.value.shape[0]
    units = np.repeat(np.arange(market.capacity.size), np.minimum(market.capacity, n))
    gain = np.maximum(market.value[:, units], 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return float(gain[rows, columns].sum())


def lowest_ask(market: Market, order: npt.NDArray[np.int64]) -> float:
    """Return what it is worth if queries, in this order, take the device with capacity left that asks least.

    A query goes to the provider if that offer is worth less to it than the provider's.
    """
    return _in_turn(market, order, -_pay(market))


def best_offer(market: Market, order: npt.NDArray[np.int64]) -> float:
    """Return what it is worth if queries, in this order, take the offer that is worth most to them after its ask."""
    return _in_turn(market, order, market.value + market.cost - _pay(market))


def under_conditions(market: Market) -> Market:
    """Return the same market with asks at running cost, equal qualities, no latency, and everybody found."""
    finite = np.where(np.isfinite(market.value), market.value + market.cost, np.nan)
    worth = float(np.nanmean(finite)) if np.isfinite(market.value).any() else 0.0
    value = np.broadcast_to(worth - market.cost, market.value.shape).copy()
    return replace(market, value=value, ask=market.cost)


def markets(model: MeshModel) -> list[Market]:
    """Return the market of each type in the last month of a model, of types asked for and with a device on them."""
    state, queries = model.state, model.queries
    hops = _hops(model)
    found = []
    for j in range(state.n_types):
        asked = np.flatnonzero((queries.type == j) & ~queries.frontier)
        devices = np.flatnonzero((state.task == j) & (state.capacity >= 1) & state.member)
        if asked.size and devices.size:
            found.append(_market(model, j, asked, devices, hops))
    return found


def _market(
    model: MeshModel, j: int, asked: npt.NDArray[np.intp], devices: npt.NDArray[np.intp], hops: F64
) -> Market:
    state, terms = model.state, terms_of_trade(model)
    origins = model.queries.origin[asked]
    cost = model.running_costs[state.device_class[devices]].astype(float)
    hosted = terms.query_value * model.flows.quality[j] - model.flows.price - terms.provider_delay
    worth = terms.query_value * state.quality[devices] - cost - hosted
    value = worth - terms.hop_cost * hops[np.ix_(origins, devices)]
    fate, k = model.fate[asked], model.offers.specialist[asked]
    served = np.where(fate == BY_SELF, origins, k)
    walked = np.where(fate == BY_SELF, 0, model.offers.moves[asked] + 1)
    quality, running = state.quality[served], model.running_costs[state.device_class[served]]
    made = terms.query_value * quality - running - terms.hop_cost * walked - hosted
    done = (fate == BY_SELF) | (fate == BY_MESH)
    own = origins[:, None] == devices[None, :]
    capacity = state.capacity[devices].astype(np.int64)
    return Market(value, state.ask[devices].astype(float), cost, capacity, own, float(made[done].sum()))


def _hops(model: MeshModel) -> F64:
    """Return the links between all pairs of owners on the device network, inf where there is no path."""
    net, p = model.network, model.state.n_owners
    graph = csr_array((np.ones(net.neighbors.size), net.neighbors, net.start), shape=(p, p))
    return np.asarray(shortest_path(graph, unweighted=True))


def _pay(market: Market) -> F64:
    """Return what each query would pay each device: its ask, running cost to its owner; inf if it is not found."""
    pay = np.where(market.own, market.cost[None, :], market.ask[None, :])
    return np.where(np.isfinite(market.value), pay, np.inf)


def _in_turn(market: Market, order: npt.NDArray[np.int64], preference: F64) -> float:
    """Return the worth of serving queries in turn with the device that each prefers of those with capacity left."""
    left = market.capacity.copy()
    private = market.value + market.cost[None, :] - _pay(market)
    total = 0.0
    for q in order:
        open_ = np.where(left > 0, preference[q], -np.inf)
        k = int(np.argmax(open_))
        if open_[k] > -np.inf and private[q, k] > 0:
            left[k] -= 1
            total += float(market.value[q, k])
    return total
