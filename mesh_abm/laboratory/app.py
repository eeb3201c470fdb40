"""The pages of the laboratory and what frames them; `solara run` and `mesh-abm app` serve this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara
import solara.lab
from solara.server import settings as server

from mesh_abm.laboratory.door import FULL, door
from mesh_abm.laboratory.explorers.ledger import Ledger
from mesh_abm.laboratory.explorers.phase import PhaseExplorer
from mesh_abm.laboratory.explorers.potts import PottsExplorer
from mesh_abm.laboratory.explorers.sweeps import SweepViewer
from mesh_abm.laboratory.lessons.page import Lessons
from mesh_abm.laboratory.limits import limits
from mesh_abm.laboratory.watch.page import Watch

__all__ = ["routes"]

# Served by `solara run`, too, nothing leaves the machine and a closed browser's run ends within a minute.
server.telemetry.mixpanel_enable = False
server.main.mode = "production"
server.theme.title = "Mesh laboratory"
server.theme.show_banner = False
if server.kernel.cull_timeout == "24h":
    server.kernel.cull_timeout = "45s"

PAGES = {
    "/": ("Watch", Watch),
    "phase": ("Phases", PhaseExplorer),
    "potts": ("Potts", PottsExplorer),
    "sweeps": ("Sweeps", SweepViewer),
    "claims": ("Claims", Ledger),
    "lessons": ("Lessons", Lessons),
}


@solara.component
def Layout(children: list[Any]) -> None:
    """The bar on top of every page, and the page."""
    route, _ = solara.use_route(peek=True)
    inside = solara.use_memo(door.enter, [])
    solara.use_effect(lambda: door.leave if inside else None, [])
    solara.Title("Mesh laboratory")
    solara.Style(Path(__file__).with_name("look.css"))
    with solara.Div(classes=["lab"]):
        with solara.Div(classes=["lab-bar"]):
            solara.Text("Mesh laboratory", classes=["lab-name"])
            for path, (label, _) in PAGES.items():
                active = route is not None and route.path == path
                with solara.Link("/" if path == "/" else f"/{path}"):
                    solara.Button(label, text=True, classes=["lab-nav", *(["lab-here"] if active else [])])
            solara.v.Spacer()
            solara.lab.ThemeToggle()
        with solara.Div(classes=["lab-page"]):
            if inside:
                solara.Div(children=children)
            else:
                solara.Warning(FULL.format(limits().sessions))


routes = [
    solara.Route(path, component=page, label=label, layout=Layout if path == "/" else None)
    for path, (label, page) in PAGES.items()
]
