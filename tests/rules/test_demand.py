"""Rule 6, demand: the members' queries, and those of people outside, who are served first."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mesh_abm.rules.demand import Demand

RULE = Demand()
FALSE_ALARM = 1e-6  # of each test of a frequency


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def outsiders(mesh, n, **fields):
    """A mesh all of whose members have left: everybody is a customer of the provider."""
    model = mesh(n, **fields)
    model.expel(model.members)
    return model


@pytest.mark.parametrize("demand", [0.3, 2, 75])
def test_each_member_has_a_poisson_number_of_queries(mesh, demand):
    n = 20_000
    model = mesh(n, demand=demand)
    RULE.apply(model)
    counts = np.bincount(model.queries.origin, minlength=n)
    # The sum is Poisson(n demand), the index of dispersion chi-square with n - 1 degrees of freedom
    assert stats.norm.sf(abs(counts.sum() - n * demand) / math.sqrt(n * demand)) > FALSE_ALARM
    dispersion = counts.var(ddof=1) / counts.mean() * (n - 1)
    assert 2 * min(stats.chi2.cdf(dispersion, n - 1), stats.chi2.sf(dispersion, n - 1)) > FALSE_ALARM
    assert is_frequency((counts == round(demand)).sum(), n, stats.poisson.pmf(round(demand), demand))
    assert model.flows.member_queries == counts.sum() == model.flows.demand.sum()


def test_types_come_by_popularity_and_frontier_queries_by_their_share_of_each_type(mesh):
    model = mesh(20_000, task_types=3, zipf=1, frontier_share=(0, 1, 0.3))
    RULE.apply(model)
    queries = model.queries
    # w = (1, 1/2, 1/3) / (11/6) = 6/11, 3/11, 2/11
    for j, weight in enumerate((6 / 11, 3 / 11, 2 / 11)):
        assert is_frequency((queries.type == j).sum(), queries.total, weight)
    hard = [queries.frontier[queries.type == j] for j in range(3)]
    assert not hard[0].any()
    assert hard[1].all()
    assert is_frequency(hard[2].sum(), hard[2].size, 0.3)
    assert model.flows.demand.tolist() == [one.size for one in hard]


def test_a_type_that_nobody_asks_for_is_not_asked_for(mesh):
    model = mesh(2000, mix=(0.5, 0, 0.5, 0), task_types=4)
    RULE.apply(model)
    assert set(np.unique(model.queries.type)) == {0, 2}


def test_only_members_ask_in_the_mesh(mesh):
    model = mesh(1000)
    model.expel(np.arange(0, 1000, 2, dtype=np.int32))
    RULE.apply(model)
    assert (model.queries.origin % 2 == 1).all()


def test_people_outside_ask_the_provider_alone(mesh):
    n = 1000
    model = outsiders(mesh, n, demand=2, non_owners=3, provider_capacity=math.inf)
    RULE.apply(model)
    flows = model.flows
    assert model.queries.total == flows.member_queries == 0
    # Poisson(2 (1000 + 3 x 1000)), half of it of each type
    for count in (*flows.demand / 1, flows.demand.sum() / 2):
        assert abs(count - 4000) < 5 * math.sqrt(4000)
    assert (flows.by_provider == flows.demand).all()
    paid = int(flows.demand.sum()) * 1000
    assert (model.money.injected, model.money.till, model.provider.revenue) == (paid, paid, paid)


def test_members_are_not_counted_outside(mesh):
    model = mesh(500, demand=2)
    RULE.apply(model)
    assert (model.flows.demand == np.bincount(model.queries.type, minlength=2)).all()
    assert model.provider.sold == 0


def test_outsiders_are_served_first_up_to_the_whole_part_of_the_capacity_all_types_alike(mesh):
    model = outsiders(mesh, 1000, demand=2, mix=(0.75, 0.25), provider_capacity=0.4009)
    RULE.apply(model)
    flows = model.flows
    assert flows.by_provider.sum() == 400  # floor(400.9)
    exact = 400 * flows.demand / flows.demand.sum()
    assert np.abs(flows.by_provider - exact).max() < 1
    assert (flows.unserved == flows.demand - flows.by_provider).all()
    assert (model.money.injected, model.money.till, model.provider.capacity_left) == (400_000, 400_000, 0)


def test_the_price_outside_is_rounded_too(mesh):
    model = outsiders(mesh, 100, demand=2)
    model.provider.price = 12.5  # to even
    RULE.apply(model)
    assert model.money.injected == 12 * model.flows.by_provider.sum()


def test_at_an_infinite_price_nobody_is_drawn_to_the_provider(mesh):
    model = outsiders(mesh, 100, demand=2, provider_price=math.inf)
    RULE.apply(model)
    assert model.flows.by_provider.sum() == 0
    assert (model.flows.unserved == model.flows.demand).all()
    assert (model.money.injected, model.money.till) == (0, 0)
