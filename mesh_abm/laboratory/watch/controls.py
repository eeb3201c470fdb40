"""The controls of the parameters: sliders and choices, each with its value, unit and assumption card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as v
import solara
from reacton.ipyvue import use_event

from mesh_abm.laboratory.session import Session
from mesh_abm.laboratory.watch.knobs import GROUPS, Knob, assumption_card, value_text
from mesh_abm.scenario import Scenario


@solara.component
def Controls(session: Session, scenario: str, values: dict[str, Any], stale: bool) -> None:
    """All parameters, in groups that fold; drawn anew only when one of them has changed."""
    start = solara.use_memo(lambda: Scenario.load(scenario), [scenario])
    opened, set_opened = solara.use_state(0)
    with solara.Div():  # there in any case, so that the controls below stay the same ones
        if stale:
            solara.Info("Some changes count from the start only: press Reset.", dense=True, icon=False)
    panels = []
    for title, knobs in GROUPS.items():
        with v.ExpansionPanel() as panel:
            v.ExpansionPanelHeader(children=[title], class_="lab-group")
            with v.ExpansionPanelContent():
                for knob in knobs:
                    Control(session, knob, values[knob.field], start)
        panels.append(panel)
    v.ExpansionPanels(
        v_model=opened,
        on_v_model=set_opened,
        accordion=True,
        flat=True,
        children=panels,
        class_="lab-controls",
    )


@solara.component
def Control(session: Session, knob: Knob, value: Any, start: Scenario) -> None:
    """One parameter."""
    refused, set_refused = solara.use_state(0)

    def change(new: Any) -> None:
        session.set_field(knob.field, new)
        if session.value(knob.field) != new:
            set_refused(lambda count: count + 1)  # draws the control anew, at the value that holds

    with solara.Div(classes=["lab-control", f"control-{knob.field}"]):
        with solara.Row(gap="4px", classes=["lab-control-head"]):
            solara.Text(knob.label)
            Card(assumption_card(knob.field, start))
            v.Spacer()
            solara.Text(value_text(knob.field, value), classes=["lab-value"])
        if knob.choices:
            Choice(knob, value, change)
        elif isinstance(value, int | float):
            Slide(knob, value, start, change).key(f"{knob.field}-{refused}")
        else:
            solara.Text("set by the scenario, not by one number", classes=["lab-muted"])


@solara.component
def Slide(knob: Knob, value: float, start: Scenario, change: Callable[[Any], None]) -> Any:
    """A slider that acts when it is let go."""
    low, high, step = knob.bounds(start)
    whole = float(step).is_integer() and float(low).is_integer()
    at, move = solara.use_state(value)  # where the visitor has it; ahead of `value` until it is let go
    agreed = solara.use_ref(value)

    def follow() -> None:
        if value != agreed.current:  # changed by something else
            agreed.current = value
            move(value)

    def let_go(_widget: Any, _event: str, data: Any) -> None:
        agreed.current = round(data) if whole else round(float(data), 10)
        change(agreed.current)

    solara.use_effect(follow, [value])
    slider = v.Slider(
        v_model=min(max(at, low), high), on_v_model=move, min=low, max=high, step=step, hide_details=True, dense=True,
        class_="lab-slider", attributes={"aria-label": knob.label},
    )  # fmt: skip
    use_event(slider, "change", let_go)  # type: ignore[arg-type]  # it is typed as if it got the event's data only
    return slider


@solara.component
def Choice(knob: Knob, value: str, change: Callable[[Any], None]) -> None:
    """A choice between words."""
    v.Select(
        v_model=value, on_v_model=change, items=list(knob.choices), dense=True, hide_details=True,
        class_="lab-select", attributes={"aria-label": knob.label},
    )  # fmt: skip


@solara.component
def Card(lines: list[str]) -> None:
    """A small sign that shows lines when pointed at."""
    with solara.Tooltip(solara.Column(children=[solara.Text(line) for line in lines], gap="2px")):
        v.Icon(children=["mdi-information-outline"], small=True, class_="lab-info")
