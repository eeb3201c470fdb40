"""Rule 0: what comes from outside, when it comes, and how it goes again."""

from __future__ import annotations

import copy
import pickle

import mesa
import numpy as np
import pytest

from mesh_abm.model import MeshModel
from mesh_abm.rules import default_rules
from mesh_abm.rules.shocks import Shocks
from mesh_abm.scenario import DeviceClass, Shock


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


def test_a_release_multiplies_the_quality_of_the_provider_while_it_lasts(mesh):
    shocks = (
        Shock(month=2, until=3, kind="release", value=1.5),
        Shock(month=3, kind="release", value=2),
    )
    model = mesh(shocks=shocks, focus=1, zipf=1)  # shares 2/3 and 1/3; (8): quality 1 and .6
    start = model.provider.quality.copy()
    assert start.tolist() == pytest.approx([1, 0.6])
    seen = []
    for month in range(1, 6):
        at_month(model, month)
        seen.append((model.provider.quality / start).tolist())
    assert np.array(seen) == pytest.approx(np.array([[f, f] for f in (1, 1.5, 3, 2, 2)]))


def test_a_release_is_not_forgotten_when_rule_9_sets_the_quality_anew(mesh):
    model = mesh(shocks=(Shock(month=2, until=3, kind="release", value=1.25),))
    model.month = 0
    qualities = []
    for _ in range(4):
        model.step()
        qualities.append(model.flows.quality.tolist())
    assert qualities == [[1, 1], [1.25, 1.25], [1.25, 1.25], [1, 1]]


def test_a_better_provider_is_preferred_more(mesh):
    shares = []
    for factor in (0.5, 1, 2):
        model = mesh(
            200,
            capacity_gain=0,
            provider_capacity=100,
            shocks=(Shock(month=1, kind="release", value=factor),),
        )
        model.month = 0
        model.run_for(3)
        shares.append(model.record["link_value"])
    assert shares[0] > shares[1] > shares[2]


def test_who_is_barred_does_not_join_and_may_again_when_the_shock_is_over(mesh):
    model = mesh(6, shocks=(Shock(month=2, until=3, kind="bar", value="box"),))
    model.month = 0
    counts = []
    for _ in range(4):
        model.expel(model.members[:2])  # with a fixed population whoever left is back in the same month
        model.step()
        counts.append(len(model.members))
    assert counts == [6, 4, 2, 6]


def test_a_bar_keeps_out_its_class_only(mesh):
    box = DeviceClass(name="box", share=0.5, merit=1, capacity=10, quality=0.6, running_cost=100)
    other = box.model_copy(update={"name": "other"})
    model = mesh(8, classes=(box, other), shocks=(Shock(month=1, kind="bar", value="other"),))
    model.month = 0
    model.expel(model.members)
    model.step()
    assert {device.device_class for device in model.member_agents()} == {"box"}
    assert len(model.members) == 4


def test_a_bar_does_not_touch_members(mesh):
    model = mesh(6, shocks=(Shock(month=1, kind="bar", value="box"),))
    model.month = 0
    model.run_for(3)
    assert len(model.members) == 6


def test_a_mix_takes_the_place_of_w_while_it_lasts(mesh):
    shocks = (
        Shock(month=2, until=4, kind="mix", value=[1, 3]),
        Shock(month=3, until=3, kind="mix", value=[1, 0]),
    )
    model = mesh(shocks=shocks)
    seen = [at_month(model, month).weights.tolist() for month in range(1, 6)]
    assert seen == [[0.5, 0.5], [0.25, 0.75], [1, 0], [0.25, 0.75], [0.5, 0.5]]


def test_a_mix_moves_the_queries(mesh):
    model = mesh(50, demand=5, shocks=(Shock(month=2, until=2, kind="mix", value=[0, 1]),))
    model.month = 0
    demand = []
    for _ in range(3):
        model.step()
        demand.append((model.flows.demand > 0).tolist())
    assert demand == [[True, True], [False, True], [True, True]]


# -- custom shocks ---------------------------------------------------------------------------------------------------


def blackout(model):
    """In month 2 every second member leaves; a copy of the parameters in force has no demand."""
    if model.month == 2:
        model.expelled[model.members[::2]] = True
    if model.month == 3:
        model.put_in_force(model.par.replace(demand=1e-9))


def with_custom(*changes):
    return default_rules().replace(shocks=Shocks(changes))


def test_a_custom_shock_comes_after_those_of_the_scenario_in_every_month(mesh):
    seen = []
    model = mesh(
        rules=with_custom(lambda m: seen.append((m.month, m.par.churn))),
        shocks=(Shock(month=2, until=2, kind="set", field="churn", value=0.5),),
    )
    model.month = 0
    model.run_for(3)
    assert seen == [(1, 0), (2, 0.5), (3, 0)]


def test_a_custom_shock_changes_what_it_likes_and_parameters_for_a_month(mesh):
    model = mesh(6, rules=with_custom(blackout))
    model.month = 0
    left, asked = [], []
    for _ in range(4):
        model.step()
        left.append(model.flows.left)
        asked.append(int(model.flows.demand.sum()) > 0)
    assert left == [0, 3, 0, 0]
    assert asked == [True, True, False, True]


def test_a_model_with_a_custom_shock_can_be_copied_and_stored(mesh):
    model = MeshModel(n_owners=60, initial_members=0.8, rng=1, rules=with_custom(blackout), check=True)
    model.step()
    others = [copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    for one in (model, *others):
        one.run_for(4)
    assert {one.fingerprint() for one in others} == {model.fingerprint()}
    plain = MeshModel(n_owners=60, initial_members=0.8, rng=1)
    plain.run_for(5)
    assert plain.fingerprint() != model.fingerprint()


def test_batch_run_takes_rules_with_a_custom_shock():
    parameters = {"n_owners": [40, 60], "months": 3, "rules": with_custom(blackout)}
    rows = mesa.batch_run(MeshModel, parameters, max_steps=3, display_progress=False)
    assert [row["n_owners"] for row in rows] == [40, 60]


def test_what_is_no_function_is_no_custom_shock():
    with pytest.raises(TypeError, match="custom shock 3: must be a function of the model"):
        Shocks([3])


def test_rules_of_ones_own_are_told():
    assert default_rules().own() == ()
    assert with_custom().own() == ()
    assert with_custom(blackout).own() == ("shocks",)
    assert default_rules().replace(provider=Shocks()).own() == ("provider",)
