"""Scenarios as files, what fills the fields they leave open, and `--set`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from mesh_abm.layers import Which
from mesh_abm.scenario import Scenario, ScenarioError, Shock, scenario_names

INF = math.inf


# --- files


def write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("churn = = 1", "not valid TOML"),
        ("churn = 0.1\nchurn = 0.2", "not valid TOML"),
        (b"\xff\xfe\x00\x01", "not a text file"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not valid TOML"),
        ("churn = nan", "churn = nan: must be a number from 0 to 1"),
        ("churn = true", "churn = True: must be a number"),
        ('churn = "0.1"', "churn = '0.1': must be a number"),
        ("chrun = 0.1", "unknown field 'chrun'; did you mean 'churn'?"),
        ("[[shock]]\nmonth = 1", "unknown field 'shock'; did you mean 'shocks'?"),
        ("[churn]\nvalue = 1", "churn = {'value': 1}: must be a number"),
        ("churn = 2026-01-01", "must be a number"),
        ('based_on = "bsaeline"', "scenario 'bsaeline' not found"),
        ('based_on = "gone.toml"', "gone.toml: cannot be read (No such file or directory)"),
        ("based_on = 7", "based_on = 7: must be text"),
        ("a = " + "[" * 5000, "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = write(tmp_path / "mine.toml", content)
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"No such file"):
        Scenario.load(tmp_path / "gone.toml")
    with pytest.raises(ScenarioError, match=r"Is a directory"):
        Scenario.load(tmp_path)
    with pytest.raises(ScenarioError, match=r"'refrence' not found: must be .*did you mean 'reference'"):
        Scenario.load("refrence")
    for nonsense in ("", "a\0b", 7, None):
        with pytest.raises(ScenarioError, match="must be the name or the file of a scenario"):
            Scenario.load(nonsense)  # type: ignore[arg-type]


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    assert Scenario.load(write(tmp_path / "mine.toml", b"\xef\xbb\xbfchurn = 0.5")).churn == 0.5


def test_a_file_is_found_with_and_without_its_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mine", "churn = 0.5")
    write(tmp_path / "mine.toml", "churn = 0.25")
    monkeypatch.chdir(tmp_path)
    assert (Scenario.load("mine").churn, Scenario.load("mine.toml").churn) == (0.5, 0.25)


# --- what fills open fields


def test_a_parent_fills_what_is_left_open(tmp_path: Path) -> None:
    write(
        tmp_path / "parent.toml",
        'title = "Old"\nquestion = "Q"\nchurn = 0.5\nslots = 7\nmix = [1, 2]\nseed = 4',
    )
    (tmp_path / "sub").mkdir()
    child = Scenario.load(write(tmp_path / "sub" / "child.toml", 'based_on = "../parent.toml"\nchurn = 0.25'))
    assert (child.churn, child.slots, child.mix, child.task_types, child.seed) == (0.25, 7, (1, 2), 2, 4)
    assert (child.title, child.question, child.based_on) == ("", "", "../parent.toml")


def test_a_new_mix_over_a_parent_brings_its_types(tmp_path: Path) -> None:
    child = Scenario.from_toml('based_on = "reference"\nmix = [1, 2, 3]')
    assert child.task_types == 3
    grandchild = Scenario.load(write(tmp_path / "g.toml", 'based_on = "large"\nmix = [1]'))
    assert (grandchild.task_types, grandchild.n_owners) == (1, 1_000_000)


def test_circles_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", 'based_on = "b.toml"')
    write(tmp_path / "b.toml", 'based_on = "a.toml"')
    with pytest.raises(ScenarioError, match=r"based_on leads in a circle: a.toml -> b.toml -> a.toml"):
        Scenario.load(tmp_path / "a.toml")
    write(tmp_path / "self.toml", 'based_on = "./self.toml"')
    with pytest.raises(ScenarioError, match="circle"):
        Scenario.load(tmp_path / "self.toml")


def test_a_fault_of_the_parent_names_both_files(tmp_path: Path) -> None:
    write(tmp_path / "parent.toml", "churn = 7")
    with pytest.raises(ScenarioError, match=r"child.toml: .*parent.toml: churn = 7"):
        Scenario.load(write(tmp_path / "child.toml", 'based_on = "parent.toml"'))


def test_a_calibration_fills_what_is_left_open() -> None:
    from mesh_abm.calibration import calibrate

    computed = calibrate("central").fields()
    scenario = Scenario(calibration="central", churn=0.015)
    assert scenario.churn == 0.015
    assert scenario.provider_price == computed["provider_price"] != Scenario().provider_price
    assert len(scenario.classes) == len(computed["classes"])
    assert scenario.slots == Scenario().slots
    assert scenario.replace(slots=5).provider_price == scenario.provider_price
    assert Scenario.from_toml(scenario.to_toml()) == scenario


def test_a_calibration_goes_over_the_parent_and_under_the_file(tmp_path: Path) -> None:
    write(tmp_path / "parent.toml", "churn = 0.5\nprovider_price = 1\nslots = 9")
    text = 'based_on = "parent.toml"\ncalibration = "pessimist"\nchurn = 0.25'
    child = Scenario.load(write(tmp_path / "child.toml", text))
    assert (child.churn, child.slots) == (0.25, 9)
    assert child.provider_price == Scenario(calibration="pessimist").provider_price


def test_another_calibration_computes_anew() -> None:
    central = Scenario(calibration="central", slots=9)
    other = central.replace(calibration="optimist", churn=0.5)
    assert other.classes == Scenario(calibration="optimist").classes != central.classes
    assert (other.slots, other.churn) == (9, 0.5)


def test_the_calibrations_are_those_of_the_data() -> None:
    from mesh_abm import calibration

    assert Which == calibration.Which


def test_shipped_scenarios() -> None:
    assert scenario_names()[0] == "reference"
    assert {"baseline", "optimist", "pessimist", "large"} < set(scenario_names())
    for name in scenario_names():
        scenario = Scenario.load(name)
        assert scenario.title
        assert scenario.question.endswith("?")
    assert Scenario.load("reference").replace(title="", question="") == Scenario()
    large = Scenario.load("large")
    assert (large.n_owners, large.initial_members, large.demand) == (1_000_000, 0.5, 0.5)
    same = large.replace(
        **{name: getattr(Scenario(), name) for name in ("n_owners", "initial_members", "demand")}
    )
    assert same.replace(title="", question="", based_on=None) == Scenario()


# --- --set


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("churn=.1", "churn", 0.1),
        ("churn = 1e-1 ", "churn", 0.1),
        ("churn=1.", "churn", 1.0),
        ("efficiency_growth=-.5", "efficiency_growth", -0.5),
        ("n_owners=1_000", "n_owners", 1000),
        ("n_owners=1e3", "n_owners", 1000),
        ("kernel=uniform", "kernel", "uniform"),
        ('kernel="uniform"', "kernel", "uniform"),
        ("mix=[.5, .3,.2]", "mix", (0.5, 0.3, 0.2)),
        ("provider_price=inf", "provider_price", INF),
        ("link_value=none", "link_value", None),
        ("start=2026-03", "start", "2026-03"),
        ("title=a = b.1", "title", "a = b.1"),
        ("title='.5'", "title", ".5"),
        ("shocks=[{month=2,kind='merit',value=.5}]", "shocks", (Shock(month=2, kind="merit", value=0.5),)),
    ],
)
def test_settings(setting: str, field: str, value: Any) -> None:
    assert getattr(Scenario().with_settings([setting]), field) == value


def test_settings_of_classes() -> None:
    scenario = Scenario().with_settings(
        ["classes.phone.share=.5", "classes.laptop.share=.2", "classes.phone.merit=.3"]
    )
    phone, laptop, *rest = scenario.classes
    assert (phone.share, laptop.share, phone.merit, phone.capacity) == (0.5, 0.2, 0.3, 2)
    assert tuple(rest) == Scenario().classes[2:]
    assert Scenario().with_settings({"classes.phone.merit": 0.3, "churn": 0.5}).classes[0].merit == 0.3


def test_a_field_of_all_classes_is_set_at_once_and_one_of_them_after_it() -> None:
    changed = Scenario().with_settings(["classes.all.merit=.7", "classes.phone.merit=.2"])
    assert [device.merit for device in changed.classes] == [0.2, 0.7, 0.7, 0.7]
    assert [device.capacity for device in changed.classes] == [d.capacity for d in Scenario().classes]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("churn", "setting 'churn': must be written field=value"),
        ("churn=", "setting 'churn=': has no value"),
        ("=1", "must be written field=value"),
        ("chrun=.1", "unknown field 'chrun'; did you mean 'churn'?"),
        ("churn=much", "churn = 'much': must be a number"),
        ("churn=nan", "churn = nan: must be a number"),
        ("churn=.1\nslots=3", "churn = '.1\\nslots=3': must be a number"),
        ("classes.phne.merit=1", "did you mean 'phone'?"),
        ("classes.phone.merti=1", "did you mean 'classes.phone.merit'?"),
        ("classes.phone=1", "must be classes.NAME.FIELD, such as classes.phone.merit"),
        ("classes.phone.share=.9", "shares sum to 1.5"),
        ("merit=.9", "must be classes.NAME.merit, which is that of one device class, or classes.all.merit"),
        ("based_on=large", "must be set in a scenario file"),
    ],
)
def test_wrong_settings(setting: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario().with_settings([setting])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_class_may_be_called_all_and_then_is_meant() -> None:
    scenario = Scenario.load("reference").with_settings(["classes.phone.name=all"])
    changed = scenario.with_settings(["classes.all.merit=9"])
    assert [device.merit == 9 for device in changed.classes] == [
        device.name == "all" for device in changed.classes
    ]
