"""The command as a whole: exit codes, one line for what goes wrong, help with examples, a light start."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import typer

from mesh_abm import cli
from mesh_abm.cli import main
from mesh_abm.errors import ResultError, ScenarioError, UserError, nearest, shown


@contextmanager
def command(name: str, action: Callable[[], object]) -> Iterator[None]:
    """A command that does the action, for as long as the block lasts."""
    cli.app.command(name)(action)
    try:
        yield
    finally:
        cli.app.registered_commands.pop()


def fails_with(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ScenarioError("churn = 2: must be smaller"), 2, "churn = 2: must be smaller"),
        (ResultError("out = x: holds\n a result"), 2, "out = x: holds a result"),
        (UserError("no"), 2, "no"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), 2, "/x/y: Permission denied"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 2, "No space left on device"),
        (MemoryError(), 2, "not enough memory; fewer owners (n_owners) need less"),
        (KeyboardInterrupt(), 130, "stopped"),
        (typer.Abort(), 130, "stopped"),
        (typer.BadParameter("must be so"), 2, "Invalid value: must be so (see `mesh-abm break --help`)"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_code(
    error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with command("break", fails_with(error)):
        assert main(["break"]) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"mesh-abm: {line}\n")


def test_a_command_may_choose_its_code() -> None:
    with command("leave", fails_with(typer.Exit(3))):
        assert main(["leave"]) == 3
    with command("answer", lambda: "text"):
        assert main(["answer"]) == 0


def test_a_defect_keeps_its_trace() -> None:
    with command("break", fails_with(ZeroDivisionError("defect"))), pytest.raises(ZeroDivisionError):
        main(["break"])


def test_unknown_commands_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenaros"]) == 2
    assert main(["--nonsense"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    unknown_command, unknown_option = err.splitlines()
    assert "'scenaros'" in unknown_command
    assert "--nonsense" in unknown_option


def test_no_arguments_show_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "scenarios" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from mesh_abm import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mesh-abm {__version__}\n"


def every_command() -> list[list[str]]:
    """The arguments of every command and group of commands that there is."""
    groups = {str(group.name): group.typer_instance for group in cli.app.registered_groups}
    apps = {(): cli.app} | {(name,): sub for name, sub in groups.items() if sub is not None}
    paths = [list(path) for path in apps]
    for path, sub in apps.items():
        for found in sub.registered_commands:
            name = found.name or found.callback.__name__  # type: ignore[union-attr]
            paths.append([*path, name.replace("_", "-")])
    return paths


@pytest.mark.parametrize("path", every_command(), ids=lambda path: " ".join(path) or "mesh-abm")
def test_every_help_shows_an_example(path: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*path, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Example" in out
    assert "mesh-abm " + " ".join(path[:1]) in out.split("Example")[-1]


HEAVY = ("mesa", "numba", "matplotlib", "pandas", "scipy", "networkx", "solara")


def test_help_loads_nothing_heavy() -> None:
    """In a process of its own, as a shell would."""
    script = "import sys; from mesh_abm.cli import main; main(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in eval(done.stderr)}
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


def test_reading_a_scenario_loads_nothing_heavy() -> None:
    script = "import sys; from mesh_abm import Scenario; Scenario.load('large'); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in eval(done.stdout)} & set(HEAVY)


def test_a_terminal_without_greek_gets_question_marks() -> None:
    script = "import sys; from mesh_abm.cli import main; sys.exit(main(['scenarios', 'describe', 'churn']))"
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment)
    assert done.stdout.startswith(b"churn  ?")


# --- the words of errors


def test_values_are_shown_on_one_short_line() -> None:
    import numpy as np

    assert shown(np.float64(1.5)) == "1.5"
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 1000)) == 60
    assert shown(10**10_000) == "a number of thousands of digits"


def test_the_nearest_word() -> None:
    assert nearest("chrun", ["churn", "slots"]) == "; did you mean 'churn'?"
    assert nearest("qqq", ["churn", "slots"]) == ""


def test_errors_can_be_sent_between_processes() -> None:
    import pickle

    again = pickle.loads(pickle.dumps(ScenarioError("churn = 2: no", "churn")))
    assert (str(again), again.field) == ("churn = 2: no", "churn")
