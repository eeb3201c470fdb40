"""A server for Mesa's page and a Chromium to look at it."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

Theme = Literal["light", "dark"]

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
START_LIMIT = (
    120.0  # seconds for the server to answer: the first start of an installation compiles the kernels
)


@dataclass
class Server:
    """A running server: where it is, and the names outside this machine that it tried to look up."""

    address: str
    noted: Path
    log: Path
    stores: Path | None = None

    @property
    def looked_up(self) -> list[str]:
        """Names outside this machine."""
        return self.noted.read_text().split() if self.noted.exists() else []


@dataclass
class Visit:
    """A page and all that went wrong on it."""

    page: Page
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Write down requests, failed ones, errors of scripts and on the console."""

        def console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(f"console: {message.text}")

        def failed(request: Request) -> None:
            self.errors.append(f"failed: {request.url} {request.failure}")

        def answered(response: Response) -> None:
            if response.status >= 400:
                self.errors.append(f"{response.status}: {response.url}")

        context.on("request", lambda request: self.requested.append(request.url))
        context.on("requestfailed", failed)
        context.on("response", answered)
        self.page.on("console", console)
        self.page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without one the test is skipped, or fails where MESH_ABM_REQUIRE_BROWSER is set."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing = "no Chromium found on the path (Debian: apt-get install chromium)"
        if os.environ.get("MESH_ABM_REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log if it ends or does not."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer:\n{log.read_text()[-4000:]}")


@contextmanager
def served(page: str, root: Path, folder: Path, **environment: str) -> Iterator[Server]:
    """A page of the project, served on this machine."""
    port, noted, log = free_port(), folder / "looked-up", folder / "log"
    command = [sys.executable, "-m", "tests.browser.serve", page, str(port), str(noted)]
    settings = os.environ | {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"} | environment
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=root, env=settings, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
        yield Server(f"http://127.0.0.1:{port}", noted, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(chromium: str, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Mesa's page."""
    with served("visualization/mesa_page.py", root, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def laboratory(chromium: str, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The laboratory, with a folder of stores."""
    folder = tmp_path_factory.mktemp("laboratory")
    (folder / "stores").mkdir()
    with served("visualization/app.py", root, folder, MESH_ABM_APP_STORES=str(folder / "stores")) as server:
        server.stores = folder / "stores"
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers; there can be only one."""
    with sync_playwright() as playwright:
        yield playwright


Open = Callable[..., AbstractContextManager[Visit]]
"""Opens an empty page in a new browser: of width and height."""


@pytest.fixture
def new_browser(chromium: str, playwright: Playwright, tmp_path: Path) -> Open:
    """How to open a browser with an empty page."""
    count = itertools.count()

    @contextmanager
    def opened(width: int = 1400, height: int = 1000, theme: Theme = "light") -> Iterator[Visit]:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / f"profile-{next(count)}", executable_path=chromium, headless=True, args=FLAGS,
            viewport={"width": width, "height": height}, accept_downloads=True, color_scheme=theme,
        )  # fmt: skip
        context.set_default_timeout(60_000)
        visit = Visit(context.pages[0])
        visit.watch(context)
        try:
            yield visit
        finally:
            context.close()

    return opened


@pytest.fixture
def visit(server: Server, new_browser: Open) -> Iterator[Visit]:
    """An empty page in a new browser, for Mesa's page."""
    with new_browser() as visit:
        yield visit
    print(server.log.read_text()[-4000:])  # pytest shows it where a test fails


@pytest.fixture
def guest(laboratory: Server, new_browser: Open) -> Iterator[Visit]:
    """An empty page in a new browser, for the laboratory."""
    with new_browser(1366, 768) as visit:
        yield visit
    print(laboratory.log.read_text()[-4000:])
