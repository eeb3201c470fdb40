"""The route of one query: its walk hop by hop, its options when it came to choose, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np

from mesh_abm.agents import overrides
from mesh_abm.books import Reason
from mesh_abm.kernels import kernel
from mesh_abm.rules.choice import MESH_DRAWN, NOTHING, PROVIDER_DRAWN, SELF_DRAWN
from mesh_abm.rules.offers import CLIP, Terms, offer_utility, pay_for
from mesh_abm.rules.routing import FOUND, _first_look
from mesh_abm.rules.settlement import BY_MESH, BY_SELF, PROVIDER_HAD, SELF_HAD
from mesh_abm.state import IDLE
from mesh_abm.streams import stream_key, substream
from mesh_abm.terms import type_names
from mesh_abm.why.month import Query, Replay, Turn, place_of, query_at, terms_then

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

OPTIONS = {PROVIDER_DRAWN: "provider", SELF_DRAWN: "self", MESH_DRAWN: "mesh", NOTHING: None}


@dataclass(frozen=True)
class Seen:
    """An offer as a search sees it; money in micro-credits."""

    quality: float
    ask: int
    pay: int  # the ask and all fees
    utility: float


@dataclass(frozen=True)
class Looked:
    """A neighbor that a search looked at."""

    row: int
    task: int | None  # what it works on this month
    is_origin: bool  # a search does not ask who began it
    full: bool  # it works on the type, without capacity for even one answer
    offer: Seen | None  # None if it makes none


@dataclass(frozen=True)
class Hop:
    """One look around on a walk, at a node: the best offer ends it, else it moves to a random neighbor."""

    number: int  # 1 at the origin
    node: int
    degree: int  # links of the node to devices
    looked: tuple[Looked, ...]
    taken: int | None  # whose offer ended the walk
    moved_to: int | None  # None if the walk ended here


@dataclass(frozen=True)
class Option:
    """Something that a query could turn to when it chose."""

    name: str  # provider, self or mesh
    row: int | None  # the device; None for the provider
    quality: float
    pay: int  # running cost for the device itself
    delay: float  # cost of waiting, micro-credits
    utility: float
    chance: float = 1.0  # of being drawn


@dataclass(frozen=True)
class Route:
    """All that decided how a query of the month just run ended. Money in micro-credits."""

    month: int
    query: Query
    asked: int  # queries of this device this month
    settled_in_all: int  # queries of all members this month
    names: tuple[str, ...]  # of the types
    own_task: int | None
    hops: tuple[Hop, ...]
    turn: Turn
    options: tuple[Option, ...]
    price: int  # the provider's
    own_cost: int  # running cost of the device that asks
    dollars: bool  # whether a credit is a dollar
    decided: bool  # whether devices choose offers by a decision of their own

    @property
    def chosen(self) -> int | None:
        """The device whose offer was found, whether it was then used or not."""
        return self.hops[-1].taken if self.hops else None

    @property
    def offer(self) -> Option | None:
        """The offer found, whether it was then used or not."""
        return next((option for option in self.options if option.name == "mesh"), None)

    @property
    def drawn(self) -> str | None:
        """What chance drew among the options: provider, self or mesh; None if there were none."""
        return OPTIONS[self.turn.drawn]

    @property
    def served_by(self) -> str | None:
        """Who served it in the end: self, mesh, provider, or None."""
        if self.query.fate in (BY_SELF, BY_MESH):
            return self.query.ended
        return "provider" if self.turn.options & PROVIDER_HAD else None

    @property
    def reason(self) -> Reason | None:
        """Why neither its own device nor the mesh served it."""
        return self.query.reason

    @property
    def nodes(self) -> tuple[int, ...]:
        """The devices where the search was, the one that asks first."""
        return tuple(hop.node for hop in self.hops)

    @property
    def legs(self) -> tuple[tuple[int, int], ...]:
        """The links that the search went along, to the device found."""
        ends = [*self.nodes, *([self.chosen] if self.chosen is not None else [])]
        return tuple(pairwise(ends))

    @property
    def seen(self) -> tuple[int, ...]:
        """The devices looked at on the way, ascending."""
        return tuple(sorted({looked.row for hop in self.hops for looked in hop.looked}))

    def sentences(self) -> list[str]:
        """The route in plain words, a line a step."""
        from mesh_abm.why.words import route_in_words

        return route_in_words(self)


def route(model: MeshModel, row: int, number: int) -> Route:
    """Why the query `number` of the device in `row` took its route in the month just run; it costs about as much as
    settling that month again.

    Raises:
        WhyError: there is no such query, the rules of routing or settlement are not the model's, or devices were
            changed after the month.
    """
    q = place_of(model, row, number)
    turn, query, state = Replay(model).turn(q), query_at(model, q), model.state
    hops, options = _hops(model, q), _options(model, q, turn)
    task = int(state.task[row])
    return Route(
        model.month, query, int((model.queries.origin == row).sum()), model.queries.total,
        tuple(type_names(model.spec)), None if task == IDLE else task, hops, turn, options, model.flows.price,
        int(model.running_costs[state.device_class[row]]), model.spec.calibration is not None,
        overrides(model.device_class, "choose_offer"),
    )  # fmt: skip


def _hops(model: MeshModel, q: int) -> tuple[Hop, ...]:
    """The walk: where it went is kept from the month, what it saw there is looked up again."""
    offers, query, net = model.offers, query_at(model, q), model.network
    moves, found = int(offers.moves[q]), bool(offers.outcome[q] == FOUND)
    if query.frontier or net.degree[query.origin] == 0:
        return ()
    nodes = [query.origin, *(int(v) for v in offers.path[q, :moves])]
    last = len(nodes)
    return tuple(
        Hop(
            number, v, int(net.start[v + 1] - net.start[v]), _looked(model, query, v, number),
            int(offers.specialist[q]) if found and number == last else None,
            nodes[number] if number < last else None,
        )
        for number, v in enumerate(nodes, start=1)
    )  # fmt: skip


def _looked(model: MeshModel, query: Query, v: int, hop: int) -> tuple[Looked, ...]:
    """The neighbors of `v` that the search of a query looked at on its hop number `hop`, in that order."""
    state, net, key = model.state, model.network, stream_key(model.seed, "routing", model.month)
    rows = _look_around(
        net.start, net.neighbors, v, (query.origin, query.number), int(model.par.looks), key, hop
    )
    pays, utilities = _worth(state.quality[rows], state.ask[rows], hop, terms_then(model))
    seen = []
    for u, pay, utility in zip(rows.tolist(), pays.tolist(), utilities.tolist(), strict=True):
        task = None if state.task[u] == IDLE else int(state.task[u])
        able = task == query.type and u != query.origin
        full = able and bool(state.capacity[u] < 1)
        offer = Seen(float(state.quality[u]), int(state.ask[u]), pay, utility) if able and not full else None
        seen.append(Looked(u, task, u == query.origin, full, offer))
    return tuple(seen)


def _options(model: MeshModel, q: int, turn: Turn) -> tuple[Option, ...]:
    """What the query could turn to, with the chances that the logit gives."""
    terms, query, found = terms_then(model), query_at(model, q), model.offers.outcome[q] == FOUND
    had = [_provider(model, query.type, terms)] if turn.options & PROVIDER_HAD else []
    had += [_own_device(model, query.origin, terms)] if turn.options & SELF_HAD else []
    had += [_offer(model, q, terms)] if found else []
    top = max((option.utility for option in had), default=0.0)
    weights = [exp(max(-CLIP, (option.utility - top) / terms.noise)) for option in had]
    return tuple(replace(o, chance=w / sum(weights)) for o, w in zip(had, weights, strict=True))


def _provider(model: MeshModel, j: int, terms: Terms) -> Option:
    quality = float(model.flows.quality[j])
    utility = terms.query_value * quality - terms.price - terms.provider_delay
    return Option("provider", None, quality, terms.price, terms.provider_delay, utility)


def _own_device(model: MeshModel, i: int, terms: Terms) -> Option:
    quality, cost = float(model.state.quality[i]), int(model.running_costs[model.state.device_class[i]])
    return Option("self", i, quality, cost, 0.0, terms.query_value * quality - cost)


def _offer(model: MeshModel, q: int, terms: Terms) -> Option:
    k, hops = int(model.offers.specialist[q]), int(model.offers.moves[q]) + 1
    quality, ask = float(model.state.quality[k]), int(model.state.ask[k])
    pay, utility = _worth(np.array([quality]), np.array([ask]), hops, terms)
    return Option("mesh", k, quality, int(pay[0]), terms.hop_cost * hops, float(utility[0]))


@kernel
def _look_around(start: Any, neighbors: Any, v: Any, query: Any, looks: Any, key: Any, hop: Any) -> Any:
    """The neighbors of v that the search of a query (origin, number) looks at, in that order."""
    i, number = query
    begin, end = start[v], start[v + 1]
    first = _first_look(begin, end, looks, substream(substream(key, i), number), hop)
    rows = np.empty(min(end - begin, looks), np.int64)
    for m in range(rows.size):
        e = first + m
        rows[m] = neighbors[e if e < end else e - end + begin]
    return rows


@kernel
def _worth(quality: Any, ask: Any, hops: Any, terms: Any) -> Any:
    """What offers of these qualities and asks cost in all, and are worth, so many hops away."""
    pay, utility = np.empty(ask.size, np.int64), np.empty(ask.size)
    for m in range(ask.size):
        pay[m] = pay_for(ask[m], hops, terms)
        utility[m] = offer_utility(quality[m], ask[m], hops, terms)
    return pay, utility
