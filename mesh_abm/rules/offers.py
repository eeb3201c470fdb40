"""What an offer is worth: quality, utility and the chance that a typical one is preferred (used by rules 3 to 6)."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesh_abm.kernels import inlined, kernel
from mesh_abm.parallel import over_rows

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

INFINITE_PRICE = np.int64(2**62)  # no wallet covers it
MOST_FEES = 2.0**61  # for all relays of a delivery
CLIP = 60.0  # bound of every exponent of a logit


class Terms(NamedTuple):
    """The terms of trade of one month, as kernels take them; money in micro-credits."""

    query_value: float  # V
    noise: float  # scale of the logit
    hop_cost: float  # latency_cost x hop_latency: cost of one hop
    provider_delay: float  # latency_cost x provider_latency
    fee: int  # of settlement
    relay_fee: float  # part of the ask
    price: int  # p as paid


def terms_of_trade(model: MeshModel) -> Terms:
    """The terms in force this month."""
    par = model.par
    return Terms(
        float(par.query_value), float(par.choice_noise), float(par.latency_cost * par.hop_latency),
        float(par.latency_cost * par.provider_latency), int(par.settlement_fee), float(par.relay_fee),
        model.provider.price_paid,
    )  # fmt: skip


def provider_utility(model: MeshModel, terms: Terms) -> float:
    """U_p = V x mean quality of the provider over the query mix - p - its latency."""
    quality = float(model.weights @ model.provider.quality)
    return terms.query_value * quality - terms.price - terms.provider_delay


def link_value(model: MeshModel) -> float:
    """v: as given, else the chance that a typical offer, one hop away, is preferred to the provider's; 0 of nobody."""
    if model.par.link_value is not None:
        return float(model.par.link_value)
    if model.members.size == 0:
        return 0.0
    terms = terms_of_trade(model)
    quality, ask = mean_offer(model)
    mesh = terms.query_value * quality - ask - terms.fee - terms.hop_cost
    return logistic((mesh - provider_utility(model, terms)) / terms.noise)


def mean_offer(model: MeshModel) -> tuple[float, float]:
    """Mean over members of the quality on their main type (no update bonus), and of their asks."""
    state, par, n = model.state, model.par, model.members.size
    parts = over_rows(
        _sum_offers, n, model.members, state.device_class, state.shares, state.ask, model.class_quality(),
        float(par.specialist_ceiling), float(par.specialist_bonus),
    )  # fmt: skip
    return sum(q for q, _ in parts) / n, sum(a for _, a in parts) / n


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), x clipped to +-60."""
    return 1.0 / (1.0 + exp(-min(CLIP, max(-CLIP, x))))


@inlined
def specialized(share, n_types):
    """spec(y) = (y - 1/J) / (1 - 1/J): 0 for equal shares, 1 for a perfect specialist; 0 with a single type."""
    if n_types == 1:
        return 0.0
    return (share - 1.0 / n_types) / (1.0 - 1.0 / n_types)


@inlined
def quality_of(class_quality, share, n_types, ceiling, bonus):
    """q_k + (ceiling - q_k) bonus spec(share): the bonus is the part of the gap that full specialization closes."""
    return class_quality + (ceiling - class_quality) * bonus * specialized(share, n_types)


@inlined
def pay_for(ask, hops, terms):
    """What the origin pays: the ask, a fee for each relay, the fee of settlement; at most what no wallet holds."""
    fees = (hops - 1) * np.rint(terms.relay_fee * ask)
    return ask + np.int64(fees) + terms.fee if fees < MOST_FEES else INFINITE_PRICE


@inlined
def offer_utility(quality, ask, hops, terms):
    """U = V q - pay - latency."""
    return terms.query_value * quality - pay_for(ask, hops, terms) - terms.hop_cost * hops


@kernel
def _sum_offers(start, stop, members, device_class, shares, asks, class_quality, ceiling, bonus):
    n_types = shares.shape[1]
    quality = 0.0
    ask = 0
    for a in range(start, stop):
        i = members[a]
        best = 0.0
        for j in range(n_types):
            best = max(best, shares[i, j])
        quality += quality_of(class_quality[device_class[i]], best, n_types, ceiling, bonus)
        ask += asks[i]
    return quality, ask
