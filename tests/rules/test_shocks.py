"""Rule 0: what comes from outside, when it comes, and how it goes again."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.rules.shocks import Shocks
from mesh_abm.scenario import Shock


def at_month(model, month):
    model.month = month
    Shocks().apply(model)
    return model


def test_a_set_shock_holds_from_its_month_to_its_last_and_then_the_old_value_returns(mesh):
    model = mesh(shocks=(Shock(month=2, until=3, kind="set", field="churn", value=0.5),))
    in_force = [at_month(model, month).par.churn for month in (1, 2, 3, 4)]
    assert in_force == [0, 0.5, 0.5, 0]
    assert model.spec.churn == 0


def test_of_two_set_shocks_on_a_field_the_later_counts_and_then_the_earlier_again(mesh):
    shocks = (
        Shock(month=3, until=3, kind="set", field="ttl", value=7),
        Shock(month=2, kind="set", field="ttl", value=2),
    )
    model = mesh(shocks=shocks)
    assert [at_month(model, month).par.ttl for month in (1, 2, 3, 4)] == [4, 2, 7, 2]


def test_a_price_shock_multiplies_p0_and_p_and_is_divided_out_again(mesh):
    model = mesh(shocks=(Shock(month=2, until=2, kind="price", value=0.5),))
    model.provider.price = 800.0  # p has moved away from p0 = 1000
    seen = []
    for month in (1, 2, 3):
        at_month(model, month)
        seen.append((model.provider.list_price, model.provider.price))
    assert seen == [(1000, 800), (500, 400), (1000, 800)]


def test_a_price_shock_passes_through_what_the_price_did_meanwhile(mesh):
    model = mesh(shocks=(Shock(month=1, until=1, kind="price", value=2),))
    at_month(model, 1)
    model.provider.price -= 300  # 2000 - 300
    at_month(model, 2)
    assert model.provider.price == 850


def test_a_capacity_shock_multiplies_k_and_is_divided_out_again(mesh):
    model = mesh(4, provider_capacity=3, shocks=(Shock(month=2, until=4, kind="capacity", value=0.25),))
    seen = [at_month(model, month).provider.capacity for month in range(1, 7)]
    assert seen == [12, 3, 3, 3, 12, 12]


def test_a_merit_shock_multiplies_the_merits_of_all_while_it_lasts(mesh):
    model = mesh(
        2, shocks=(Shock(month=2, until=2, kind="merit", value=3), Shock(month=2, kind="merit", value=2))
    )
    seen = []
    for month in (1, 2, 3):
        at_month(model, month).update_merits()
        seen.append(model.state.merit.tolist())
    assert seen == [[1, 1], [6, 6], [2, 2]]


def test_a_shock_of_hubs_removes_the_devices_of_largest_degree_in_step_2(mesh):
    star = [(1, 3), (2, 3), (4, 3), (0, 4), (5, 4)]  # degrees: 3 has three, 4 has three, the others one
    model = mesh(6, *star, shocks=(Shock(month=1, kind="hubs", value=0.2),))
    at_month(model, 1)
    # rint(.2 x 6) = 1, and of the equals the lower row
    assert np.flatnonzero(model.expelled).tolist() == [3]
    wallets = model.state.wallet.sum()
    model.rules.population.leave(model)
    assert model.leaving.tolist() == [False, False, False, True, False, False]
    assert (model.money.withdrawn, model.state.wallet.sum()) == (10_000, wallets - 10_000)
    assert not model.expelled.any()


def test_slots_to_the_provider_make_no_hub(mesh):
    model = mesh(3, (0, -2), (0, -2), (1, 2), shocks=(Shock(month=1, kind="hubs", value=0.34),))
    at_month(model, 1)
    assert np.flatnonzero(model.expelled).tolist() == [1]


def test_a_random_shock_removes_its_share_of_the_members_whoever_they_are(mesh):
    chosen = []
    for seed in (1, 2):
        model = mesh(200, rng=seed, shocks=(Shock(month=1, kind="random", value=0.3),))
        model.expel(np.arange(100, dtype=np.int32))  # 100 members are left
        at_month(model, 1)
        chosen.append(np.flatnonzero(model.expelled))
        assert chosen[-1].size == 30
        assert chosen[-1].min() >= 100
    assert set(chosen[0]) != set(chosen[1])


@pytest.mark.parametrize("kind", ["hubs", "random"])
@pytest.mark.parametrize(("share", "removed"), [(0, 0), (1, 5)])
def test_a_removal_may_take_nobody_or_everybody(mesh, kind, share, removed):
    model = mesh(5, (0, 1), shocks=(Shock(month=1, kind=kind, value=share),))
    assert at_month(model, 1).expelled.sum() == removed


def test_removals_come_once(mesh):
    model = mesh(5, shocks=(Shock(month=1, kind="random", value=1),))
    at_month(model, 2)
    assert not model.expelled.any()


def test_those_removed_may_return_in_the_same_month_as_newcomers(mesh):
    model = mesh(3, (0, 1), (1, 2), shocks=(Shock(month=1, kind="hubs", value=0.3),))
    model.month = 0
    model.step()
    assert model.state.spell.tolist() == [1, 4, 3]
    assert model.state.joined.tolist() == [0, 1, 0]
