"""`baseline` as the data have it: values worked by hand, fits as README.md gives them, and what is promised of them.

Wherever a figure is worked out here, it is read with the csv module or typed in, never taken from mesh_abm.calibration.
"""

from __future__ import annotations

import csv
import math
import statistics
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import mesh_abm
from mesh_abm.calibration import VARIANTS, Calibration, calibrate, choices, moving
from mesh_abm.calibration.export import frame, sources
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.kept import UNUSED
from mesh_abm.calibration.mixes import mix
from mesh_abm.calibration.steps import KINDS, REFERENCE, Input, Step, weakest
from mesh_abm.calibration.tables import kind_of, table
from mesh_abm.errors import ScenarioError
from mesh_abm.scenario import FIELDS, Scenario

DATA = Path(mesh_abm.__file__).parent / "data"
CODE = Path(mesh_abm.__file__).parent / "calibration"


def rows(name: str, **wanted: str) -> list[dict[str, str]]:
    """The rows of a table, read without the project, that have the wanted cells."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            row for row in csv.DictReader(file) if all(row[key] == value for key, value in wanted.items())
        ]


@pytest.fixture(scope="module")
def every() -> dict[str, Calibration]:
    """The three variants."""
    return {which: calibrate(which) for which in VARIANTS}


@pytest.fixture(scope="module")
def central(every: dict[str, Calibration]) -> dict[str, Any]:
    """The fields of the baseline."""
    return every["central"].fields()


@pytest.fixture(scope="module")
def classes(central: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The classes of the baseline, by name."""
    return {row["name"]: row for row in central["classes"]}


BATCH = 55.7  # 111.4 messages of an active person a month / 2 simulated queries
SECONDS = 2_629_800  # 365.25 days x 86,400 s / 12
RATIO = (
    62.78 / 80.14
)  # qwen3-32b-thinking / claude-opus-4-5 on the board of May 2025, the newest before the start


def test_price_of_a_query_is_tokens_times_the_median_list_price(central: dict[str, Any]) -> None:
    listed = [row for row in rows("api_prices", tier="mid") if "2025-01-01" <= row["date"] < "2026-01-01"]
    per_in, per_out = (
        statistics.median(float(row[f"usd_per_m_{way}"]) for row in listed) for way in ("input", "output")
    )
    assert (per_in, per_out) == (0.4, 1.6)
    # 300 x 0.4 + 300 x 1.6 = 600 micro-dollars a real query; x 55.7 = 33,420
    assert (
        central["provider_price"]
        == pytest.approx((300 * per_in + 300 * per_out) * BATCH)
        == pytest.approx(33_420)
    )


def test_value_and_noise_of_choice(central: dict[str, Any]) -> None:
    assert central["query_value"] == pytest.approx(0.05e6 * BATCH)
    votes = 1 / (1 + 10 ** ((1486.6 - 1383.7) / 400))  # gemini-3-pro against qwen3-30b-a3b-instruct-2507
    assert votes == pytest.approx(0.36, abs=0.005)
    assert central["choice_noise"] == pytest.approx(
        0.05e6 * BATCH * (1 - RATIO) / math.log((1 - votes) / votes)
    )
    # what it was made for: at equal price and speed the best device-size answer wins as often as votes say
    advantage = central["query_value"] * (RATIO - 1) / central["choice_noise"]
    assert 1 / (1 + math.exp(-advantage)) == pytest.approx(votes)
    assert 25 < central["choice_noise"] / central["provider_price"] < 35  # "some thirty times p0"


def test_a_card_of_24_gb_worked_by_hand(central: dict[str, Any], classes: dict[str, dict[str, Any]]) -> None:
    card = classes["gpu_24gb"]
    # 24 GB less 1 leave 23 GB: 27.4 billion x 0.6 = 16.4 GB fit, the best general model of the board (gemma-3-27b-it)
    speed = 127.7 * 8 / 27.4  # 37.28 tokens/s
    assert card["quality"] == pytest.approx(RATIO)
    assert card["merit"] == pytest.approx(RATIO * speed / 80) == pytest.approx(0.365, abs=5e-4)
    assert (
        card["capacity"] == pytest.approx(speed * 0.3 * SECONDS / 300 / BATCH) == pytest.approx(1760, abs=1)
    )
    # 464.2 W x 300/37.28 s x 55.7 = 208,000 J = 0.05779 kWh, at 0.16 USD
    assert card["running_cost"] == round(464.2 * 300 / speed * BATCH / 3.6e6 * 0.16 * 1e6) == 9246
    assert card["share"] == pytest.approx(0.19 * 0.004654, rel=1e-5)
    assert central["hardware_cost"] == pytest.approx(1599e6 / (48 * card["capacity"]))


def test_a_phone_runs_the_smallest_model_and_a_laptop_the_best_that_it_can_read_along(
    classes: dict[str, dict[str, Any]],
) -> None:
    phi_mini, phi_4, best = 22.08, 41.61, 49.99
    # 8 GB less 4 leave 4 GB: 7.6 billion x 0.6 = 4.6 GB do not fit, 3.8 billion do
    assert classes["phone_flagship"]["quality"] == pytest.approx(phi_mini / best * RATIO)
    assert classes["phone_flagship"]["merit"] == pytest.approx(phi_mini / best * RATIO * (7.8 * 8 / 3.8) / 80)
    # 16 GB less 4 leave 12 GB: 14.7 billion fit and give 10.2 x 8/14.7 = 5.55 tokens/s, above 5
    assert classes["laptop_igpu"]["quality"] == pytest.approx(phi_4 / best * RATIO)
    assert classes["laptop_igpu"]["merit"] == pytest.approx(phi_4 / best * RATIO * (10.2 * 8 / 14.7) / 80)


def test_class_other_is_everybody_else_and_too_slow_to_join(
    central: dict[str, Any], classes: dict[str, dict[str, Any]]
) -> None:
    assert len(classes) == 15
    assert classes["other"]["share"] == pytest.approx(0.81)
    assert sum(row["share"] for row in classes.values()) == pytest.approx(1, abs=1e-12)
    assert classes["other"]["merit"] == pytest.approx(22.08 / 49.99 * RATIO * (1.4 * 8 / 3.8) / 80)
    bar = central["capable_merit"]
    assert bar == pytest.approx(22.08 / 49.99 * RATIO * 5 / 80)
    assert {name for name, row in classes.items() if row["merit"] < bar} == {"other", "sbc"}


def test_members_have_about_a_tenth_of_the_hosted_merit(
    central: dict[str, Any], classes: dict[str, dict[str, Any]]
) -> None:
    able = [row for row in classes.values() if row["merit"] >= central["capable_merit"]]
    people = sum(row["share"] for row in able)
    assert 0.06 < sum(row["share"] * row["merit"] for row in able) / people < 0.105
    assert 0.18 < people < 0.19


def test_provider_worked_by_hand(central: dict[str, Any]) -> None:
    assert central["provider_capacity"] == pytest.approx(2 / 0.4)
    queries = 2909 * SECONDS / 300 / BATCH  # a month at full load of one H200
    assert central["unit_price"] == pytest.approx(35_000e6 / (queries * 0.4)) == pytest.approx(191_125, abs=1)
    assert central["depreciation"] == pytest.approx(1 / 48)


@pytest.mark.parametrize("which", VARIANTS)
def test_production_at_first_grows_as_the_volume_of_hbm_did(
    every: dict[str, Calibration], which: str
) -> None:
    fields: dict[str, Any] = every[which].fields()
    bought = (
        0.3 * 2 * fields["provider_price"] / fields["unit_price"]
    )  # reinvested revenue of month 1 / price, per owner
    growth = (3.75e9 / 2.9e8) ** (1 / 36) - 1
    assert growth == pytest.approx(0.074, abs=5e-4)
    assert bought * fields["datacenter_volume"] / 1.0 == pytest.approx(growth)


def test_wallets_and_standing_cost(every: dict[str, Calibration], central: dict[str, Any]) -> None:
    assert central["standing_cost"] == 116_880  # 0.001 kW x 730.5 h x 0.16 USD
    bill = 2 * 33_420
    assert [central[name] for name in ("income", "initial_wallet", "wallet_cap")] == [
        3 * bill,
        6 * bill,
        12 * bill,
    ]
    for calibration in every.values():
        fields: dict[str, Any] = calibration.fields()
        assert (
            fields["income"] >= fields["standing_cost"] + 2 * fields["provider_price"] - 1
        )  # one can afford to be online
        assert fields["initial_wallet"] == pytest.approx(2 * fields["income"], abs=2)


def test_rates_of_the_predecessor(central: dict[str, Any]) -> None:
    assert (central["churn"], central["link_failure"], central["learning_exponent"]) == (0.10, 0.08, 0.23)
    assert central["contagion"] == pytest.approx(0.24 / 0.5)
    assert central["information_friction"] == 1_000_000  # a dollar a month
    assert (central["hop_latency"], central["provider_latency"]) == (10, pytest.approx(math.sqrt(50 * 200)))
    assert (central["efficiency_growth"], central["merit_gain"], central["capacity_gain"]) == (0, 1, 1)


def test_what_code_tuning_closes(central: dict[str, Any]) -> None:
    small, large = (57.9 - 37.6) / (84.2 - 37.6), (72.9 - 58.6) / (84.2 - 58.6)
    assert (small, large) == (pytest.approx(0.44, abs=0.005), pytest.approx(0.56, abs=0.005))
    assert central["specialist_bonus"] == pytest.approx((small + large) / 2)


def test_pace_of_quality_is_the_slope_over_the_boards(central: dict[str, Any]) -> None:
    best: dict[str, dict[str, float]] = {}
    for row in rows("model_quality", source="livebench", category="overall"):
        board = best.setdefault(row["score_date"], {})
        board[row["size_class"]] = max(board.get(row["size_class"], 0.0), float(row["score"]))
    days = [date.fromisoformat(day).toordinal() for day in best]
    gaps = [math.log(1 - board["device"] / board["hosted"]) for board in best.values()]
    slope = statistics.linear_regression([day / 30.4375 for day in days], gaps).slope
    assert len(best) == 8
    assert central["quality_growth"] == pytest.approx(-slope) == pytest.approx(0.03, abs=0.005)


def test_mix_of_what_people_ask(central: dict[str, Any]) -> None:
    shares = mix(central["mix"])
    assert len(shares) == central["task_types"] == 22
    assert "other" in shares
    top = sorted(shares.values(), reverse=True)
    assert top[0] == pytest.approx(0.18, abs=0.005)
    assert sum(top[:3]) == pytest.approx(0.39, abs=0.005)
    assert math.exp(-sum(share * math.log(share) for share in top)) == pytest.approx(15.1, abs=0.05)


MORE_FOR_THE_MESH = {
    "churn": -1, "link_failure": -1, "learning_exponent": +1, "efficiency_growth": +1, "quality_growth": +1,
    "specialist_bonus": +1, "frontier_share": -1, "provider_price": +1, "query_value": +1, "standing_cost": -1,
    "hardware_cost": -1, "unit_price": +1, "depreciation": +1, "provider_capacity": +1, "hop_latency": -1,
    "provider_latency": +1, "merit_gain": +1, "capacity_gain": +1,
}  # fmt: skip
"""Sign of optimist less pessimist."""


@pytest.mark.parametrize(("field", "sign"), MORE_FOR_THE_MESH.items())
def test_the_variants_lie_on_either_side_of_the_baseline(
    every: dict[str, Calibration], field: str, sign: int
) -> None:
    low, middle, high = (sign * every[which][field].number for which in ("pessimist", "central", "optimist"))
    assert low <= middle <= high
    assert low < high


def test_variants_take_the_ends_that_are_stated(every: dict[str, Calibration]) -> None:
    optimist, pessimist = every["optimist"], every["pessimist"]
    ends = {
        "churn": (0.02, 0.17),
        "link_failure": (0.05, 0.11),
        "frontier_share": (0, 0.3),
        "efficiency_growth": (0.01, 0),
        "merit_gain": (1, 0),
    }
    assert {name: (optimist[name].number, pessimist[name].number) for name in ends} == ends
    assert optimist["learning_exponent"].number == pytest.approx(0.96, abs=0.005)
    assert pessimist["learning_exponent"].number == 0.19
    for name, hosted in (("central", 80), ("optimist", 40), ("pessimist", 160)):
        assert every[name]["classes.merit"].of("gpu_24gb") == pytest.approx(RATIO * 127.7 * 8 / 27.4 / hosted)


def test_each_step_says_which_end_each_variant_takes_and_why(every: dict[str, Calibration]) -> None:
    ranged = [step for step in every["optimist"].steps if any(item.ranged for item in step.inputs)]
    assert len(ranged) > 15
    for step in ranged:
        for item in (item for item in step.inputs if item.ranged):
            assert item.why
            assert f"{item.name}: the {item.favors} end" in step.ends["optimist"]
            assert item.why in step.ends["optimist"]
            assert (
                f"{item.name}: the {'low' if item.favors == 'high' else 'high'} end" in step.ends["pessimist"]
            )
            assert item.value == (item.high if item.favors == "high" else item.low)


def test_one_figure_moved_alone_moves_nothing_else() -> None:
    assert "hosted_speed" in moving()
    plain: dict[str, Any] = calibrate().fields()
    moved: dict[str, Any] = calibrate("central", {"hosted_speed": "low"}).fields()
    assert {name for name in plain if plain[name] != moved[name]} == {"classes", "capable_merit"}
    assert moved["capable_merit"] == pytest.approx(2 * plain["capable_merit"])


@pytest.mark.parametrize("which", VARIANTS)
def test_every_value_is_a_finite_number_within_the_range_of_its_field(
    every: dict[str, Calibration], which: str
) -> None:
    fields: dict[str, Any] = every[which].fields()
    for value in (*fields.values(), *(cell for row in fields["classes"] for cell in row.values())):
        if isinstance(value, (int, float)):
            assert math.isfinite(value)
    scenario = Scenario(calibration=which)  # raises where a value is outside its range
    for name, value in fields.items():
        if name != "classes":
            assert getattr(scenario, name) == value
    assert [device.model_dump() for device in scenario.classes] == fields["classes"]


@pytest.mark.parametrize("which", VARIANTS)
def test_money_that_wallets_see_is_whole(every: dict[str, Calibration], which: str) -> None:
    fields: dict[str, Any] = every[which].fields()
    wallets = [fields[name] for name in ("standing_cost", "income", "initial_wallet", "wallet_cap")]
    assert all(
        type(amount) is int for amount in (*wallets, *(row["running_cost"] for row in fields["classes"]))
    )


def test_every_field_of_a_scenario_is_computed_or_listed_as_kept(
    every: dict[str, Calibration], central: dict[str, Any]
) -> None:
    kept = every["central"].kept()
    assert set(central) | set(kept) | set(UNUSED) == set(FIELDS)
    assert not set(central) & set(kept)
    assert all(every["central"][name].kind == "assumed" for name in kept)


def test_shipped_scenarios_are_the_variants_and_type_in_nothing(every: dict[str, Calibration]) -> None:
    for name, which in (("baseline", "central"), ("optimist", "optimist"), ("pessimist", "pessimist")):
        scenario = Scenario.load(name)
        assert scenario == Scenario(calibration=which).replace(
            title=scenario.title, question=scenario.question
        )
        assert scenario.title
        assert scenario.question.endswith("?")


def test_a_step_is_as_weak_as_its_weakest_input() -> None:
    known, guessed = Input("a", 1.0, "measured", "x"), Input("b", 2.0, "recalled", "y")
    assert weakest(["vendor", "measured", "reported"]) == "reported"
    assert weakest([]) == "measured"
    assert Step("f", 3.0, "", "sum", (known,)).kind == "measured"
    first = Step("f", 3.0, "", "sum", (known, guessed))
    assert first.kind == "recalled"
    assert Step("g", 6.0, "", "double", (first.as_input(),)).kind == "recalled"
    assert Step("h", REFERENCE, "", "kept").kind == "assumed"


def test_what_rests_on_something_assumed_is_listed(every: dict[str, Calibration]) -> None:
    calibration = every["central"]
    listed = [step.field for step in calibration.unsourced()]
    assert {"classes.merit", "provider_price", "contagion", "slots"} <= set(listed)
    assert not {"quality_growth", "specialist_bonus", "churn", "mix", "n_owners"} & set(listed)
    assumed = {item.name: fields for item, fields in calibration.assumptions().items()}
    assert assumed["hosted tokens per second and user"] == ("classes.merit", "capable_merit")
    assert all(item.kind in ("recalled", "assumed") for item in calibration.assumptions())


def test_every_step_names_rule_unit_and_known_sources(every: dict[str, Calibration]) -> None:
    known = {row["key"] for row in rows("sources")} | {choices.NOT_IN_DATA}
    for step in every["central"].steps:
        assert step.rule
        assert set(sources(step)) <= known
        assert all(item.kind in KINDS for item in step.inputs)
    exported = frame(every["central"])
    assert len(exported) == sum(
        len(step.value) if isinstance(step.value, dict) else 1 for step in every["central"].steps
    )


def test_hardware_cost_at_the_load_that_devices_get_stands_beside(every: dict[str, Calibration]) -> None:
    beside = {item.name: item.value for item in every["central"]["hardware_cost"].beside}
    people = 0.19 * (1 - 0.005585)  # of classes that may join: all but the board
    load = 2 * 0.9 / people
    assert beside["queries a device gets if the mesh serves all it can"] == pytest.approx(load, rel=1e-4)
    assert beside["hardware cost at that load"] == pytest.approx(1599e6 / 48 / load, rel=1e-4)
    assert (
        beside["hardware cost at that load"] > 50 * every["central"]["provider_price"].number
    )  # list and fact differ


def test_reference_values_that_two_rules_need_are_those_of_the_reference() -> None:
    assert choices.REINVEST.value == FIELDS["reinvest"].default
    assert choices.CUMULATIVE_PRODUCTION.value == FIELDS["cumulative_production"].default


def test_unknown_names_are_refused_in_one_line() -> None:
    with pytest.raises(
        ScenarioError, match=r"calibration = 'optimst': must be one of .*did you mean 'optimist'"
    ):
        calibrate("optimst")
    with pytest.raises(ScenarioError, match="no table 'prices'"):
        table("prices")
    with pytest.raises(KeyError):
        Inputs("central").take("no such figure")
    with pytest.raises(ValueError, match="no kind of figure"):
        kind_of("guessed")
