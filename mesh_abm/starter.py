"""A scenario file to start from: what it is based on, and by way of comment what may stand in it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import tomli_w

from mesh_abm.errors import ScenarioError, ScenarioFileError, shown
from mesh_abm.scenario import Scenario, scenario_names
from mesh_abm.scenario_files import find

TEMPLATE = """\
# Only what differs from {parent} stands here.
#   mesh-abm scenarios check {file}
#       says whether the file is valid, and shows what it changes
#   mesh-abm scenarios describe {parent}
#       explains every field, with its value there
#   mesh-abm run {file} --seed 1
#       runs it; the same with {parent} is the run to compare it with

{head}
# Fields that differ, such as
#churn = {churn}

# What happens during the run, as often as needed. Kinds, and what value is:
#   price, capacity, release   a factor on the provider's price, capacity, quality
#   merit                      a factor on the merit of all devices
#   set                        the new value of the field that   field = "churn"   names
#   mix                        the new popularity of the task types, a number for each
#   bar                        the name of a device class that may not join
#   hubs, random               the share of members removed, once: the best linked, or any
#[[shocks]]
#month = 25
#until = 36 # the last month of it; left out: for good
#kind = "price"
#value = 0.5
"""


def create(
    name: str, *, based_on: str = "baseline", title: str = "", question: str = "", out: Path | None = None
) -> Path:
    """Write a commented scenario file and return its path: `out`, or NAME.toml in this folder.

    Raises ScenarioError for a name that is none or a shipped one, a parent that is not valid, or a file that exists.
    """
    _check_name(name)
    path = out or Path(f"{name}.toml")
    Scenario.load(based_on)
    head = {
        "title": title or name.replace("-", " ").replace("_", " ").capitalize(),
        "question": question or "What if ...?",
        "based_on": _from(based_on, path),
    }
    words = {"parent": based_on, "file": path, "churn": Scenario.load(based_on).churn}
    _write_new(path, TEMPLATE.format(head=tomli_w.dumps(head), **words))
    return path


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise ScenarioError(f"name {shown(name)}: must be of letters, digits, - and _")
    if name in scenario_names():
        raise ScenarioError(f"name {name!r}: is that of a shipped scenario; must be a new one")


def _from(based_on: str, path: Path) -> str:
    """The parent as the new file must name it: a shipped name, or the way from the file's folder."""
    if based_on in scenario_names():
        return based_on
    return Path(os.path.relpath(find(based_on), path.parent)).as_posix()


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
            except BaseException:
                path.unlink()
                raise
    except FileExistsError:
        raise ScenarioFileError(f"{path}: exists already; must be a new file") from None
    except OSError as error:
        raise ScenarioFileError(f"{path}: cannot be written ({error.strerror}); must be a new file") from None
