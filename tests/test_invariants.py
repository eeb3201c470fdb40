"""What must hold after every step, whatever the scenario: random scenarios, extreme values, shocks in mid-run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mesh_abm.errors import ScenarioError
from mesh_abm.invariants import InvariantError, check_invariants
from mesh_abm.model import MeshModel
from mesh_abm.rules import default_rules
from mesh_abm.rules.settlement import Settlement
from mesh_abm.scenario import DeviceClass, Scenario, Shock

MONTHS = 5
share = st.sampled_from([0.0, 0.02, 0.3, 1.0])
box = DeviceClass(name="box", share=1, merit=1, capacity=10, quality=0.6, running_cost=100)
idler = DeviceClass(name="idler", share=0.5, merit=0, capacity=0, quality=0, running_cost=0)
giant = DeviceClass(name="giant", share=0.5, merit=1e6, capacity=1e6, quality=1, running_cost=10**6)


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


KINDS = {
    "population": some("fixed", "adoption", "growth"),
    "kernel": some("fitness", "degree", "uniform"),
    "signal": some("local", "global"),
    "pricing": some("cost-plus", "undercut", "fixed"),
}
VALUES = {
    "initial_members": some(0, 0.5, 1), "arrivals": some(0, 3), "churn": share, "innovation": some(0, 0.1, 5),
    "contagion": some(0, 5), "standing_cost": some(0, 300, 20_000), "information_friction": some(1e-6, 1000),
    "capable_merit": some(0, 0.3), "merit_spread": some(0, 0.3, 3), "non_owners": some(0, 2.5),
    "classes": some((box,), (idler, giant)), "learning_exponent": some(0, 0.23, 2),
    "cumulative_production": some(0.01, 1), "datacenter_volume": some(0, 10), "efficiency_growth": some(-0.5, 0, 0.3),
    "merit_gain": some(-2, 1), "capacity_gain": some(-2, 1), "quality_growth": some(0, 5),
    "specialist_bonus": share, "specialist_ceiling": share,
    "knowledge_gain": some(0, 10), "practice": some(0, 5), "exchange": some(0, 0.05, 50), "obsolescence": share,
    "update_rate": share, "update_recovery": share, "update_seed": share, "release_every": some(1, 3),
    "slots": some(1, 2, 5), "attempts": some(0, 1, 6), "link_failure": share, "link_value": some(None, 0, 0.5, 1),
    "task_types": some(1, 2, 7), "zipf": some(0, 0.9, 5), "demand": some(1e-9, 2, 9), "frontier_share": share,
    "signal_memory": share, "steepness": some(0.5, 2, 9), "threshold_min": some(0, 0.01, 0.5),
    "threshold_max": some(0.5, 2),
    "reinforcement": some(0, 0.25, 9), "decay": some(0, 0.05, 9), "learning_rate": share, "ask_rate": some(0, 0.1, 5),
    "target_use": share, "query_value": some(0, 3000, 10**9), "choice_noise": some(1e-9, 200, 1e9),
    "latency_cost": some(0, 1), "hop_latency": some(0, 10, 5000), "provider_latency": some(0, 100, 5000),
    "ttl": some(1, 2, 6), "looks": some(1, 2, 50), "relay_fee": some(0, 0.02, 0.7), "settlement_fee": some(0, 5, 5000),
    "settlement_capacity": some(0, 0.3, math.inf), "provider_capacity": some(0, 0.33, 3, math.inf),
    "provider_price": some(0, 0.4, 1000, math.inf), "pass_through": share, "undercut": share,
    "cost_share": some(0, 0.2, 3),
    "focus": some(0, 1, 4), "reinvest": share, "unit_price": some(1, 6000), "depreciation": some(0, 0.02, 0.5),
    "income": some(0, 700, 6000), "initial_wallet": some(0, 900, 10_000), "wallet_cap": some(0, 1500, 20_000),
    "rho": some(0.05, 0.5, 1), "measure_every": some(0, 2),
}  # fmt: skip
SETTINGS = st.sampled_from([
    ("churn", 1), ("churn", 0), ("link_failure", 1), ("income", 0), ("demand", 6), ("settlement_capacity", 0),
    ("capable_merit", 1e9), ("frontier_share", 1), ("ttl", 1), ("settlement_fee", 9000), ("link_value", 0),
    ("reinvest", 1), ("standing_cost", 50_000), ("ask_rate", 3),
])  # fmt: skip


@st.composite
def shock(draw: st.DrawFn) -> Shock:
    month = draw(st.integers(1, MONTHS))
    kind = draw(some("set", "price", "capacity", "merit", "hubs", "random"))
    if kind in ("hubs", "random"):
        return Shock(month=month, kind=kind, value=draw(some(0, 0.2, 1)))
    until = draw(st.none() | st.integers(month, MONTHS))
    if kind == "set":
        field, value = draw(SETTINGS)
        return Shock(month=month, until=until, kind=kind, field=field, value=value)
    return Shock(month=month, until=until, kind=kind, value=draw(some(1e-6, 0.5, 1, 3, 1000)))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    kinds = draw(st.fixed_dictionaries(KINDS))
    values = draw(st.fixed_dictionaries({}, optional=VALUES))
    shocks = tuple(draw(st.lists(shock(), max_size=3)))
    try:
        return Scenario(n_owners=draw(some(1, 2, 12, 45)), months=MONTHS, shocks=shocks, **kinds, **values)
    except ScenarioError:
        assume(False)
        raise


def finite_books(model: MeshModel) -> None:
    """What the laws take for granted."""
    state = model.state
    for name in (
        "merit",
        "personal",
        "shares",
        "thresholds",
        "signal",
        "knowledge",
        "quality",
        "full_capacity",
    ):
        assert not np.isnan(getattr(state, name)).any(), name
    assert not math.isnan(model.provider.price)
    assert not math.isnan(model.provider.capacity)
    assert model.provider.price >= 0
    assert model.provider.capacity >= 0
    assert math.isfinite(model.benefit)


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenarios(), st.integers(0, 5))
def test_every_law_holds_in_every_month_of_any_scenario(scenario, seed):
    model = MeshModel.from_scenario(scenario, rng=seed, check=True)
    check_invariants(model)
    for _ in range(MONTHS):
        model.step()
        finite_books(model)


REFERENCE = {
    "n_owners": 150,
    "initial_members": 0.7,
    "efficiency_growth": 0.1,
    "demand": 4,
    "measure_every": 0,
}


@pytest.mark.parametrize("fields", [
    {},
    {"task_types": 1, "slots": 1, "looks": 1, "ttl": 1},
    {"n_owners": 1, "population": "fixed"},
    {"initial_members": 0, "innovation": 0},
    {"churn": 1, "link_failure": 1},
    {"churn": 1, "population": "fixed"},
    {"provider_price": math.inf},
    {"provider_price": math.inf, "non_owners": 1},
    {"provider_capacity": math.inf, "depreciation": 1},
    {"provider_price": math.inf, "pricing": "undercut", "cost_share": 0},
    {"settlement_capacity": 0, "provider_capacity": 0},
    {"demand": 1e-9},
    {"population": "growth", "initial_members": 0, "arrivals": 1},
    {"kernel": "uniform", "link_value": 1, "slots": 20, "attempts": 50, "n_owners": 12, "population": "fixed"},
    {"standing_cost": 10**6},
    {"mix": (1, 0, 0, 0), "task_types": 4, "focus": 3},
    {"practice": 5, "obsolescence": 0, "link_value": 1, "specialist_bonus": 1},
    # Asks run away while fees of many relays are a multiple of them
    {"ask_rate": 100, "target_use": 0, "relay_fee": 1000, "ttl": 60, "looks": 1, "link_value": 1, "population": "fixed",
     "query_value": 10**12, "income": 10**9, "wallet_cap": 10**9, "provider_capacity": 0, "kernel": "uniform"},
], ids=str)  # fmt: skip
def test_every_law_holds_at_the_edges(fields):
    model = MeshModel(**(REFERENCE | fields), rng=3, check=True)
    for _ in range(12):
        model.step()
        finite_books(model)


# -- the laws can fail -----------------------------------------------------------------------------------------------


@pytest.fixture
def lively():
    """A mesh in which there is something of everything."""
    fields = {"link_value": 1, "population": "fixed", "churn": 0, "specialist_bonus": 1}
    model = MeshModel(**(REFERENCE | fields), rng=1)
    model.run_for(6)
    check_invariants(model)
    assert model.network.n_links > 20
    assert model.flows.by_mesh.sum() > 0
    return model


def first_slots(model, count=2):
    """Where device links are: (row, slot) of the first of them."""
    return [tuple(int(x) for x in place) for place in np.argwhere(model.network.slots >= 0)[:count]]


def break_money(model):
    model.state.wallet[0] += 1


def break_wallets(model):
    model.state.wallet[:2] += -model.state.wallet[0] - 1, model.state.wallet[0] + 1


def break_ends(model):
    model.flows.by_mesh[0] += 1


def break_reasons(model):
    model.flows.reasons[3] += 1


def link_to_itself(model):
    row, slot = first_slots(model)[0]
    model.network.slots[row, slot] = row
    model.network.rebuild(model.members)


def link_twice(model):
    (row, slot), *_ = first_slots(model)
    model.network.slots[row, (slot + 1) % model.spec.slots] = model.network.slots[row, slot]
    model.network.rebuild(model.members)


def link_back(model):
    (row, slot), *_ = first_slots(model)
    model.network.slots[model.network.slots[row, slot], 0] = row
    model.network.rebuild(model.members)


def link_to_a_stranger(model):
    (row, slot), *_ = first_slots(model)
    gone = model.network.slots[row, slot]
    model.state.member[gone] = False
    model.money.withdrawn += int(model.state.wallet[gone])
    model.state.wallet[gone] = 0
    model.network.slots[gone] = -1
    model.members = model.state.members
    model.network.rebuild(model.members)


def forget_a_neighbor(model):
    (row, slot), *_ = first_slots(model)
    model.network.slots[row, slot] = -1


def overload(model):
    busy = int(model.state.load.argmax())
    model.state.load[busy] = model.state.capacity[busy] + 1


def break_shares(model):
    model.state.shares[0, 0] += 1e-6


def break_thresholds(model):
    model.state.thresholds[0, 0] = model.spec.threshold_max + 0.01


def break_a_measure(model):
    model.record["s_inf"] = 1.01


@pytest.mark.parametrize(("damage", "law"), [
    (break_money, "money is conserved"), (break_wallets, "nobody is in debt"), (break_ends, "queries end once"),
    (break_reasons, "queries end once"), (link_to_itself, "links are proper"), (link_twice, "links are proper"),
    (link_back, "links are proper"), (link_to_a_stranger, "links are proper"),
    (forget_a_neighbor, "lists agree with slots"), (overload, "loads fit capacities"),
    (break_shares, "shares sum to one"), (break_thresholds, "thresholds stay in bounds"),
    (break_a_measure, "measured shares are shares"),
])  # fmt: skip
def test_the_check_finds_each_kind_of_damage(lively, damage, law):
    damage(lively)
    with pytest.raises(InvariantError, match=f"month 6: {law}"):
        check_invariants(lively)


def test_check_true_tests_every_step(monkeypatch):
    """A rule that pays twice is found out in the month in which it does."""

    class Generous(Settlement):
        def apply(self, model):
            super().apply(model)
            model.state.wallet[model.members[0]] += model.month == 3

    rules = default_rules().replace(settlement=Generous())
    model = MeshModel(n_owners=20, population="fixed", churn=0, rng=1, check=True, rules=rules)
    model.run_for(2)
    with pytest.raises(InvariantError, match="month 3: money is conserved: 1 micro-credits"):
        model.step()
