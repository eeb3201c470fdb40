"""The laboratory played in a real browser on this machine: months a second, the time to the picture, memory.

Needs Chromium and playwright. Server and browser share the machine's cores.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
STAGE = "document.querySelector('[data-testid=stage]')"
DENSE = (
    "scenario=reference&seed=1&set=population=fixed&set=link_value=0.98&set=slots=6&set=n_owners={}&month=60"
)
SIZES = (300, 1_000, 2_000, 5_000)
MONTHS, LONG = 120, 1_000
WATCH = f"""() => {{
    window.drawn = [];
    new MutationObserver(() => window.drawn.push(performance.now()))
        .observe({STAGE}, {{attributes: true, attributeFilter: ["data-frames"]}});
}}"""


def main() -> None:
    """Play each size for some months, the usual one for long."""
    from playwright.sync_api import sync_playwright

    with (
        server() as (address, process),
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=shutil.which("chromium"), headless=True, args=FLAGS,
            viewport={"width": 1400, "height": 900},
        )  # fmt: skip
        page = context.pages[0]
        print("devices  links  months/s  between pictures, ms: median, 95 % below")
        for size in SIZES:
            links = opened(page, f"{address}/?{DENSE.format(size)}", 60)
            gaps = played(page, MONTHS)
            print(
                f"{size:7,} {links:6,} {1000 / gaps.mean():9.1f}  {np.median(gaps):6.0f} {np.quantile(gaps, 0.95):6.0f}"
            )
        opened(page, f"{address}/?{DENSE.format(2_000)}", 60)
        before = memory(page, process.pid)
        played(page, LONG)
        after = memory(page, process.pid)
        print(f"2,000 devices, {LONG} months on: server {before[0]:.0f} to {after[0]:.0f} MB, "
              f"page's objects {before[1]:.0f} to {after[1]:.0f} MB")  # fmt: skip
        context.close()


@contextmanager
def server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The laboratory at a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "import sys; from mesh_abm.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "app", "--no-open", "--port", str(port)]
    settings = os.environ | {"MESH_ABM_APP_PACE": "1000", "MESH_ABM_APP_TOTAL_PACE": "1000"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=settings)
    try:
        address = f"http://127.0.0.1:{port}"
        while process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def opened(page: Any, address: str, month: int) -> int:
    """Open a link, wait for its month, set the pace to the highest; return the number of links drawn."""
    page.goto(address)
    page.wait_for_function(
        f"m => {STAGE} && +{STAGE}.getAttribute('data-month-0') >= m", arg=month, timeout=120_000
    )
    page.get_by_role("button", name="Play").wait_for()
    page.locator(".lab-pace [role=slider]").focus()
    page.keyboard.press("End")
    return int(page.locator("[data-testid=stage]").get_attribute("data-links"))


def played(page: Any, months: int) -> np.ndarray:
    """Play so many months; return the times between pictures, ms."""
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("n => window.drawn.length > n", arg=months, timeout=600_000)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    return np.diff(np.array(page.evaluate("window.drawn")[: months + 1]))


def memory(page: Any, pid: int) -> tuple[float, float]:
    """MB of the server's process, and of the page's objects after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return resident / 1024, heap / 2**20


if __name__ == "__main__":
    main()
