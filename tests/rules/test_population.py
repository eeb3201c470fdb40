"""Rule 2: who leaves, which links fail, who joins, what comes in and what being there costs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.rules.population import Population, adoption_chance
from mesh_abm.scenario import DeviceClass
from mesh_abm.state import enter

RULE = Population()
FALSE_ALARM = 1e-6  # of each test of a frequency


def is_frequency(count, n, chance):
    """Whether `count` of `n` is what a chance gives, at the false-alarm probability above."""
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def members(model, *rows):
    """Makes these rows all the members there ever were."""
    model.expel(np.setdiff1d(model.members, rows).astype(np.int32))
    model.state.ever[:] = model.state.member
    model.money.withdrawn = 0
    model.money.endowed = int(model.state.wallet.sum())
    return model


# -- (a) leave -------------------------------------------------------------------------------------------------------


def test_certain_churn_takes_everybody_with_their_wallets(mesh):
    model = mesh(3, (0, 1), churn=1)
    model.state.wallet[:] = 5, 7, 11
    RULE.leave(model)
    assert model.leaving.all()
    assert model.state.members.size == 0
    assert (model.money.withdrawn, model.state.wallet.tolist(), model.flows.left) == (23, [0, 0, 0], 3)


def test_members_leave_with_chance_mu(mesh):
    n = 200_000
    model = mesh(n, churn=0.3)
    RULE.leave(model)
    assert is_frequency(model.leaving.sum(), n, 0.3)


def test_who_cannot_pay_to_be_online_leaves(mesh):
    model = mesh(3, standing_cost=300)
    model.state.wallet[:] = 299, 300, 0
    RULE.leave(model)
    assert model.leaving.tolist() == [True, False, True]
    assert model.money.withdrawn == 299


def test_who_falls_below_the_bar_leaves(mesh):
    model = mesh(3, capable_merit=0.5)
    model.state.merit[:] = 0.49, 0.5, 0.51
    RULE.leave(model)
    assert model.leaving.tolist() == [True, False, False]


# -- (b) links -------------------------------------------------------------------------------------------------------


def test_links_fail_with_either_end_and_only_they(mesh):
    model = mesh(4, (0, 1), (0, PROVIDER), (1, 2), (2, PROVIDER), (2, 3))
    model.expelled[1] = True
    RULE.leave(model)
    RULE.fail_links(model)
    assert model.network.slots.tolist() == [
        [EMPTY, PROVIDER],
        [EMPTY, EMPTY],
        [PROVIDER, 3],
        [EMPTY, EMPTY],
    ]
    assert (model.flows.links_before, model.flows.links_lost) == (3, 2)


def test_every_filled_slot_fails_with_chance_kappa_the_providers_too(mesh):
    n = 10_000
    model = mesh(n, link_failure=0.4, slots=1)
    model.network.slots[: n // 2, 0] = PROVIDER
    model.network.slots[n // 2 :, 0] = np.arange(n // 2)
    model.network.rebuild(model.members)
    RULE.leave(model)
    RULE.fail_links(model)
    failed = model.network.slots[:, 0] == EMPTY
    assert is_frequency(failed[: n // 2].sum(), n // 2, 0.4)
    assert is_frequency(failed[n // 2 :].sum(), n // 2, 0.4)
    assert model.flows.links_lost == failed[n // 2 :].sum()


@pytest.mark.parametrize(("kappa", "left"), [(0, 4), (1, 0)])
def test_link_failure_may_be_never_or_always(mesh, kappa, left):
    model = mesh(3, (0, 1), (1, 2), (1, PROVIDER), (2, PROVIDER), link_failure=kappa)
    RULE.leave(model)
    RULE.fail_links(model)
    assert (model.network.slots != EMPTY).sum() == left


# -- (c) join --------------------------------------------------------------------------------------------------------


def test_fixed_all_above_the_bar_are_members_again_those_who_left_this_month_included(mesh):
    model = mesh(4, capable_merit=0.5)
    model.expelled[:3] = True
    model.state.merit[1:3] = 0.49, 0.5
    RULE.leave(model)
    RULE.join(model)
    assert model.members.tolist() == [0, 2, 3]
    assert (model.flows.left, model.flows.joined) == (3, 2)


def test_fixed_starts_with_everybody_whatever_initial_members(mesh):
    assert mesh(7, initial_members=0).members.size == 7


def test_a_newcomer_starts_as_the_rule_says(mesh):
    model = mesh(3, (1, 2), (1, PROVIDER), initial_wallet=4321, threshold_min=0.3, threshold_max=0.6)
    state, first = model.state, model.state.thresholds.copy()
    for column, value in (("shares", [0.9, 0.1]), ("thresholds", [0.5, 0.5]), ("signal", [3, 4])):
        getattr(state, column)[1] = value
    state.knowledge[1], state.up_to_date[1], state.ask[1], state.task[1] = 2.5, True, 77, 1
    state.utilization[1], state.wallet[1], state.load[1] = 0.5, 99, 3
    model.provider.price = 801.0
    model.expelled[1] = True
    model.month = 6
    RULE.leave(model)
    RULE.fail_links(model)
    RULE.join(model)
    assert state.shares[1].tolist() == [0.5, 0.5]
    assert state.thresholds[1].tolist() == first[1].tolist()  # the owner's own theta0, as before
    assert state.signal[1].tolist() == [0, 0]
    assert (state.knowledge[1], state.up_to_date[1], state.wallet[1], state.task[1]) == (0, False, 4321, -1)
    assert state.ask[1] == 450  # rint((100 + 801) / 2) = rint(450.5), half to even
    assert np.isnan(state.utilization[1])
    assert model.network.slots[1].tolist() == [EMPTY, EMPTY]
    assert (state.spell[1], state.joined[1]) == (4, 6)
    assert (model.money.withdrawn, model.money.endowed) == (99, 4 * 4321)


def test_a_newcomer_asks_no_less_than_its_running_cost(mesh):
    assert mesh(2, provider_price=40).state.ask.tolist() == [100, 100]


def test_first_thresholds_are_uniform_up_to_twice_their_mean_then_clipped(mesh):
    model = mesh(5000, initial_threshold=0.5, threshold_min=0.1, threshold_max=0.9)
    theta = model.state.thresholds.ravel()
    assert (theta.min(), theta.max()) == (0.1, 0.9)
    for cut in (0.1, 0.3, 0.7):
        assert is_frequency((theta <= cut).sum(), theta.size, cut)
    assert is_frequency((theta < 0.9).sum(), theta.size, 0.9)


def test_adoption_imitates_only_where_members_gain_more_than_being_online_costs(mesh):
    model = mesh(2, standing_cost=300, information_friction=1000)
    model.benefit = 300.0
    assert adoption_chance(model) == 0.5
    model.benefit = 300 + 1000 * math.log(3)
    assert adoption_chance(model) == pytest.approx(0.75)
    model.benefit = -1e9  # the logit is clipped at 60
    assert adoption_chance(model) == pytest.approx(math.exp(-60))


@pytest.mark.parametrize(
    ("benefit", "hazard"),
    # h = gamma (N/P) max(0, 2B - 1) + iota with gamma = 1.6, N/P = 1/4, iota = .1
    [(300, 0.1), (-500, 0.1), (300 + 1000 * math.log(3), 0.1 + 1.6 * 0.25 * 0.5), (1e9, 0.1 + 1.6 * 0.25)],
)
def test_adoption_joins_with_chance_one_minus_exp_minus_h(mesh, benefit, hazard):
    n = 20_000
    model = mesh(n, population="adoption", contagion=1.6, innovation=0.1, standing_cost=300)
    members(model, *range(n // 4))
    model.benefit = float(benefit)
    RULE.join(model)
    assert is_frequency(model.flows.joined, n - n // 4, -math.expm1(-hazard))


def test_contagion_counts_the_members_left_after_those_who_leave(mesh):
    n = 20_000
    model = mesh(n, population="adoption", contagion=2, innovation=0)
    model.benefit = 1e9
    model.expelled[: n // 2] = True
    RULE.leave(model)
    RULE.join(model)  # those who left are asked too: h = 2 x 1/2
    assert is_frequency(model.flows.joined, n // 2, 1 - math.exp(-1))


def test_without_benefit_last_month_or_innovation_nobody_joins(mesh):
    model = mesh(500, population="adoption", contagion=1000, innovation=0, standing_cost=300)
    members(model, *range(100))
    assert model.benefit == 0
    RULE.join(model)
    assert model.flows.joined == 0
    model.benefit = 300.0  # as much as being online costs
    RULE.join(model)
    assert model.flows.joined == 0
    model.benefit = 330.0
    RULE.join(model)  # h = 1000 x 1/5 x tanh(.015)
    assert model.flows.joined > 350


def test_growth_takes_the_next_owners_who_never_were_members_in_order_of_number(mesh):
    model = mesh(8, population="growth", initial_members=0.25, arrivals=2, capable_merit=0.5)
    assert model.members.tolist() == [0, 1]
    model.state.merit[3] = 0.1
    model.expelled[0] = True
    RULE.leave(model)
    RULE.join(model)
    assert model.members.tolist() == [1, 2, 4]  # 0 was a member before, 3 is not capable
    RULE.join(model)
    RULE.join(model)
    assert model.members.tolist() == [1, 2, 4, 5, 6, 7]


def test_adoption_starts_with_each_owner_a_member_at_the_given_chance(mesh):
    n = 20_000
    model = mesh(n, population="adoption", initial_members=0.3)
    assert is_frequency(model.members.size, n, 0.3)
    assert model.money.endowed == 10_000 * model.members.size


# -- (d) income ------------------------------------------------------------------------------------------------------


def test_income_comes_in_up_to_the_cap_and_the_standing_cost_is_spent_by_who_can(mesh):
    model = mesh(5, income=1000, wallet_cap=2000, standing_cost=300)
    model.state.wallet[:] = 500, 1700, 2000, 2500, 0
    RULE.pay_income(model)
    #   500 + 1000 - 300;  1700 + 300 - 300;  2000 - 300;  2500 - 300;  0 + 1000 - 300
    assert model.state.wallet.tolist() == [1200, 1700, 1700, 2200, 700]
    assert (model.money.injected, model.money.spent) == (1000 + 300 + 0 + 0 + 1000, 5 * 300)


def test_who_cannot_pay_the_standing_cost_keeps_what_there_is(mesh):
    model = mesh(2, income=100, wallet_cap=2000, standing_cost=300)
    model.state.wallet[:] = 199, 200
    RULE.pay_income(model)
    assert model.state.wallet.tolist() == [299, 0]
    assert (model.money.injected, model.money.spent) == (200, 300)


def test_a_newcomer_gets_income_in_its_first_month(mesh):
    model = mesh(2, population="growth", initial_members=0.5, arrivals=1, income=50, standing_cost=20)
    RULE.apply(model)
    assert model.state.wallet.tolist() == [10_030, 10_030]


def test_everybody_entering_is_endowed_and_the_numbers_of_memberships_go_on(mesh):
    model = mesh(3)
    members(model, 1)
    enter(model.state, np.array([0, 2], np.int32), 4, model.seed, model.par, np.array([150, 160]))
    assert model.state.spell.tolist() == [4, 2, 5]
    assert model.state.ask[[0, 2]].tolist() == [150, 160]
    assert model.state.wallet.tolist() == [10_000] * 3


def test_a_class_below_the_bar_waits_until_technology_lifts_it(mesh):
    weak = DeviceClass(name="weak", share=1, merit=0.4, capacity=1, quality=0.5, running_cost=1)
    model = mesh(10, classes=(weak,), capable_merit=0.5, efficiency_growth=0.1, merit_gain=1)
    model.month = 0
    sizes = []
    for _ in range(4):  # .4 exp(.1 t) passes .5 at t = 2.23
        model.step()
        sizes.append(int(model.members.size))
    assert sizes == [0, 0, 10, 10]
