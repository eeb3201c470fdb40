"""Measures where there is little or nothing to measure: the start, an empty mesh, one type, no loss."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

from mesh_abm.measures import COLUMNS, REGISTRY
from mesh_abm.model import MeshModel

# The names that docs/model.md promises
STATE = {
    "month", "members", "mean_degree", "s_inf", "s_inf_theory", "condensate", "condensate_theory", "filled_slots",
    "mean_odds", "link_value", "specialization", "provider_price", "c_eff", "c_mesh", "c_cent", "n_star",
    "distance_to_crossing", "technology_index", "unit_cost", "mean_knowledge", "up_to_date", "sis_threshold",
    "bandwidth_ratio", "gini_wallet", "gini_degree", "max_degree",
}  # fmt: skip
REASONS = {
    "reason_frontier", "reason_no_path", "reason_no_specialist", "reason_no_capacity", "reason_funds",
    "reason_settlement", "reason_quality", "reason_price", "reason_latency", "reason_taste",
}  # fmt: skip
SERVICE = {
    "share_mesh", "share_self", "share_provider", "share_unserved", "market_share", "share_mesh_head", "share_mesh_tail"
}  # fmt: skip
FLOWS = REASONS | SERVICE | {
    "r0_mesh", "specialization_active", "active", "mean_ask", "hub_share", "member_benefit", "adoption_r0", "c_active",
    "settled", "settlement_needed", "bid_ask_spread",
}  # fmt: skip
COSTLY = {"lambda_2", "tail_exponent", "spectral_dimension"}
TYPES = {
    "month",
    "type",
    "demand",
    "self",
    "mesh",
    "provider",
    "unserved",
    "mean_ask",
    "bid",
    "active",
    "quality",
}


def series(months, **fields):
    model = MeshModel(**({"n_owners": 60} | fields), rng=1)
    model.run_for(months)
    return model, model.datacollector.get_model_vars_dataframe()


def test_every_promised_column_is_there_in_every_row_and_the_month_comes_first():
    model, frame = series(3)
    assert set(frame.columns) >= STATE | FLOWS | COSTLY
    assert frame.columns[0] == COLUMNS[0] == "month"
    assert frame.month.tolist() == [0, 1, 2, 3]
    assert set(model.datacollector.get_table_dataframe("types").columns) == TYPES


def test_every_measure_has_a_unit_and_a_meaning():
    for measure in REGISTRY.values():
        assert measure.unit
        assert measure.meaning.endswith(".")


def test_row_0_is_the_start_with_flows_unknown():
    _, frame = series(0, initial_members=0.5)
    start = frame.iloc[0]
    assert start[sorted(FLOWS | COSTLY)].isna().all()
    undefined = {"sis_threshold", "gini_degree"}  # without any device link
    assert start[sorted(STATE - undefined)].notna().all()
    assert (start.condensate, start.filled_slots, start.mean_degree) == (1, 1, 0)
    assert start.s_inf == 1 / start.members
    assert (start.unit_cost, start.technology_index, start.provider_price) == (1, 0, 1000)


def test_the_table_of_types_begins_with_month_1():
    model, _ = series(2, task_types=3)
    types = model.datacollector.get_table_dataframe("types")
    assert types.month.tolist() == [1] * 3 + [2] * 3


def test_means_of_nobody_are_nan_and_shares_of_what_outsiders_ask_are_not():
    model, frame = series(2, initial_members=0, innovation=0)
    last = frame.iloc[-1]
    nobody = [
        "mean_degree", "s_inf", "s_inf_theory", "condensate", "condensate_theory", "filled_slots", "mean_odds",
        "active", "specialization", "specialization_active", "mean_ask", "hub_share", "member_benefit",
        "mean_knowledge", "up_to_date", "sis_threshold",
        "gini_wallet", "gini_degree", "bid_ask_spread", "max_degree", "n_star", *REASONS,
    ]  # fmt: skip
    assert last[nobody].isna().all()
    assert (last.members, last.link_value, last.c_eff, last.c_mesh, last.c_active, last.settled) == (
        0,
        0,
        0,
        0,
        0,
        0,
    )
    assert last.share_provider == 1
    assert last.market_share == 0
    assert model.device_frame().empty


def test_with_a_single_type_there_is_no_tail_and_nobody_is_a_specialist():
    _, frame = series(4, task_types=1, population="fixed", link_value=1, efficiency_growth=0.2)
    assert frame.share_mesh_tail.isna().all()
    assert (frame.share_mesh_head[1:] == frame.share_mesh[1:]).all()
    assert (frame.specialization == 0).all()


@pytest.mark.parametrize(("types", "head"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_the_head_is_the_quarter_of_types_asked_most_rounded_up(types, head):
    weights = [1.0] * types
    weights[types // 2] = 2.0  # the most asked; of the others, equal, the lower numbers
    lively = {"population": "fixed", "link_value": 1, "quality_growth": 1, "demand": 9}
    model, frame = series(3, mix=weights, task_types=types, **lively)
    order = sorted(range(types), key=lambda j: (-weights[j], j))
    rows = model.datacollector.get_table_dataframe("types")
    chosen = rows[(rows.month == 3) & rows.type.isin(order[:head])]
    assert frame.share_mesh_head.iloc[-1] == pytest.approx(chosen.mesh.sum() / chosen.demand.sum())


def test_without_churn_r0_of_adoption_is_infinite_and_with_no_loss_r0_of_the_mesh_too():
    _, frame = series(2, churn=0, link_failure=0, population="fixed", kernel="uniform", link_value=1)
    assert frame.adoption_r0[1:].tolist() == [math.inf, math.inf]
    assert frame.r0_mesh[1] == math.inf


def test_r0_of_the_mesh_takes_link_failure_while_no_link_was_lost():
    model, frame = series(1, population="fixed", kernel="uniform", link_value=1, link_failure=0.08)
    assert frame.r0_mesh[1] == pytest.approx(2 * model.network.n_links / (60 * 0.08))


def test_costly_measures_come_every_so_many_months():
    _, frame = series(9, measure_every=3, population="fixed", kernel="uniform", link_value=1)
    assert frame.month[frame.lambda_2.notna()].tolist() == [3, 6, 9]
    _, never = series(3, measure_every=0, population="fixed", kernel="uniform", link_value=1)
    assert never[sorted(COSTLY)].isna().all(axis=None)


def test_lambda_2_is_the_second_eigenvalue_of_the_laplacian_of_the_largest_component():
    model, frame = series(
        6, measure_every=6, population="fixed", kernel="uniform", link_value=0.3, slots=2, attempts=1
    )
    graph = nx.Graph()
    graph.add_edges_from(zip(*model.network.links()[:2], strict=True))
    largest = graph.subgraph(max(nx.connected_components(graph), key=len))
    assert len(largest) < 60
    assert frame.lambda_2.iloc[-1] == pytest.approx(
        np.linalg.eigvalsh(nx.laplacian_matrix(largest).toarray())[1]
    )


def test_the_tail_exponent_finds_the_exponent_of_a_power_law():
    """Degrees drawn from k^-2.5, k >= 1. The sd of the estimate is about (2.5 - 1)/sqrt(n) = .011; five of them."""
    from mesh_abm.measures.tail import fit_tail

    degrees = np.random.default_rng(1).zipf(2.5, 20_000)
    exponent, distance, start = fit_tail(degrees)
    assert exponent == pytest.approx(2.5, abs=5 * 1.5 / math.sqrt((degrees >= start).sum()))
    assert distance < 1.63 / math.sqrt((degrees >= start).sum())  # Kolmogorov-Smirnov at 1 %
