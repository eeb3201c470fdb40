"""Limits in which the model is solved: giant component, condensate, exchange, releases, the provider alone.

Means over seeds are compared with a law by `agrees`, which says what it may get wrong.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

from mesh_abm.model import MeshModel
from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.rules.knowledge import exchange, spread_updates
from mesh_abm.theory import condensation, percolation
from tests.statistical.agreement import agrees
from tests.statistical.quiet import QUIET, grown, of_merit, rewire

pytestmark = pytest.mark.statistical

# -- the giant component of uniform slots ----------------------------------------------------------------------------


def uniform_mesh(slots, filled, seed, n=4000, **fields):
    """Every slot is filled with this chance, by a uniform member."""
    fields = {"link_value": filled, "attempts": 1, "population": "fixed", "kernel": "uniform"} | fields
    return rewire(MeshModel(**(QUIET | {"n_owners": n, "slots": slots} | fields), rng=seed))


def largest_share(model):
    return model.network.components(model.members).largest.size / model.members.size


@pytest.mark.parametrize(
    ("slots", "filled"), [(2, 0.36), (2, 0.5), (2, 0.7), (4, 0.2), (4, 0.3), (16, 0.04), (16, 0.08)]
)
def test_the_giant_component_of_slots_is_that_of_the_formula_of_slots(slots, filled):
    sizes = [largest_share(uniform_mesh(slots, filled, seed)) for seed in range(30)]
    law = percolation.giant_component_slots(slots, filled)
    assert agrees(sizes, law, power=0.05)


def test_with_few_slots_equation_2_is_wrong_and_with_many_it_is_right():
    few = [largest_share(uniform_mesh(2, 1.3 / 4, seed)) for seed in range(30)]
    assert (
        np.mean(few) < percolation.giant_component(1.3) - 0.1
    )  # the formula of slots: .26, equation (2): .42
    many = [largest_share(uniform_mesh(64, 1.6 / 128, seed)) for seed in range(30)]
    assert agrees(many, percolation.giant_component(1.6), slack=0.003, power=0.03)


@pytest.mark.parametrize("slots", [2, 4])
def test_below_the_threshold_of_slots_there_is_no_giant_component(slots):
    """The largest of n = 4000 subcritical components is of order ln n: far below n^(2/3), about 250."""
    below = 0.8 * percolation.slots_threshold(slots) / (2 * slots)
    assert max(largest_share(uniform_mesh(slots, below, seed)) for seed in range(20)) < 250 / 4000


def test_the_formula_of_slots_holds_in_the_steady_state_of_failing_links_too():
    sizes, laws = [], []
    for seed in range(16):
        model = rewire(uniform_mesh(3, 0.06, seed, link_failure=0.15), 40)
        filled = (model.network.slots != EMPTY).mean()
        # f = (1 - kappa) f + v (1 - (1 - kappa) f): f = v / (v + kappa (1 - v))
        assert filled == pytest.approx(0.06 / (0.06 + 0.15 * 0.94), abs=5 * math.sqrt(0.21 / 12_000))
        sizes.append(largest_share(model))
        laws.append(percolation.giant_component_slots(3, filled))
    assert agrees(np.subtract(sizes, laws), 0, power=0.04)


# -- the condensate --------------------------------------------------------------------------------------------------


def condensate(model):
    slots = model.network.slots
    return (slots == PROVIDER).sum() / (slots != EMPTY).sum()


@pytest.mark.parametrize(
    ("link_failure", "churn", "merit", "spread", "value"),
    [
        (0.05, 0.1, 0.3, 0, 1), (0.05, 0.1, 0.6, 0, 1), (0.05, 0.1, 1.5, 0, 1), (0.08, 0.02, 0.6, 0, 1),
        (0.3, 0.05, 1, 0, 0.6), (0.08, 0.02, 1, 0.5, 0.8),
    ],
)  # fmt: skip
def test_churn_feeds_the_condensate_by_its_law(link_failure, churn, merit, spread, value):
    """Over 10 seeds and 80 months after 150. Slack .008: hubs find fewer devices that they are not yet linked to."""
    differences = []
    fields = {"link_failure": link_failure, "churn": churn, "merit_spread": spread, "link_value": value}
    for seed in range(10):
        model = MeshModel(
            **(QUIET | fields | {"n_owners": 3000, "population": "fixed", "classes": of_merit(merit)}),
            rng=seed,
        )
        rewire(model, 150)
        shares = [condensate(rewire(model)) for _ in range(80)]
        fitness = model.state.merit / (1 + model.state.merit)
        law = condensation.with_churn(fitness, value, link_failure, churn)
        differences.append(np.mean(shares) - law)
    assert agrees(differences, 0, slack=0.008, power=0.03)


def test_a_fit_mesh_dissolves_the_condensate():
    """Merit 30 where the law says 0: the provider's links fade month by month until next to none is left."""
    fields = {"n_owners": 4000, "population": "fixed", "churn": 0.05, "link_failure": 0.05, "link_value": 1}
    assert condensation.with_churn(30 / 31, 1, 0.05, 0.05) == 0
    model = MeshModel(**(QUIET | fields | {"classes": of_merit(30)}), rng=1)
    left = [condensate(rewire(model, 100)) for _ in range(4)]
    assert left == sorted(left, reverse=True)
    assert left[-1] < 0.002


def condensate_in_growth(fitness, slots, start, arrivals, n):
    """The expected share month by month: an empty slot meets the provider with p, half its share of targets."""
    hosted = filled = start * slots
    empty = 0.0
    for _ in range(round((n - start) / arrivals)):
        p = hosted / filled / 2
        kept = p + (1 - p) * fitness
        empty += arrivals * slots
        chosen = empty * (1 - (1 - kept) ** 8)
        empty -= chosen
        filled += chosen
        hosted += chosen * p / kept
    return hosted / filled


@pytest.mark.parametrize("merit", [0.15, 0.3, 0.6])
def test_in_pure_growth_the_condensate_tends_to_one_minus_the_mean_merit(merit):
    """From 100 devices that know the provider only; the memory of that start fades as (100 / n)^(1 - 2 fitness)."""
    eta = merit / (1 + merit)
    seen = [
        condensate(grown(20_000, 100, 100, seed, slots=2, classes=of_merit(merit))[0]) for seed in range(10)
    ]
    assert agrees(seen, condensate_in_growth(eta, 2, 100, 100, 20_000), slack=0.002, power=0.03)
    limit = condensation.with_churn(eta)
    assert limit == pytest.approx(1 - merit)
    # Slow near the transition, eta = 1/2
    assert np.mean(seen) == pytest.approx(limit, abs=(100 / 20_000) ** (1 - 2 * eta))
    late = condensate_in_growth(eta, 2, 10_000, 10_000, 10**9)
    assert late == pytest.approx(limit, abs=(10_000 / 10**9) ** (1 - 2 * eta))


# -- knowledge -------------------------------------------------------------------------------------------------------


def test_exchange_alone_conserves_the_mean_and_decays_at_lambda_2():
    """(12): for small exchange the slowest mode fades by exp(-e lambda_2), and nothing faster than the fastest."""
    model = uniform_mesh(4, 1, 1, n=200, exchange=0.002)
    graph = nx.Graph(zip(*model.network.links()[:2], strict=True))
    rates = np.linalg.eigvalsh(nx.laplacian_matrix(graph, nodelist=range(200)).toarray())
    assert rates[1] > 0.1  # connected
    slowest = np.linalg.eigh(nx.laplacian_matrix(graph, nodelist=range(200)).toarray())[1][:, 1]
    for start, months in ((slowest, 300), (np.random.default_rng(1).normal(size=200), 1500)):
        model.state.knowledge[:] = 5 + start - start.mean()
        distances = []
        for _ in range(months):
            exchange(model)
            distances.append(np.linalg.norm(model.state.knowledge - 5))
        assert model.state.knowledge.mean() == pytest.approx(5, rel=1e-12)
        decay = -np.diff(np.log(distances)) / 0.002
        assert decay.max() <= rates[-1] * 1.01
        assert decay.min() >= rates[1] * 0.99
        if start is slowest:
            assert decay == pytest.approx(np.full(months - 1, rates[1]), rel=0.01)


def test_exchange_conserves_the_sum_in_a_whole_run_with_nothing_else():
    fields = {
        "n_owners": 300,
        "population": "fixed",
        "churn": 0,
        "practice": 0,
        "obsolescence": 0,
        "exchange": 0.4,
    }
    model = MeshModel(**fields, link_value=1, rng=1)
    model.state.knowledge[:] = np.random.default_rng(1).exponential(size=300)
    total, spread = model.state.knowledge.sum(), model.state.knowledge.std()
    model.run_for(24)
    assert model.state.knowledge.sum() == pytest.approx(total, rel=1e-12)
    assert model.state.knowledge.std() < spread / 2


def spread_for(model, months):
    for _ in range(months):
        model.month += 1
        spread_updates(model)
    return model.state.up_to_date.mean()


def test_releases_live_above_the_threshold_at_the_prevalence_of_mean_field_and_die_below():
    """Degrees are 16 + Poisson(16). Below, 500 months leave e^-34 of 3000 devices up to date: false alarm 1e-11."""
    alive = {"update_seed": 1, "release_every": 10**6, "update_recovery": 0.1}
    model = uniform_mesh(16, 1, 1, n=3000, update_rate=0.001, **alive)
    model.month = 0
    assert spread_for(model, 500) == 0
    seen = []
    for seed in range(8):
        model = uniform_mesh(16, 1, seed, n=3000, update_rate=0.01, **alive)
        model.month = 0
        spread_for(model, 100)
        seen.append(np.mean([spread_for(model, 1) for _ in range(50)]))
    degrees, x = model.network.degree, 0.5
    quiet = x_of = np.full(degrees.size, x)
    for _ in range(500):
        x = float((degrees * x_of).sum() / degrees.sum())  # at the end of a link
        quiet = (1 - 0.01 * x) ** degrees
        x_of = 0.9 * x_of + (1 - x_of) * (1 - quiet)
    # Slack: neighbors' states are correlated, which mean-field neglects (order 1/degree)
    assert agrees(seen, x_of.mean(), slack=0.02, power=0.03)


# -- the provider ----------------------------------------------------------------------------------------------------


def test_a_provider_alone_serves_all_and_no_money_moves_but_its_own():
    model = MeshModel(initial_members=0, innovation=0, n_owners=500, rng=1, check=True)
    model.run_for(60)
    frame = model.datacollector.get_model_vars_dataframe()[1:]
    assert (frame.members == 0).all()
    assert (frame.share_provider == 1).all()
    money = model.money
    assert (money.pool, money.withdrawn, money.endowed, int(model.state.wallet.sum())) == (0, 0, 0, 0)
    assert money.injected == money.till + money.spent > 0
    types = model.datacollector.get_table_dataframe("types")
    by_month = types.groupby("month").provider.sum() * frame.provider_price.to_numpy()
    assert money.injected == by_month.sum()
    assert money.spent == sum(math.floor(0.3 * revenue) for revenue in by_month)


@pytest.mark.parametrize("population", ["fixed", "adoption"])
def test_at_an_infinite_price_nobody_is_drawn_to_the_provider(population):
    fields = {"population": population, "initial_members": 0.5, "non_owners": 1, "n_owners": 400}
    model = MeshModel(provider_price=math.inf, **fields, rng=1, check=True)
    model.run_for(60)
    frame = model.datacollector.get_model_vars_dataframe()[1:]
    assert (frame.share_provider == 0).all()
    assert (frame[["reason_quality", "reason_price", "reason_latency", "reason_taste"]] == 0).all(axis=None)
    assert (frame.link_value > 1 - 1e-9).all()
    assert frame.share_mesh.iloc[-1] > 0
    assert model.money.till == 0
