"""The month just run, wound back: what each query found when its turn to be settled came.

Settlement moves whole micro-credits and counts, and how each query ended is kept. So the wallets that it found follow
from those it left, exactly; from there its own kernel is run again, up to the query in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh_abm.books import Reason
from mesh_abm.errors import UserError
from mesh_abm.kernels import kernel
from mesh_abm.rules.choice import MESH_DRAWN, NOTHING, PROVIDER_DRAWN, SELF_DRAWN
from mesh_abm.rules.offers import Terms, terms_of_trade
from mesh_abm.rules.routing import FOUND
from mesh_abm.rules.settlement import (
    BY_MESH,
    BY_SELF,
    Devices,
    Draws,
    Market,
    Tally,
    _draw_ahead,
    _settle,
    draw,
    in_order,
    options_had,
    settlement_limit,
)
from mesh_abm.streams import stream_key, substream, uniform

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

I64 = npt.NDArray[np.int64]
COUNTED = ("load", "delivered", "relayed", "hosted")
"""Columns that are 0 when settlement begins."""
REPLAYED = ("routing", "settlement")
"""Rules that must be the model's own for a route to be explained."""


class WhyError(UserError, ValueError):
    """Something that cannot be explained: the line names it and says what can."""


@dataclass(frozen=True)
class Query:
    """A member's query of the month just run."""

    origin: int
    number: int  # among those of its origin, from 0
    type: int
    frontier: bool  # only the provider can answer it
    fate: int  # as in `MeshModel.fate`: BY_SELF, BY_MESH, or the Reason why neither served it

    @property
    def reason(self) -> Reason | None:
        """Why neither its own device nor the mesh served it; None if one of them did."""
        return Reason(self.fate) if self.fate >= 0 else None

    @property
    def ended(self) -> str:
        """How it ended in a word: "self", "mesh", or the reason: "price", "no_path", .."""
        return {BY_SELF: "self", BY_MESH: "mesh"}.get(self.fate) or Reason(self.fate).name.lower()


@dataclass(frozen=True)
class Turn:
    """What a query found when its turn came, and what it drew; money in micro-credits."""

    place: int  # in the order of settlement, from 0
    options: int  # PROVIDER_HAD, SELF_HAD, their sum, or 0
    mark: float  # the random number that decides, from 0 to 1
    drawn: int  # PROVIDER_DRAWN, SELF_DRAWN, MESH_DRAWN or NOTHING
    wallet: int
    own_left: int  # answers that its own device can still give this month
    offer_left: int  # answers that the device found can still give; 0 if none was found
    provider_left: int  # queries that the provider can still serve
    settled: int  # deliveries settled so far this month


def queries_of(model: MeshModel, row: int) -> tuple[Query, ...]:
    """The queries of a device in the month just run, by number; none of who asked nothing or is no member.

    Raises:
        WhyError: there is no such row, or no month has been run.
    """
    first, last = _places(model, row)
    return tuple(query_at(model, q) for q in range(first, last))


def place_of(model: MeshModel, row: int, number: int) -> int:
    """Where the query (row, number) is among those of the month. Raises WhyError if there is none."""
    first, last = _places(model, row)
    if not 0 <= number < last - first:
        allowed = f"must be from 0 to {last - first - 1}" if last > first else "it asked none this month"
        raise WhyError(f"query {number} of device {row}: {allowed}")
    return first + int(number)


def query_at(model: MeshModel, q: int) -> Query:
    """The query at a place among those of the month."""
    queries = model.queries
    return Query(
        int(queries.origin[q]), int(queries.number[q]), int(queries.type[q]), bool(queries.frontier[q]),
        int(model.fate[q]),
    )  # fmt: skip


def _places(model: MeshModel, row: int) -> tuple[int, int]:
    if not 0 <= row < model.state.n_owners:
        raise WhyError(f"device {row}: must be from 0 to {model.state.n_owners - 1}")
    if not hasattr(model, "fate"):
        raise WhyError("month 0: nobody has asked anything yet; must have run a month")
    first, last = np.searchsorted(model.queries.origin, [row, row + 1])
    return int(first), int(last)


def terms_then(model: MeshModel) -> Terms:
    """The terms of trade that were in force in the month just run."""
    return terms_of_trade(model)._replace(price=model.flows.price)


def market_then(model: MeshModel) -> Market:
    """What settlement found when it began, in columns of its own."""
    state, flows = model.state, model.flows
    columns = {name: getattr(state, name) for name in Devices._fields}
    columns |= {name: np.zeros_like(columns[name]) for name in COUNTED}
    columns["wallet"] = _wallets_then(model)
    outside = int(flows.by_provider.sum()) - int(state.hosted.sum())
    left = int(min(np.floor(flows.capacity), 2.0**62)) - outside
    key = stream_key(model.seed, "settlement", model.month)
    return Market(Devices(**columns), model.running_costs, flows.quality, terms_then(model), left, key)


def _wallets_then(model: MeshModel) -> I64:
    """The wallets before settlement: all its payments are taken back, (P,)."""
    state, fate, terms = model.state, model.fate, terms_then(model)
    wallet = state.wallet.copy()
    wallet += state.hosted.astype(np.int64) * terms.price
    costs = model.running_costs[state.device_class]
    own = model.queries.origin[fate == BY_SELF]
    np.add.at(wallet, own, costs[own])
    served = np.flatnonzero(fate == BY_MESH)
    k, moves = model.offers.specialist[served], model.offers.moves[served]
    ask = state.ask[k]
    fee = np.rint(terms.relay_fee * ask)
    np.add.at(wallet, model.queries.origin[served], ask + (moves * fee).astype(np.int64) + terms.fee)
    np.subtract.at(wallet, k, ask - costs[k])
    walked = np.arange(model.offers.path.shape[1]) < moves[:, None]
    relays = model.offers.path[served][walked]
    np.subtract.at(wallet, relays, np.repeat(fee.astype(np.int64), moves))
    return wallet


class Replay:
    """The settlement of the month just run, to be run again up to any query.

    Raises:
        WhyError: the model routes or settles by rules of its own.
    """

    def __init__(self, model: MeshModel) -> None:
        if own := [name for name in REPLAYED if name in model.rules.own()]:
            raise WhyError(f"rules.{own[0]}: must be that of docs/model.md for a route to be explained")
        self.model, self.market = model, market_then(model)
        n = model.queries.total
        lots, self.draws = np.empty(n, np.uint64), Draws.empty(n)
        _draw_ahead(0, n, model.queries, model.offers, self.market, lots, self.draws)
        self.order = in_order(lots)

    def run(self, stop: int) -> tuple[Market, Tally, int]:
        """The market, the counts and the provider's sales after the first `stop` queries in order.

        Raises:
            WhyError: they do not end as they did, so somebody has changed the devices since.
        """
        model, old = self.model, self.market.devices
        moved = {name: getattr(old, name).copy() for name in ("wallet", *COUNTED)}
        market = self.market._replace(devices=old._replace(**moved))
        lengths = (*[model.state.n_types] * 4, len(Reason), 4)
        tally = Tally(*(np.zeros(n, np.int64) for n in lengths))
        fate, done = np.empty(model.queries.total, np.int8), self.order[:stop]
        _, bought = _settle(
            done, model.queries, model.offers, market, self.draws, settlement_limit(model), fate, tally
        )
        if not np.array_equal(fate[done], model.fate[done]):
            raise self._changed()
        return market, tally, int(bought)

    def _changed(self) -> WhyError:
        return WhyError(f"month {self.model.month}: devices were changed after it; must ask before that")

    def turn(self, q: int) -> Turn:
        """What the query at place `q` among those of the month found when its turn came."""
        model, place = self.model, int(np.flatnonzero(self.order == np.uint64(q))[0])
        market, tally, bought = self.run(place)
        devices, query, k = market.devices, query_at(model, q), int(model.offers.specialist[q])
        i, found = query.origin, bool(model.offers.outcome[q] == FOUND)
        own_left = int(devices.capacity[i]) - int(devices.load[i])
        provider_left = market.hosted_left - bought
        options, mark, drawn = _take_turn(
            market.key, (i, query.number), int(devices.task[i]) == query.type and not query.frontier, own_left,
            provider_left, int(devices.wallet[i]), int(market.costs[devices.device_class[i]]),
            (float(devices.quality[i]), float(market.hosted_quality[query.type])), found,
            (float(devices.quality[k]), int(devices.ask[k]), int(model.offers.moves[q]) + 1), market.terms,
        )  # fmt: skip
        offer_left = int(devices.capacity[k]) - int(devices.load[k]) if found else 0
        if not _agrees(query.fate, found, int(drawn)):
            raise self._changed()
        return Turn(
            place, int(options), float(mark), int(drawn), int(devices.wallet[i]), own_left, offer_left,
            provider_left, int(tally.by_mesh.sum()),
        )  # fmt: skip


def _agrees(fate: int, found: bool, drawn: int) -> bool:
    """Whether a query that drew this can have ended so."""
    if fate == BY_SELF:
        return drawn == SELF_DRAWN
    delivering = fate in (BY_MESH, Reason.FUNDS, Reason.SETTLEMENT) or (fate == Reason.NO_CAPACITY and found)
    return drawn == MESH_DRAWN if delivering else drawn in (PROVIDER_DRAWN, NOTHING)


@kernel
def _take_turn(
    key: Any, query: Any, able: Any, own_left: Any, provider_left: Any, wallet: Any, own_cost: Any, qualities: Any,
    found: Any, offer: Any, terms: Any,
) -> Any:  # fmt: skip
    """What a query (origin, number) can turn to, its mark, and what it draws: the steps of the kernel that settles."""
    i, number = query
    own_quality, hosted_quality = qualities
    quality, ask, hops = offer
    options = options_had(provider_left, wallet, terms.price, able, own_left, own_cost)
    mark = uniform(substream(substream(key, i), number), 1)
    drawn, _ = draw(mark, options, found, hosted_quality, own_quality, own_cost, quality, ask, hops, terms)
    return options, mark, drawn
