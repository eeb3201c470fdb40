"""Every measure, worked out again in plain Python from the tables of devices, links and types that anybody can see.

The provider's terms, costs and production are followed month by month beside the model. Nothing here calls the engine's
measures; `expected` is written from docs/model.md, "Measures".
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from statistics import fmean

import networkx as nx
import pytest

from mesh_abm.books import Reason
from mesh_abm.model import MeshModel
from mesh_abm.rules import default_rules
from mesh_abm.rules.population import Population

STATE = [
    "month", "members", "mean_degree", "s_inf", "s_inf_theory", "condensate", "condensate_theory", "filled_slots",
    "mean_odds", "link_value", "specialization", "provider_price", "c_eff", "c_mesh", "c_cent", "n_star",
    "distance_to_crossing", "technology_index", "unit_cost", "mean_knowledge", "up_to_date", "sis_threshold",
    "bandwidth_ratio", "gini_wallet", "gini_degree", "max_degree",
]  # fmt: skip
FLOWS = [
    "r0_mesh", "share_mesh", "share_self", "share_provider", "share_unserved", "market_share", "share_mesh_head",
    "share_mesh_tail", "specialization_active", "active", "mean_ask", "hub_share", "member_benefit", "adoption_r0",
    "c_active", "settled", "settlement_needed", "bid_ask_spread", "reason_frontier", "reason_no_path",
    "reason_no_specialist", "reason_no_capacity", "reason_funds", "reason_settlement",
    "reason_quality", "reason_price", "reason_latency", "reason_taste",
]  # fmt: skip

BUSY = {
    "n_owners": 90, "initial_members": 0.7, "innovation": 0.05, "churn": 0.04, "non_owners": 0.3,
    "efficiency_growth": 0.3, "quality_growth": 0.1, "task_types": 5, "focus": 0.4, "provider_capacity": 2.1,
    "frontier_share": 0.1, "demand": 4, "update_seed": 0.2, "depreciation": 0.1, "measure_every": 4,
}  # fmt: skip
VARIANTS = {
    "fitness": BUSY,
    "uniform": BUSY | {
        "kernel": "uniform", "signal": "global", "pricing": "fixed", "population": "fixed", "churn": 0,
        "link_failure": 0.2, "settlement_capacity": 0.3, "rho": 0.8, "task_types": 3, "link_value": 0.6,
        "initial_wallet": 600, "income": 1100, "wallet_cap": 2000, "provider_price": 900.5, "hop_latency": 50,
        "learning_exponent": 0,
    },
}  # fmt: skip
MONTHS = 14


class Watched(Population):
    """Rule 2, after which the device links that are left are counted."""

    def apply(self, model):
        super().apply(model)
        model.links_left = int((model.network.slots >= 0).sum())


class Month:
    """What was seen at the end of one month, and what was known at its beginning."""

    def __init__(self, model, before):
        self.model, self.spec, self.number = model, model.spec, model.month
        self.frame, self.links = model.device_frame(), model.links_frame()
        self.row = model.datacollector.get_model_vars_dataframe().iloc[-1]
        self.reasons = Counter(model.fate.tolist()) if before else Counter()
        self.queries = model.queries.total if before else 0
        self.links_left = getattr(model, "links_left", 0)
        types = model.datacollector.get_table_dataframe("types")
        self.types = types[types.month == self.number].set_index("type")
        self.before = before
        self.follow()

    def follow(self):
        """Production, costs, price and capacity of this month, from those of the last."""
        spec, before = self.spec, self.before
        if before is None:
            self.Q, self.K, self.p = (
                float(spec.n_owners),
                spec.provider_capacity * spec.n_owners,
                spec.provider_price,
            )
            self.A = self.c = 1.0
            return
        revenue = round(before.p) * int(before.types["provider"].sum()) if before.before else 0
        bought = math.floor(spec.reinvest * revenue) / (spec.unit_price * before.c) if before.before else 0.0
        joined = int((before.frame.joined == before.number).sum()) if before.before else 0
        worn = 1 - spec.depreciation if before.before else 1
        self.Q = before.Q + spec.datacenter_volume * bought + spec.device_volume * joined
        self.K = before.K * worn + bought
        self.c = (self.Q / spec.n_owners) ** -spec.learning_exponent
        self.A = math.exp(spec.efficiency_growth * self.number)
        fall = before.c / before.A
        cost_plus = spec.provider_price * (1 - spec.pass_through + spec.pass_through * fall)
        self.p = cost_plus if spec.pricing == "cost-plus" else spec.provider_price

    @property
    def index(self):
        return math.log(self.A / self.c)

    @property
    def kinds(self):
        """The device class of each member."""
        by_name = {kind.name: kind for kind in self.spec.classes}
        return [by_name[name] for name in self.frame.device_class]

    def at_start(self, column, newcomer):
        """A column of the devices table as it was when this month's links were made, by member."""
        old = (
            {}
            if self.before is None
            else dict(zip(self.before.frame.spell, self.before.frame[column], strict=True))
        )
        return [old.get(spell, fresh) for spell, fresh in zip(self.frame.spell, newcomer, strict=True)]

    @property
    def graph(self):
        graph = nx.Graph()
        graph.add_nodes_from(self.frame.row)
        devices = self.links[self.links.target >= 0]
        graph.add_edges_from(zip(devices.source, devices.target, strict=True))
        return graph


def ces(amounts, rho):
    return sum(x**rho for x in amounts) ** (1 / rho) if any(amounts) else 0.0


def gini(values):
    """Mean absolute difference over twice the mean."""
    values = list(values)
    if not sum(values):
        return math.nan
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) * sum(values))


def entropy_index(shares):
    return 1 + sum(x * math.log(x) for x in shares if x > 0) / math.log(len(shares))


def giant_component(r0):
    size = 1.0
    for _ in range(100_000):
        size = 1 - math.exp(-r0 * size)
    return size if r0 > 1 else 0.0


def condensate_with_churn(fitness, v, kappa, mu):
    """docs/model.md, "What the rules imply"."""
    s = (1 - kappa) * (1 - mu)
    if mu == 0:
        return max(0.0, 1 - fmean(v * eta / (1 - v * eta) for eta in fitness))
    D = 1 - s
    X = fmean((D / s) * v * eta * (1 - mu) / (1 - (1 - mu) * (s + D * v * eta)) for eta in fitness)
    return max(0.0, 1 - X * (1 - kappa) / (1 + mu * (1 - kappa) * X))


def provider_quality(spec):
    weights = [float(w) for w in spec.weights()]
    focus = [(len(weights) * w) ** spec.focus for w in weights]
    mean = sum(w * f for w, f in zip(weights, focus, strict=True))
    return [min(1.0, f / mean) for f in focus]


def class_quality(month, kind):
    return 1 - (1 - kind.quality) * math.exp(-month.spec.quality_growth * month.number)


def link_value(m):
    """v of step 3: members after step 2, with the shares and asks of last month."""
    spec, J = m.spec, m.spec.task_types
    if spec.link_value is not None:
        return spec.link_value
    columns = [m.at_start(f"share_{j}", [1 / J] * len(m.frame)) for j in range(J)]
    first_asks = [max(k.running_cost, round((k.running_cost + m.p) / 2)) for k in m.kinds]
    qualities = []
    for i, kind in enumerate(m.kinds):
        spec_index = (max(column[i] for column in columns) - 1 / J) / (1 - 1 / J)
        q = class_quality(m, kind)
        qualities.append(q + (spec.specialist_ceiling - q) * spec.specialist_bonus * spec_index)
    mesh = spec.query_value * fmean(qualities) - fmean(m.at_start("ask", first_asks))
    mesh -= spec.settlement_fee + spec.latency_cost * spec.hop_latency
    weights = [float(w) for w in spec.weights()]
    hosted = spec.query_value * sum(w * q for w, q in zip(weights, provider_quality(spec), strict=True))
    hosted -= round(m.p) + spec.latency_cost * spec.provider_latency
    return 1 / (1 + math.exp(-(mesh - hosted) / spec.choice_noise))


def network_part(m):
    spec, frame, graph = m.spec, m.frame, m.graph
    n, degrees = len(frame), dict(graph.degree())
    largest = max(nx.connected_components(graph), key=lambda c: (len(c), -min(c)))
    degree = [degrees[row] for row in frame.row]
    hosted = int((m.links.target == -1).sum())
    r = [float(x) for x in frame.merit]
    fitness = [x / (1 + x) for x in r]
    v = link_value(m)
    theory = condensate_with_churn(fitness, v, spec.link_failure, spec.churn)
    return largest, {
        "month": m.number, "members": n, "mean_degree": fmean(degree), "s_inf": len(largest) / n,
        "s_inf_theory": giant_component(fmean(degree)),
        "condensate": hosted / len(m.links) if len(m.links) else math.nan,
        "condensate_theory": theory if spec.kernel == "fitness" else math.nan,
        "filled_slots": len(m.links) / (n * spec.slots), "mean_odds": fmean(r), "link_value": v,
        "sis_threshold": fmean(degree) / fmean(k * k for k in degree) if any(degree) else math.nan,
        "bandwidth_ratio": n * fmean(degree) / m.K, "max_degree": max(degree), "gini_degree": gini(degree),
        "gini_wallet": gini(int(w) for w in frame.wallet), "mean_knowledge": fmean(frame.knowledge),
        "up_to_date": fmean(frame.up_to_date),
    }  # fmt: skip


def capability_part(m, largest):
    spec, frame, J = m.spec, m.frame, m.spec.task_types
    knowledge = m.at_start("knowledge", [0.0] * len(frame))
    C = [
        k.capacity * math.exp(spec.capacity_gain * m.index) * (1 + spec.knowledge_gain * u / (1 + u))
        for k, u in zip(m.kinds, knowledge, strict=True)
    ]
    inside = [row in largest for row in frame.row]
    shares = frame[[f"share_{j}" for j in range(J)]].to_numpy().tolist()
    over_all = [sum(c * own[j] for c, own in zip(C, shares, strict=True)) for j in range(J)]
    over_giant = [
        sum(c * own[j] for c, own, there in zip(C, shares, inside, strict=True) if there) for j in range(J)
    ]
    margin = m.p - fmean(k.running_cost for k in spec.classes)
    bracket = spec.hardware_cost / (m.A * margin)
    if spec.learning_exponent:
        crossing = spec.n_owners * bracket ** (1 / spec.learning_exponent)
    else:
        crossing = 0 if bracket <= 1 else math.inf
    return {
        "specialization": fmean(entropy_index(own) for own in shares), "provider_price": round(m.p),
        "c_eff": ces(over_all, spec.rho), "c_mesh": ces(over_giant, spec.rho),
        "c_cent": J ** ((1 - spec.rho) / spec.rho) * m.K, "n_star": m.K / (len(largest) / len(frame) * fmean(C)),
        "distance_to_crossing": crossing - m.Q, "technology_index": m.index, "unit_cost": m.c,
    }  # fmt: skip


def service_part(m):
    types, weights = m.types, [float(w) for w in m.spec.weights()]
    head = sorted(range(len(weights)), key=lambda j: (-weights[j], j))[: math.ceil(len(weights) / 4)]
    tail = [j for j in range(len(weights)) if j not in head]
    demand, mesh, own = types.demand.sum(), types.mesh.sum(), types["self"].sum()
    out = {f"reason_{r.name.lower()}": m.reasons[int(r)] / m.queries for r in Reason}
    return out | {
        "share_mesh": mesh / demand, "share_self": own / demand, "share_provider": types.provider.sum() / demand,
        "share_unserved": types.unserved.sum() / demand, "market_share": (mesh + own) / (demand - types.unserved.sum()),
        "share_mesh_head": types.mesh[head].sum() / types.demand[head].sum(),
        "share_mesh_tail": types.mesh[tail].sum() / types.demand[tail].sum(),
        "settled": mesh / m.spec.n_owners,
        "settlement_needed": (mesh + m.reasons[int(Reason.SETTLEMENT)]) / m.spec.n_owners,
    }  # fmt: skip


def devices_part(m):
    spec, frame, n = m.spec, m.frame, len(m.frame)
    on_task, busy = frame[frame.task >= 0], frame[frame.load >= 1]
    shares = busy[[f"share_{j}" for j in range(spec.task_types)]].to_numpy().tolist()
    work = sorted((frame.delivered + frame.relayed).tolist(), reverse=True)
    offered = [
        float((on_task.quality * on_task.capacity)[on_task.task == j].sum()) for j in range(spec.task_types)
    ]
    spreads = [m.types.bid[j] - m.types.mean_ask[j] for j in set(on_task.task)]
    pull = (m.before.row.member_benefit if m.number > 1 else 0) - spec.standing_cost
    imitation = spec.contagion * max(0.0, 2 / (1 + math.exp(-pull / spec.information_friction)) - 1)
    links_before = int((m.before.links.target >= 0).sum())
    opened = int((m.links.target >= 0).sum()) - m.links_left
    lost = links_before - m.links_left
    loss = lost / links_before if lost else spec.link_failure
    return {
        "specialization_active": fmean(map(entropy_index, shares)) if shares else math.nan, "active": len(busy) / n,
        "mean_ask": fmean(on_task.ask) if len(on_task) else math.nan, "c_active": ces(offered, spec.rho),
        "hub_share": sum(work[: math.ceil(n / 100)]) / sum(work) if any(work) else math.nan,
        "bid_ask_spread": fmean(spreads) if spreads else math.nan,
        "adoption_r0": imitation / spec.churn if spec.churn else math.inf, "r0_mesh": 2 * opened / (n * loss),
    }  # fmt: skip


@cache
def expected(m):
    """Every measure that can be worked out from the tables, by name."""
    largest, out = network_part(m)
    out |= capability_part(m, largest)
    if m.number == 0:
        return out | dict.fromkeys(FLOWS, math.nan)
    return out | service_part(m) | devices_part(m)


@pytest.fixture(scope="module", params=VARIANTS)
def months(request):
    """The months of one run, from 0 on."""
    model = MeshModel(**VARIANTS[request.param], rng=4, rules=default_rules().replace(population=Watched()))
    seen = [Month(model, None)]
    for _ in range(MONTHS):
        model.step()
        seen.append(Month(model, seen[-1]))
    return seen


@pytest.mark.parametrize("name", [name for name in STATE + FLOWS if name != "member_benefit"])
def test_a_measure_is_what_the_tables_say(months, name):
    for m in months:
        assert float(m.row[name]) == pytest.approx(
            float(expected(m)[name]), rel=1e-9, abs=1e-12, nan_ok=True
        ), m.number


def test_the_example_shows_something_of_everything(months):
    last, settings = months[-1], months[0].spec
    reasons = sum((m.reasons for m in months), Counter())
    assert last.row.share_mesh > 0.03
    assert last.row.s_inf > 0.3
    assert sum(m.types.unserved.sum() for m in months[1:]) > 0
    assert reasons[int(Reason.NO_SPECIALIST)] > 0
    if settings.settlement_capacity < 1:
        assert reasons[int(Reason.SETTLEMENT)] > 0
        assert reasons[int(Reason.FUNDS)] > 0
    else:
        assert any((m.frame.joined == m.number).sum() for m in months[1:])
        assert any(m.row.adoption_r0 > 0 for m in months[1:])
    assert any(not math.isnan(m.row.hub_share) for m in months[1:])


def test_the_table_of_types_agrees_with_the_queries_and_the_devices(months):
    spec = months[0].spec
    hosted = provider_quality(spec)
    for m in months[1:]:
        assert m.types.index.tolist() == list(range(spec.task_types))
        assert (m.types[["self", "mesh", "provider", "unserved"]].sum(axis=1) == m.types.demand).all()
        assert m.types["self"].sum() == m.reasons[-1]
        assert m.types.mesh.sum() == m.reasons[-2] == m.frame.delivered.sum()
        assert m.types["self"].sum() + m.types.mesh.sum() == m.frame.load.sum()
        for j in range(spec.task_types):
            there, told = m.frame[m.frame.task == j], m.types.loc[j]
            assert told.active == len(there)
            if len(there) == 0:
                assert math.isnan(told.mean_ask)
                assert math.isnan(told.bid)
                assert math.isnan(told.quality)
                continue
            lead = spec.query_value * (there.quality.mean() - hosted[j])
            latency = spec.latency_cost * (spec.provider_latency - spec.hop_latency)
            assert told.mean_ask == pytest.approx(there.ask.mean())
            assert told.quality == pytest.approx(there.quality.mean())
            assert told.bid == pytest.approx(max(0, round(m.p) + lead + latency))
