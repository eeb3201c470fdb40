"""Rule 6b, routing: walks on the frozen network that look at neighbors until one offers the type asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from mesh_abm.agents import Offer, overrides
from mesh_abm.books import Reason
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import offer_utility, pay_for, terms_of_trade
from mesh_abm.state import IDLE
from mesh_abm.streams import below, stream_key, substream

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

NOBODY = -1
FOUND = -1  # outcome of a search that found an offer; else the Reason why not
FULL = 64  # added to the type in a shop window without capacity
NO_PATH, NO_SPECIALIST, NO_CAPACITY = int(Reason.NO_PATH), int(Reason.NO_SPECIALIST), int(Reason.NO_CAPACITY)


class Offers(NamedTuple):
    """What each query's search found, (Q,); `path` (Q, ttl - 1) holds the nodes moved to, the first `moves` of them."""

    specialist: npt.NDArray[np.int32]
    moves: npt.NDArray[np.int32]
    outcome: npt.NDArray[np.int8]
    path: npt.NDArray[np.int32]


class Routing:
    """Up to `looks` neighbors of each node are seen; the best offer ends the walk, else it moves, `ttl` - 1 times."""

    def apply(self, model: MeshModel) -> None:
        n = model.queries.count
        model.offers = Offers(
            np.full(n, NOBODY, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int8),
            np.empty((n, model.par.ttl - 1), np.int32),
        )  # fmt: skip
        walk = _walk_asking_devices if overrides(model.device_class, "choose_offer") else _walk_all
        walk(model)


def _walk_all(model: MeshModel) -> None:
    state, net = model.state, model.network
    window = shop_window(state.task, state.capacity)
    over_rows(
        _search, model.queries.count, model.queries, net.start, net.neighbors, window, state.quality, state.ask,
        terms_of_trade(model), model.par.looks, stream_key(model.seed, "routing", model.month), model.offers,
        chunk=HEAVY,
    )  # fmt: skip


def shop_window(task: npt.NDArray[np.int8], capacity: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """What a passer-by sees of each device, in one byte: IDLE, its type, or its type + FULL if it has no capacity."""
    return np.where((task != IDLE) & (capacity < 1), task + np.int8(FULL), task)


def _walk_asking_devices(model: MeshModel) -> None:
    """The same walks, with `Device.choose_offer` in the place of the best utility."""
    key = stream_key(model.seed, "routing", model.month)
    window = shop_window(model.state.task, model.state.capacity)
    net = (model.network.start, model.network.neighbors)
    devices = dict(zip(model.members.tolist(), model.member_agents(), strict=True))
    for q in np.flatnonzero(~model.queries.frontier):
        i, number, j = (int(column[q]) for column in model.queries[:3])
        v, outcome = i, NO_PATH if model.network.degree[i] == 0 else NO_SPECIALIST
        for hop in range(1, model.par.ttl + 1):
            if outcome == NO_PATH:
                break
            seen, full = _seen(*net, window, v, (i, j, number), model.par.looks, key, hop)
            outcome = NO_CAPACITY if full else outcome
            taken = devices[i].choose_offer(_as_offers(model, seen, hop)) if len(seen) else None
            if taken is not None:
                model.offers.specialist[q], outcome = taken.row, FOUND
                break
            if hop < model.par.ttl:
                v = int(_moved(*net, v, (i, number), key, hop))
                model.offers.path[q, hop - 1] = v
                model.offers.moves[q] = hop
        model.offers.outcome[q] = outcome


def _as_offers(model: MeshModel, rows: npt.NDArray[np.int32], hops: int) -> list[Offer]:
    state, terms = model.state, terms_of_trade(model)
    offers = []
    for u in np.sort(rows):
        quality, ask = float(state.quality[u]), np.int64(state.ask[u])
        pay, utility = int(pay_for(ask, hops, terms)), float(offer_utility(quality, ask, hops, terms))
        offers.append(Offer(int(u), hops, quality, pay, utility))
    return offers


@njit(inline="always")
def _first_seen(start, v, own, hop):
    """Where the cyclic run of looks begins in the neighbor list of v."""
    return below(own, 2 * hop, start[v + 1] - start[v])


@njit(inline="always")
def _move(start, neighbors, v, own, hop):
    """A uniformly random neighbor of v, the origin not excluded."""
    return neighbors[start[v] + below(own, 2 * hop + 1, start[v + 1] - start[v])]


@njit(nogil=True, cache=True)
def _moved(start, neighbors, v, query, key, hop):
    """Where the walk of the query (origin, number) goes from v."""
    i, number = query
    return _move(start, neighbors, v, substream(substream(key, i), number), hop)


@njit(nogil=True, cache=True)
def _seen(start, neighbors, window, v, query, looks, key, hop):
    """Rows that offer what the query (origin, type, number) asks among the neighbors of v looked at; was one full?"""
    i, j, number = query
    degree = start[v + 1] - start[v]
    at = _first_seen(start, v, substream(substream(key, i), number), hop)
    rows = np.empty(min(degree, looks), np.int32)
    n = 0
    full = False
    for _ in range(rows.size):
        u = neighbors[start[v] + at]
        at = at + 1 if at + 1 < degree else 0
        if u != i:
            full |= window[u] == j + FULL
            if window[u] == j:
                rows[n] = u
                n += 1
    return rows[:n], full


@njit(nogil=True, cache=True)
def _search(first, last, queries, start, neighbors, window, quality, ask, terms, looks, key, offers):
    # Columns are taken out of their tuples once: inside the loop each access would count references.
    origins, numbers, types, frontier = queries
    specialists, moves, outcomes, paths = offers
    ttl = paths.shape[1] + 1
    for q in range(first, last):
        i = origins[q]
        j = types[q]
        if frontier[q]:
            continue
        if start[i + 1] == start[i]:
            outcomes[q] = NO_PATH
            continue
        own = substream(substream(key, i), numbers[q])
        outcome = NO_SPECIALIST
        best = NOBODY
        v = i
        for hop in range(1, ttl + 1):
            degree = start[v + 1] - start[v]
            at = _first_seen(start, v, own, hop)
            best_utility = -np.inf
            for _ in range(min(degree, looks)):
                u = neighbors[start[v] + at]
                at = at + 1 if at + 1 < degree else 0
                if u == i:
                    continue
                shown = window[u]
                if shown == j + FULL:
                    outcome = NO_CAPACITY
                elif shown == j:
                    utility = offer_utility(quality[u], ask[u], hop, terms)
                    if utility > best_utility or (utility == best_utility and u < best):
                        best_utility = utility
                        best = u
            if best != NOBODY:
                outcome = FOUND
                break
            if hop < ttl:
                v = _move(start, neighbors, v, own, hop)
                paths[q, hop - 1] = v
                moves[q] = hop
        specialists[q] = best
        outcomes[q] = outcome
