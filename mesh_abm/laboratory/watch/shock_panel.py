"""Buttons for shocks: each acts on the running model from next month on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reacton.ipyvuetify as v
import solara

from mesh_abm.laboratory.session import Session
from mesh_abm.laboratory.watch.controls import Card


@dataclass(frozen=True)
class Button:
    """One kind of shock: the sizes on offer, as shown and as they are, and what it means."""

    kind: str
    label: str
    meaning: str
    sizes: tuple[tuple[str, float], ...]
    lasting: bool = True  # whether it can end by itself


FACTORS = (("x 0.1", 0.1), ("x 0.5", 0.5), ("x 0.8", 0.8), ("x 1.25", 1.25), ("x 2", 2.0), ("x 10", 10.0))
SHARES = (("1%", 0.01), ("5%", 0.05), ("10%", 0.1), ("25%", 0.25), ("50%", 0.5))
BUTTONS = (
    Button(
        "price", "Provider's price", "The provider's price is multiplied: a price war, or a rise.", FACTORS
    ),
    Button(
        "capacity", "Provider's capacity", "The queries that the provider can answer are multiplied.", FACTORS
    ),
    Button(
        "merit", "Merit of devices", "What every device is worth beside the provider is multiplied.", FACTORS
    ),
    Button(
        "release",
        "Quality of the provider",
        "A better or worse hosted model: its quality is multiplied.",
        FACTORS,
    ),
    Button("hubs", "Attack on hubs", "The best linked members are removed, once.", SHARES, lasting=False),
    Button("random", "Random failure", "Members taken at random are removed, once.", SHARES, lasting=False),
)
DURATIONS = {"for good": None, "for 1 month": 1, "for 6 months": 6, "for 12 months": 12, "for 24 months": 24}


@solara.component
def Shocks(session: Session, worlds: int, happened: list[str]) -> None:
    """The buttons, and what has happened so far."""
    duration, set_duration = solara.use_state("for good")
    solara.Text("They begin next month" + (" in the what-if world only." if worlds > 1 else "."))
    v.Select(
        v_model=duration, on_v_model=set_duration, items=list(DURATIONS), dense=True, hide_details=True,
        label="prices, capacities, merits last", class_="lab-select shock-duration",
    )  # fmt: skip
    for button in BUTTONS:
        Row(session, button, DURATIONS[duration] if button.lasting else None)
    Bar(session)
    if happened:
        solara.Text("So far", classes=["lab-heading"])
        for line in happened:
            solara.Text(line, classes=["lab-happened"])


@solara.component
def Row(session: Session, button: Button, months: int | None) -> None:
    """One kind of shock, with a button for each size."""
    with solara.Div(classes=["lab-control", f"shock-{button.kind}"]):
        with solara.Row(gap="4px", classes=["lab-control-head"]):
            solara.Text(button.label)
            Card([button.meaning])
        with solara.Row(gap="4px", classes=["lab-sizes"]):
            for text, size in button.sizes:
                solara.Button(
                    text,
                    on_click=lambda size=size: session.shock(button.kind, size, months),
                    small=True,
                    outlined=True,
                    classes=["lab-size"],
                )


@solara.component
def Bar(session: Session) -> None:
    """A class of devices that may not join any more."""
    names = [device.name for device in session.scenario.classes]
    barred, set_barred = solara.use_state(names[0])
    chosen: Any = barred if barred in names else names[0]
    with solara.Div(classes=["lab-control", "shock-bar"]):
        with solara.Row(gap="4px", classes=["lab-control-head"]):
            solara.Text("Bar a class from joining")
            Card(["Nobody with a device of this class joins any more; members stay."])
        with solara.Row(gap="8px"):
            v.Select(
                v_model=chosen, on_v_model=set_barred, items=names, dense=True, hide_details=True,
                class_="lab-select",
            )  # fmt: skip
            solara.Button("bar", on_click=lambda: session.shock("bar", chosen), small=True, outlined=True)
