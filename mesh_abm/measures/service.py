"""Measures of who serves whom: shares of queries, division of labor, prices, settlement and reasons."""

from __future__ import annotations

from math import inf, nan

import numpy as np

from mesh_abm.books import Reason
from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot, mean, ratio


@measured("share of all queries", flow=True)
def share_mesh(s: Snapshot) -> float:
    """Queries answered by another device."""
    return ratio(s.flows.by_mesh.sum(), s.flows.demand.sum())


@measured("share of all queries", flow=True)
def share_self(s: Snapshot) -> float:
    """Queries answered by the asker's own device."""
    return ratio(s.flows.by_self.sum(), s.flows.demand.sum())


@measured("share of all queries", flow=True)
def share_provider(s: Snapshot) -> float:
    """Queries answered by the centralized provider."""
    return ratio(s.flows.by_provider.sum(), s.flows.demand.sum())


@measured("share of all queries", flow=True)
def share_unserved(s: Snapshot) -> float:
    """Queries answered by nobody."""
    return ratio(s.flows.unserved.sum(), s.flows.demand.sum())


@measured("share of served queries", flow=True)
def market_share(s: Snapshot) -> float:
    """(mesh + self) / served: what devices take from the provider."""
    devices = s.flows.by_mesh.sum() + s.flows.by_self.sum()
    return ratio(devices, devices + s.flows.by_provider.sum())


@measured("share of head queries", flow=True)
def share_mesh_head(s: Snapshot) -> float:
    """Mesh-served part of the demand for the ceil(J / 4) most asked types."""
    return ratio(s.flows.by_mesh[s.head].sum(), s.flows.demand[s.head].sum())


@measured("share of tail queries", flow=True)
def share_mesh_tail(s: Snapshot) -> float:
    """Mesh-served part of the demand for all other types."""
    return ratio(s.flows.by_mesh[~s.head].sum(), s.flows.demand[~s.head].sum())


@measured("index", predictions=("chance",))
def specialization(s: Snapshot) -> float:
    """1 - entropy(sigma_i) / ln J, mean over members."""
    return mean(s.specialization)


@measured("index", flow=True)
def specialization_active(s: Snapshot) -> float:
    """The same over devices that answered a query this month."""
    return mean(s.specialization[s.served])


@measured("share of members", flow=True)
def active(s: Snapshot) -> float:
    """Members that answered a query this month."""
    return ratio(float(np.count_nonzero(s.served)), s.n)


@measured("micro-credits", flow=True)
def mean_ask(s: Snapshot) -> float:
    """Mean ask of devices on a task."""
    return ratio(s.by_type.ask.sum(), s.by_type.active.sum())


@measured("micro-credits")
def provider_price(s: Snapshot) -> float:
    """The provider's price this month, as paid."""
    return s.price


@measured("micro-credits", flow=True)
def bid_ask_spread(s: Snapshot) -> float:
    """Mean over types with a device on them of bid less mean ask."""
    spread = (s.bids - s.asks)[~np.isnan(s.bids)]
    return mean(spread)


@measured("share of deliveries and relayings", flow=True)
def hub_share(s: Snapshot) -> float:
    """Part of mesh deliveries and paid relayings done by the ceil(N / 100) busiest devices."""
    work = np.sort(s.state.delivered[s.members] + s.state.relayed[s.members])
    busiest = -(-s.n // 100)
    return ratio(work[s.n - busiest :].sum(), work.sum()) if s.n else nan


@measured("micro-credits a member", flow=True)
def member_benefit(s: Snapshot) -> float:
    """Mean gain of a month over having the provider alone, earnings included."""
    return s.model.benefit if s.n else nan


@measured("ratio", flow=True)
def adoption_r0(s: Snapshot) -> float:
    """gamma max(0, 2 B - 1) / mu with the B of this month's adoption."""
    pull = s.par.contagion * max(0.0, 2 * s.flows.adoption_chance - 1)
    return pull / s.par.churn if s.par.churn else inf


@measured("queries per owner", flow=True)
def settled(s: Snapshot) -> float:
    """Mesh deliveries settled."""
    return s.flows.settled / s.state.n_owners


@measured("queries per owner", flow=True)
def settlement_needed(s: Snapshot) -> float:
    """Mesh deliveries that were settled or would have been with more settlement capacity."""
    return s.flows.settlement_needed / s.state.n_owners


@measured("level")
def mean_knowledge(s: Snapshot) -> float:
    """Mean knowledge u of members."""
    return ratio(s.over_members.knowledge, s.n)


@measured("share of members", predictions=("updates",))
def up_to_date(s: Snapshot) -> float:
    """Members with the newest model release."""
    return ratio(s.over_members.up_to_date, s.n)


def _reason(reason: Reason) -> None:
    def share(s: Snapshot) -> float:
        return ratio(s.flows.reasons[reason], s.flows.member_queries)

    share.__doc__ = f"Members' queries that neither mesh nor self served, for the reason: {MEANING[reason]}."
    measured("share of members' queries", flow=True, name=f"reason_{reason.name.lower()}")(share)


MEANING = {
    Reason.FRONTIER: "only the provider can answer",
    Reason.NO_PATH: "the asker has no device link",
    Reason.NO_SPECIALIST: "no device on this type was met",
    Reason.NO_CAPACITY: "the devices on this type were full",
    Reason.FUNDS: "the wallet did not cover the pay",
    Reason.SETTLEMENT: "settlement was at its limit",
    Reason.QUALITY: "the provider was preferred for its quality",
    Reason.PRICE: "the provider was preferred for its price",
    Reason.LATENCY: "the provider was preferred for its speed",
    Reason.TASTE: "the provider was drawn although the offer was no worse",
}
for _each in Reason:
    _reason(_each)
