"""Rule 6b, routing: walks on the frozen network that look at neighbors until one offers the type asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.agents import Offer, overrides
from mesh_abm.books import Reason
from mesh_abm.kernels import inlined, kernel
from mesh_abm.parallel import WALK, over_rows
from mesh_abm.rules.offers import offer_utility, pay_for, terms_of_trade
from mesh_abm.state import IDLE
from mesh_abm.streams import below, stream_key, substream

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

NOBODY = -1
GROUP = 64  # walks under way at a time in a kernel
FOUND = -1  # outcome of a search that found an offer; else the Reason why not
CLOSED = np.uint8(127)  # in the shop window of an idle device
FULL = np.uint8(128)  # this bit is set in the window of a device without capacity
SHOWN = np.uint8(127)  # mask of the type in a window
FRONTIER, NO_PATH, NO_SPECIALIST, NO_CAPACITY = (
    int(r) for r in (Reason.FRONTIER, Reason.NO_PATH, Reason.NO_SPECIALIST, Reason.NO_CAPACITY)
)


class Offers(NamedTuple):
    """What each query's search found, (Q,); `path` (Q, ttl - 1) holds the nodes moved to, the first `moves` of them."""

    specialist: npt.NDArray[np.int32]
    moves: npt.NDArray[np.int32]
    outcome: npt.NDArray[np.int8]
    path: npt.NDArray[np.int32]


class Routing:
    """Up to `looks` neighbors of each node are seen; the best offer ends the walk, else it moves, `ttl` - 1 times."""

    def apply(self, model: MeshModel) -> None:
        n = model.queries.total
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
        _search, model.queries.total, model.queries, net.start, net.neighbors, window, state.quality, state.ask,
        terms_of_trade(model), model.par.looks, stream_key(model.seed, "routing", model.month), model.offers,
        chunk=WALK,
    )  # fmt: skip


def shop_window(task: npt.NDArray[np.int8], capacity: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8]:
    """What a passer-by sees of each device, in one byte: CLOSED, or its type, and the bit FULL without capacity."""
    window = np.empty(task.size, np.uint8)
    over_rows(_dress, task.size, task, capacity, window)
    return window


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


@kernel
def _dress(start, stop, task, capacity, window):
    for i in range(start, stop):
        shown = CLOSED if task[i] == IDLE else np.uint8(task[i])
        window[i] = shown | FULL if capacity[i] < 1 else shown


@inlined
def _first_look(begin, end, looks, own, hop):
    """Where in the neighbor list [begin, end) the cyclic run of looks begins: a random place if not all are seen."""
    return begin + below(own, 2 * hop, end - begin) if end - begin > looks else begin


@inlined
def _next_stop(begin, end, own, hop):
    """The place in the neighbor list [begin, end) of a uniformly random neighbor, the origin not excluded."""
    return begin + below(own, 2 * hop + 1, end - begin)


@kernel
def _moved(start, neighbors, v, query, key, hop):
    """Where the walk of the query (origin, number) goes from v."""
    i, number = query
    return neighbors[_next_stop(start[v], start[v + 1], substream(substream(key, i), number), hop)]


@kernel
def _seen(start, neighbors, window, v, query, looks, key, hop):
    """Rows that offer what the query (origin, type, number) asks among the neighbors of v looked at; was one full?"""
    i, j, number = query
    begin, end = start[v], start[v + 1]
    first = _first_look(begin, end, looks, substream(substream(key, i), number), hop)
    rows = np.empty(end - begin, np.int32)
    n = 0
    full = False
    for e in range(first, first + min(end - begin, looks)):
        u = neighbors[e if e < end else e - end + begin]
        if u != i and window[u] & SHOWN == j:
            if window[u] & FULL:
                full = True
            else:
                rows[n] = u
                n += 1
    return rows[:n], full


@kernel
def _search(first, last, queries, start, neighbors, window, quality, ask, terms, looks, key, offers):
    """Walks in groups, hop by hop: reads of far memory that do not wait for each other overlap.

    All is written out in the loop: there each array handed to an inlined function would count references.
    """
    origins, numbers, types, frontier = queries
    specialists, moves, outcomes, paths = offers
    ttl = paths.shape[1] + 1
    walker = np.empty(GROUP, np.int64)  # query of each walk still under way
    at = np.empty(GROUP, np.int32)  # where it is
    streams = np.empty(GROUP, np.uint64)
    met = np.empty(looks + 1, np.int32)  # neighbors on the type asked for
    near = np.zeros(1, np.int32)  # keeps the compiler from leaving out the reads that fetch neighbor lists
    for group in range(first, last, GROUP):
        n = 0
        for q in range(group, min(group + GROUP, last)):
            i = origins[q]
            walks = (start[i + 1] > start[i]) & (not frontier[q])
            outcomes[q] = FRONTIER if frontier[q] else NO_SPECIALIST if walks else NO_PATH
            walker[n], at[n] = q, i
            n += walks
        for w in range(n):
            streams[w] = substream(substream(key, at[w]), numbers[walker[w]])
        for hop in range(1, ttl + 1):
            for w in range(n):
                near[0] ^= neighbors[start[at[w]]] ^ neighbors[start[at[w] + 1] - 1]
            left = 0
            for w in range(n):
                q, v, own = walker[w], at[w], streams[w]
                i, j = origins[q], types[q]
                begin, end = start[v], start[v + 1]
                look = _first_look(begin, end, looks, own, hop)
                best, best_utility = NOBODY, -np.inf
                n_met = 0
                for e in range(look, look + min(end - begin, looks)):  # each is written down, or written over
                    u = neighbors[e if e < end else e - end + begin]
                    met[n_met] = u
                    n_met += (window[u] & SHOWN == j) & (u != i)
                for m in range(n_met):
                    u = met[m]
                    if window[u] & FULL:
                        outcomes[q] = NO_CAPACITY
                        continue
                    utility = offer_utility(quality[u], ask[u], hop, terms)
                    if utility > best_utility or (utility == best_utility and u < best):
                        best, best_utility = u, utility
                if best != NOBODY:
                    specialists[q] = best
                    outcomes[q] = FOUND
                elif hop < ttl:
                    v = neighbors[_next_stop(begin, end, own, hop)]
                    paths[q, hop - 1] = v
                    moves[q] = hop
                    walker[left], at[left], streams[left] = q, v, own
                    left += 1
            n = left
