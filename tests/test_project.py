"""What is around the code: pins, files, and promises of the README."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mesh_abm

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
MAX_LINES = 400
NOT_OURS = re.compile(r"(\.|__pycache__|build$|dist$|test-artifacts$|out$)|.*\.egg-info$")
# With brackets, so that this very file may be looked at too.
FOREIGN = re.compile(r"/[w]ork/|/[r]oot/|/[o]pt/|[p]ypi\.org|[p]ythonhosted|[n]pmjs")


@cache
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def readme() -> str:
    """README.md."""
    return (ROOT / "README.md").read_text("utf-8")


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    """The files of the project, without what tools and runs leave behind; .ci and .gitignore count."""
    for path in sorted(folder.iterdir()):
        if path.name in (".ci", ".gitignore") or not NOT_OURS.match(path.name):
            if path.is_dir():
                yield from our_files(path)
            else:
                yield path


def pins() -> list[Requirement]:
    """The lines of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def needed(requirements: list[str], extra: str = "") -> Iterator[str]:
    """The requirements that apply here when `extra` is asked for."""
    for line in requirements:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield line


def with_all_they_need(requirements: list[str]) -> set[str]:
    """Names of the installed packages that the requirements need, however indirectly."""
    names: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                lines = requires(name) or []
            except PackageNotFoundError:  # of an extra that is not installed, as in a user's environment
                continue
            names.add(name)
            waiting += [Requirement(line) for line in needed(lines, extra)]
    return names


def test_every_dependency_is_pinned() -> None:
    asked = [*project()["project"]["dependencies"], *project()["project"]["optional-dependencies"]["test"]]
    installed = with_all_they_need(asked)
    pinned = {canonicalize_name(pin.name) for pin in pins() if pin.marker is None or pin.marker.evaluate()}
    assert {"numpy", "mesa", "solara-server", "pygments", "iniconfig"} <= installed
    assert installed - pinned - {"mesh-abm"} == set()  # it asks for itself, with its own extra for Dask


@pytest.mark.parametrize("python", PYTHONS)
def test_a_python_has_one_pin_for_a_package(python: str) -> None:
    here = {"python_version": python, "python_full_version": python + ".2"}
    applying = [
        canonicalize_name(pin.name) for pin in pins() if pin.marker is None or pin.marker.evaluate(here)
    ]
    assert len(applying) == len(set(applying)) > 100
    assert all(re.fullmatch(r"==[0-9][0-9A-Za-z.]*", str(pin.specifier)) for pin in pins())


def test_mesa_is_the_newest_that_each_python_can_have() -> None:
    mesa = {str(pin.specifier): str(pin.marker) for pin in pins() if pin.name.lower() == "mesa"}
    assert mesa == {"==3.3.1": 'python_version < "3.12"', "==3.5.1": 'python_version >= "3.12"'}


def test_pins_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"://|@|^\s*-|\bfile:", text, re.MULTILINE)


def test_files_name_nothing_of_one_machine() -> None:
    found = []
    for path in our_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert found == []


def test_source_files_are_short_and_named_for_what_they_hold() -> None:
    sources = [path for path in our_files() if path.suffix == ".py"]
    assert len(sources) > 50
    assert [path for path in sources if len(path.read_text("utf-8").splitlines()) > MAX_LINES] == []
    assert [path for path in sources if re.search(r"(^|_)(utils?|helpers?)$", path.stem)] == []


def test_every_module_says_what_it_is_and_is_typed_lazily() -> None:
    trees = {p: ast.parse(p.read_text("utf-8")) for p in our_files() if p.suffix == ".py"}
    assert [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_the_version_is_the_same_everywhere() -> None:
    assert f"version: {mesh_abm.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {mesh_abm.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_ci_calls_the_test_command_of_the_readme() -> None:
    assert re.search(r"^make test\b", readme(), re.MULTILINE)
    assert re.search(
        r'^tested "README\'s command" make test$', (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE
    )


def test_make_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    mentioned = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(code_of(readme()))))
    assert {"run", "test"} <= mentioned <= targets


def test_links_of_the_readme_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", readme()) if "://" not in link]
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_scripts_are_valid_shell() -> None:
    for shell, script in (("bash", ".ci/run"), ("sh", ".ci/venv")):
        subprocess.run([shell, "-n", str(ROOT / script)], check=True)


def code_of(markdown: str, language: str = "") -> list[str]:
    """The code in a text: fenced blocks of a language, or without one all blocks and what stands in backticks."""
    if language:
        return re.findall(rf"^```{language}\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```\w*\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL) + re.findall(
        r"`([^`\n]+)`", markdown
    )


def test_command_lines_of_the_readme_are_valid() -> None:
    from typer.main import get_command

    from mesh_abm.cli import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    lines = re.findall(r"\bmesh-abm ([a-z][^\n`#]*)", "\n".join(code_of(readme())))
    assert len(lines) >= 4
    for line in lines:
        command, *words = line.split()
        assert command in commands, line
        options = {name for option in commands[command].params for name in option.opts}
        known = options | {"--help"}
        for sub in getattr(commands[command], "commands", {}).values():
            known |= {name for option in sub.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = code_of(readme(), "python")
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
