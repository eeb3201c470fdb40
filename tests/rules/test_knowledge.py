"""Rule 8: practice, exchange over links (11), and the spread of releases."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm

from mesh_abm.rules.knowledge import Knowledge, exchange, spread_updates

FALSE_ALARM = 1e-6  # of each test of a frequency
QUIET = {"exchange": 0, "update_seed": 0, "update_rate": 0, "update_recovery": 0}


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


# -- practice and exchange -------------------------------------------------------------------------------------------


def test_knowledge_grows_with_the_use_of_capacity_and_fades(mesh):
    model = mesh(4, obsolescence=0.1, practice=0.4, **QUIET)
    model.state.knowledge[:] = 1, 1, 0, 2
    model.state.utilization[:] = 0.5, 0, 1, np.nan  # the last had no capacity
    Knowledge().apply(model)
    assert model.state.knowledge == pytest.approx([0.9 + 0.2, 0.9, 0.4, 1.8])


def test_both_ends_of_a_link_move_towards_each_other_by_the_exact_flow(mesh):
    model = mesh(2, (0, 1), exchange=0.3)
    model.state.knowledge[:] = 1, 3
    exchange(model)
    moved = (1 - math.exp(-0.6)) / 2 * 2
    assert model.state.knowledge == pytest.approx([1 + moved, 3 - moved])
    laplacian = np.array([[1, -1], [-1, 1]])
    assert model.state.knowledge == pytest.approx(expm(-0.3 * laplacian) @ [1, 3])


def test_links_take_turns_in_the_order_of_slots(mesh):
    """A chain 0 - 1 - 2 whose links are those of 1, first to 2, then to 0, moved by w = (1 - exp(-2 e)) / 2 = 1/4."""
    model = mesh(3, (1, 2), (1, 0), exchange=math.log(2) / 2)
    model.state.knowledge[:] = 0, 0, 16
    exchange(model)
    # 1 and 2: 4 and 12; then 1 and 0: 4 - 1 = 3 and 1
    assert model.state.knowledge == pytest.approx([1, 3, 12])


def test_the_providers_slots_exchange_nothing(mesh):
    model = mesh(2, (0, -2), (1, -2), exchange=1)
    model.state.knowledge[:] = 1, 3
    exchange(model)
    assert model.state.knowledge.tolist() == [1, 3]


@pytest.mark.parametrize("rate", [0.01, 1, 1000])
def test_exchange_conserves_the_sum_and_never_overshoots(mesh, rate):
    model = mesh(60, slots=3, link_value=1, attempts=4, exchange=rate)
    model.rules.links.apply(model)
    u = np.random.default_rng(1).exponential(size=60)
    model.state.knowledge[:] = u
    for _ in range(20):
        low, high = model.state.knowledge.min(), model.state.knowledge.max()
        exchange(model)
        assert model.state.knowledge.sum() == pytest.approx(u.sum(), rel=1e-12)
        assert low <= model.state.knowledge.min() + 1e-12
        assert model.state.knowledge.max() <= high + 1e-12


def test_the_product_over_links_approximates_11_to_first_order(mesh):
    errors = []
    for rate in (0.04, 0.02, 0.01):
        model = mesh(30, slots=3, link_value=1, attempts=4, exchange=rate)
        model.rules.links.apply(model)
        u = np.random.default_rng(1).exponential(size=30)
        model.state.knowledge[:] = u
        exchange(model)
        graph = nx.Graph(zip(*model.network.links()[:2], strict=True))
        laplacian = nx.laplacian_matrix(graph, nodelist=range(30)).toarray()
        errors.append(np.abs(model.state.knowledge - expm(-rate * laplacian) @ u).max())
    # The error of one month is of second order: halving the rate quarters it
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.15)


# -- releases --------------------------------------------------------------------------------------------------------


def spread(model, month):
    model.month = month
    spread_updates(model)
    return model.state.up_to_date


@pytest.mark.parametrize(
    ("every", "months"), [(12, {1, 13, 25}), (1, set(range(1, 27))), (5, {1, 6, 11, 16, 21, 26})]
)
def test_releases_come_in_month_1_and_every_so_many_months(mesh, every, months):
    model = mesh(1, **(QUIET | {"update_seed": 1}), release_every=every)
    seen = set()
    for month in range(1, 27):
        model.state.up_to_date[:] = False
        if spread(model, month).all():
            seen.add(month)
    assert seen == months


def test_a_release_is_taken_up_by_each_member_with_its_chance(mesh):
    n = 20_000
    model = mesh(n, **(QUIET | {"update_seed": 0.2}))
    assert is_frequency(spread(model, 1).sum(), n, 0.2)


def test_an_update_passes_from_each_neighbor_up_to_date_independently(mesh):
    n = 9000
    model = mesh(n, slots=2, **(QUIET | {"update_rate": 0.3}))
    triples = np.arange(n).reshape(-1, 3)
    model.network.slots[triples[:, 0]] = triples[:, 1:]  # 1 and 2 hang on 0
    model.network.rebuild(model.members)
    model.state.up_to_date[triples[:, 1:]] = True
    seen = spread(model, 2)
    assert is_frequency(seen[triples[:, 0]].sum(), n // 3, 1 - 0.7**2)
    assert seen[triples[:, 1:]].all()


def test_updates_pass_all_at_once_not_further_than_one_link_a_month(mesh):
    model = mesh(4, (0, 1), (1, 2), (2, 3), **(QUIET | {"update_rate": 1}))
    model.state.up_to_date[0] = True
    seen = [spread(model, month).tolist() for month in (2, 3, 4)]
    assert seen == [[True, True, False, False], [True, True, True, False], [True] * 4]


def test_who_falls_behind_this_month_still_passed_it_on(mesh):
    model = mesh(2, (0, 1), **(QUIET | {"update_rate": 1, "update_recovery": 1}))
    model.state.up_to_date[:] = True, False
    assert spread(model, 2).tolist() == [False, True]
    assert spread(model, 3).tolist() == [True, False]


def test_devices_up_to_date_fall_behind_with_their_chance_alone_or_not(mesh):
    n = 20_000
    model = mesh(n, slots=1, **(QUIET | {"update_recovery": 0.15, "update_rate": 1}))
    model.network.slots[: n // 2, 0] = np.arange(n // 2) ^ 1  # the first half in pairs
    model.network.slots[1 : n // 2 : 2] = -1
    model.network.rebuild(model.members)
    model.state.up_to_date[:] = True
    seen = spread(model, 2)
    assert is_frequency((~seen[: n // 2]).sum(), n // 2, 0.15)
    assert is_frequency((~seen[n // 2 :]).sum(), n // 2, 0.15)


def test_without_neighbors_or_release_nobody_is_brought_up_to_date(mesh):
    model = mesh(50, **(QUIET | {"update_rate": 1, "update_seed": 1}))
    assert not spread(model, 2).any()
