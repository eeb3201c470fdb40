"""`mesh-abm scenarios`: what a person reads, and what a pipe gets."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console
from rich.text import Text

from mesh_abm.cli import main
from mesh_abm.cli.tables import print_all, print_field, print_scenarios
from mesh_abm.scenario import FIELDS, Scenario, Shock, scenario_names
from mesh_abm.shocks import Kind


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints, which must be done without complaint."""
    assert main(["scenarios", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of a command that is refused."""
    assert main(["scenarios", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def terminal(width: int = 100) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=width, highlight=False
    )


# --- piped


def test_list_names_every_shipped_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "list").splitlines()[1:]
    assert sorted(line.split()[0] for line in lines) == sorted(scenario_names())
    assert all(line.rstrip().endswith("?") for line in lines)


def test_list_puts_a_scenario_below_its_parent_and_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "list").splitlines()[1:]
    assert lines[0].startswith("reference ")
    below: list[str] = []
    for line in lines:
        name = line.split()[0]
        depth, parent = (len(line) - len(line.lstrip())) // 2, Scenario.load(name).based_on
        assert parent == (below[depth - 1] if depth else None)
        assert parent is None or line.split()[1] == parent
        below[depth:] = [name]


def test_describe_begins_with_what_differs_from_the_parent(capsys: pytest.CaptureFixture[str]) -> None:
    head, names, *rows = output(capsys, "describe", "settlement-lifted").splitlines()
    assert head == "settlement-lifted differs from settlement-bottleneck in"
    assert names == "shocks  from month 109: settlement_capacity = inf"
    assert rows[0] == ""
    head, _, *rows = output(capsys, "describe", "settlement-bottleneck").splitlines()
    assert [row.split()[:3] for row in rows[:2]] == [
        ["months", "120", "144"],
        ["settlement_capacity", "inf", "0.25"],
    ]
    assert "differs" not in output(capsys, "describe", "baseline")


def test_what_a_file_without_changes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('based_on = "hub-attack"')
    assert (
        output(capsys, "describe", str(file)).splitlines()[0] == f"{file} differs from hub-attack in nothing"
    )
    file.write_text('based_on = "hub-attack"\nshocks = []')
    assert output(capsys, "check", str(file)).splitlines() == [
        f"{file}: valid, 1 field other than in hub-attack",
        "shocks  none",
    ]


def test_check_shows_what_differs_from_the_parent_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "parent.toml").write_text('title = "Parent"\nbased_on = "optimist"\nslots = 9')
    file = tmp_path / "mine.toml"
    file.write_text('based_on = "parent.toml"\nttl = 9')
    head, names, row = output(capsys, "check", str(file)).splitlines()
    assert head == f"{file}: valid, 1 field other than in parent.toml"
    assert names.split()[:2] == ["parameter", "Parent"]
    assert row.split()[:3] == ["ttl", "4", "9"]


# --- started


def test_new_writes_a_file_that_changes_nothing_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert output(capsys, "new", "my-what_if").startswith("my-what_if.toml: written")
    made = Scenario.load("my-what_if.toml")
    assert (made.title, made.question, made.based_on) == ("My what if", "What if ...?", "baseline")
    parent = Scenario.load("baseline")
    assert made.replace(title="", question="", based_on=None) == parent.replace(title="", question="")
    assert output(capsys, "check", "my-what_if.toml").startswith("my-what_if.toml: valid, 0 fields")


def test_what_new_puts_in_comments_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    words = ("--title", 'A "title"', "--question", "Why \\ not?", "--based-on", "optimist")
    output(capsys, "new", "mine", *words, "--out", str(file))
    text = file.read_text("utf-8")
    file.write_text(re.sub(r"(?m)^#(?=\S)", "", text))
    made = Scenario.load(file)
    assert (made.title, made.question, made.based_on) == ('A "title"', "Why \\ not?", "optimist")
    assert made.shocks == (Shock(month=25, until=36, kind="price", value=0.5),)
    for kind in get_args(Kind):
        assert kind in text


def test_new_finds_the_parent_from_where_the_file_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parent.toml").write_text("churn = 0.5")
    Path("sub").mkdir()
    output(capsys, "new", "child", "--based-on", "parent.toml", "--out", "sub/child.toml")
    assert Scenario.load("sub/child.toml").churn == 0.5
    assert Scenario.load("sub/child.toml").based_on == "../parent.toml"


def test_new_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("churn = 0.5")
    exists = "mesh-abm: mine.toml: exists already; must be a new file\n"
    assert complaint(capsys, "new", "mine") == exists
    assert Path("mine.toml").read_text() == "churn = 0.5"
    assert "is that of a shipped scenario" in complaint(capsys, "new", "baseline")
    assert "must be of letters, digits, - and _" in complaint(capsys, "new", "a/b")
    assert "did you mean 'baseline'?" in complaint(capsys, "new", "other", "--based-on", "basline")
    gone = complaint(capsys, "new", "other", "--out", "gone/other.toml")
    assert gone.startswith("mesh-abm: gone/other.toml: cannot be written (No such file or directory)")
    assert {path.name for path in tmp_path.iterdir()} == {"mine.toml"}


def test_a_pipe_gets_one_plain_line_per_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    out = output(capsys, "describe", "large")
    assert "\x1b" not in out
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert set(FIELDS) <= set(lines)
    assert lines["churn"].split()[1:4] == ["μ", "0.02", "0.02"]
    assert lines["n_owners"].split()[1:4] == ["P", "1000000", "2000"]
    for card in FIELDS.values():
        for words in (card.range, card.unit, card.meaning, card.source):
            assert words in lines[card.name]


def test_the_classes_follow_the_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split() for line in output(capsys, "describe").splitlines()]
    assert ["phone", "0.4", "0.05", "2", "0.55", "150"] in rows


def test_one_field_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    out = output(capsys, "describe", "large", "demand")
    card = FIELDS["demand"]
    for words in (
        "demand  λ",
        card.meaning,
        "value in large  0.5",
        "a number above 0",
        card.source,
        "may change it",
    ):
        assert words in " ".join(out.split(" ")).replace("   ", "  ")
    assert "may not change it" in output(capsys, "describe", "large", "slots")


def test_a_field_alone_is_described_in_reference(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "describe", "churn") == output(capsys, "describe", "reference", "churn")


def test_a_field_of_the_classes(capsys: pytest.CaptureFixture[str]) -> None:
    assert "phone 0.05, laptop 0.15, desktop 0.4" in output(capsys, "describe", "classes.merit")
    one = output(capsys, "describe", "reference", "classes.laptop.merit")
    assert "laptop 0.15" in one
    assert "phone" not in one


def test_a_computed_value_says_what_it_was_computed_from(capsys: pytest.CaptureFixture[str]) -> None:
    out = output(capsys, "describe", "baseline", "churn")
    assert "computed" in out
    assert "monthly_churn_mu" in out
    assert "smirl_2026a" in out
    lines = output(capsys, "describe", "baseline").splitlines()
    assert "computed: " in next(line for line in lines if line.startswith("churn "))


def test_a_value_of_ones_own_is_not_called_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('based_on = "baseline"\nchurn = 0.031')
    assert "computed" not in output(capsys, "describe", str(file), "churn")
    assert "computed" in output(capsys, "describe", str(file), "link_failure")


def test_check_shows_what_a_file_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine [bold]"\nchurn = 0.5\nslots = 9')
    head, _, *rows = output(capsys, "check", str(file)).splitlines()
    assert head == f"{file}: valid, 2 fields other than in reference"
    assert [row.split()[:3] for row in rows] == [["churn", "0.02", "0.5"], ["slots", "4", "9"]]
    file.write_text("")
    assert output(capsys, "check", str(file)) == f"{file}: valid, 0 fields other than in reference\n"


# --- refused


def test_bad_input_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("chrun = 1")
    unknown = "unknown field 'chrun'; did you mean 'churn'?"
    assert complaint(capsys, "check", str(file)) == f"mesh-abm: {file}: {unknown}\n"
    assert complaint(capsys, "describe", "reference", "chrun") == f"mesh-abm: {unknown}\n"
    assert "did you mean 'baseline'?" in complaint(capsys, "describe", "basline")
    assert "No such file" in complaint(capsys, "check", str(tmp_path / "gone.toml"))
    assert "must name one of phone, laptop" in complaint(capsys, "describe", "classes.phne.merit")
    assert "did you mean 'classes.merit'?" in complaint(capsys, "describe", "classes.merti")
    file.write_bytes(b"\xff\xfe\x00")
    assert "not a text file" in complaint(capsys, "check", str(file))


@pytest.mark.parametrize(
    "arguments", [("descrbe",), ("check",), ("list", "--all"), ("describe", "a", "b", "c")]
)
def test_wrong_arguments_are_one_line(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in complaint(capsys, *arguments)


# --- on a terminal


@pytest.mark.parametrize("name", ["reference", "baseline"])
def test_a_terminal_of_100_columns_shows_everything_unbroken(name: str) -> None:
    console = terminal()
    with console.capture() as caught:
        print_all(console, name, Scenario.load(name))
    assert "\x1b[" in caught.get()
    text = Text.from_ansi(caught.get()).plain
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    lines = [line.split() for line in text.splitlines() if line.strip()]
    firsts = [line[0] for line in lines]
    for card in FIELDS.values():
        row = lines[firsts.index(card.name)]
        assert (row[1] == "*") == card.shockable
        assert " ".join(card.range.split()) in " ".join(row)
        assert card.meaning in " ".join(text.split())


def test_brackets_in_texts_are_no_markup() -> None:
    console = terminal()
    scenario = Scenario(title="[bold]x[/bold]", question="[/nonsense]?")
    with console.capture() as caught:
        print_scenarios(console, {"mine": scenario})
        print_all(console, "mine", scenario)
        print_field(console, "mine", scenario, "title")
    assert caught.get().count("[bold]x[/bold]") >= 3
