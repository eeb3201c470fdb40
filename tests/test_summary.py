"""The summary in words: true to the run and to the closed form, honest where the mesh does not win."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from mesh_abm.calibration import calibrate
from mesh_abm.facts import REASONS
from mesh_abm.results import Result
from mesh_abm.summary import (
    costs,
    formation,
    grounds,
    obstacles,
    requirements,
    sections,
    service,
    steering,
    words,
)
from mesh_abm.summary.formation import Component, verdict
from mesh_abm.summary.situation import Situation, growth_needed, owners_merit, pace, wait
from mesh_abm.theory import equilibrium
from mesh_abm.wording import percent
from tests.finished_runs import RUNS, finished, finished_baseline


def with_series(result: Result, **columns: object) -> Result:
    """The result as if these series had come out."""
    return replace(result, frame=result.frame.assign(**columns))


def situation(name: str = "a mesh") -> Situation:
    found = Situation.at_end(finished(name))
    assert found is not None
    return found


# Words


@pytest.mark.parametrize("name", RUNS)
def test_every_kind_of_run_can_be_told_in_plain_sentences(name: str) -> None:
    for paragraph in words(finished(name)):
        assert re.fullmatch(r"[A-Z].*[.)]", paragraph), paragraph
        assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! of)|[<>{}]|  ", paragraph), paragraph


def test_the_baseline_can_be_told_too_and_has_dates_and_dollars() -> None:
    text = " ".join(words(finished_baseline()))
    assert "$" in text
    assert "micro-credits" not in text
    assert "figures have no source" in text


def test_the_questions_come_in_order_each_before_its_answer() -> None:
    found = sections(finished("a mesh"))
    assert list(found) == [
        "In short:",
        "Did a mesh form?",
        "Who serves what?",
        "When do costs cross?",
        "What held the mesh back?",
        "What would it take?",
        "Do prices steer choices?",
        "What does this rest on?",
    ]
    flat = words(finished("a mesh"))
    assert [text.split("?")[0] + "?" for text in flat if text.split("?")[0] + "?" in found] == list(found)[1:]


# Did a mesh form?


def test_a_group_that_chance_makes_is_no_mesh() -> None:
    assert Component(1, 2, 20).by_chance  # a pair: a tenth of the members
    assert Component(1, 6, 111).by_chance  # 111^(2/3) = 23
    assert not Component(1, 60, 111).by_chance
    assert not Component(1, 154, 2891).by_chance  # a twentieth of many is no accident
    assert math.isnan(Component(1, 0, 0).share)


def test_verdicts() -> None:
    result = finished("a mesh")
    steady = np.ones(result.months + 1)
    assert verdict(with_series(result, s_inf=0.9 * steady)) == "formed"
    assert verdict(with_series(result, s_inf=0.01 * steady)) == "none"
    assert verdict(with_series(result, s_inf=0.4 * steady)) == "begun"
    falling = np.where(np.arange(len(steady)) < 50, 0.9, 0.1)
    assert verdict(with_series(result, s_inf=falling)) == "dissolved"
    assert verdict(finished("nobody")) == "empty"


def test_half_of_three_members_is_not_called_a_mesh_but_the_rule_is_mentioned() -> None:
    result = with_series(finished("a mesh"), s_inf=2 / 3, members=3)
    assert verdict(result) == "none"
    text = formation.paragraph(result)
    assert text.startswith("No.")
    assert 'The rule for "crystallization" was met' in text
    assert "2 devices among 3 members" in text


def test_the_month_told_is_the_first_that_was_not_chance() -> None:
    members = np.where(np.arange(91) < 40, 2, 300)
    result = with_series(finished("a mesh"), s_inf=np.where(np.arange(91) < 40, 1.0, 0.8), members=members)
    assert formation.crystallized(result.frame) == 40
    assert formation.paragraph(result).startswith("Yes. In April 2029 (month 40)")


# Who serves what?


def test_shares_are_told_by_all_three_denominators() -> None:
    result = finished("a mesh")
    last = result.frame.iloc[-12:]
    text = service.paragraph(result)
    of_members = 1 - last[[f"reason_{name}" for name in REASONS]].sum(axis=1).mean()
    devices = last["share_mesh"].mean() + last["share_self"].mean()
    assert f"devices served {percent(devices)} of all queries" in text
    assert f"{percent(last['market_share'].mean())} of those that anybody served" in text
    assert f"and {percent(of_members)} of the queries of members" in text


def test_the_winner_is_named_as_it_is() -> None:
    result = finished("a mesh")
    flat = {"share_self": 0.0, "share_unserved": 0.0}
    won = with_series(result, share_mesh=0.6, share_provider=0.4, **flat)
    lost = with_series(result, share_mesh=0.2, share_provider=0.8, **flat)
    nowhere = with_series(result, share_mesh=0.0, share_provider=1.0, **flat)
    assert "Devices serve more than the provider." in service.paragraph(won)
    assert "The provider still serves more" in service.paragraph(lost)
    assert "The mesh does not win here" in service.paragraph(nowhere)


def test_a_handful_of_simulated_queries_is_called_one() -> None:
    assert "too few to say more" in service.paragraph(finished("no mesh"))
    assert "too few to say more" not in service.paragraph(finished("a mesh"))


# Costs


def test_the_capacity_of_a_device_is_that_of_its_class_technology_and_knowledge() -> None:
    result = finished("a mesh")
    last = replace(result, frame=result.frame.tail(1))
    par, devices = result.scenario, result.devices()
    capacity = devices["device_class"].map({c.name: c.capacity for c in par.classes})
    index = result.frame["technology_index"].iloc[-1]
    know = devices["knowledge"] / (1 + devices["knowledge"])
    expected = (capacity * math.exp(par.capacity_gain * index) * (1 + par.knowledge_gain * know)).mean()
    assert costs.mean_capacity(last) == pytest.approx(
        expected, rel=0.05
    )  # knowledge moves on within the month


def test_costs_in_fact_are_those_at_the_load_that_devices_get() -> None:
    result = finished("a mesh")
    use = costs.used_capacity(result)
    assert 0 < use < 1
    cost = result.scenario.hardware_cost * math.exp(-result.frame["technology_index"].iloc[-1]) / use
    assert ("does not pay" in costs.paragraph(result)) == (cost > result.frame["provider_price"].iloc[-1])


def test_the_crossing_by_list_is_the_first_month_without_distance() -> None:
    result = finished("a mesh")
    distance = np.where(np.arange(91) < 30, 5.0, -1.0)
    assert "costs cross in June 2028 (month 30)" in costs.paragraph(
        with_series(result, distance_to_crossing=distance)
    )
    assert "are missing" in costs.paragraph(with_series(result, distance_to_crossing=7.0))
    assert "never cross" in costs.paragraph(with_series(result, distance_to_crossing=math.inf))
    assert "from the start" in costs.paragraph(with_series(result, distance_to_crossing=-1.0))


# What held it back


def test_the_main_reason_comes_first_with_its_meaning() -> None:
    zero = {f"reason_{name}": 0.0 for name in REASONS}
    result = with_series(finished("a mesh"), **(zero | {"reason_price": 0.4, "reason_funds": 0.1}))
    text = obstacles.paragraphs(result)[0]
    assert "did not serve 50% of members' queries" in text
    assert text.index('"price" 40%') < text.index('"funds" 10%')
    assert "latency" not in text


def test_churn_is_said_to_feed_the_center_only_where_somebody_leaves() -> None:
    assert any("Churn feeds it" in text for text in obstacles.paragraphs(finished("a mesh")))
    assert not any("Churn" in text for text in obstacles.paragraphs(finished("growth")))


# What it would take


def test_the_closed_form_of_the_summary_is_the_one_that_the_run_recorded() -> None:
    found = situation()
    assert found.of_members
    assert found.condensate() == pytest.approx(
        finished("a mesh").frame["condensate_theory"].iloc[-1], abs=2e-3
    )


def test_merits_multiplied_by_the_factor_give_one_link_each() -> None:
    found = situation()
    assert found.stronger(found.factor()).mean_degree() == pytest.approx(1, abs=1e-6)
    assert found.factor() == equilibrium.mesh_threshold(
        found.merit, found.slots, found.link_failure, found.churn, found.value, found.filled
    )


def test_less_churn_and_better_offers_need_less_merit() -> None:
    table = requirements.table(finished("no mesh")).set_index("change")["factor"]
    now = table["as it is"]
    assert now > 1
    assert table["without churn (nobody leaves)"] < now
    assert table.filter(like="link value 1").max() < now
    assert table["with twice as many slots"] < now


def test_without_churn_taking_it_away_is_not_offered() -> None:
    found = Situation.at_end(finished("growth"))
    assert found is not None
    assert not [text for text, _ in requirements.changes(found) if "churn" in text]


def test_the_wait_is_the_logarithm_of_the_factor_over_the_pace() -> None:
    assert wait(math.e, 0.01) == pytest.approx(100)
    assert wait(0.8, 0.01) == 0
    assert wait(2.0, 0.0) == math.inf
    assert wait(math.inf, 0.01) == math.inf
    result = finished("a mesh")
    index = result.frame["technology_index"]
    assert pace(result) == pytest.approx((index.iloc[-1] - index.iloc[-13]) / 12)
    assert pace(finished("no technology")) == 0


def test_the_merits_of_owners_are_those_of_their_classes() -> None:
    scenario = finished("a mesh").scenario
    table = owners_merit(scenario, 0.0)
    mean = sum(c.share * c.merit for c in scenario.classes)
    assert table[:, 1].sum() == pytest.approx(1)
    assert np.average(table[:, 0], weights=table[:, 1]) == pytest.approx(mean, rel=0.01)
    later = owners_merit(scenario, 1.0)
    assert np.average(later[:, 0], weights=later[:, 1]) == pytest.approx(math.e * mean, rel=0.01)
    barred = owners_merit(scenario.replace(capable_merit=0.3), 0.0)
    assert (barred[:, 0] >= 0.3).all()
    assert barred[:, 1].sum() < 0.5


def test_without_a_bar_the_path_of_technology_needs_the_plain_factor() -> None:
    scenario = finished("no mesh").scenario
    now = situation("no mesh").change(merit=owners_merit(scenario, 0.0))
    assert growth_needed(now, scenario, 0.0) == pytest.approx(now.factor(), rel=0.01)


def test_weaker_devices_that_get_over_the_bar_make_the_path_longer() -> None:
    scenario = finished("no mesh").scenario.replace(capable_merit=0.15)
    now = situation("no mesh").change(merit=owners_merit(scenario, 0.0), value=0.3)
    assert now.factor() > 1
    assert growth_needed(now, scenario, 0.0) > 1.2 * now.factor()
    assert growth_needed(now, scenario.replace(merit_gain=0), 0.0) == math.inf


def test_a_member_who_gains_what_is_said_to_be_needed_replaces_itself() -> None:
    par = finished("no mesh").scenario
    text = " ".join(requirements.paragraphs(finished("no mesh")))
    needed = float(re.search(r"gains more than ([\d.]+) micro-credits", text).group(1))  # type: ignore[union-attr]
    chance = 1 / (1 + math.exp(-(needed - par.standing_cost) / par.information_friction))
    assert par.contagion * (2 * chance - 1) / par.churn == pytest.approx(1, rel=0.01)


def test_the_closed_form_is_not_used_where_it_does_not_hold() -> None:
    for name in ("random links", "nobody", "everybody leaves"):
        assert Situation.at_end(finished(name)) is None
        assert "does not apply" in requirements.paragraphs(finished(name))[0]


# Prices


def test_the_elasticity_of_the_odds_is_price_over_noise() -> None:
    result = with_series(finished("a mesh"), provider_price=1000.0)
    assert steering.elasticity(result) == 1000 / result.scenario.choice_noise == 5
    assert "follow price closely" in steering.paragraph(result)
    assert "hardly follow price" in steering.paragraph(with_series(result, provider_price=10.0))


def test_sharper_choices_keep_the_advantage_in_money() -> None:
    result = with_series(finished("a mesh"), link_value=0.7)
    table = steering.scan(result).set_index("sharper")
    advantage = table["choice_noise"] * np.log(table["link_value"] / (1 - table["link_value"]))
    np.testing.assert_allclose(advantage.loc[[1, 3, 10]], advantage[1], rtol=1e-6)
    assert table["link_value"][1] == pytest.approx(0.7)
    assert steering.scan(with_series(result, link_value=0.5))["link_value"].tolist() == [0.5] * 5


def test_a_given_link_value_is_not_scanned() -> None:
    assert steering.scan(finished("22 types")).empty


# What it rests on


def test_every_figure_without_a_source_is_listed() -> None:
    table = grounds.unsourced(finished_baseline())
    assert table["field"].tolist() == [step.field for step in calibrate("central").unsourced()]
    assert (
        table.loc[table["field"] == "classes.merit", "rests_on"]
        .item()
        .endswith("hosted tokens per second and user = 80 tokens/s")
    )


def test_merit_four_times_as_high_needs_a_fourth_of_the_factor() -> None:
    ranked = grounds.sensitivity(finished_baseline()).set_index("figure")
    speed = ranked.loc[
        "hosted tokens per second and user"
    ]  # from 40 to 160: merits and the bar scale with it
    assert speed["factor_high"] / speed["factor_low"] == pytest.approx(4, rel=0.05)
    assert ranked["spread"].is_monotonic_decreasing
    assert ranked.loc["monthly churn mu", "factor_low"] < ranked.loc["monthly churn mu", "factor_high"]


def test_a_figure_that_the_scenario_sets_itself_is_not_moved() -> None:
    result = finished_baseline()
    own = replace(result, scenario=result.scenario.replace(churn=0.03))
    assert grounds.sensitivity(own).set_index("figure").loc["monthly churn mu", "spread"] == 1


def test_a_scenario_of_choices_says_so() -> None:
    text = grounds.paragraphs(finished("a mesh"))[0]
    assert "not measured" in text
    assert grounds.unsourced(finished("a mesh")).empty
