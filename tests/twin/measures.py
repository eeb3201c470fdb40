"""Step 10: the row of the month, with the column names of docs/model.md, rule 10.

Left out: lambda_2, tail_exponent and spectral_dimension.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .device import Device
from .formulas import ces, condensate, entropy, giant_component, gini, mean, ratio
from .ledger import REASONS
from .provider import Provider

if TYPE_CHECKING:
    from .model import TwinModel

FLOWS = (
    "r0_mesh", "share_mesh", "share_self", "share_provider", "share_unserved", "market_share",
    "share_mesh_head", "share_mesh_tail", "specialization_active", "active", "hub_share", "member_benefit",
    "adoption_r0", "c_active", "settled", "settlement_needed",
    *(f"reason_{name}" for name in REASONS),
)  # fmt: skip


def before(model: TwinModel) -> dict[str, float]:
    """What the month's row says of the state before the provider invests: taken after step 7."""
    par, provider = model.par, model.provider
    return {
        "provider_price": provider.posted_price,
        "provider_capacity": provider.capacity,
        "distance_to_crossing": model.technology.distance_to_crossing(par, provider.price),
    }


def measure(model: TwinModel, start: dict[str, float], adoption: float) -> dict[str, float]:
    """The whole row. `start`: values of the beginning of the month; `adoption`: gamma max(0, 2B - 1)."""
    component = largest_component(model.members)
    row: dict[str, float] = {"month": model.month, "members": len(model.members)}
    row |= network(model, component)
    row |= links(model)
    row |= services(model)
    row |= specialization(model)
    row |= economy(model, start, adoption)
    row |= capacities(model, start, component)
    row |= technology(model, start)
    row |= degrees(model, start)
    row |= reasons(model)
    if model.month == 0:
        row |= dict.fromkeys(FLOWS, math.nan)
    return row


def largest_component(members: list[Device]) -> list[Device]:
    """Members of the largest component of the device network (the first met of equals)."""
    largest: list[Device] = []
    seen: set[Device] = set()
    for start in members:
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for device in component:  # grows while it is read: breadth first
            for other in device.neighbors:
                if other not in seen:
                    seen.add(other)
                    component.append(other)
        if len(component) > len(largest):
            largest = component
    return largest


def network(model: TwinModel, component: list[Device]) -> dict[str, float]:
    """Degree, giant component and its theory, R0 of the mesh."""
    flows, n = model.flows, len(model.members)
    degree = mean([len(d.neighbors) for d in model.members])
    loss = flows.links_lost / flows.links_before if flows.links_lost else model.par.link_failure
    return {
        "mean_degree": degree,
        "s_inf": ratio(len(component), n),
        "s_inf_theory": giant_component(degree),
        "r0_mesh": ratio(2 * flows.links_opened, n * loss),
    }


def links(model: TwinModel) -> dict[str, float]:
    """Filled slots, the provider's part of them, merit."""
    par, members = model.par, model.members
    slots = [partner for d in members for partner in d.slots]
    filled = sum(1 for partner in slots if partner is not None)
    keep = [model.link_value * d.owner.fitness for d in members]
    theory = condensate(keep, par.link_failure, par.churn) if par.kernel == "fitness" else math.nan
    return {
        "condensate": ratio(sum(1 for partner in slots if isinstance(partner, Provider)), filled),
        "condensate_theory": theory,
        "filled_slots": ratio(filled, len(slots)),
        "mean_odds": mean([d.owner.merit for d in members]),
        "link_value": model.link_value,
    }


def services(model: TwinModel) -> dict[str, float]:
    """Who served what part of all queries, outside ones included."""
    flows, types = model.flows, model.par.task_types
    demand = [flows.demand(task) for task in range(types)]
    total, served = sum(demand), sum(demand) - sum(flows.unserved)
    by_devices = sum(flows.by_mesh) + sum(flows.by_self)
    ranked = sorted(range(types), key=lambda task: (-model.provider.weights[task], task))
    cut = math.ceil(types / 4)
    head, tail = ranked[:cut], ranked[cut:]
    return {
        "share_mesh": ratio(sum(flows.by_mesh), total),
        "share_self": ratio(sum(flows.by_self), total),
        "share_provider": ratio(sum(flows.by_provider), total),
        "share_unserved": ratio(sum(flows.unserved), total),
        "market_share": ratio(by_devices, served),
        "share_mesh_head": ratio(sum(flows.by_mesh[t] for t in head), sum(demand[t] for t in head)),
        "share_mesh_tail": ratio(sum(flows.by_mesh[t] for t in tail), sum(demand[t] for t in tail)),
    }


def specialization(model: TwinModel) -> dict[str, float]:
    """1 - entropy of shares / ln J, of all members and of those that served; the share that served."""
    types = model.par.task_types
    full = math.log(types) if types > 1 else 1.0
    active = [d for d in model.members if d.load >= 1]
    return {
        "specialization": mean([1 - entropy(d.shares) / full for d in model.members]),
        "specialization_active": mean([1 - entropy(d.shares) / full for d in active]),
        "active": ratio(len(active), len(model.members)),
    }


def economy(model: TwinModel, start: dict[str, float], adoption: float) -> dict[str, float]:
    """Prices, hubs, benefit, adoption, settlement, wallets."""
    par, flows = model.par, model.flows
    on_task = [d for d in model.members if d.task is not None]
    work = sorted((d.delivered + d.relayed for d in model.members), reverse=True)
    hubs = math.ceil(len(work) / 100)
    spreads = [bid - ask for bid, ask in zip(*bids_and_asks(model, start), strict=True) if ask == ask]
    return {
        "mean_ask": mean([d.ask for d in on_task]),
        "provider_price": start["provider_price"],
        "hub_share": ratio(sum(work[:hubs]), sum(work)),
        "member_benefit": model.benefit if model.members else math.nan,
        "adoption_r0": adoption / par.churn if par.churn > 0 else math.inf,
        "settled": flows.settled / par.n_owners,
        "settlement_needed": (flows.settled + flows.unsettled) / par.n_owners,
        "gini_wallet": gini([d.wallet for d in model.members]),
        "bid_ask_spread": mean(spreads),
    }


def bids_and_asks(model: TwinModel, start: dict[str, float]) -> tuple[list[float], list[float]]:
    """By type: the pay at which a typical offer ties with the provider, and the mean ask; NaN without one."""
    par = model.par
    bids, asks = [], []
    for task in range(par.task_types):
        devices = [d for d in model.members if d.task == task]
        gap = mean([d.quality for d in devices]) - model.provider_quality[task]
        faster = par.latency_cost * (par.provider_latency - par.hop_latency)
        bid = start["provider_price"] + par.query_value * gap + faster
        bids.append(max(0.0, bid) if devices else math.nan)
        asks.append(mean([d.ask for d in devices]))
    return bids, asks


def capacities(model: TwinModel, start: dict[str, float], component: list[Device]) -> dict[str, float]:
    """CES capacity: on offer, effective, of the largest component, of the provider; the critical N*."""
    par = model.par
    offered = [0.0] * par.task_types
    for device in model.members:
        if device.task is not None:
            offered[device.task] += device.quality * device.capacity
    k = start["provider_capacity"]
    mean_capability = mean([d.capability for d in model.members])
    connected = ratio(len(component), len(model.members))
    return {
        "c_active": ces(offered, par.rho),
        "c_eff": ces(total_capacity(model, model.members), par.rho),
        "c_mesh": ces(total_capacity(model, component), par.rho),
        "c_cent": par.task_types ** ((1 - par.rho) / par.rho) * k,
        "n_star": ratio(k, connected * mean_capability),
    }


def total_capacity(model: TwinModel, devices: list[Device]) -> list[float]:
    """Sum of c_ij = C_i sigma_ij by type."""
    return [sum(d.capability * d.shares[task] for d in devices) for task in range(model.par.task_types)]


def technology(model: TwinModel, start: dict[str, float]) -> dict[str, float]:
    """The learning curve and what devices know."""
    return {
        "distance_to_crossing": start["distance_to_crossing"],
        "technology_index": model.technology.index,
        "production": model.technology.production,
        "unit_cost": model.technology.unit_cost,
        "mean_knowledge": mean([d.knowledge for d in model.members]),
        "up_to_date": mean([float(d.up_to_date) for d in model.members]),
    }


def degrees(model: TwinModel, start: dict[str, float]) -> dict[str, float]:
    """Inequality of degrees in the device network and what it means for spreading and bandwidth."""
    values = [len(d.neighbors) for d in model.members]
    return {
        "sis_threshold": ratio(sum(values), sum(k * k for k in values)),
        "bandwidth_ratio": ratio(sum(values), start["provider_capacity"]),
        "gini_degree": gini(values),
        "max_degree": max(values, default=math.nan),
    }


def reasons(model: TwinModel) -> dict[str, float]:
    """Why members' queries were served by neither mesh nor self, as shares of members' queries."""
    asked = sum(model.flows.asked)
    return {f"reason_{name}": ratio(model.flows.reasons[name], asked) for name in REASONS}


def type_rows(model: TwinModel, start: dict[str, float]) -> list[dict[str, Any]]:
    """A row for each type of the month."""
    flows = model.flows
    bids, asks = bids_and_asks(model, start)
    rows = []
    for task in range(model.par.task_types):
        devices = [d for d in model.members if d.task == task]
        rows.append(
            {
                "month": model.month,
                "type": task,
                "demand": flows.demand(task),
                "self": flows.by_self[task],
                "mesh": flows.by_mesh[task],
                "provider": flows.by_provider[task],
                "unserved": flows.unserved[task],
                "mean_ask": asks[task],
                "bid": bids[task],
                "active": len(devices),
                "quality": mean([d.quality for d in devices]),
            }
        )
    return rows
