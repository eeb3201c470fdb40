"""A lesson in a real browser, as a student takes it: predict, run, explain, hand in."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server, Visit
from tests.browser.test_laboratory import artefacts, nothing_went_wrong

pytestmark = pytest.mark.browser

NAME = "Zoë <script>alert(1)</script> 7"


def begin(page: Page, server: Server, title: str) -> None:
    page.goto(f"{server.address}/lessons")
    name = page.get_by_label("your name or number")
    name.fill(NAME)
    name.press("Tab")
    card = page.locator(".lab-lesson-card").filter(has_text=title)
    card.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Lock in and run").wait_for()


def test_a_lesson_from_the_first_prediction_to_the_report(
    laboratory: Server, guest: Visit, root: Path
) -> None:
    page = guest.page
    begin(page, laboratory, "When does a mesh hang together?")
    amount = page.locator(".lesson-amount input")
    for wrong in ("many", "-3", "1e9", "<b>2</b>"):
        amount.fill(wrong)
        amount.press("Tab")
        page.get_by_role("button", name="Lock in and run").click()
        page.get_by_text(f"prediction = '{wrong}': must be").wait_for()
    amount.fill("150")
    amount.press("Tab")
    page.get_by_role("button", name="Lock in and run").click()
    page.get_by_text("You predicted").wait_for()
    assert page.get_by_role("button", name="Lock in and run").count() == 0
    page.screenshot(path=artefacts(root) / "lesson.png")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("2 of 2").wait_for()
    page.get_by_role("button", name="Lock in and run").click()
    page.locator(".lab-error").wait_for()  # nothing was drawn yet
    draw_a_curve(page)
    page.get_by_role("button", name="Lock in and run").click()
    page.get_by_text("You predicted").wait_for()
    page.screenshot(path=artefacts(root) / "lesson-curve.png")
    with page.expect_download() as download:
        page.get_by_role("button", name="Your report on one page").click()
    report = Path(download.value.path()).read_text("utf-8")
    assert "Zoë &lt;script&gt;alert(1)&lt;/script&gt; 7" in report
    assert "<script" not in report
    assert report.count("<svg") == 2
    assert "150 links" in report
    nothing_went_wrong(guest, laboratory)


def draw_a_curve(page: Page) -> None:
    """Draw from the lower left to the upper right of the chart."""
    box = page.locator("[data-testid=lesson] .u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    page.mouse.down()
    for k in range(1, 41):
        page.mouse.move(box["x"] + box["width"] * k / 41, box["y"] + box["height"] * (1 - k / 41))
    page.mouse.up()
