"""Mesa's page shows the model, offline, and its buttons drive it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser

FIGURES = ".figures-of-the-month"


def month(visit: Visit) -> int:
    """The month that the page shows."""
    found = re.match(r"Month (\d+) ", visit.page.locator(FIGURES).inner_text())
    assert found
    return int(found[1])


def step(visit: Visit) -> None:
    """Click Step and wait until the page shows a later month."""
    before = month(visit)
    visit.page.get_by_role("button", name="Step", exact=True).click()
    visit.page.locator(FIGURES).get_by_text(f"Month {before + 1} ").wait_for()


def ink(visit: Visit, picture: int) -> float:
    """The part of the pixels of a picture that are not white."""
    return float(
        visit.page.locator("img")
        .nth(picture)
        .evaluate(
            """image => {
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
                const pen = canvas.getContext("2d");
                pen.drawImage(image, 0, 0);
                const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
                let inked = 0;
                for (let k = 0; k < pixels.length; k += 4) inked += pixels[k] + pixels[k + 1] + pixels[k + 2] < 720;
                return inked / (pixels.length / 4);
            }"""
        )
    )


def test_the_page_shows_the_model_and_steps_it(server: Server, visit: Visit, root: Path) -> None:
    page = visit.page
    page.goto(server.address)
    page.locator(FIGURES).wait_for()
    assert month(visit) == 0
    for _ in range(3):
        step(visit)
    text = page.locator(FIGURES).inner_text()
    assert re.search(r"[1-9]\d* of 300 owners are members · largest component \d+% of them", text)
    assert re.search(r"queries served: mesh \d+%, provider [1-9]\d*%$", text)
    assert page.locator("img").count() == 4  # the network and three charts
    assert all(ink(visit, picture) > 0.01 for picture in range(4))
    labels = page.locator("label").all_inner_texts()
    assert "churn μ (per month)" in labels
    assert "provider price p₀ (micro-credits)" in labels
    artifacts = root / "test-artifacts"
    artifacts.mkdir(exist_ok=True)
    page.screenshot(path=artifacts / "mesa-page.png", full_page=True)
    assert visit.errors == []
    assert {urlsplit(url).hostname for url in visit.requested if url.startswith("http")} == {"127.0.0.1"}
    assert server.looked_up == []


def test_reset_makes_a_new_model_and_play_runs_it(server: Server, visit: Visit) -> None:
    page = visit.page
    page.goto(server.address)
    page.locator(FIGURES).wait_for()
    step(visit)
    page.get_by_role("button", name="Reset", exact=True).click()
    page.locator(FIGURES).get_by_text("Month 0 ").wait_for()
    page.get_by_role("button", name="▶", exact=True).click()
    page.locator(FIGURES).get_by_text(re.compile(r"Month ([3-9]|\d\d+) ")).wait_for()
    page.get_by_role("button", name="❚❚", exact=True).click()
    assert visit.errors == []


def test_every_tab_has_a_model_of_its_own(server: Server, visit: Visit) -> None:
    page = visit.page
    page.goto(server.address)
    page.locator(FIGURES).wait_for()
    step(visit)
    page.reload()
    page.locator(FIGURES).get_by_text("Month 0 ").wait_for()
