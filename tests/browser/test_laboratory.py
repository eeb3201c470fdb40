"""The laboratory in a real browser: the screen shows the model, controls act, nothing leaves the machine."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Page

from mesh_abm import MeshModel, run, why
from mesh_abm.laboratory.link import Setup, read
from tests.browser.conftest import Open, Server, Theme, Visit

pytestmark = pytest.mark.browser

STAGE = "[data-testid=stage]"
SMALL = "scenario=reference&seed=3&set=n_owners=300&set=population=fixed"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080), "narrow": (800, 1100)}


def open_at(page: Page, server: Server, query: str = SMALL, path: str = "/") -> None:
    """Open a page of the laboratory and wait until its picture is drawn."""
    page.goto(f"{server.address}{path}?{query}" if query else f"{server.address}{path}")
    page.locator(f"{STAGE}[data-frames]").wait_for()


def month(page: Page, world: int = 0) -> int:
    """The month last drawn."""
    return int(page.locator(STAGE).get_attribute(f"data-month-{world}") or -1)


def wait_for_month(page: Page, at_least: int, world: int = 0) -> None:
    page.wait_for_function(
        "([w, m]) => +document.querySelector('[data-testid=stage]')?.getAttribute(`data-month-${w}`) >= m",
        arg=[world, at_least],
    )


def run_to(page: Page, target: int) -> None:
    """Type a month and press Go."""
    page.locator(".lab-target input").fill(str(target))
    page.locator(".lab-target input").press("Tab")
    page.get_by_role("button", name="Go", exact=True).click()
    wait_for_month(page, target)
    page.get_by_role("button", name="Play").wait_for()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def query_of(page: Page) -> str:
    """The address bar, as the page keeps it."""
    return urlsplit(page.url).query


def wait_for_address(page: Page, part: str) -> None:
    page.wait_for_function("part => location.search.includes(part)", arg=part)


def number_shown(page: Page, chart: str, label: str) -> str:
    """What stands beside a line's name under a chart."""
    key = page.locator(f"[data-chart={chart}] .lab-key").filter(has_text=re.compile(f"^{re.escape(label)}"))
    return key.locator(".lab-key-value").inner_text()


def as_percent(value: float) -> str:
    if abs(value) < 0.0005:
        return "0%"
    return f"{100 * value:.1f}%" if abs(value) < 0.0995 else f"{100 * value:.0f}%"


def inked(page: Page, selector: str) -> float:
    """The part of a canvas's pixels that are not see-through."""
    return float(
        page.locator(selector).first.evaluate(
            """canvas => {
                const d = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                let n = 0;
                for (let k = 3; k < d.length; k += 4) n += d[k] > 0;
                return n / (d.length / 4);
            }"""
        )
    )


def nothing_went_wrong(visit: Visit, server: Server) -> None:
    """Assert that the browser and the server stayed on this machine, without errors."""
    assert not visit.errors
    assert {urlsplit(url).hostname for url in visit.requested if url.startswith("http")} <= {"127.0.0.1"}
    assert server.looked_up == []
    assert "Traceback" not in server.log.read_text()


def test_the_numbers_on_the_screen_are_those_of_python(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory)
    assert month(page) == 0
    page.get_by_role("button", name="Step").click()
    wait_for_month(page, 1)
    run_to(page, 40)
    frame = run(read(SMALL).build(), months=40).frame.iloc[-1]
    for chart, label, measure in (
        ("service", "mesh", "share_mesh"),
        ("service", "provider", "share_provider"),
        ("component", "simulated", "s_inf"),
        ("component", "equation (2)", "s_inf_theory"),
        ("condensate", "simulated", "condensate"),
        ("condensate", "predicted", "condensate_theory"),
        ("head_tail", "head", "share_mesh_head"),
        ("roles", "specialization", "specialization"),
        ("reasons", "no specialist", "reason_no_specialist"),
    ):
        assert number_shown(page, chart, label) == as_percent(frame[measure]), (chart, label)
    caption = page.locator(".lab-caption").inner_text()
    assert caption.startswith("300 of 300 owners are members")
    assert inked(page, ".lab-canvas") > 0.02
    assert inked(page, ".lab-heat-canvas") > 0.9
    assert inked(page, "[data-chart=service] canvas") > 0.005
    nothing_went_wrong(guest, laboratory)


def test_play_pause_reset_and_the_switch_of_theory(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory)
    page.get_by_role("button", name="Play").click()
    wait_for_month(page, 5)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    stopped = month(page)
    page.locator("[data-chart=component] .lab-key").filter(has_text="equation (2)").wait_for()
    page.locator(".lab-theory input").click(force=True)
    page.locator("[data-chart=component] .lab-key").filter(has_text="equation (2)").wait_for(state="detached")
    assert month(page) - stopped <= 1
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stage]').getAttribute('data-month-0') === '0'"
    )
    nothing_went_wrong(guest, laboratory)


def test_a_slider_a_shock_and_a_link_round_trip(laboratory: Server, guest: Visit, new_browser: Open) -> None:
    page = guest.page
    open_at(page, laboratory)
    run_to(page, 6)
    slider = page.locator(".control-churn [role=slider]")
    slider.focus()
    slider.press("End")
    wait_for_address(page, "shock=set,7,churn=0.3")
    tab(page, "Shocks")
    page.locator(".shock-price").get_by_role("button", name="x 0.5").click()
    wait_for_address(page, "shock=price,7,0.5")
    run_to(page, 12)
    wait_for_address(page, "month=12")
    setup = read(query_of(page))
    assert [(shock.month, shock.kind, shock.value) for shock in setup.shocks] == [
        (7, "set", 0.3),
        (7, "price", 0.5),
    ]
    frame = run(setup.build(), months=12).frame.iloc[-1]
    assert number_shown(page, "service", "provider") == as_percent(frame["share_provider"])
    captions = [page.locator(".lab-caption").inner_text()]
    with new_browser() as second:
        open_at(second.page, laboratory, query_of(page))
        wait_for_month(second.page, 12)
        second.page.get_by_role("button", name="Play").wait_for()
        captions.append(second.page.locator(".lab-caption").inner_text())
        assert number_shown(second.page, "service", "provider") == as_percent(frame["share_provider"])
        nothing_went_wrong(second, laboratory)
    assert captions[0] == captions[1]
    nothing_went_wrong(guest, laboratory)


def test_a_fork_shows_two_worlds_and_what_the_change_does(
    laboratory: Server, guest: Visit, root: Path
) -> None:
    page = guest.page
    open_at(page, laboratory)
    run_to(page, 24)
    tab(page, "What if")
    page.get_by_role("button", name="Fork here").click()
    page.locator(".lab-world-name", has_text="what if").wait_for()
    tab(page, "Shocks")
    page.locator(".shock-merit").get_by_role("button", name="x 10").click()
    wait_for_address(page, "then=merit,25,10.0")
    run_to(page, 48)
    wait_for_month(page, 48, world=1)
    setup = read(query_of(page))
    assert setup.fork == 24
    one, two = (run(s, months=48).frame.iloc[-1] for s in (setup.build(), setup.build_other()))
    both = f"{as_percent(one['share_mesh'])} / {as_percent(two['share_mesh'])}"
    assert number_shown(page, "service", "mesh") == both
    assert number_shown(page, "difference", "mesh share") == as_percent(two["share_mesh"] - one["share_mesh"])
    page.screenshot(path=artefacts(root) / "what-if.png")
    page.reload()
    wait_for_month(page, 48, world=1)
    page.get_by_role("button", name="Play").wait_for()
    assert number_shown(page, "service", "mesh") == both
    tab(page, "What if")
    page.get_by_role("button", name="Back to one world").click()
    page.locator(".lab-world-name", has_text="what if").wait_for(state="detached")
    nothing_went_wrong(guest, laboratory)


def test_a_device_tells_why(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory)
    run_to(page, 30)
    canvas = page.locator(".lab-canvas")
    canvas.focus()
    canvas.press("ArrowRight")
    page.locator(".lab-tip").get_by_text(re.compile(r"^Device \d+ \(")).wait_for()
    canvas.press("Enter")
    card = page.locator(".lab-device")
    card.get_by_text(re.compile(r"^Device \d+ \(")).wait_for()
    card.get_by_text(re.compile(r"^Device \d+ became a member in month \d+")).wait_for()
    assert inked(page, ".lab-device canvas") > 0.005
    for _ in range(40):  # to a device that asked something this month
        if card.locator(".lab-query").count():
            break
        canvas.focus()
        canvas.press("ArrowRight")
        canvas.press("Enter")
        page.wait_for_timeout(300)
    card.locator(".lab-query").first.click()
    steps = card.locator(".lab-route li")
    steps.first.wait_for()
    row = int(re.search(r"Device (\d+)", card.inner_text())[1])  # type: ignore[index]
    model = MeshModel.from_scenario(read(SMALL).build(), rng=3)
    model.run_for(30)
    routes = [why.route(model, row, query.number).sentences() for query in why.queries_of(model, row)]
    assert steps.all_inner_texts() in routes
    nothing_went_wrong(guest, laboratory)


def test_downloads(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory)
    run_to(page, 8)
    expected = run(read(SMALL).build(), months=8)
    tab(page, "Share")
    files = {}
    for label in ("CSV", "Parquet", "scenario file"):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        files[label] = Path(download.value.path()).read_bytes()
    assert pd.read_parquet(io.BytesIO(files["Parquet"])).equals(expected.frame)
    assert len(pd.read_csv(io.BytesIO(files["CSV"]))) == 9
    assert b"n_owners = 300" in files["scenario file"]
    page.get_by_role("button", name="Make the report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="report (zip)").click()
    with zipfile.ZipFile(download.value.path()) as bundle:
        assert "as-it-is/report.html" in bundle.namelist()
        card = json.loads(bundle.read("as-it-is/run.json"))
    assert expected.fingerprint in json.dumps(card)
    nothing_went_wrong(guest, laboratory)


HOSTILE = [
    "-1",
    "1e99",
    "<img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "__import__('os')",
    "9" * 400,
    "ŝ☃",
]


def test_hostile_text_changes_nothing(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory)
    for text in HOSTILE:
        for field in (".lab-seed input", ".lab-target input"):
            page.locator(field).fill(text)
            page.locator(field).press("Tab")
        page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_role("button", name="Step").click()
    wait_for_month(page, 1)
    assert month(page) == 1
    nothing_went_wrong(guest, laboratory)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scenario=../../etc/passwd", "This link cannot be opened: scenario ="),
        ("set=n_owners=1000000", "this server grants at most 20,000"),
        ("<script>alert(1)</script>=1", "in the address: must be one of"),
    ],
)
def test_a_bad_link_is_a_sentence_on_a_page_that_works(
    laboratory: Server, guest: Visit, query: str, said: str
) -> None:
    page = guest.page
    open_at(page, laboratory, query)
    page.locator(".lab-error", has_text=said).wait_for()
    page.get_by_role("button", name="Step").click()
    wait_for_month(page, 1)
    nothing_went_wrong(guest, laboratory)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_screens(laboratory: Server, new_browser: Open, root: Path, size: str, theme: Theme) -> None:
    """Pictures of the page at three sizes, for people; nothing sticks out to the side."""
    with new_browser(*SIZES[size], theme) as visit:
        page = visit.page
        open_at(page, laboratory, SMALL + "&month=60")
        wait_for_month(page, 60)
        page.get_by_role("button", name="Play").wait_for()
        assert page.locator(STAGE).evaluate("el => el.classList.contains('lab-dark')") == (theme == "dark")
        page.screenshot(path=artefacts(root) / f"watch-{size}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        nothing_went_wrong(visit, laboratory)


def test_a_default_link_is_the_default_setup(laboratory: Server, guest: Visit) -> None:
    page = guest.page
    open_at(page, laboratory, "")
    wait_for_address(page, "scenario=reference")
    assert read(query_of(page)) == Setup()


def artefacts(root: Path) -> Path:
    """The folder where pictures are kept for people to look at."""
    folder = root / "test-artifacts"
    folder.mkdir(exist_ok=True)
    return folder
