"""Step 6, second half: choice, delivery, payment, reasons, and the calls that are heard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .search import Offer, Query, make_queries, search

if TYPE_CHECKING:
    from .model import TwinModel

HEARD = {"no_path", "no_specialist", "no_capacity"}


def run_market(model: TwinModel) -> None:
    """Outside demand first, then all searches on the frozen network, then one query after another."""
    serve_outside(model)
    queries = make_queries(model)
    for query in queries:
        if not query.frontier:
            search(model, query)
    model.random.shuffle(queries)
    unheard = [0] * model.par.task_types
    for query in queries:
        reason = serve(model, query)
        if reason:
            model.flows.reasons[reason] += 1
        if reason in HEARD:
            unheard[query.task] += 1
            query.origin.heard[query.task] += 1
            for node in query.moves:
                node.heard[query.task] += 1
    update_signals(model, unheard)


def serve_outside(model: TwinModel) -> None:
    """People who are no members turn to the provider; short capacity falls on all types alike."""
    par, provider, flows = model.par, model.provider, model.flows
    people = par.n_owners - len(model.members) + par.non_owners * par.n_owners
    flows.outside = [int(model.rng.poisson(par.demand * w * people)) for w in provider.weights]
    served = list(flows.outside)
    if not math.isfinite(provider.posted_price):
        served = [0] * len(served)  # nobody can pay it
    elif sum(served) > provider.room():
        served = model.rng.multivariate_hypergeometric(flows.outside, int(provider.room())).tolist()
    model.ledger.injected += provider.sell(sum(served)) if any(served) else 0
    for task, number in enumerate(served):
        flows.by_provider[task] += number
        flows.unserved[task] += flows.outside[task] - number


def serve(model: TwinModel, query: Query) -> str:
    """Choose among the options and deliver; returns the reason if neither mesh nor self served, else ''."""
    options = list_options(model, query)
    if not options:
        model.flows.unserved[query.task] += 1
        return "frontier" if query.frontier else query.outcome
    choice, surplus = choose(model, options)
    reason = "frontier" if query.frontier else query.outcome
    if choice == "self":
        serve_self(model, query)
        reason = ""
    elif choice == "mesh":
        assert query.offer is not None
        reason = deliver(model, query, query.offer)
        if reason:
            surplus = 0.0  # what was drawn could not be delivered
            fall_back(model, query)
    else:
        if query.offer is not None:
            reason = advantage(model, query, query.offer)
        fall_back(model, query)
    if not query.frontier:
        query.origin.benefit += surplus
    return reason


def provider_open(model: TwinModel, query: Query) -> bool:
    """The provider has capacity left and the wallet covers its price."""
    return model.provider.room() >= 1 and query.origin.wallet >= model.provider.posted_price


def list_options(model: TwinModel, query: Query) -> dict[str, float]:
    """Utility of each option open to the query; frontier queries have the provider only."""
    par, origin = model.par, query.origin
    options = {}
    if provider_open(model, query):
        options["provider"] = (
            par.query_value * model.provider_quality[query.task]
            - model.provider.posted_price
            - par.latency_cost * par.provider_latency
        )
    if query.frontier:
        return options
    if origin.task == query.task and origin.load < origin.capacity and origin.wallet >= origin.running_cost:
        options["self"] = par.query_value * origin.quality - origin.running_cost
    if query.offer is not None:
        options["mesh"] = query.offer.utility
    return options


def choose(model: TwinModel, options: dict[str, float]) -> tuple[str, float]:
    """A logit draw, and the expected gain of these options over the provider alone (log-sum)."""
    noise = model.par.choice_noise
    best = max(options.values())
    weights = [math.exp(max(-60.0, (u - best) / noise)) for u in options.values()]
    choice = model.random.choices(list(options), weights=weights)[0]
    if list(options) == ["provider"]:
        return choice, 0.0
    return choice, best + noise * math.log(sum(weights)) - options.get("provider", 0.0)


def serve_self(model: TwinModel, query: Query) -> None:
    """The origin answers itself: its running cost is spent."""
    origin = query.origin
    origin.wallet -= origin.running_cost
    model.ledger.spent += origin.running_cost
    origin.load += 1
    model.flows.by_self[query.task] += 1


def deliver(model: TwinModel, query: Query, offer: Offer) -> str:
    """Deliver and settle all together; returns why not, or ''."""
    origin, specialist = query.origin, offer.specialist
    if specialist.load >= specialist.capacity:
        return "no_capacity"
    if origin.wallet < offer.pay:
        return "funds"
    if model.flows.settled >= model.par.settlement_capacity * model.par.n_owners:
        model.flows.unsettled += 1
        return "settlement"
    origin.wallet -= offer.pay
    specialist.wallet += specialist.ask - specialist.running_cost
    specialist.benefit += specialist.ask - specialist.running_cost
    model.ledger.spent += specialist.running_cost
    for relay in query.moves:
        relay.wallet += offer.relay_fee
        relay.benefit += offer.relay_fee
        relay.relayed += 1
    model.ledger.pool += model.par.settlement_fee
    specialist.load += 1
    specialist.delivered += 1
    model.flows.settled += 1
    model.flows.by_mesh[query.task] += 1
    return ""


def fall_back(model: TwinModel, query: Query) -> None:
    """To the provider if it has capacity left and the wallet covers the price, else unserved."""
    if provider_open(model, query):
        query.origin.wallet -= model.provider.sell()
        model.flows.by_provider[query.task] += 1
    else:
        model.flows.unserved[query.task] += 1


def advantage(model: TwinModel, query: Query, offer: Offer) -> str:
    """In what the provider that was drawn beats the offer most; taste if in nothing."""
    par = model.par
    gap = model.provider_quality[query.task] - offer.specialist.quality
    advantages = {
        "quality": par.query_value * gap,
        "price": offer.pay - model.provider.posted_price,
        "latency": par.latency_cost * (par.hop_latency * offer.hops - par.provider_latency),
    }
    largest = max(advantages, key=lambda name: advantages[name])
    return largest if advantages[largest] > 0 else "taste"


def update_signals(model: TwinModel, unheard: list[int]) -> None:
    """s <- m s + (1 - m) calls heard, scaled so that 1 is as much as a member asks of an average type."""
    par = model.par
    memory = par.signal_memory
    scale = par.task_types / par.demand if par.demand > 0 else 0.0
    if par.signal == "global":
        each = scale / len(model.members) if model.members else 0.0
        fresh = [(1 - memory) * each * calls for calls in unheard]
        model.signal = [memory * s + f for s, f in zip(model.signal, fresh, strict=True)]
    for device in model.members:
        if par.signal == "local":
            pairs = zip(device.signal, device.heard, strict=True)
            device.signal = [memory * s + (1 - memory) * scale * calls for s, calls in pairs]
        device.heard = [0] * par.task_types
