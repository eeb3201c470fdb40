"""The report: all of the run on one page that needs nothing else."""

from __future__ import annotations

from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from mesh_abm import report
from mesh_abm.figures import Figure
from mesh_abm.scenario import FIELDS
from mesh_abm.summary import sections
from tests.finished_runs import RUNS, finished, finished_baseline, finished_figures

VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """What a page is made of: tags still open, links, images, text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open += [] if tag in VOID else [tag]
        for name, value in attrs:
            self.links += [value or ""] if name in ("src", "href") else []
            self.anchors |= {value or ""} if name == "id" else set()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return list(finished_figures("a mesh"))


@pytest.fixture(scope="module")
def html(figures: list[Figure]) -> str:
    return report.build(finished("a mesh"), figures)


@pytest.mark.parametrize("name", RUNS)
def test_the_page_is_well_formed_for_every_kind_of_run(name: str) -> None:
    assert Page(report.build(finished(name), [])).open == []


def test_nothing_is_fetched_and_nothing_is_run(html: str) -> None:
    page = Page(html)
    assert page.links
    assert all(link.startswith(("data:image/", "#")) for link in page.links)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert "@import" not in html
    assert "url(" not in html


def test_links_within_the_page_lead_somewhere(html: str) -> None:
    page = Page(html)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.anchors


def test_the_whole_summary_is_in_it(html: str) -> None:
    for question, paragraphs in sections(finished("a mesh")).items():
        assert question == "In short:" or f"<h3>{escape(question)}</h3>" in html
        for text in paragraphs:
            assert escape(text) in html


def test_every_figure_stands_in_it_once_with_its_sentence(html: str, figures: list[Figure]) -> None:
    assert Page(html).tags.count("figure") == len(figures)
    for figure in figures:
        assert html.count(f'<figure id="{figure.name}">') == 1
        assert escape(figure.sentence) in html


def test_every_figure_has_its_chapter() -> None:
    placed = [name for _, names in report.GROUPS for name in names]
    assert sorted(placed) == sorted(figure.name for figure in finished_figures("no mesh"))


def test_every_parameter_seed_and_fingerprint_are_in_it(html: str) -> None:
    result = finished("a mesh")
    for name in set(FIELDS) - set(report.tables.APART):
        assert f">{name}</td>" in html
    assert result.fingerprint in html
    assert all(f">{device.name}</td>" in html for device in result.scenario.classes)


def test_a_changed_parameter_shows_its_default() -> None:
    rows = {row[0]: row for row in report.tables.parameters(finished("a mesh")).rows}
    assert rows["population"][2:4] == ("fixed", "adoption")
    assert rows["slots"][2:4] == ("4", "")


def test_words_of_a_scenario_cannot_break_the_page() -> None:
    result = finished("no mesh")
    evil = replace(
        result, scenario=result.scenario.replace(title="<script>alert(1)</script>", question="a & b")
    )
    html = report.build(evil, [])
    assert "<script>" not in html
    assert "a &amp; b" in html
    assert Page(html).open == []


def test_the_baseline_lists_its_assumptions_and_their_weight() -> None:
    html = report.build(finished_baseline(), [])
    text = unescape(html)
    assert "hosted tokens per second and user = 80 tokens/s" in text
    assert "Figures with a range, by how much they matter" in text
    assert "classes.merit" in text


def test_every_prediction_has_its_verdict_in_the_table(html: str) -> None:
    result = finished("a mesh")
    rows = report.tables.theory(result, report.FIGURES).rows
    assert sorted(row[0] for row in rows) == sorted(fit.title for fit in result.fits)
    assert [row[7] for row in rows if row[0] == "Wright's law"] == ["agrees"]
    assert all(f"<td>{escape(fit.title)}</td>" in html for fit in result.fits)
    assert all(escape(fit.why) in html for fit in result.fits)


def test_the_table_counts_what_agrees_and_what_is_off() -> None:
    result = finished("a mesh")
    verdicts = [fit.verdict for fit in result.fits]
    agree, off = verdicts.count("agrees"), verdicts.count("off")
    note = report.tables.theory(result, report.FIGURES).note
    assert note.startswith(
        f"Of {agree + off} predictions that could be compared {agree} agree and {off} are off"
    )
    assert "0 predictions" in report.tables.theory(finished("no month"), report.FIGURES).note


def test_shocks_are_told() -> None:
    result = finished("no mesh")
    shocked = replace(
        result, scenario=result.scenario.replace(shocks=[{"month": 5, "kind": "price", "value": 2.0}])
    )
    assert "<h3>Shocks</h3>" in report.build(shocked, [])
    assert "<h3>Shocks</h3>" not in report.build(result, [])
