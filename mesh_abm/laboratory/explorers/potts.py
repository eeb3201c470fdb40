"""The Potts explorer: is it a jump? A hysteresis loop, drawn as it is swept, beside what theory predicts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara
from solara import v

from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import loop, loop_chart
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.explorers.loop import ALLOWED, Loop, Setting
from mesh_abm.laboratory.explorers.parts import Number, Page, use_job
from mesh_abm.laboratory.glossary import explain
from mesh_abm.laboratory.watch.controls import Card
from mesh_abm.laboratory.widgets import Plot

QUESTION = (
    "Revolution or slope? Sweep the coupling up and down: if the way back differs, the change is a jump."
)
NETWORKS = [
    {"text": "random (Erdős and Rényi)", "value": "random"},
    {"text": "hubs (scale-free)", "value": "hubs"},
]
TERMS_CARD = [
    "Each node is in one of q states and tends to agree with its neighbors: the more, the higher the coupling.",
    f"coupling: {explain('coupling')}",
    f"hysteresis: {explain('hysteresis')}",
    f"first order: {explain('first order')}",
    f"continuous: {explain('continuous')}",
    "order parameter m: 0 where all states are alike in number, 1 where one state has all nodes",
    "Order here is a monoculture, neighbors doing the same: not the division of labor.",
]

PACE = 0.06
"""Seconds at least from one coupling to the next, so that the eye can follow."""

_turn = threading.Lock()
"""Loops of several visitors are sampled in turn, a coupling at a time."""


@solara.component
def PottsExplorer() -> None:
    """The page: what to sweep at the left, the loop at the right."""
    setting, set_setting = solara.use_state(Setting())
    swept, sweep = solara.use_state((Setting(), 0))  # what is on the picture, and how often Sweep was pressed
    refusal, refuse = solara.use_state(("", 0))

    def change(name: str, value: Any) -> None:
        try:
            set_setting(replace(setting, **{name: value}))
        except UserError as error:
            refuse((str(error), refusal[1] + 1))
        else:
            refuse(("", refusal[1]))

    with Page("Potts", QUESTION), solara.Div(classes=["lab-columns"]):
        with solara.Div(classes=["lab-fixed-side", "lab-panel"]):
            Settings(setting, change, refusal[1])
        with solara.Div(classes=["lab-main"]):
            if refusal[0]:
                solara.Error(refusal[0], dense=True, classes=["lab-error"])
            Swept(setting, swept, lambda: sweep((setting, swept[1] + 1)))


@solara.component
def Settings(setting: Setting, change: Callable[[str, Any], None], refusals: int) -> None:
    """Model, network and sweep."""
    v.Select(
        v_model=setting.network, on_v_model=lambda value: change("network", value), items=NETWORKS, dense=True,
        hide_details=True, label="network", class_="lab-select potts-network",
    )  # fmt: skip
    for name, bounds in ALLOWED.items():
        if name == "exponent" and setting.network == "random":
            continue
        value = getattr(setting, name)
        told = [bounds.help, f"From {bounds.low:g} to {bounds.high:g}"]
        Number(name, bounds, value, _changing(change, name, bounds.whole), told, f"{value:g}").key(
            f"{name}-{refusals}"
        )


@solara.component
def Swept(setting: Setting, swept: tuple[Setting, int], again: Callable[[], None]) -> None:
    """The loop as far as it is swept, its figure, and what it shows."""
    seen: Any = solara.use_ref(None)

    def work(job: Job[Loop]) -> Loop:
        found = None
        for found in loop.swept(swept[0], _turn):
            seen.current = found
            job.tell(found.part)
            job.check(PACE)
        assert found is not None
        return found

    job = use_job(work, [swept])
    with solara.Div(classes=["lab-buttons"]):
        if job is not None and job.running:
            solara.Button(
                "Stop", icon_name="mdi-stop", outlined=True, on_click=job.cancel, classes=["potts-stop"]
            )
            solara.ProgressLinear(100 * job.part)
        else:
            solara.Button(
                "Sweep", icon_name="mdi-play", color="primary", on_click=again, classes=["potts-sweep"]
            )
            Card(TERMS_CARD)
            if setting != swept[0]:
                solara.Text("The picture is that of the setting before: press Sweep.", classes=["lab-muted"])
    if job is not None and job.error:
        solara.Error(job.error, dense=True)
    if seen.current is None:
        solara.ProgressLinear(True)
        return
    found: Loop = seen.current
    with solara.Div(classes=["lab-loop-says"]):
        says = loop.sentence(found) or (f"Swept {100 * found.part:.0f}%." if found.part < 1 else "")
        solara.Text(says, classes=["lab-says", "potts-says"])
        solara.Text(found.predicted.sentence(), classes=["lab-muted", "potts-predicted"])
    with solara.Div(classes=["lab-loop"]):
        Plot.element(
            name="loop",
            spec=loop_chart.CHART.spec(),
            data=loop_chart.curves(found),
            domain=loop_chart.domain(found),
        )


def _changing(change: Callable[[str, Any], None], name: str, whole: bool) -> Callable[[float], None]:
    return lambda value: change(name, round(value) if whole else value)
