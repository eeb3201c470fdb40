"""Plans: how they are read, which points they have, and how they are refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_abm import Scenario
from mesh_abm.sweeps.plan import Plan, PlanError
from mesh_abm.sweeps.seeds import run_seed


def plan(**keys: Any) -> Plan:
    return Plan(**{"scenario": "reference", "months": 3} | keys)


def test_a_grid_has_every_combination_the_last_field_fastest() -> None:
    points = plan(vary={"churn": [0.1, 0.2], "slots": {"low": 2, "high": 4, "n": 3}}).points
    assert points == [{"churn": c, "slots": s} for c in (0.1, 0.2) for s in (2, 3, 4)]


def test_a_list_goes_side_by_side() -> None:
    assert plan(sampler="list", vary={"churn": [0.1, 0.2], "slots": [2, 4]}).points == [
        {"churn": 0.1, "slots": 2},
        {"churn": 0.2, "slots": 4},
    ]


def test_a_latin_hypercube_has_one_point_in_every_stratum() -> None:
    drawn = plan(sampler="latin-hypercube", samples=20, vary={"churn": {"low": 0.1, "high": 0.3}}).points
    strata = np.floor((np.array([point["churn"] for point in drawn]) - 0.1) / 0.2 * 20).astype(int)
    assert sorted(strata) == list(range(20))


def test_sobol_points_are_balanced_and_whole_numbers_are_whole() -> None:
    points = plan(
        sampler="sobol", samples=16, vary={"slots": {"low": 2, "high": 9}, "kernel": ["fitness", "uniform"]}
    ).points
    assert all(isinstance(point["slots"], int) for point in points)
    assert [point["kernel"] for point in points].count("uniform") == 8


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_drawn_whole_numbers_have_shares_of_the_range_of_equal_size(scale: str) -> None:
    between = {"low": 2, "high": 5, "scale": scale}
    drawn = plan(sampler="latin-hypercube", samples=400, vary={"slots": between}).points
    counts = [[point["slots"] for point in drawn].count(slots) for slots in range(1, 7)]
    edges = np.arange(2, 7) if scale == "linear" else np.log(np.arange(2, 7))
    expected = 400 * np.diff(edges) / (edges[-1] - edges[0])
    assert counts == pytest.approx([0, *expected, 0], abs=1)


def test_values_from_numpy_ranges_and_none_are_those_of_a_file() -> None:
    given = {"churn": np.linspace(0, 0.1, 2), "n_owners": range(20, 40, 10), "link_value": (None, 0.5)}
    loaded = plan(sampler="list", vary=given)
    assert loaded.points == [
        {"churn": 0.0, "n_owners": 20, "link_value": "none"},
        {"churn": 0.1, "n_owners": 30, "link_value": 0.5},
    ]
    assert tomllib.loads(loaded.to_toml())["vary"]["n_owners"] == [20, 30]
    assert type(plan(vary={"n_owners": list(np.arange(20, 40, 10))}).points[0]["n_owners"]) is int


def test_a_log_scale_has_even_ratios() -> None:
    listed = plan(vary={"churn": {"low": 0.01, "high": 0.1, "n": 3, "scale": "log"}}).points
    assert [point["churn"] for point in listed] == pytest.approx([0.01, 10**-1.5, 0.1])
    assert (listed[0]["churn"], listed[2]["churn"]) == (0.01, 0.1)


def test_a_plan_without_variation_has_one_point() -> None:
    only = plan(replicates=3)
    assert only.points == [{}]
    assert only.scenario_of(0, 2).seed == run_seed(1, 0, 2)


def test_settings_and_months_apply_to_every_run() -> None:
    scenario = plan(set={"churn": 0.3, "classes.phone.merit": 0.9}, vary={"slots": [2]}).scenario_of(0, 0)
    assert (scenario.churn, scenario.months, scenario.slots) == (0.3, 3, 2)
    assert scenario.classes[0].merit == 0.9


def test_fields_of_classes_may_be_written_bare(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(
        """
        months = 2
        [vary]
        churn = [0.1]
        classes.all.merit = [0.3, 0.6]
        classes.phone.capacity = {low = 1, high = 2, n = 2}
        slots = [4]
        [set]
        classes.laptop.quality = 0.5
        """
    )
    loaded = Plan.load(file)
    names = ["churn", "classes.all.merit", "classes.phone.capacity", "slots"]
    assert [list(point) for point in loaded.points] == [names] * 4
    scenario = loaded.scenario_of(3, 0)
    assert [device.merit for device in scenario.classes] == [0.6] * 4
    assert (scenario.classes[0].capacity, scenario.classes[1].quality) == (2, 0.5)
    assert Plan(**tomllib.loads(loaded.to_toml())).identity == loaded.identity


def test_a_scenario_file_is_looked_for_beside_the_plan(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('based_on = "reference"\nchurn = 0.4\n')
    (tmp_path / "plan.toml").write_text('scenario = "mine.toml"\nmonths = 2\n')
    assert Plan.load(tmp_path / "plan.toml").base.churn == 0.4


@given(st.integers(0, 2**40), st.integers(0, 10**6), st.integers(0, 10**4))
def test_seeds_depend_on_their_place_only(seed: int, point: int, replicate: int) -> None:
    here = run_seed(seed, point, replicate)
    assert 0 <= here < 2**31
    assert here == run_seed(seed, point, replicate)
    assert here not in (run_seed(seed, point + 1, replicate), run_seed(seed, point, replicate + 1))


def test_adding_points_or_replicates_changes_no_other_seed() -> None:
    few, more = plan(vary={"churn": [0.1]}), plan(replicates=9, vary={"churn": [0.1, 0.2]})
    assert few.scenario_of(0, 0) == more.scenario_of(0, 0)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"vari": {}}, "vari: unknown key; must be one of .*did you mean 'vary'"),
        ({"vary": {"chrun": [0.1]}}, "vary.chrun: unknown field 'chrun'; did you mean 'churn'"),
        (
            {"vary": {"merit": [0.1]}},
            "vary.merit: field 'merit': must be classes.NAME.merit, .* classes.all.merit",
        ),
        ({"vary": {"classes": {"phone": {"merti": [1]}}}}, "vary.classes.phone.merti: unknown field"),
        (
            {"vary": {"churn": 0.1}},
            "vary.churn = 0.1: must be a list of values or a table with low, high and n",
        ),
        ({"vary": {"churn": []}}, "vary.churn = .*must be a list"),
        ({"vary": {"churn": [0.1, 2.0]}}, "point 1 .churn = 2.0.: churn = 2.0: must be a number from 0 to 1"),
        ({"vary": {"churn": {"low": 0.1, "high": 0.2}}}, "vary.churn: n is missing"),
        (
            {"vary": {"churn": {"low": 0.2, "high": 0.1, "n": 2}}},
            "vary.churn.high = 0.1: must be above low = 0.2",
        ),
        (
            {"vary": {"churn": {"low": 0, "high": 0.1, "n": 2, "scale": "log"}}},
            "vary.churn.low = 0: must be above 0",
        ),
        (
            {"vary": {"churn": {"low": 0.1, "hihg": 1}}},
            "vary.churn.hihg: must be one of .*did you mean 'high'",
        ),
        (
            {"vary": {"churn": {"low": float("nan"), "high": 1, "n": 2}}},
            "vary.churn.low = nan: must be a finite number",
        ),
        ({"vary": {"seed": [1, 2]}}, "vary.seed: is given by seed"),
        ({"vary": {"churn": [0.1]}, "set": {"churn": 0.2}}, "vary.churn: is given by set, too"),
        (
            {"sampler": "sobol", "samples": 10, "vary": {"churn": {"low": 0, "high": 1}}},
            "samples = 10: must be a power",
        ),
        ({"sampler": "latin-hypercube", "vary": {"churn": {"low": 0, "high": 1}}}, "samples is missing"),
        ({"samples": 4, "vary": {"churn": [0.1]}}, "samples = 4: must be left out for sampler = 'grid'"),
        (
            {"sampler": "list", "vary": {"churn": [0.1], "slots": [1, 2]}},
            "vary: lists .* same length, not churn 1, slots 2",
        ),
        (
            {"vary": {"churn": {"low": 0, "high": 1, "n": 10**15}}},
            "n = 10{15}: must be .* from 1 to 1,000,000",
        ),
        (
            {"vary": {name: {"low": 0, "high": 1, "n": 10**4} for name in ("churn", "link_failure")}},
            "vary: the grid has 100,000,000 points; must be at most 1,000,000",
        ),
        ({"replicates": 10**5, "vary": {"slots": list(range(1, 12))}}, "11 points make 1,100,000 runs"),
        (
            {"vary": {"slots": {"low": 2.5, "high": 5, "n": 2}}},
            "vary.slots.low = 2.5: must be a whole number",
        ),
        ({"set": {"seed": 3}}, "set.seed: is given by seed = .. of the plan"),
        ({"set": {"chrun": 3}}, "^unknown field 'chrun'"),
        ({"scenario": "refrence"}, "^scenario 'refrence' not found"),
        ({"sampler": "sobol", "samples": 4}, "samples = 4: there is nothing to draw"),
        ({"months": "6"}, "^months = '6': not a number"),
        ({"until": {"measure": "members"}}, "^until.half_width is missing"),
        ({"sampler": "lists"}, "sampler = 'lists': input should be 'grid'"),
        ({"replicates": 0}, "replicates = 0: input should be greater than or equal to 1"),
        ({"months": 2.5}, "months = 2.5"),
        ({"until": {"measure": "members", "half_width": 0}}, "until.half_width = 0"),
        (
            {"until": {"measure": "members", "half_width": 1, "celing": 3}},
            "until.celing: unknown key.*'ceiling'",
        ),
        (
            {"replicates": 9, "until": {"measure": "members", "half_width": 1, "ceiling": 4}},
            "until.ceiling = 4: must be",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(keys: dict[str, Any], line: str) -> None:
    with pytest.raises(PlanError) as refused:
        _ = plan(**keys).points
    assert re.search(line, str(refused.value))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a = ", "not valid TOML"),
        (b"\xff\xfe\x00", "not a text file"),
        (b'scenario = "nowhere"', "not found"),
    ],
)
def test_a_plan_file_that_cannot_be_read_is_named(content: bytes, line: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_bytes(content)
    with pytest.raises(Exception, match=line) as refused:
        _ = Plan.load(file).points
    assert "\n" not in str(refused.value)
    with pytest.raises(PlanError, match="cannot be read"):
        Plan.load(tmp_path / "missing.toml")


def test_a_scenario_may_be_handed_over_as_an_object() -> None:
    assert plan(scenario=Scenario(churn=0.25)).base.churn == 0.25
