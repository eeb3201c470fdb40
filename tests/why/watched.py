"""Runs in which every fate of a query occurs, and the routes of a month."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_abm import MeshModel, Scenario, why
from mesh_abm.shocks import Shock

# A mesh that is alive from the first months on, with every reason in it.
DENSE = {
    "n_owners": 160, "kernel": "uniform", "link_value": 0.9, "slots": 3, "population": "fixed", "task_types": 4,
    "churn": 0.03, "settlement_fee": 5, "capable_merit": 0,
}  # fmt: skip
CASES: dict[str, tuple[str, dict[str, object]]] = {
    "reference": ("reference", {"n_owners": 300}),
    "dense": ("reference", DENSE),
    "frontier": ("frontier-heavy", DENSE),
    "funds": ("reference", DENSE | {"initial_wallet": 700, "income": 500, "wallet_cap": 900}),
    "settlement": ("settlement-bottleneck", DENSE),
    "capacity": ("reference", DENSE | {"provider_capacity": 1.5, "non_owners": 0.1}),
    "price": ("reference", DENSE | {"query_value": 500, "shocks": (Shock(month=3, kind="price", value=0.1),)}),
    "latency": ("reference", DENSE | {
        "query_value": 500, "latency_cost": 20, "hop_latency": 40, "provider_latency": 9,
    }),
    "taste": ("reference", DENSE | {"update_seed": 1, "update_bonus": 0.8, "choice_noise": 900}),
    "many hops": ("reference", DENSE | {"ttl": 8, "looks": 2, "relay_fee": 0.07, "signal": "global"}),
    "shocks": ("reference", DENSE | {"focus": 0.5, "shocks": (
        Shock(month=3, kind="price", value=0.5, until=5), Shock(month=4, kind="capacity", value=0.1),
        Shock(month=5, kind="hubs", value=0.2), Shock(month=6, kind="set", field="relay_fee", value=0.2),
        Shock(month=4, until=6, kind="release", value=1.2),
        Shock(month=2, kind="mix", value=(0.1, 0.1, 0.2, 0.6)),
    )}),
}  # fmt: skip


def model_of(case: str, seed: int, **keywords) -> MeshModel:
    name, fields = CASES[case]
    scenario = Scenario.load(name).replace(**fields)
    return MeshModel.from_scenario(scenario, rng=seed, **keywords)


def all_routes(model: MeshModel) -> Iterator[why.Route]:
    for row in model.members.tolist():
        for query in why.queries_of(model, row):
            yield why.route(model, query.origin, query.number)
