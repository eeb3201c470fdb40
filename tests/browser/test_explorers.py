"""The other pages of the laboratory in a real browser: they load, and their controls act."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mesh_abm.claims.ledger import recorded
from mesh_abm.sweeps import sweep
from tests.browser.conftest import Open, Server, Theme, Visit
from tests.browser.test_laboratory import STAGE, artefacts, inked, month, nothing_went_wrong, wait_for_month

pytestmark = pytest.mark.browser

SHOWN = {
    "phase": f"{STAGE}[data-frames]",
    "potts": "[data-chart] canvas",
    "sweeps": "text=mesh-abm sweep",
    "claims": "text=PRE-1",
    "lessons": "text=Begin",
}


def open_page(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.address}/{path}")
    page.locator(SHOWN[path]).first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_loads_and_a_link_leads_to_the_next(
    laboratory: Server, new_browser: Open, root: Path, theme: Theme
) -> None:
    with new_browser(1366, 768, theme) as visit:
        page = visit.page
        page.goto(laboratory.address)
        page.locator(f"{STAGE}[data-frames]").wait_for()
        for path, label in (
            ("phase", "Phases"), ("potts", "Potts"), ("sweeps", "Sweeps"), ("claims", "Claims"), ("lessons", "Lessons"),
        ):  # fmt: skip
            page.get_by_role("button", name=label, exact=True).click()
            page.locator(SHOWN[path]).first.wait_for()
            page.wait_for_timeout(500)  # for the picture, which people look at
            page.screenshot(path=artefacts(root) / f"{path}-{theme}.png")
        page.get_by_role("button", name="Watch", exact=True).click()
        page.locator(f"{STAGE}[data-frames]").wait_for()
        nothing_went_wrong(visit, laboratory)


def test_the_phase_explorer_follows_its_sliders(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_page(page, laboratory, "phase")
    page.get_by_role("button", name="60 months on").click()
    wait_for_month(page, 60)
    before = page.get_by_text(re.compile(r"^Predicted condensate")).inner_text()
    slider = page.locator(".control-churn [role=slider]")
    slider.focus()
    slider.press("Home")
    told = re.search(r"condensate \d+%", before)
    assert told
    page.wait_for_function("old => !document.body.innerText.includes(old)", arg=told[0])
    after = page.get_by_text(re.compile(r"^Predicted condensate")).inner_text()
    first, second = (int(re.search(r"condensate (\d+)%", text)[1]) for text in (before, after))  # type: ignore[index]
    assert second < first  # churn feeds the center, so less of it predicts a smaller condensate
    assert month(page) >= 60
    nothing_went_wrong(guest, laboratory)


def test_the_potts_explorer_draws_its_loop(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_page(page, laboratory, "potts")
    page.get_by_text(re.compile(r"first order|continuous")).first.wait_for()
    assert inked(page, "[data-chart] canvas") > 0.005
    nothing_went_wrong(guest, laboratory)


def test_a_store_is_drawn(laboratory: Server, guest: Visit, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'scenario = "reference"\nmonths = 6\nreplicates = 2\nseed = 1\n'
        "[vary]\nchurn = [0.02, 0.2]\nlink_failure = [0.05, 0.2]\nn_owners = [60]\n"
    )
    assert laboratory.stores is not None
    sweep(plan, laboratory.stores / "small", engine="local")
    try:
        guest.page.goto(f"{laboratory.address}/sweeps")
        guest.page.get_by_text("8 of 8 runs").wait_for()
        guest.page.locator("img.lab-figure").first.wait_for()
        nothing_went_wrong(guest, laboratory)
    finally:
        import shutil

        shutil.rmtree(laboratory.stores / "small")


def test_a_claim_is_tested_again(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_page(page, laboratory, "claims")
    words = page.get_by_label("words")
    words.fill("<b>nothing</b>")
    page.locator("[data-claim]").first.wait_for(state="detached")
    words.fill("equation (2)")
    words.fill("")
    page.locator("[data-claim=E2]").click()
    page.locator(".claim-recorded img").wait_for()
    page.get_by_role("button", name="Run it").click()
    page.locator(".claim-rerun").get_by_text("as recorded for this size").wait_for()
    assert page.locator(".claim-rerun .lab-verdict").inner_text() == recorded(fast=True)["E2"]["verdict"]
    nothing_went_wrong(guest, laboratory)
