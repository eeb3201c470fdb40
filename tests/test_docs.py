"""The documentation says what the code does: nothing left out, links that lead somewhere, code that runs."""

from __future__ import annotations

import re
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import mesa
import pytest
from packaging.specifiers import SpecifierSet

from docs.generate import BLOCKS, MARKED, pages, rewritten
from mesh_abm.device_classes import DeviceClass
from mesh_abm.measures import REGISTRY, TYPE_COLUMNS
from mesh_abm.rules import Rules, default_rules
from mesh_abm.scenario import FIELDS
from mesh_abm.shocks import Shock
from mesh_abm.sweeps import Plan

ROOT = Path(__file__).resolve().parents[1]
PAGES = {page.name: page.read_text("utf-8") for page in pages()}
FENCED = re.compile(
    r"(?:<!-- only with mesa (?P<mesa>[^\n]*) -->\n)?```python\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def words_in_code(text: str) -> set[str]:
    """What stands in backticks, and the names in it."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return {*spans, *(name for span in spans for name in re.findall(r"\w+", span))}


def without_tables(text: str) -> str:
    """The page without its generated blocks."""
    return MARKED.sub("", text)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code_blocks() -> list[Any]:
    """Every Python block of every page, by page and line."""
    found = []
    for name, text in PAGES.items():
        for block in FENCED.finditer(text):
            line = text[: block.start("code")].count("\n") + 1
            found.append(pytest.param(block["code"], line, block["mesa"] or "", id=f"{name}:{line}"))
    return found


def test_there_are_pages() -> None:
    assert {"README.md", "extending.md", "model.md"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_generated_tables_are_up_to_date(name: str) -> None:
    assert PAGES[name] == rewritten(PAGES[name]), "run: python -m docs.generate"


def test_every_generated_table_has_a_place() -> None:
    placed = [found[2] for text in PAGES.values() for found in MARKED.finditer(text)]
    assert sorted(placed) == sorted(BLOCKS)


def test_a_mark_of_no_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        rewritten("<!-- generated: nothing -->\n<!-- end of nothing -->")


def test_an_outdated_table_is_rewritten() -> None:
    old = "a\n<!-- generated: rules -->\nold\n<!-- end of rules -->\nb"
    assert rewritten(old) == f"a\n<!-- generated: rules -->\n{BLOCKS['rules']()}\n<!-- end of rules -->\nb"


def test_every_rule_has_a_place_in_the_submodels() -> None:
    prose = without_tables(PAGES["model.md"])
    for part in dataclass_fields(Rules):
        rule = type(getattr(default_rules(), part.name))
        file = f"{rule.__module__.replace('.', '/')}.py"
        assert f"(../{file})" in prose
        assert re.search(rf"{re.escape(file)}\), class `{rule.__name__}`", prose), rule
    numbers = re.findall(r"^### Rule (\d+)", prose, re.MULTILINE)
    assert list(dict.fromkeys(numbers)) == [str(number) for number in range(11)]


def test_every_field_measure_and_column_is_mentioned() -> None:
    mentioned = words_in_code(PAGES["model.md"])
    wanted = {*FIELDS, *DeviceClass.cards(), *Shock.cards(), *REGISTRY, *TYPE_COLUMNS}
    assert wanted - mentioned == set()


def test_every_field_of_a_rule_is_explained_outside_the_tables() -> None:
    prose = without_tables(PAGES["model.md"])
    told = {
        "n_owners",
        "months",
        "seed",
        "slots",
        "task_types",
    }  # by the symbols P, m and J, or by their names
    rules = {card.name for card in FIELDS.values() if card.group.startswith("rule")} - told
    assert {name for name in rules if not re.search(rf"\b{name}\b", prose)} == set()


def test_every_equation_of_the_paper_that_the_simulation_uses_is_named() -> None:
    prose = without_tables(PAGES["model.md"])
    assert [number for number in range(1, 16) if f"({number})" not in prose] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for target in LINK.findall(re.sub(r"^```.*?^```", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)):
        assert "://" not in target, "the pages are complete without a network"
        file, _, anchor = target.partition("#")
        path = (ROOT / "docs" / file).resolve() if file else ROOT / "docs" / name
        assert path.exists(), target
        assert path.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(path.read_text("utf-8")), target


def test_what_the_code_cites_of_the_model_is_there() -> None:
    cited = set()
    for path in (ROOT / "mesh_abm").rglob("*.py"):
        cited |= set(re.findall(r"docs/model\.md,\s+rules? (\d+)", path.read_text("utf-8")))
    assert cited
    assert {
        number for number in cited if not re.search(rf"^### Rule {number}\b", PAGES["model.md"], re.MULTILINE)
    } == set()


def test_plans_in_the_pages_can_be_run(tmp_path: Path) -> None:
    plans = [
        block for text in PAGES.values() for block in re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    ]
    plans = [block for block in plans if "[vary]" in block]
    assert len(plans) >= 2
    for block in plans:
        (tmp_path / "plan.toml").write_text(block)
        assert len(Plan.load(tmp_path / "plan.toml").points) > 1


@pytest.mark.filterwarnings("ignore:.*ComponentsView:UserWarning")  # of Mesa's page: a hook after a return
@pytest.mark.parametrize(("code", "line", "versions"), code_blocks())
def test_code_runs(
    code: str, line: int, versions: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mesa.__version__ not in SpecifierSet(versions.replace(" ", ""), prereleases=True):
        pytest.skip(f"for mesa {versions}")
    monkeypatch.chdir(tmp_path)
    exec(compile("\n" * (line - 1) + code, "docs", "exec"), {"__name__": "docs_example"})
