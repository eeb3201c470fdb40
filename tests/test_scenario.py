"""Scenarios: their fields and defaults, what is refused and in which words, files, and changes."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mesh_abm.fields import FieldCard
from mesh_abm.scenario import FIELDS, DeviceClass, Scenario, ScenarioError, Shock, field_card

INF = math.inf

# docs/model.md, fields of a scenario: in this order, with these values, a star for what a set shock may change
REFERENCE = """
n_owners 2000, months 120, seed none, population adoption, initial_members .05,
arrivals 10*, churn .02*, innovation .002*, contagion .6*, information_friction 1000*, standing_cost 300*,
capable_merit 0*, merit_spread .3, non_owners 0, classes -,
learning_exponent .23*, cumulative_production 1, datacenter_volume .1*, device_volume .05*, efficiency_growth .02*,
merit_gain 1*, capacity_gain 1*, quality_growth .01*, hardware_cost 2000*,
specialist_bonus .6*, specialist_ceiling 1*, knowledge_gain .3*, practice .2*, exchange .05*, obsolescence .02*,
update_rate .05*, update_recovery .02*, update_seed .01*, release_every 12*, update_bonus .05*,
kernel fitness, slots 4, attempts 4*, link_failure .08*, link_value none*,
task_types 8, zipf .9, mix none, demand 2*, frontier_share .08*,
signal local, signal_memory .8*, steepness 2*, initial_threshold .5, threshold_min .01, threshold_max 2,
reinforcement .25*, decay .05*, learning_rate .15*,
ask_rate .1*, target_use .7*, query_value 3000*, choice_noise 200*, latency_cost 1*, hop_latency 10*,
provider_latency 100*, ttl 4*, looks 16*, relay_fee .02*,
settlement clearinghouse, settlement_fee 5*, settlement_capacity inf*,
provider_capacity 3, provider_price 1000, pricing cost-plus, pass_through .25*, undercut .05*, cost_share .2*,
focus 0*, reinvest .3*, unit_price 6000*, depreciation .02*,
income 6000*, initial_wallet 10000*, wallet_cap 20000*, rho .5, measure_every 12,
calibration none, shocks -, title -, question -, based_on none, start none
"""
WORDS = [entry.split() for entry in REFERENCE.replace("\n", " ").split(",")]
NUMBERS = [card for card in FIELDS.values() if card.low is not None]


def refused(**fields: Any) -> str:
    """The line with which the fields are refused."""
    with pytest.raises(ScenarioError) as caught:
        Scenario(**fields)
    line = str(caught.value)
    assert "\n" not in line
    return line


def device(**fields: Any) -> dict[str, Any]:
    return {
        "name": "phone",
        "share": 1,
        "merit": 0.1,
        "capacity": 2,
        "quality": 0.5,
        "running_cost": 10,
    } | fields


# --- fields


def test_the_fields_are_those_of_the_model_in_its_order() -> None:
    assert list(FIELDS) == [name for name, _ in WORDS]


@pytest.mark.parametrize(("name", "word"), WORDS, ids=[name for name, _ in WORDS])
def test_defaults_and_stars_are_those_of_reference(name: str, word: str) -> None:
    card, value = FIELDS[name], getattr(Scenario(), name)
    assert card.shockable == word.endswith("*")
    if word == "-":
        return
    plain = word.rstrip("*")
    assert value == (None if plain == "none" else plain if card.choices else float(plain))
    assert card.default == value
    assert type(card.default) is type(value)


def test_the_classes_of_reference() -> None:
    assert [tuple(dict(item).values()) for item in Scenario().classes] == [
        ("phone", 0.4, 0.05, 2, 0.55, 150),
        ("laptop", 0.3, 0.15, 4, 0.62, 120),
        ("desktop", 0.2, 0.4, 8, 0.70, 100),
        ("workstation", 0.1, 1.2, 20, 0.80, 80),
    ]


@pytest.mark.parametrize("card", FIELDS.values(), ids=lambda card: card.name)
def test_every_field_is_described(card: FieldCard) -> None:
    assert card.meaning.endswith(".")
    assert card.group
    assert card.source or card.group == "about the scenario"
    assert (card.low is not None) == isinstance(card.default, int | float) or card.name in (
        "seed",
        "link_value",
    )


def test_a_card_says_what_is_allowed() -> None:
    assert field_card("churn").allowed == "a number from 0 to 1 (per month)"
    assert field_card("choice_noise").allowed == "a number above 0 and at most 1e+12 (micro-credits)"
    assert field_card("settlement_capacity").allowed == (
        "a number of 0 or more, or inf (deliveries per owner and month)"
    )
    assert field_card("slots").range == "1 to 64"
    assert field_card("rho").range == "> 0 to 1"
    assert field_card("provider_price").range == ">= 0"
    assert field_card("kernel").range == "fitness | degree | uniform"
    assert field_card("classes.phone.merit") == field_card("classes.all.merit") == field_card("classes.merit")
    with pytest.raises(ScenarioError, match="unknown field 'chrun'; did you mean 'churn'"):
        field_card("chrun")


def test_defaults_pass_their_own_checks() -> None:
    assert Scenario(**dict(Scenario())) == Scenario()


# --- what is refused


@pytest.mark.parametrize("card", NUMBERS, ids=lambda card: card.name)
def test_numbers_are_checked_against_their_range(card: FieldCard) -> None:
    assert card.low is not None
    below = card.low if card.low_open else np.nextafter(card.low, -INF)
    step = 1 if "whole" in card.kind else 1e-9
    wrong = [below, card.low - step, card.low - 1, -INF, math.nan, True, "1", [[1]], {}, 1j]
    if card.high is not None:
        wrong += [card.high * 1.01 + step, INF, 10**400]
    for value in wrong:
        line = refused(**{card.name: value})
        assert line.startswith(f"{card.name} = "), line
        assert line.endswith(f": must be {card.allowed}"), line


@pytest.mark.parametrize("card", NUMBERS, ids=lambda card: card.name)
def test_both_ends_of_a_range_are_allowed(card: FieldCard) -> None:
    """Alone, as far as the other fields do not contradict."""
    assert card.low is not None
    ends = [card.low] if not card.low_open else []
    ends += [INF if card.high is None else card.high]
    others = {"n_owners": 1, "months": 0, "threshold_min": 0, "threshold_max": 1e6, "initial_threshold": 1}
    for end in ends:
        if card.name == "threshold_max":
            others |= {"initial_threshold": end, "threshold_min": end}
        if card.name in ("months", "n_owners"):
            others |= {"income": 0, "initial_wallet": 0, "provider_price": 0}
        assert getattr(Scenario(**(others | {card.name: end})), card.name) == end


@pytest.mark.parametrize(
    "value", [3, 3.0, np.int8(3), np.int64(3), np.uint32(3), np.float32(3), np.float64(3)], ids=repr
)
def test_numpy_scalars_and_whole_floats_are_numbers(value: Any) -> None:
    scenario = Scenario(slots=value, demand=value)
    assert type(scenario.slots) is int
    assert type(scenario.demand) is float
    assert (scenario.slots, scenario.demand) == (3, 3.0)


def test_wrong_values_are_named() -> None:
    assert refused(churn=1.5) == "churn = 1.5: must be a number from 0 to 1 (per month)"
    assert refused(slots=3.5) == "slots = 3.5: must be a whole number from 1 to 64 (links)"
    assert refused(churn=np.bool_(True)).startswith("churn = True: must be a number")
    assert refused(kernel="fitnes") == "kernel = 'fitnes': must be one of fitness, degree, uniform"
    assert refused(start="2026-13") == "start = '2026-13': must be a month written like \"2026-01\", or none"
    assert refused(title=5) == "title = 5: must be text"
    assert refused(question="a\nb", churn=2).startswith("churn = 2")
    assert len(refused(churn="x" * 10_000)) < 200


def test_unknown_fields_name_the_nearest() -> None:
    assert refused(chrun=0.1) == "unknown field 'chrun'; did you mean 'churn'?"
    assert "`mesh-abm scenarios describe`" in refused(qqqqq=1)
    assert refused(chrun=0.1, slots=0).startswith("unknown field 'chrun'")


@pytest.mark.parametrize(
    "later", ["alignment", "altruism", "settlement_latency", "fee_rate", "channel_deposit"]
)
def test_fields_of_later_variants_are_not_there(later: str) -> None:
    assert refused(**{later: 0}).startswith(f"unknown field '{later}'")


def test_wrong_classes_are_named() -> None:
    assert refused(classes=[]) == "classes = (): must be one device class or more"
    wanted = "a list of device classes, or a scenario whose classes to take"
    assert refused(classes="phone") == f"classes = 'phone': must be {wanted}"
    assert refused(classes=[1]) == "classes[0] = 1: must be a table of fields"
    assert refused(classes=[device(merit=-1)]).startswith(
        "classes.phone.merit = -1.0: must be a number from 0"
    )
    assert refused(classes=[device(merti=1)]) == "classes.phone: unknown field 'merti'; did you mean 'merit'?"
    assert refused(classes=[device(name="a b")]).startswith(
        "classes.a b.name = 'a b': must be a name of letters"
    )
    assert refused(classes=[device(share=0.9)]) == "classes: the shares sum to 0.9; must sum to 1"
    twice = [device(share=0.5), device(share=0.5)]
    assert refused(classes=twice) == "classes: the name 'phone' is given twice; must differ"
    unfinished = {key: value for key, value in device().items() if key != "merit"}
    assert refused(classes=[unfinished]).startswith("classes.phone.merit is missing: must be a number")
    with pytest.raises(ScenarioError, match=r"^quality = 2\.0: must be a number from 0 to 1"):
        DeviceClass(**device(quality=2))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"threshold_min": 3}, "threshold_min = 3: must not be above threshold_max = 2"),
        ({"initial_threshold": 3}, "initial_threshold = 3: must be from threshold_min = 0.01 to threshold_max = 2"),
        ({"mix": [1, 2], "task_types": 3}, "task_types = 3: must be 2, the number of types in mix = (1.0, 2.0)"),
        ({"mix": [0, 0]}, "mix = (0.0, 0.0): must be numbers of 0 or more, not all of them 0"),
        ({"mix": [1, -1]}, "mix = (1.0, -1.0): must be numbers of 0 or more, not all of them 0"),
        ({"mix": [1, INF]}, "mix = (1.0, inf): must be numbers of 0 or more, not all of them 0"),
        ({"mix": []}, "task_types = 0: must be a whole number from 1 to 64 (types)"),
        ({"mix": [1, math.nan]}, "mix = [1, nan]: must be a list of numbers, the name of a shipped mix, or none"),
        ({"frontier_share": [0.1, 0.2]}, "frontier_share: 2 numbers given; must be one, or task_types = 8 of them"),
    ],
)  # fmt: skip
def test_contradictions_are_refused(fields: dict[str, Any], line: str) -> None:
    assert refused(**fields) == line


def test_frontier_shares_are_shares() -> None:
    assert Scenario(frontier_share=[0.5] * 8).frontier_share == (0.5,) * 8
    allowed = "must be a number from 0 to 1, or a list of them, one per type (of queries)"
    assert refused(frontier_share=[0.5] * 7 + [2]).endswith(allowed)
    assert refused(frontier_share=[0.5] * 7 + [True]).endswith(allowed)
    assert refused(frontier_share=1.5) == f"frontier_share = 1.5: {allowed}"


def test_money_that_overflows_a_ledger_is_refused() -> None:
    assert "64-bit ledger" in refused(n_owners=10**8, initial_wallet=10**12)
    assert refused(provider_price=1e16).startswith("provider_price = 1e+16: must be smaller for 2000 owners")
    assert Scenario(provider_price=INF).provider_price == INF
    assert Scenario(initial_wallet=10**12, wallet_cap=10**12).wallet_cap == 10**12


def test_equal_bounds_fix_the_thresholds() -> None:
    assert Scenario(threshold_min=1, threshold_max=1).threshold_max == 1


# --- values


def test_a_scenario_is_a_value() -> None:
    scenario = Scenario(churn=0.1)
    assert scenario == Scenario(churn=0.1) != Scenario()
    assert hash(scenario) == hash(Scenario(churn=0.1))
    assert pickle.loads(pickle.dumps(scenario)) == scenario == copy.deepcopy(scenario)
    with pytest.raises(ValueError, match="frozen"):
        scenario.churn = 0.2  # type: ignore[misc]


def test_replace_checks_and_leaves_the_old_one() -> None:
    scenario = Scenario()
    assert scenario.replace(churn=0.5).churn == 0.5
    assert scenario.churn == 0.02
    with pytest.raises(ScenarioError, match="churn = 2"):
        scenario.replace(churn=2)


def test_weights_fall_as_zipf_says() -> None:
    weights = Scenario(task_types=3, zipf=1).weights()
    np.testing.assert_allclose(weights, [6 / 11, 3 / 11, 2 / 11], rtol=1e-15)
    np.testing.assert_array_equal(Scenario(task_types=4, zipf=0).weights(), [0.25] * 4)
    np.testing.assert_array_equal(Scenario(task_types=1).weights(), [1.0])


def test_a_mix_sets_weights_and_types() -> None:
    scenario = Scenario(mix=np.array([3.0, 0.0, 1.0]))
    assert scenario.task_types == 3
    np.testing.assert_array_equal(scenario.weights(), [0.75, 0, 0.25])
    assert Scenario().replace(mix=[1, 1]).task_types == 2
    assert scenario.replace(mix="none") == Scenario(task_types=3)


def test_a_shipped_mix_by_name() -> None:
    scenario = Scenario(mix="chatgpt_consumer_2025")
    assert scenario.task_types == len(scenario.weights()) == 22
    assert scenario.weights().sum() == pytest.approx(1, abs=1e-12)
    assert scenario.weights()[0] == pytest.approx(
        0.183, abs=1e-3
    )  # specific information: the source's first row
    assert "did you mean 'chatgpt_consumer_2025'" in refused(mix="chatgpt_consumer_2026")
    assert refused(mix="chatgpt_consumer_2025", task_types=8).startswith("task_types = 8: must be 22")


def test_frontier_by_type() -> None:
    np.testing.assert_array_equal(Scenario(task_types=2, frontier_share=0.1).frontier_by_type(), [0.1, 0.1])
    np.testing.assert_array_equal(Scenario(task_types=2, frontier_share=(0, 1)).frontier_by_type(), [0, 1])
    own = Scenario().frontier_by_type()
    own[0] = 1  # a copy, which may be written
    assert Scenario().frontier_by_type()[0] == 0.08


# --- TOML


def numbers(card: FieldCard) -> st.SearchStrategy[Any]:
    high = 1e15 if card.high is None else card.high
    if "whole" in card.kind:
        return st.integers(int(card.low or 0), int(high))
    found: st.SearchStrategy[Any] = st.floats(card.low, high, exclude_min=card.low_open)
    return found | st.just(INF) if card.high is None else found


def values(card: FieldCard) -> st.SearchStrategy[Any]:
    if card.choices:
        return st.sampled_from([None if word == "none" else word for word in card.choices if word in CHOICES])
    if card.name == "mix":
        return st.lists(st.floats(0.01, 1), min_size=1, max_size=9).map(tuple)
    if card.name == "start":
        return st.sampled_from(["2026-01", "1999-12", None])
    if card.name == "shocks":
        return st.lists(shocks, max_size=3)
    return numbers(card) if card.low is not None else st.text()


CHOICES = {word for card in FIELDS.values() for word in card.choices} - {"central", "optimist", "pessimist"}
shocks = st.one_of(
    st.builds(
        Shock, month=st.integers(1, 99), until=st.none() | st.integers(99, 200),
        kind=st.sampled_from(["price", "capacity", "merit"]), value=st.floats(0.001, 1e6) | st.integers(1, 9),
    ),
    st.builds(Shock, month=st.integers(1, 99), kind=st.sampled_from(["hubs", "random"]), value=st.floats(0, 1)),
    st.builds(Shock, month=st.integers(1, 99), kind=st.just("set"), field=st.just("churn"), value=st.floats(0, 1)),
    st.just(Shock(month=3, kind="set", field="link_value", value="none")),
    st.just(Shock(month=3, kind="set", field="frontier_share", value=0.25)),
)  # fmt: skip
changes = st.fixed_dictionaries(
    {}, optional={name: values(card) for name, card in FIELDS.items() if name not in ("classes", "based_on")}
)


@settings(deadline=None)
@given(changes)
def test_toml_gives_back_the_same_scenario(fields: dict[str, Any]) -> None:
    fields = {"n_owners": 10, "months": 2, "provider_price": 7.5} | fields
    fields.pop("frontier_share" if "mix" in fields or "task_types" in fields else "", None)
    if "mix" in fields:
        fields.pop("task_types", None)
    try:
        scenario = Scenario(**fields)
    except ScenarioError as error:
        assume("threshold" not in str(error) and "64-bit" not in str(error))
        raise
    again = Scenario.from_toml(scenario.to_toml())
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.to_toml() == scenario.to_toml()
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_toml_holds_every_field_and_needs_no_parent() -> None:
    scenario = Scenario(based_on="reference").replace(based_on="../gone.toml", seed=3)
    toml = scenario.to_toml()
    assert all(
        f"\n{name} = " in "\n" + toml or f"\n[[{name}]]" in toml or f"{name} = []" in toml for name in FIELDS
    )
    assert Scenario.from_toml(toml) == scenario


def test_toml_words() -> None:
    scenario = Scenario.from_toml(
        'settlement_capacity = inf\nlink_value = "none"\nn_owners = 1e3\nmix = [1, 2]'
    )
    assert (scenario.settlement_capacity, scenario.link_value, scenario.n_owners) == (INF, None, 1000)
    assert scenario.task_types == 2
