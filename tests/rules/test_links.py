"""Rule 3: what an offer is worth as a link, whom a contact meets, and which contacts are kept."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mesh_abm.model import MeshModel
from mesh_abm.network import EMPTY, PROVIDER
from mesh_abm.rules.links import Links
from mesh_abm.rules.offers import link_value

RULE = Links()
FALSE_ALARM = 1e-6  # of each test of a frequency
SURELY = 500  # attempts: what has a fair chance in each happens


def is_frequency(count, n, chance):
    return stats.binomtest(int(count), int(n), chance).pvalue > FALSE_ALARM


def logistic(x):
    return 1 / (1 + math.exp(-x))


# -- the value of a link ---------------------------------------------------------------------------------------------


def test_link_value_is_the_chance_that_a_typical_offer_is_preferred_to_the_provider(mesh):
    model = mesh(2)
    model.state.shares[0] = 0.75, 0.25
    model.state.ask[:] = 500, 300
    # Qualities: spec(.75) = .5 closes .6 x .5 of the gap .4, so .72; equal shares .6; mean .66
    typical = 3000 * 0.66 - 400 - 5 - 10
    assert link_value(model) == pytest.approx(logistic((typical - (3000 - 1000 - 100)) / 200))


def test_link_value_takes_the_providers_quality_over_the_query_mix(mesh):
    model = mesh(1, mix=(0.75, 0.25), focus=1)
    # f = (1.5, .5), mean over the mix 1.25: qualities min(1, 1.2) and .4, over the mix .75 + .1
    assert model.provider.quality == pytest.approx([1, 0.4])
    typical = 3000 * 0.6 - 550 - 5 - 10
    assert link_value(model) == pytest.approx(logistic((typical - (3000 * 0.85 - 1100)) / 200))


def test_link_value_compares_the_price_as_it_is_paid(mesh):
    model = mesh(1, choice_noise=100, provider_price=990)
    at_990 = link_value(model)
    model.provider.price = 990.5  # to even
    assert 0 < link_value(model) == at_990 < 1


def test_link_value_is_clipped_and_nothing_without_members(mesh):
    assert link_value(mesh(1, choice_noise=1e-6)) == pytest.approx(math.exp(-60))
    assert link_value(mesh(1, provider_price=math.inf)) == pytest.approx(1)
    model = mesh(1)
    model.expel(np.array([0], np.int32))
    assert link_value(model) == 0


def test_a_link_value_that_is_given_is_taken(mesh):
    model = mesh(1, link_value=0.25)
    assert link_value(model) == 0.25


# -- the start -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kernel", "target"), [("fitness", PROVIDER), ("degree", PROVIDER), ("uniform", EMPTY)]
)
def test_at_the_start_all_slots_of_members_point_to_the_provider_or_to_nobody(kernel, target):
    model = MeshModel(n_owners=40, initial_members=0.5, kernel=kernel, rng=1)
    assert 0 < model.members.size < 40
    assert (model.network.slots[model.members] == target).all()
    assert (model.network.slots[~model.state.member] == EMPTY).all()


# -- which contacts can be kept --------------------------------------------------------------------------------------


def test_of_two_who_chose_each_other_the_slot_of_the_lower_number_keeps_the_link(mesh):
    model = mesh(2, slots=1, link_value=1, attempts=SURELY)
    RULE.apply(model)
    assert model.network.slots.tolist() == [[1], [EMPTY]]
    assert model.flows.links_opened == 1
    assert model.network.degree.tolist() == [1, 1]


def test_two_devices_share_at_most_one_link_however_many_slots_they_have(mesh):
    model = mesh(2, slots=3, link_value=1, attempts=SURELY)
    RULE.apply(model)
    assert model.network.slots.tolist() == [[1, EMPTY, EMPTY], [EMPTY] * 3]


def test_who_is_already_linked_is_not_linked_again_from_either_side(mesh):
    model = mesh(2, (1, 0), slots=2, link_value=1, attempts=SURELY)
    RULE.apply(model)
    assert model.network.slots.tolist() == [[EMPTY, EMPTY], [0, EMPTY]]
    assert model.flows.links_opened == 0


def test_nobody_links_to_itself_or_to_a_former_member(mesh):
    model = mesh(3, slots=1, link_value=1, attempts=SURELY)
    model.expel(np.array([1, 2], np.int32))
    RULE.apply(model)
    assert model.network.slots.tolist() == [[EMPTY], [EMPTY], [EMPTY]]


def test_three_devices_with_a_slot_each_fill_what_they_can(mesh):
    for seed in range(20):
        model = mesh(3, slots=1, link_value=1, attempts=SURELY, rng=seed)
        RULE.apply(model)
        degrees = model.network.degree
        assert degrees.sum() == 2 * model.flows.links_opened
        assert model.flows.links_opened in (2, 3)  # a cycle, or two who chose each other and the third


def test_filled_slots_are_left_alone(mesh):
    model = mesh(4, (0, PROVIDER), (0, PROVIDER), (1, 2), link_value=1, attempts=SURELY)
    RULE.apply(model)
    assert model.network.slots[0].tolist() == [PROVIDER, PROVIDER]
    assert model.network.slots[1, 0] == 2


@pytest.mark.parametrize(("value", "attempts"), [(0, SURELY), (1, 0)])
def test_without_value_or_attempts_no_device_is_linked(mesh, value, attempts):
    model = mesh(10, link_value=value, attempts=attempts)
    RULE.apply(model)
    assert (model.network.slots == EMPTY).all()


def test_a_slot_tries_until_one_contact_is_kept_or_its_attempts_are_used(mesh):
    n = 20_000
    model = mesh(n, slots=1, link_value=0.3, attempts=3)
    RULE.apply(model)
    assert is_frequency((model.network.slots != EMPTY).sum(), n, 1 - 0.7**3)


# -- the kernels -----------------------------------------------------------------------------------------------------


def test_the_uniform_kernel_meets_members_alike_and_never_the_provider(mesh):
    n = 30_000
    model = mesh(n, slots=1, link_value=1, attempts=1)
    model.state.merit[: n // 3] = 0  # of no merit, which does not matter here
    model.network.slots[: n // 3] = PROVIDER
    RULE.apply(model)
    chosen = model.network.slots[n // 3 :, 0]
    assert (chosen >= 0).sum() >= chosen.size - 20  # all but those who met themselves or each other
    assert is_frequency((chosen < n // 3).sum(), (chosen >= 0).sum(), 1 / 3)


def half_hosted(mesh, n, kernel, **fields):
    """The first half of the members with their one slot to the provider, the others' slots empty; one attempt."""
    model = mesh(n, kernel=kernel, slots=1, attempts=1, **fields)
    model.network.slots[: n // 2] = PROVIDER
    return model


@pytest.mark.parametrize(("kernel", "kept"), [("fitness", 0.8 * 0.75), ("degree", 0.8)])
def test_a_contact_meets_ends_of_filled_slots_and_keeps_the_provider_always(mesh, kernel, kept):
    n = 40_000
    model = half_hosted(mesh, n, kernel, link_value=0.8)
    model.state.merit[:] = 3  # fitness 3/4
    RULE.apply(model)
    chosen = model.network.slots[n // 2 :, 0]
    # Half of the contacts meet a target, which here is the provider, half an owner
    assert is_frequency((chosen == PROVIDER).sum(), n // 2, 1 / 2)
    assert is_frequency((chosen >= 0).sum(), n // 2, kept / 2)
    assert chosen.max() < n // 2  # those with nothing but empty slots are met by nobody


def test_devices_are_kept_by_their_own_fitness_not_that_of_who_meets_them(mesh):
    n = 40_000
    model = half_hosted(mesh, n, "fitness", link_value=1)
    model.state.merit[: n // 4] = 1 / 4  # fitness 1/5
    model.state.merit[n // 4 : n // 2] = 4  # fitness 4/5
    model.state.merit[n // 2 :] = 0
    RULE.apply(model)
    chosen = model.network.slots[n // 2 :, 0]
    assert is_frequency(((chosen >= 0) & (chosen < n // 4)).sum(), n // 2, 1 / 4 * 1 / 5)
    assert is_frequency((chosen >= n // 4).sum(), n // 2, 1 / 4 * 4 / 5)


def test_devices_are_met_in_proportion_to_their_degree(mesh):
    n = 40_000
    model = half_hosted(mesh, n, "degree", link_value=1)
    hub = 0
    model.network.slots[1 : n // 2, 0] = (
        hub  # the hub ends every filled slot: half of all link ends but its own
    )
    model.network.rebuild(model.members)
    RULE.apply(model)
    chosen = model.network.slots[n // 2 :, 0]
    assert is_frequency((chosen == hub).sum(), n // 2, 1 / 2)
    assert is_frequency((chosen == PROVIDER).sum(), n // 2, 1 / n)


@pytest.mark.parametrize("slots", [1, 2])
def test_a_contact_gives_up_after_64_draws_of_a_member_and_slot(mesh, slots):
    n, filled = 200_000, 2000
    model = mesh(n, kernel="fitness", slots=slots, attempts=1, link_value=1)
    model.state.merit[:] = 0
    model.network.slots[:filled, 0] = PROVIDER
    RULE.apply(model)
    found = (model.network.slots == PROVIDER).sum() - filled
    met = 1 - (1 - filled / (n * slots)) ** 64
    assert is_frequency(found, n * slots - filled, met / 2)


def test_all_slots_try_at_the_same_time_on_the_network_as_it_stood(mesh):
    model = mesh(30, kernel="degree", slots=3, link_value=1, attempts=SURELY)
    model.network.slots[0, 0] = PROVIDER
    RULE.apply(model)
    # The one filled slot has two ends, device 0 and the provider: nobody else can be met this month
    assert set(np.unique(model.network.slots)) <= {EMPTY, PROVIDER, 0}


def test_on_an_empty_network_nobody_is_met(mesh):
    model = mesh(30, kernel="fitness", link_value=1, attempts=SURELY)
    RULE.apply(model)
    assert (model.network.slots == EMPTY).all()


def test_several_slots_may_turn_to_the_provider(mesh):
    model = mesh(2, kernel="fitness", slots=4, link_value=0, attempts=SURELY)
    model.network.slots[0, 0] = PROVIDER
    RULE.apply(model)
    assert (model.network.slots == PROVIDER).all()


def test_neighbor_lists_hold_each_link_at_both_ends_in_slot_order(mesh):
    model = mesh(4, (0, 2), (1, 0), (1, 3), (3, 0))
    net = model.network
    lists = [net.neighbors[net.start[i] : net.start[i + 1]].tolist() for i in range(4)]
    assert lists == [[2, 1, 3], [0, 3], [0], [1, 0]]
    assert (net.degree.tolist(), net.n_links) == ([3, 2, 1, 2], 4)
