"""Each closure of the mean-field equations against the exact thing it stands for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, nbinom, poisson

from mesh_abm.mean_field import setting_of
from mesh_abm.scenario import Scenario
from mesh_abm.theory import percolation, thresholds
from mesh_abm.theory.mean_field import labor, population, supply, technology
from mesh_abm.theory.mean_field.choice import Options, draw
from mesh_abm.theory.mean_field.degrees import Degrees, giant_component
from mesh_abm.theory.mean_field.ratios import over, ratio
from mesh_abm.theory.mean_field.search import best_kinds, search
from mesh_abm.theory.mean_field.setting import Setting


@cache
def reference() -> Setting:
    """The setting of `reference`."""
    return setting_of(Scenario())


def network(outward: float, inward: float, spread: float = 1e-9, slots: int = 4) -> Degrees:
    """One group of devices."""
    one = np.ones(1)
    return Degrees(slots, one, outward * one, inward * one, spread * one)


def test_strata_keep_the_mean_and_order_of_the_merit_factor() -> None:
    for spread in (0.0, 0.3, 1.5):
        factor = population.factors(spread)
        assert factor.mean() == pytest.approx(1.0)
        assert np.all(np.diff(factor) >= -1e-12)


def test_the_share_above_the_bar_is_that_of_the_lognormal() -> None:
    z = np.random.default_rng(0).standard_normal(400_000)
    merit = 0.2 * np.exp(0.5 * z - 0.125)
    share = population.share_above(0.25, np.array([0.2]), 0.5)
    assert share.mean() == pytest.approx((merit >= 0.25).mean(), abs=0.004)  # five standard errors
    assert np.all(population.share_above(0.0, np.array([0.0, 0.2]), 0.5) == 1.0)
    assert np.all(population.share_above(0.1, np.array([0.0]), 0.5) == 0.0)
    assert population.share_above(0.2, np.array([0.1, 0.2, 0.3]), 0.0).mean(axis=1).tolist() == [0, 1, 1]


def test_the_generating_function_is_that_of_binomial_and_negative_binomial_degrees() -> None:
    degrees, y = network(0.6, 1.7, 0.8), np.array([0.0, 0.3, 0.9, 1.0])
    k, m = np.arange(400), 4
    own = binom.pmf(np.arange(m + 1), m, 0.6)
    into = nbinom.pmf(k, 1 / 0.8, 1 / (1 + 0.8 * 1.7))
    total = np.convolve(own, into)
    number = np.arange(total.size)
    value, slope = degrees.generating(y)
    assert value == pytest.approx([float(total @ x**number) for x in y], abs=1e-9)
    steep = [float((total * number)[1:] @ x ** (number[1:] - 1)) for x in y]
    assert slope == pytest.approx(steep, abs=1e-9)
    assert degrees.mean == pytest.approx(float(total @ number), abs=1e-9)


@pytest.mark.parametrize(
    ("slots", "filled"), [(1, 0.9), (2, 0.325), (3, 0.33), (4, 0.2), (16, 0.1), (2, 1.0)]
)
def test_the_giant_component_of_one_group_is_that_of_the_slots_formula(slots: int, filled: float) -> None:
    size = giant_component(network(filled, slots * filled, slots=slots))
    assert float(size) == pytest.approx(percolation.giant_component_slots(slots, filled), abs=1e-6)


def test_the_giant_component_tends_to_equation_2_with_many_slots() -> None:
    size = giant_component(network(0.0005, 1.0, slots=2000))
    assert float(size) == pytest.approx(percolation.giant_component(2.0), abs=1e-3)


def test_without_links_there_is_no_component() -> None:
    assert float(giant_component(network(0.0, 0.0))) == 0.0


@pytest.mark.parametrize("capacity", [1.0, 1.4, 2.0, 7.5, 40.0])
@pytest.mark.parametrize("arrivals", [0.0, 0.01, 1.0, 6.0, 100.0])
def test_loads_are_poisson_cut_at_capacity(arrivals: float, capacity: float) -> None:
    x = np.arange(1000)
    low = int(capacity)
    cut = [float(np.minimum(x, c) @ poisson.pmf(x, arrivals)) for c in (low, low + 1)]
    expected = cut[0] + (capacity - low) * (cut[1] - cut[0])
    got = supply.served_of(np.array([arrivals]), np.array([capacity]))
    assert got[0] == pytest.approx(expected, abs=1e-9)


def test_a_device_without_a_whole_unit_of_capacity_has_one_when_it_has_any() -> None:
    assert supply.served_of(np.array([50.0]), np.array([0.2]))[0] == pytest.approx(1.0)


def test_a_walk_finds_what_a_simulated_walk_on_a_tree_finds() -> None:
    """A regular tree of degree 4: hop 1 sees 4 neighbors, later new nodes 3; false alarm below 1e-6."""
    one, ttl, offering = np.array([0.1]), 4, 0.1
    degrees = network(1.0, 0.0)
    found = search(degrees, one, ttl, 16)
    rng = np.random.default_rng(1)
    depths = np.zeros(ttl + 1)
    for _ in range(40_000):
        parents: dict[int, int] = {}
        at, size = 0, 1
        for hop in range(1, ttl + 1):
            fresh = _neighbors(parents, at, size)
            size += len(fresh)
            if np.any(rng.random(len(fresh)) < offering):
                depths[hop] += 1
                break
            options = [child for child, parent in parents.items() if parent == at]
            options += [parents[at]] if at else []
            at = int(rng.choice(options))
    assert found.first[0] == pytest.approx(depths[1] / 40_000, abs=0.0125)
    assert found.found[0] == pytest.approx(depths.sum() / 40_000, abs=0.0125)
    assert found.hops[0] == pytest.approx(depths @ np.arange(ttl + 1) / depths.sum(), abs=0.05)


def _neighbors(parents: dict[int, int], at: int, size: int) -> list[int]:
    """Nodes seen for the first time at a node of the tree: all but the one that led there, none at a second visit."""
    if at in parents.values():
        return []
    fresh = list(range(size, size + (4 if at == 0 else 3)))
    parents.update(dict.fromkeys(fresh, at))
    return fresh


def test_one_look_sees_one_neighbor() -> None:
    found = search(network(1.0, 0.0), np.array([0.3]), 1, 1)
    assert found.found[0] == pytest.approx(0.3)


def test_nothing_is_found_without_links_or_offers() -> None:
    assert search(network(0.0, 0.0), np.array([0.5]), 4, 16).found[0] == 0.0
    assert search(network(0.5, 2.0), np.array([0.0]), 4, 16).found[0] == 0.0


def test_the_best_of_poisson_many_offers_wins() -> None:
    degrees = network(0.0, 3.0)
    weight, utility = np.array([[0.1], [0.2], [0.05]]), np.array([[1.0], [0.0], [2.0]])
    found = search(degrees, weight.sum(axis=0), 1, 1000)
    kinds = best_kinds(found, weight, utility)
    assert kinds.sum() == pytest.approx(found.found[0])
    rate = -np.log(found.unseen_first[0]) * weight[:, 0] / weight.sum()
    linked = 1.0 - found.no_link
    assert kinds[2, 0] == pytest.approx(linked * -np.expm1(-rate[2]))
    assert kinds[0, 0] == pytest.approx(linked * np.exp(-rate[2]) * -np.expm1(-rate[0]))


def test_the_draw_is_the_logit_averaged_over_who_has_what() -> None:
    offer, offered = np.array([[0.3], [-1.0]]), np.array([[0.2], [0.3]])
    options = Options(offer, offered, np.array([0.7]), np.array([0.4]), 0.9, np.array([50.0]), 10.0)
    drawn = draw(options)
    mesh, own, hosted, gain = np.zeros(2), 0.0, 0.0, 0.0
    for kind, chance in ((0, 0.2), (1, 0.3), (None, 0.5)):
        for with_own, p_own in ((1, 0.4), (0, 0.6)):
            for provider, p_provider in ((1, 0.9), (0, 0.1)):
                weight = chance * p_own * p_provider
                terms = [provider, with_own * np.exp(0.7), 0.0 if kind is None else np.exp(offer[kind, 0])]
                if sum(terms) == 0.0:
                    continue
                hosted += weight * terms[0] / sum(terms)
                own += weight * terms[1] / sum(terms)
                if kind is not None:
                    mesh[kind] += weight * terms[2] / sum(terms)
                if terms[1] + terms[2] > 0.0:
                    gain += weight * (10.0 * np.log(sum(terms)) + (0.0 if provider else 50.0))
    assert drawn.mesh[:, 0] == pytest.approx(mesh)
    assert (drawn.own[0], drawn.provider[0], drawn.gain[0]) == pytest.approx((own, hosted, gain))


def test_tasks_are_drawn_by_equation_9() -> None:
    setting = replace(reference(), signal="global")
    crowd = labor.newcomers(setting)
    signal = np.linspace(0.0, 2.0, setting.n_types)
    p = np.asarray(thresholds.response(signal, crowd.others[0, 0], setting.steepness))
    expected = (1.0 - np.prod(1.0 - p)) * p / p.sum()
    assert labor.tasks(crowd, signal, setting)[0, -1] == pytest.approx(expected)
    assert labor.tasks(crowd, 0.0 * signal, setting).max() == 0.0


def test_local_signals_have_the_moments_of_a_gamma_law() -> None:
    setting, signal = reference(), np.array([0.0, 0.2, 3.0])
    scale = (1 - setting.signal_memory) / (1 + setting.signal_memory) * setting.n_types / setting.demand
    assert labor.signal_strength(signal, setting) ** 2 == pytest.approx(signal**2 + scale * signal)
    assert labor.signal_strength(signal, replace(setting, signal="global")) == pytest.approx(signal)


def test_practice_on_one_type_makes_perfect_specialists() -> None:
    setting = reference()
    crowd, shape = labor.newcomers(setting), (4, setting.n_types + 1, setting.n_types)
    on_task, serves = np.zeros(shape), np.ones((2, 4, setting.n_types))
    on_task[:, :, 2] = 1.0
    for _ in range(200):
        crowd = labor.practiced(crowd, on_task, serves, setting)
    assert crowd.main[:, 2] == pytest.approx(1.0)
    assert crowd.squares[:, 2] == pytest.approx(1.0, abs=1e-6)
    assert crowd.learned[:, 2] == pytest.approx(setting.threshold_min)
    assert crowd.others[:, 2] == pytest.approx(setting.threshold_max)


def test_who_does_not_serve_forgets_and_stays_even() -> None:
    setting = reference()
    crowd, idle = labor.newcomers(setting), np.zeros((2, 4, setting.n_types))
    on_task = labor.tasks(crowd, np.ones(setting.n_types), setting)
    for _ in range(60):
        crowd = labor.practiced(crowd, on_task, idle, setting)
    assert crowd.others[:, -1] == pytest.approx(setting.threshold_max)
    assert crowd.main[:, -1] == pytest.approx(1.0)
    assert labor.specialization(crowd.squares, setting.n_types) == pytest.approx(0.0, abs=1e-7)


def test_squares_of_effort_follow_those_of_a_random_worker() -> None:
    """One who serves a uniformly random type every month: sum of squares 1/J + (1 - 1/J) l/(2 - l)."""
    setting = replace(reference(), reinforcement=0.0, decay=0.0)
    j, rate = setting.n_types, setting.learning_rate
    crowd, serves = labor.newcomers(setting), np.ones((2, 4, setting.n_types))
    on_task = np.full((4, j + 1, j), 1.0 / j)
    for _ in range(400):
        crowd = labor.practiced(crowd, on_task, serves, setting)
    mean = (crowd.main * crowd.squares).sum(axis=1)
    assert mean == pytest.approx(1 / j + (1 - 1 / j) * rate / (2 - rate), rel=1e-9)
    assert crowd.main.sum(axis=1) == pytest.approx(1.0)


def test_the_index_is_that_of_shares_with_one_peak() -> None:
    shares = np.array(
        [[0.25, 0.25, 0.25, 0.25], [0.4, 0.2, 0.2, 0.2], [0.85, 0.05, 0.05, 0.05], [1.0, 0.0, 0.0, 0.0]]
    )
    index = labor.specialization((shares**2).sum(axis=1), 4)
    assert index == pytest.approx(np.asarray(thresholds.specialization(shares)), abs=1e-7)
    assert labor.specialization(np.ones(1), 1)[0] == 0.0


def test_newcomers_start_at_the_mean_of_cut_thresholds() -> None:
    setting = replace(reference(), initial_threshold=1.5, threshold_min=0.4, threshold_max=2.0)
    theta = np.clip(np.linspace(0.0, 3.0, 300_001), 0.4, 2.0)
    assert labor.newcomers(setting).others[0, 0] == pytest.approx(theta.mean(), abs=1e-4)
    low = replace(setting, initial_threshold=0.1)
    assert labor.newcomers(low).others[0, 0] == 0.4


@pytest.mark.parametrize("pricing", ["cost-plus", "undercut", "fixed"])
def test_prices_follow_their_rule(pricing: str) -> None:
    setting = replace(reference(), pricing=pricing)
    tech, provider = technology.start(setting)
    tech = tech._replace(cost=0.5, efficiency=2.0)
    _, after = technology.invested(tech, provider, 1.0, 0.0, 300.0, setting)
    expected = {"cost-plus": 1000 * (0.75 + 0.25 * 0.25), "undercut": 285.0, "fixed": 1000.0}
    assert after.price == pytest.approx(expected[pricing])
    _, silent = technology.invested(tech, provider, 1.0, 0.0, np.nan, replace(setting, pricing="undercut"))
    assert silent.price == 1000.0


def test_part_of_nothing_is_nothing() -> None:
    assert over(np.array([0.0, 1.0]), np.array([0.0, 4.0])).tolist() == [0.0, 0.25]
    assert (ratio(1.0, 0.0), ratio(1.0, 4.0)) == (0.0, 0.25)
