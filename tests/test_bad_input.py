"""Bad input at the command line: one clear line, exit code 2, nothing written, no stack trace.

Each case is a command as a person types it. They run one after another in a process of their own, since a start
takes seconds; what needs a process to itself is in tests/cli/test_run.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BATCH = """
import contextlib, io, json, os, sys
from mesh_abm.cli import main
answers = {}
for name, arguments in json.load(sys.stdin).items():
    before = sorted(os.listdir())
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    answers[name] = [code, out.getvalue(), err.getvalue(), sorted(os.listdir()) != before]
print(json.dumps(answers))
"""


@dataclass(frozen=True)
class Case:
    """A command, and what its one line must tell: the field or file, the value, what is allowed."""

    command: str
    tells: tuple[str, ...]


def case(command: str, *tells: str) -> Case:
    """A case; in the command, words are separated by single spaces."""
    return Case(command, tells)


CASES = {
    # fields
    "unknown field": case("run --set warp=1", "'warp'"),
    "misspelt field": case("run --set chrun=0.1", "unknown field 'chrun'", "did you mean 'churn'"),
    "misspelt field of a class": case(
        "run --set classes.phone.merti=1", "classes.phone.merti", "classes.phone.merit"
    ),
    "unknown class": case("run --set classes.phnoe.merit=1", "'phnoe'", "'phone'"),
    "out of range": case("run --set churn=1.5", "churn = 1.5", "from 0 to 1"),
    "below the range": case("run --set n_owners=-5", "n_owners = -5", "whole number"),
    "not a number": case("run --set churn=fast", "churn = 'fast'", "a number from 0 to 1"),
    "not a whole number": case("run --set slots=2.5", "slots = 2.5", "whole number"),
    "a list for a number": case("run --set churn=[1]", "churn = [1]", "a number from 0 to 1"),
    "truth for a number": case("run --set churn=true", "churn = True", "a number from 0 to 1"),
    "NaN": case("run --set churn=nan", "churn = nan", "a number from 0 to 1"),
    "NaN in a list": case("run --set mix=[0.5,nan]", "mix", "nan"),
    "infinite where it cannot be": case("run --set choice_noise=inf", "choice_noise = inf"),
    "not a choice": case("run --set kernel=fitnes", "kernel = 'fitnes'", "fitness, degree, uniform"),
    "no value": case("run --set churn", "'churn'", "field=value"),
    "empty value": case("run --set churn=", "churn", "field=value"),
    "contradictory thresholds": case("run --set threshold_min=2 --set threshold_max=1", "threshold_m"),
    "contradictory shares of classes": case("run --set classes.phone.share=0.9", "share", "1"),
    "contradictory mix": case("run --set mix=[0.5,0.5] --set task_types=3", "mix", "task_types"),
    "seed that is no number": case("run --seed lucky", "seed = 'lucky'", "whole number"),
    "negative seed": case("run --seed -1", "seed = -1", "from 0"),
    "months that are no number": case("run --months year", "months = 'year'", "whole number"),
    "negative months": case("run --months -1", "months = -1", "whole number"),
    "unknown option": case("run --sed 1", "--sed"),
    "option without value": case("run --seed", "--seed"),
    "too many arguments": case("run reference baseline", "baseline"),
    "unknown command": case("rnu", "rnu"),
    # scenarios
    "misspelt scenario": case("run refrence", "'refrence'", "'reference'"),
    "missing file": case("run nowhere.toml", "nowhere.toml", "must be a TOML file"),
    "folder as a scenario": case("run ./folder", "folder", "must be a TOML file"),
    "binary file": case("run binary.toml", "binary.toml", "not a text file"),
    "broken file": case("run broken.toml", "broken.toml", "not valid TOML", "line 2"),
    "unknown field in a file": case("run unknown.toml", "unknown.toml", "'chrun'", "'churn'"),
    "value out of range in a file": case("run range.toml", "range.toml", "churn = 7", "from 0 to 1"),
    "file based on itself": case("run circle.toml", "circle.toml", "circle"),
    "file based on a missing one": case("run orphan.toml", "orphan.toml", "gone.toml"),
    # places
    "folder that holds other files": case(
        "run --out folder", "out = folder", "holds other files", "empty folder"
    ),
    "other files and overwrite": case("run --out folder --overwrite", "out = folder", "holds other files"),
    "file as a place": case("run --out broken.toml", "out = broken.toml", "is a file", "empty folder"),
    "place below a file": case(
        "run --out broken.toml/x/y", "broken.toml/x/y", "Not a directory", "must be a folder"
    ),
    "place that cannot be made": case("run --out /proc/nowhere/x", "/proc/nowhere/x", "must be a folder"),
    "name that is too long": case(f"run --out {'x' * 300}", "File name too long", "must be a folder"),
    # results
    "verify nothing": case("verify nowhere", "nowhere", "must be the folder of a result"),
    "verify a file": case("verify broken.toml", "broken.toml", "must be the folder of a result"),
    "verify a folder that is no result": case("verify folder", "folder", "run.json"),
    "verify a broken card": case("verify half", "half/run.json", "run card"),
    "report of nothing": case("report nowhere", "nowhere", "must be the folder of a result"),
    "verify without a folder": case("verify", "DIR"),
}

Answers = dict[str, tuple[int, str, str, bool]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Exit code, stdout, stderr and whether the folder was changed, of every case."""
    folder = tmp_path_factory.mktemp("bad")
    write_files(folder)
    commands = {name: one.command.split(" ") for name, one in CASES.items()}
    done = subprocess.run(
        [sys.executable, "-c", BATCH],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return {name: tuple(answer) for name, answer in json.loads(done.stdout).items()}


def write_files(folder: Path) -> None:
    """The files that the cases name."""
    (folder / "folder").mkdir()
    (folder / "folder" / "thesis.txt").write_text("mine")
    (folder / "half").mkdir()
    (folder / "half" / "run.json").write_text('{"seed": 1, "mon')
    (folder / "binary.toml").write_bytes(bytes(range(256)))
    texts = {
        "broken": "n_owners = 10\nchurn =\n",
        "unknown": "chrun = 0.1\n",
        "range": "churn = 7\n",
        "circle": 'based_on = "circle.toml"\n',
        "orphan": 'based_on = "gone.toml"\n',
    }
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text)


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_clear_line_and_nothing_is_written(name: str, answers: Answers) -> None:
    code, out, err, changed = answers[name]
    assert (code, out, changed) == (2, "", False), err
    assert err.startswith("mesh-abm: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert len(err) < 420
    assert [part for part in CASES[name].tells if part not in err] == [], err


def test_a_case_that_is_no_bad_input_would_be_seen(fresh_python: Callable[[str], str]) -> None:
    code = "from mesh_abm.cli import main; print(main(['run', '--help']))"
    assert fresh_python(code).rstrip().endswith("0")
