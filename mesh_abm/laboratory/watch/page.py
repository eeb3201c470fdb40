"""The Watch page: run controls on top, the picture below, parameters and shocks at the side."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as v
import solara

from mesh_abm.laboratory.limits import limits
from mesh_abm.laboratory.session import Session, Status
from mesh_abm.laboratory.staging import RunButtons, use_sender, use_stage
from mesh_abm.laboratory.watch.controls import Controls
from mesh_abm.laboratory.watch.device_card import DeviceCard, Picked, picked, tip
from mesh_abm.laboratory.watch.knobs import KNOBS
from mesh_abm.laboratory.watch.share import Share
from mesh_abm.laboratory.watch.shock_panel import Shocks
from mesh_abm.laboratory.widgets import Stage
from mesh_abm.scenario import Scenario, scenario_names

TOO_LARGE = ("large",)
"""Shipped scenarios that no server grants by default."""
left = solara.reactive("")
"""What was on the screen when the visitor went on to another page: it is there again on the way back."""


@solara.component
def Watch() -> None:
    """One visitor's page."""
    router = solara.use_router()
    query = solara.use_memo(lambda: router.search or left.peek(), [])
    holder, send = use_sender()
    _, tell = solara.use_state(0)
    seen, see = solara.use_state(None)  # the device that was clicked

    session: Session = solara.use_memo(lambda: Session(query, send, lambda: tell(lambda n: n + 1)), [])
    status = session.status()

    def hear(message: dict[str, Any]) -> None:
        session.runner.hear(message)
        if message.get("type") == "ready" and not session.runner.busy:
            send({"type": "address", "query": session.query()}, [])
        if message.get("type") == "pick":
            see(picked(session, message))
        elif message.get("type") == "hover":
            tip(session, message, send)

    theory, set_theory = solara.use_state(True)
    with solara.Div(classes=["lab-watch"]):
        RunBar(session, status, theory, set_theory)
        with solara.Div(classes=["lab-columns"]):
            with solara.Div(classes=["lab-main"]):
                spec = solara.use_memo(
                    session.spec, [status.worlds, status.setup.scenario, session.scenario.task_types]
                )
                stage = Stage.element(spec=spec, theory=theory)
            with solara.Div(classes=["lab-side"]):
                Side(session, status, seen, lambda: see(None), send)

    use_stage(stage, holder, session.runner, hear, lambda: left.set(session.query()))
    solara.use_effect(session.runner.show_all, [spec])
    address = None if status.busy else session.query()
    solara.use_effect(lambda: send({"type": "address", "query": address}, []) if address else None, [address])


@solara.component
def RunBar(session: Session, status: Status, theory: bool, set_theory: Any) -> None:
    """Scenario, seed, the buttons of the run, month and phase."""
    titles = solara.use_memo(_titles, [])
    target, set_target = solara.use_state("120")
    typed = solara.use_ref("120")  # what Go goes by: the page may not be drawn anew yet
    runner = session.runner

    def type_target(text: Any) -> None:
        typed.current = str(text or "")
        set_target(typed.current)

    with solara.Div():  # one root, whether or not there is something to say: the fields stay the same ones
        with solara.Div(classes=["lab-run"]):
            v.Select(
                v_model=status.setup.scenario, on_v_model=session.choose, items=titles, dense=True, hide_details=True,
                label="scenario", class_="lab-select lab-preset",
            )  # fmt: skip
            v.TextField(
                v_model=str(status.setup.seed), on_v_model=lambda text: session.reseed(str(text or "")), label="seed",
                dense=True, hide_details=True, class_="lab-narrow lab-seed",
            )  # fmt: skip
            RunButtons(
                status.busy, lambda: session.press(runner.play), runner.pause,
                lambda: session.press(runner.step), "lab",
            )  # fmt: skip
            solara.Button(
                "Reset", icon_name="mdi-restart", on_click=session.reset, outlined=True, classes=["lab-reset"]
            )
            Pace(session)
            with solara.Row(gap="4px"):
                v.TextField(
                    v_model=target, on_v_model=type_target, label="run to month", dense=True, hide_details=True,
                    class_="lab-narrow lab-target",
                )  # fmt: skip
                solara.Button(
                    "Go", on_click=lambda: session.run_to(typed.current), outlined=True, classes=["lab-go"]
                )
            v.Switch(
                v_model=theory, on_v_model=set_theory, label="theory", dense=True, hide_details=True,
                class_="mt-0 lab-theory",
            )  # fmt: skip
        if status.error:
            solara.Error(status.error, classes=["lab-error"], dense=True)


@solara.component
def Pace(session: Session) -> None:
    """How fast Play goes."""
    pace, set_pace = solara.use_state(session.runner.pace)

    def change(value: Any) -> None:
        set_pace(float(value))
        session.runner.set_pace(float(value))

    v.Slider(
        v_model=pace, on_v_model=change, min=1, max=limits().pace, step=1, dense=True, hide_details=True,
        label=f"{pace:.0f} a second", inverse_label=True, class_="lab-pace", attributes={"aria-label": "speed"},
    )  # fmt: skip


@solara.component
def Side(session: Session, status: Status, seen: Picked | None, forget: Any, send: Any) -> None:
    """What can be done to the run, and what is known of a device."""
    tab, set_tab = solara.use_state(0)
    solara.use_effect(lambda: set_tab(3) if seen is not None else None, [seen])
    with v.Tabs(v_model=tab, on_v_model=set_tab, show_arrows=False):
        for name in ("Change", "Shocks", "What if", "Device", "Share"):
            v.Tab(children=[name])
    if tab == 0:
        Controls(session, status.setup.scenario, session.values(KNOBS), status.stale)
    elif tab == 1:
        Shocks(session, status.worlds, session.happened())
    elif tab == 2:
        WhatIf(session, status)
    elif tab == 3:
        DeviceCard(session, status, seen, send)
    else:
        Share(session, status)


@solara.component
def WhatIf(session: Session, status: Status) -> None:
    """Fork the run: two worlds side by side on the same random numbers."""
    if status.worlds == 1:
        solara.Text(
            "Fork here: a second world goes on beside this one, with the same random numbers. What you change after "
            "that (parameters, shocks) happens in the second one only, so every difference is due to it."
        )
        solara.Button(
            "Fork here",
            icon_name="mdi-source-fork",
            on_click=session.fork,
            color="primary",
            classes=["lab-fork"],
        )
        return
    solara.Text(
        f"Two worlds since month {status.setup.fork}. Changes and shocks act on the second one; the chart of "
        "differences shows what they do."
    )
    for line in session.happened():
        solara.Text(line, classes=["lab-happened"])
    solara.Button(
        "Back to one world",
        icon_name="mdi-source-merge",
        on_click=session.join,
        outlined=True,
        classes=["lab-join"],
    )


def _titles() -> list[dict[str, str]]:
    """Return the scenarios on offer, as Vuetify wants them."""
    return [
        {"text": Scenario.load(name).title or name, "value": name}
        for name in scenario_names()
        if name not in TOO_LARGE
    ]
