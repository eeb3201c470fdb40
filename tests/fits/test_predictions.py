"""Each prediction on a run made by hand whose answer is known, and on one that violates it."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from mesh_abm.fits import PREDICTIONS, all_fits, caption, of_figure, table
from mesh_abm.fits.component import dispersion
from mesh_abm.fits.labor import by_chance, standstill
from mesh_abm.fits.spreading import _with_innovation
from mesh_abm.measures import REGISTRY, TYPE_COLUMNS
from mesh_abm.report import FIGURES
from mesh_abm.theory import condensation, epidemics, percolation
from tests.finished_runs import RUNS, finished
from tests.fits.hand_made import YEAR, fit, made


def random_graph(mean_degree: float, n: int = 1000, seed: int = 1) -> nx.Graph:
    return nx.gnm_random_graph(n, int(mean_degree * n / 2), seed=seed)


def component(graph: nx.Graph) -> float:
    return len(max(nx.connected_components(graph), key=len)) / len(graph)


def seen(graph: nx.Graph, **more: object) -> dict[str, object]:
    """What a run measures of this network."""
    degree = 2 * graph.number_of_edges() / len(graph)
    theory = float(percolation.giant_component(degree))
    return {
        "mean_degree": degree,
        "s_inf": component(graph),
        "s_inf_theory": theory,
        "members": len(graph),
        **more,
    }


# The giant component


def test_a_random_network_agrees_with_equation_2_and_its_degrees_are_poisson() -> None:
    graph = random_graph(1.8)
    result = made(seen(graph), graph)
    two = fit("equation_2", result)
    assert (two.verdict, two.presupposed) == ("agrees", "")
    assert two.p > 0.01
    assert fit("degree_sequence", result).verdict == "agrees"
    assert fit("poisson_degrees", result).verdict == "agrees"


def test_z_is_the_distance_in_standard_deviations() -> None:
    graph = random_graph(1.8)
    spread = float(percolation.size_spread(1.8, 1000))
    theory = float(percolation.giant_component(1.8))
    found = fit("equation_2", made(seen(graph, s_inf=theory + 2 * spread), graph))
    assert found.statistic.endswith("z = 2.0, p = 0.046")
    assert found.p == pytest.approx(0.0455, abs=1e-4)


def test_a_network_of_hubs_is_off_equation_2_but_not_off_its_degrees() -> None:
    hubs = [3] * 300 + [0] * 690 + [90] * 10
    graph = nx.Graph(nx.configuration_model(hubs, seed=2))
    graph.remove_edges_from(nx.selfloop_edges(graph))
    result = made(seen(graph), graph)
    two = fit("equation_2", result)
    assert two.verdict == "off"
    assert two.presupposed == "Poisson degrees"
    assert "their variance is" in two.why
    assert fit("poisson_degrees", result).verdict == "off"
    assert fit("degree_sequence", result).verdict == "agrees"


def test_two_halves_without_a_bridge_are_off_their_degrees() -> None:
    graph = nx.disjoint_union(random_graph(4.0, 500), random_graph(4.0, 500, seed=2))
    assert fit("degree_sequence", made(seen(graph), graph)).verdict == "off"


def test_without_a_giant_component_chance_may_connect_so_many() -> None:
    graph = random_graph(0.8)
    assert fit("equation_2", made(seen(graph), graph)).verdict == "agrees"
    assert fit("equation_2", made(seen(graph, s_inf=0.19), graph)).verdict == "agrees"  # 2 / 1000^(1/3) = .2
    assert fit("equation_2", made(seen(graph, s_inf=0.21), graph)).verdict == "off"


def test_uniform_partners_follow_the_slots_formula_only_without_churn() -> None:
    graph = random_graph(1.3)
    exact = float(percolation.giant_component_slots(2, 0.325))
    settings = {"kernel": "uniform", "slots": 2}
    result = made(seen(graph, s_inf=exact, filled_slots=0.325), graph, churn=0.0, **settings)
    assert (fit("slots", result).verdict, fit("slots", result).presupposed) == ("agrees", "")
    assert fit("equation_2", result).verdict == "no prediction"
    assert (
        fit("slots", made(seen(graph, s_inf=0.5, filled_slots=0.325), graph, churn=0.0, **settings)).verdict
        == "off"
    )
    assert (
        fit("slots", made(seen(graph, filled_slots=0.325), graph, churn=0.1, **settings)).presupposed
        == "no churn"
    )
    assert fit("slots", made(seen(graph), graph)).verdict == "no prediction"


def test_the_dispersion_test_by_hand() -> None:
    """Variance 2, mean 1: 4 x 2 = 8 on 4 degrees of freedom, upper tail exp(-4) (1 + 4) = .0916."""
    ratio, p = dispersion(np.array([0, 0, 0, 2, 3]))
    assert ratio == pytest.approx(2.0)
    assert p == pytest.approx(2 * math.exp(-4) * 5)
    assert all(map(math.isnan, dispersion(np.zeros(5, int))))


def test_links_won_and_lost_balance_in_a_steady_network() -> None:
    assert fit("link_balance", made({"r0_mesh": 4.2, "mean_degree": 4.0})).verdict == "agrees"
    found = fit(
        "link_balance", made({"r0_mesh": 5.0, "mean_degree": 4.0, "members": 1000 * 1.03 ** np.arange(13)})
    )
    assert found.verdict == "off"
    assert found.presupposed == "a steady population"
    assert "membership grew by 43%" in found.why
    filling = made({"r0_mesh": 5.0, "mean_degree": 3.0 * 1.02 ** np.arange(13.0)})
    assert fit("link_balance", filling).presupposed == "links that do not become more"
    assert fit("link_balance", made({"r0_mesh": 0.0, "mean_degree": 0.0})).verdict == "nothing to compare"


# The provider's hold


def test_the_condensate_agrees_within_five_points() -> None:
    assert fit("condensate", made({"condensate": 0.44, "condensate_theory": 0.40})).verdict == "agrees"
    found = fit("condensate", made({"condensate": 0.46, "condensate_theory": 0.40}))
    assert (found.verdict, found.presupposed) == ("off", "")
    assert found.error == pytest.approx(0.06)


def test_a_condensate_off_in_a_growing_population_says_so() -> None:
    growing = {"condensate": 0.6, "condensate_theory": 0.4, "mean_odds": 1.02 ** np.arange(13.0)}
    found = fit("condensate", made(growing))
    assert found.verdict == "off"
    assert "a steady population (merit grew by 27% in the last year)" in found.why


def test_a_shock_of_the_last_two_years_is_a_condition_that_is_not_met() -> None:
    series = {"condensate": 0.4, "condensate_theory": 0.4}
    shock = {"month": 30, "kind": "price", "value": 2.0}
    assert (
        "a shock changed them in month 30" in fit("condensate", made(series, months=40, shocks=[shock])).why
    )
    assert fit("condensate", made(series, months=60, shocks=[shock])).why == ""


def test_the_law_is_none_for_another_kernel_and_asks_for_filled_slots() -> None:
    series = {"condensate": 0.4, "condensate_theory": 0.4, "filled_slots": 0.5}
    assert fit("condensate", made(series, kernel="degree")).verdict == "no prediction"
    assert fit("condensate", made(series)).presupposed == "filled slots"


def test_the_mean_degree_is_2_m_f_1_minus_b() -> None:
    series = {"condensate_theory": 0.25, "filled_slots": 0.95, "mean_degree": 5.5}
    found = fit("mean_degree", made(series, slots=4))
    assert found.predicted == pytest.approx(2 * 4 * 0.95 * 0.75)
    assert found.verdict == "agrees"
    assert fit("mean_degree", made(series, slots=8)).verdict == "off"


@pytest.mark.parametrize(
    ("merit", "s_inf", "verdict"), [(1.0, 0.9, "agrees"), (1.0, 0.01, "off"), (0.001, 0.9, "off")]
)
def test_the_threshold_says_whether_devices_hold_together(merit: float, s_inf: float, verdict: str) -> None:
    series = {"s_inf": s_inf, "link_value": 1.0, "technology_index": 0.0}
    assert fit("mesh_threshold", made(series, devices={"merit": merit})).verdict == verdict


# Capacity and cost


def capacity(c_mesh: float, c_eff: float = 4000.0) -> dict[str, float]:
    """1000 members of capacity 1, half of them connected: N* = K / (S mean C) = 2 K, C_cent = J^(1/rho - 1) K."""
    return {"n_star": 200.0, "c_cent": 8 * 100.0, "s_inf": 0.5, "c_eff": 8 * c_eff / 4, "c_mesh": c_mesh}


def test_equation_16_is_the_capacity_of_the_connected_members() -> None:
    found = fit("equation_16", made(capacity(4000.0), task_types=8, rho=0.5))
    assert found.predicted == pytest.approx(8 * 0.5 * 1000)  # J^(1/rho - 1) S N mean C
    assert (found.verdict, found.why) == ("agrees", "")


def test_equation_16_names_uneven_coverage_and_unlike_devices() -> None:
    uneven = fit("equation_16", made(capacity(3000.0, 3000.0)))
    assert (uneven.verdict, uneven.presupposed) == ("off", "even coverage of all types")
    assert "takes 25%" in uneven.why
    strong = fit("equation_16", made(capacity(6000.0)))
    assert (strong.verdict, strong.presupposed) == ("off", "a component of devices like all others")
    assert "1.5 times" in strong.why


def test_without_a_provider_there_is_no_critical_mass_to_compare() -> None:
    assert fit("equation_16", made(capacity(4000.0) | {"c_cent": 0.0})).verdict == "nothing to compare"


def test_wrights_law_is_exact_and_fails_at_the_ninth_digit() -> None:
    q = 2000 * np.exp(0.1 * np.arange(13))
    cost = np.concatenate([[1.0], (q[:-1] / 2000) ** -0.23])
    settings = {"learning_exponent": 0.23, "cumulative_production": 1.0}
    assert fit("wright", made({"production": q, "unit_cost": cost}, **settings)).verdict == "agrees"
    cost[5] *= 1 + 1e-8
    assert fit("wright", made({"production": q, "unit_cost": cost}, **settings)).verdict == "off"
    assert fit("wright", made({"production": q, "unit_cost": cost}, learning_exponent=0.3)).verdict == "off"


# Division of labor


def worked(months: int, types: int) -> pd.DataFrame:
    rows = [dict.fromkeys(TYPE_COLUMNS, 0) | {"month": m, "type": j, "mesh": 5, "active": 5}
            for m in range(months + 1) for j in range(types)]  # fmt: skip
    return pd.DataFrame(rows)


def test_thresholds_move_as_10_says() -> None:
    """From .5, a quarter of the time on each of two types: .05 x .75 - .25 x .25 = -.025 in each of nine months."""
    settings = {"task_types": 2, "reinforcement": 0.25, "decay": 0.05, "initial_threshold": 0.5}
    settings |= {"threshold_min": 0.0001, "threshold_max": 9.0, "learning_rate": 0.1}
    result = made({"active": 0.5}, devices={"threshold_0": 5.0, "threshold_1": 0.0, "joined": 13}, **settings)
    assert fit("thresholds", result).predicted == pytest.approx(
        0.5
    )  # joined after the last month: as at the start
    devices = {"threshold_0": 0.22, "threshold_1": 0.22}
    moved = fit("thresholds", made({"active": 0.5}, devices=devices | {"joined": 4}, **settings))
    assert moved.predicted == pytest.approx(0.775**2 / 2, abs=1e-3)  # E max(u - .225, 0)
    assert fit("thresholds", made({"active": 0.0}, devices=devices, **settings)).predicted == pytest.approx(
        1.1
    )
    assert fit("thresholds", made({"active": 0.0}, devices=devices, **settings)).verdict == "off"


def test_specialization_of_devices_that_work_by_chance() -> None:
    """Two types in equal parts, a long memory: to leading order 2 var(sigma) / ln 2, the variance l / (2 - l) / 4."""
    rate, months = 0.02, 400
    settings = {"task_types": 2, "learning_rate": rate}
    devices = {"specialization": 0.5, "threshold_0": 1.0, "threshold_1": 1.0}
    result = made({"active": 1.0}, devices=devices, months=months, types=worked(months, 2), **settings)
    variance = rate / (2 - rate) / 4
    assert by_chance(result) == pytest.approx(2 * variance / math.log(2), rel=0.1)
    found = fit("chance", result)
    assert (found.verdict, found.statistic[-5:]) == ("off", "above")


def test_devices_alike_agree_with_chance_and_one_type_has_no_prediction() -> None:
    settings = {"task_types": 2, "learning_rate": 0.02}
    devices = {"specialization": 0.01, "threshold_0": 1.0, "threshold_1": 1.0}
    result = made({"active": 1.0}, devices=devices, types=worked(YEAR, 2), **settings)
    assert fit("chance", result).verdict == "agrees"
    one = made({"active": 1.0}, devices={"specialization": 0.0, "threshold_0": 1.0}, task_types=1)
    assert fit("chance", one).verdict == "no prediction"


def test_the_share_at_work_at_which_thresholds_stand_still() -> None:
    assert standstill(made(task_types=3, reinforcement=0.2, decay=0.05)) == pytest.approx(3 * 0.2)
    assert math.isnan(standstill(made(reinforcement=0.0, decay=0.0)))


# Degrees


def with_degrees(degrees: np.ndarray) -> nx.Graph:
    """A network with about these degrees."""
    degrees = degrees.copy()
    degrees[0] += degrees.sum() % 2
    graph = nx.Graph(nx.configuration_model(degrees.tolist(), seed=1))
    graph.remove_edges_from(nx.selfloop_edges(graph))
    return graph


def test_a_power_law_where_none_is_predicted_is_off() -> None:
    graph = with_degrees(np.minimum(np.random.default_rng(1).zipf(2.5, 1000), 200))
    series = seen(graph, link_value=1.0)
    found = fit("tail", made(series, graph, churn=0.1))
    assert found.shown_predicted == "no power law"
    assert found.verdict == "off"
    thin = with_degrees(np.random.default_rng(1).poisson(6.0, 1000))
    assert fit("tail", made(seen(thin, link_value=1.0), thin, churn=0.1)).verdict == "agrees"


def test_growth_by_degree_alone_predicts_an_exponent_of_3() -> None:
    graph = nx.barabasi_albert_graph(3000, 2, seed=1)
    growing = {
        **seen(graph, link_value=1.0),
        "members": np.rint(3000 * 1.05 ** np.arange(-12.0, 1)).astype(int),
    }
    found = fit("tail", made(growing, graph, kernel="degree", churn=0.0, link_failure=0.0))
    assert found.predicted == pytest.approx(3.0)
    assert found.measured == pytest.approx(3.0, abs=0.5)
    assert found.verdict == "agrees"
    thin = random_graph(6.0, 3000)
    assert fit("tail", made(growing, thin, kernel="degree", churn=0.0, link_failure=0.0)).verdict == "off"


# Spreading


def test_adoption_ends_at_1_minus_1_over_r0() -> None:
    assert fit("adoption", made({"adoption_r0": 2.0})).verdict == "agrees"  # 1000 of 2000
    assert fit("adoption", made({"adoption_r0": 4.0})).predicted == pytest.approx(0.75)
    assert fit("adoption", made({"adoption_r0": 4.0})).verdict == "off"
    assert fit("adoption", made({"adoption_r0": math.inf})).predicted == 1.0
    assert fit("adoption", made({"adoption_r0": 2.0}, population="fixed")).verdict == "no prediction"


def test_adoption_names_who_may_not_join_and_who_joins_unasked() -> None:
    barred = fit("adoption", made({"adoption_r0": 2.0, "technology_index": 0.0}, capable_merit=1.0))
    assert "that every owner may join" in barred.presupposed
    unasked = fit(
        "adoption", made({"adoption_r0": 0.0, "technology_index": 0.0}, innovation=0.02, churn=0.02)
    )
    assert "imitation alone (those who join unasked add 50 points)" in unasked.why


@pytest.mark.parametrize(("r0", "iota"), [(0.0, 0.01), (0.5, 0.01), (1.0, 0.002), (3.0, 0.05)])
def test_the_share_with_innovation_is_a_fixed_point(r0: float, iota: float) -> None:
    mu = 0.05
    x = _with_innovation(r0, mu, iota)
    assert 0 < x < 1
    assert (r0 * mu * x + iota) * (1 - x) == pytest.approx(mu * x)


def test_updates_last_as_in_a_network_of_these_degrees() -> None:
    graph = nx.random_regular_graph(4, 1000, seed=1)
    rates = {"update_rate": 0.05, "update_recovery": 0.08, "churn": 0.02}
    # all degrees 4 and rate 1/2: T = 2 T / (1 + 2 T), so T = 1/2
    found = fit("updates", made({"up_to_date": 0.52}, graph, **rates))
    assert found.predicted == pytest.approx(0.5)
    assert found.verdict == "agrees"
    assert fit("updates", made({"up_to_date": 0.2}, graph, **rates)).verdict == "off"
    assert found.predicted == pytest.approx(epidemics.prevalence([4] * 1000, 0.5))


# All of them


@pytest.mark.parametrize("name", RUNS)
def test_every_run_has_a_verdict_on_every_prediction_and_no_nan_in_words(name: str) -> None:
    fits = all_fits(finished(name))
    assert [found.name for found in fits] == list(PREDICTIONS)
    for found in fits:
        assert found.verdict in ("agrees", "off", "no prediction", "nothing to compare")
        assert found.compared == (not math.isnan(found.measured))
        assert "nan" not in f"{found.line} {found.sentence}".split()
        assert found.why or found.compared


@pytest.mark.parametrize("name", ["nobody", "no month", "everybody leaves"])
def test_a_run_without_members_or_months_has_nothing_to_compare_but_cost_and_adoption(name: str) -> None:
    compared = {found.name for found in all_fits(finished(name)) if found.compared}
    assert compared == (set() if name == "no month" else {"wright", "adoption"})


def test_a_series_of_nothing_is_nothing_to_compare() -> None:
    nothing = {name: math.nan for name in REGISTRY if name not in ("month", "members")}
    columns = {f"threshold_{j}": math.nan for j in range(8)} | {"specialization": math.nan}
    assert not any(found.compared for found in all_fits(made(nothing, devices=columns)))


def test_measures_and_predictions_name_each_other() -> None:
    said = {(measure.name, name) for measure in REGISTRY.values() for name in measure.predictions}
    meant = {(law.measure, law.name) for law in PREDICTIONS.values() if law.measure}
    assert said == meant
    assert {law.figure for law in PREDICTIONS.values()} <= set(FIGURES)


def test_a_figure_shows_what_is_predicted_of_it() -> None:
    fits = all_fits(finished("random links"))
    assert [found.name for found in of_figure(fits, "giant_component")] == [
        "slots",
        "degree_sequence",
        "link_balance",
    ]
    assert [found.verdict for found in of_figure(fits, "condensate")] == ["no prediction"]
    assert of_figure(fits, "wallets") == ()
    assert caption(of_figure(fits, "condensate")).endswith("(the law is that of links made by fitness).")


def test_the_table_has_a_row_a_prediction() -> None:
    found = table(all_fits(finished("a mesh")))
    assert found["name"].tolist() == list(PREDICTIONS)
    assert {"measured", "predicted", "error", "p", "criterion", "verdict", "why"} <= set(found.columns)


def test_the_stated_law_of_the_condensate_is_the_theorys() -> None:
    result = finished("a mesh")
    now = result.scenario.at(result.months)
    eta = result.devices()["fitness"].to_numpy()
    law = condensation.with_churn(eta, result.frame["link_value"].iloc[-1], now.link_failure, now.churn)
    assert result.frame["condensate_theory"].iloc[-1] == pytest.approx(float(law))
