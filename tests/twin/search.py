"""Step 6, first half: queries and the search for an offer by walking on the device network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .device import Device

if TYPE_CHECKING:
    from .model import TwinModel


@dataclass
class Offer:
    """A specialist found, what it costs and what it is worth to the origin."""

    specialist: Device
    hops: int
    pay: int
    relay_fee: int
    utility: float


@dataclass
class Query:
    """One query of a member and what became of its search."""

    origin: Device
    task: int
    frontier: bool
    offer: Offer | None = None
    moves: list[Device] = field(default_factory=list)  # nodes the walk moved to, in order, with repeats
    outcome: str = ""  # why there is no offer


def make_queries(model: TwinModel) -> list[Query]:
    """Each member asks a Poisson number of queries, of types drawn by weight, some of them frontier."""
    par, draw = model.par, model.random
    weights = model.provider.weights
    frontier = [float(f) for f in par.frontier_by_type()]
    queries = []
    for device in model.members:
        number = int(model.rng.poisson(par.demand))
        for task in draw.choices(range(len(weights)), weights=weights, k=number):
            queries.append(Query(device, task, draw.random() < frontier[task]))
            model.flows.asked[task] += 1
    return queries


def search(model: TwinModel, query: Query) -> None:
    """Walk until neighbors of the current node make offers, at most `ttl` - 1 moves."""
    if not query.origin.neighbors:
        query.outcome = "no_path"
        return
    node = query.origin
    full_seen = False
    for hops in range(1, model.par.ttl + 1):
        if hops > 1:
            node = model.random.choice(node.neighbors)
            query.moves.append(node)
        for other in look_around(model, node):
            if other is query.origin or other.task != query.task:
                continue
            if other.capacity < 1:
                full_seen = True
                continue
            offer = make_offer(model, other, hops)
            if query.offer is None or better(offer, query.offer):
                query.offer = offer
        if query.offer is not None:
            return
    query.outcome = "no_capacity" if full_seen else "no_specialist"


def look_around(model: TwinModel, node: Device) -> list[Device]:
    """A cyclic run of at most `looks` of the node's neighbors, from a random place."""
    neighbors = node.neighbors
    looks = model.par.looks
    if len(neighbors) <= looks:
        return neighbors
    start = model.random.randrange(len(neighbors))
    run = neighbors[start : start + looks]
    return run + neighbors[: looks - len(run)]


def make_offer(model: TwinModel, specialist: Device, hops: int) -> Offer:
    """U = V q - pay - latency, pay = ask + (h - 1) relay fees + settlement fee."""
    par = model.par
    relay_fee = round(par.relay_fee * specialist.ask)
    pay = specialist.ask + (hops - 1) * relay_fee + par.settlement_fee
    latency = par.latency_cost * par.hop_latency * hops
    return Offer(specialist, hops, pay, relay_fee, par.query_value * specialist.quality - pay - latency)


def better(offer: Offer, best: Offer) -> bool:
    """Higher utility; of equal ones the owner with the lower number."""
    if offer.utility == best.utility:
        return offer.specialist.owner.number < best.specialist.owner.number
    return offer.utility > best.utility
