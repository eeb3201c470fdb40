"""The page that a student takes home: whole, self-contained, nothing typed gets out of its place."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from mesh_abm.laboratory.lessons.attempt import Attempt, begin
from mesh_abm.laboratory.lessons.catalog import LESSONS, lesson
from mesh_abm.laboratory.lessons.one_page_report import html
from mesh_abm.laboratory.link import read
from tests.laboratory.test_lessons import some_guess

HOSTILE = "<script>alert('x')</script> & \"<img src=x onerror=alert(1)>$title ${name} {0} %s"


class Reader(HTMLParser):
    """Keeps the tags, the attributes and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def taken(id: str, name: str = "Ada", rounds: int | None = None) -> Attempt:
    """An attempt of which so many rounds were run."""
    attempt = begin(lesson(id), name)
    for round in attempt.lesson.rounds[:rounds]:
        attempt.predict(some_guess(round))
        attempt.run()
        attempt.go_on()
    return attempt


def read_page(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize("id", [each.id for each in LESSONS])
def test_a_report_holds_predictions_results_reasons_and_figures(id: str) -> None:
    attempt = taken(id)
    page = read_page(html(attempt))
    assert page.tags.count("svg") == len(attempt.played)
    for number in range(len(attempt.played)):
        told = attempt.explain(number)
        for part in (told.predicted, told.found, told.judgment.line, told.place, *told.reasons):
            assert part in page.text
    assert attempt.lesson.takeaway in page.text
    assert f"seed {attempt.seed}" in page.text
    assert "nan" not in re.findall(r"\bnan\b", page.text)


def test_nothing_typed_gets_out_of_its_place_and_nothing_is_fetched() -> None:
    text = html(taken("churn", HOSTILE[:80], rounds=1))
    page = read_page(text)
    assert HOSTILE[:80] in " ".join(page.text.split())
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    fetched = [value for name, value in page.attributes if name in ("src", "href", "xlink:href")]
    assert all(value is not None and value.startswith("#") for value in fetched)


def test_the_links_in_a_report_bring_back_the_runs() -> None:
    attempt = taken("fittest", rounds=2)
    found = re.findall(r"/\?(scenario=\S+)", read_page(html(attempt)).text)
    assert [read(address) for address in found] == [
        setup for round in attempt.lesson.rounds for setup in round.setups(attempt.seed)
    ]


def test_a_report_counts_the_rounds_that_were_run() -> None:
    page = read_page(html(taken("churn", rounds=1)))
    assert page.tags.count("section") == 1
    assert "of 1 prediction." in page.text
