"""Lessons in a real browser: a prediction is locked, run, explained, and taken home."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from mesh_abm.laboratory.lessons.attempt import begin
from mesh_abm.laboratory.lessons.catalog import LESSONS, lesson
from tests.browser.conftest import Open, Server, Theme, Visit
from tests.browser.test_laboratory import SIZES, artefacts, nothing_went_wrong

pytestmark = pytest.mark.browser

NAME = "<img src=x onerror=alert(1)> Ada"
PLOT = "[data-testid=lesson]"


def start(page: Page, server: Server, id: str) -> None:
    """Open the lessons, give a name and begin one."""
    page.goto(f"{server.address}/lessons")
    page.locator(".lesson-name input").fill(NAME)
    page.locator(f".lesson-begin-{id}").click()
    page.locator(".lesson-run").wait_for()


def run(page: Page) -> None:
    """Lock the prediction in and wait for the explanation."""
    page.locator(".lesson-run").click()
    page.locator(".lesson-found").wait_for()


def draw(page: Page) -> None:
    """Draw a straight line over the chart."""
    area = page.locator(f"{PLOT} .u-over")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 3)
    page.mouse.down()
    for k in range(1, 11):
        page.mouse.move(box["x"] + box["width"] * k / 10 - 3, box["y"] + box["height"] * (1 - k / 11))
    page.mouse.up()


def test_a_number_is_predicted_run_explained_and_taken_home(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    page.goto(f"{laboratory.address}/lessons")
    page.locator(".lesson-begin-churn").click()
    page.locator(".lab-error", has_text="name: must not be empty").wait_for()
    start(page, laboratory, "churn")
    attempt = begin(lesson("churn"), NAME)
    page.locator(".lesson-seed", has_text=f"{NAME}: seed {attempt.seed}").wait_for()
    page.locator(".lesson-amount input").fill("<b>many</b>")
    page.locator(".lesson-run").click()
    page.locator(".lab-error", has_text="must be a number from 0 to 100").wait_for()
    for typed in ("20", "30"):
        page.locator(".lesson-amount input").fill(typed)
        run(page)
        attempt.predict(typed)
        attempt.run()
        told = attempt.explain()
        assert page.locator(".lesson-found").inner_text() == told.found
        page.locator(".lab-grade", has_text=told.judgment.grade).wait_for()
        page.locator(".lesson-amount").wait_for(state="detached")
        for reason in told.reasons:
            page.get_by_text(reason, exact=True).wait_for()
        if typed == "20":
            page.locator(".lesson-next").click()
            page.locator(".lesson-run").wait_for()
            attempt.go_on()
    with page.expect_download() as download:
        page.get_by_role("button", name="Your report on one page").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "<img" not in text
    assert "&lt;img" in text
    assert text.count("<svg") == 2
    nothing_went_wrong(guest, laboratory)


def test_a_curve_is_drawn_and_stays_over_the_run(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    start(page, laboratory, "division-of-labor")
    page.locator(".lesson-run").click()
    page.locator(".lab-error", has_text="draw it on the chart").wait_for()
    page.locator(PLOT).wait_for()
    draw(page)
    run(page)
    page.locator(".lab-lesson-found", has_text="at 60").wait_for()
    assert int(page.locator(PLOT).get_attribute("data-points") or 0) >= 120
    page.locator(".lesson-leave").click()
    page.locator(".lesson-begin-prices").wait_for()
    nothing_went_wrong(guest, laboratory)


def test_a_choice_and_a_network_swept(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    start(page, laboratory, "revolution")
    page.locator(".lesson-option-loop").click()
    run(page)
    attempt = begin(lesson("revolution"), NAME)
    attempt.predict("loop")
    attempt.run()
    assert page.locator(".lesson-found").inner_text() == attempt.explain().found
    nothing_went_wrong(guest, laboratory)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_screens_of_lessons(
    laboratory: Server, new_browser: Open, root: Path, size: str, theme: Theme
) -> None:
    """Pictures of the list and of a round at three sizes, for people; nothing sticks out to the side."""
    with new_browser(*SIZES[size], theme) as visit:
        page = visit.page
        page.goto(f"{laboratory.address}/lessons")
        for each in LESSONS:
            page.locator(f".lesson-begin-{each.id}").wait_for()
        page.screenshot(path=artefacts(root) / f"lessons-{size}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        start(page, laboratory, "giant-component")
        page.locator(".lesson-amount input").fill("150")
        run(page)
        page.screenshot(path=artefacts(root) / f"lesson-{size}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        nothing_went_wrong(visit, laboratory)
