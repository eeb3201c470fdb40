"""The phase explorer: what theory says of the provider's hold on links, beside a small network that lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara import v

from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import condensate
from mesh_abm.laboratory.explorers import phase_charts as charts
from mesh_abm.laboratory.explorers.condensate import RANGES, Point
from mesh_abm.laboratory.explorers.parts import Number, Page, field_lines, use_news
from mesh_abm.laboratory.runner import Runner
from mesh_abm.laboratory.staging import RunButtons, use_sender, use_stage
from mesh_abm.laboratory.watch.controls import Card
from mesh_abm.laboratory.widgets import Plot, Stage
from mesh_abm.laboratory.world import World, client_spec

QUESTION = "Rich get richer, or fittest get richest? How good must devices be to dissolve the provider's hold on links?"
PANELS = ["network", "condensate", "component"]
FIELDS = {
    "merit": "classes.merit",
    "merit_spread": "merit_spread",
    "churn": "churn",
    "link_failure": "link_failure",
}
POPULATIONS = [
    {"text": "steady: leavers replaced", "value": "fixed"},
    {"text": "growing: nobody leaves", "value": "growth"},
]
PACE = 1.0
"""Seconds between the times that the page says what is measured."""
AHEAD = 60
"""Months that one button runs."""


class Explorer:
    """One visitor's point and running network; a refusal is kept as a sentence."""

    def __init__(
        self, send: Callable[[dict[str, Any], list[bytes]], None], notify: Callable[[], None]
    ) -> None:
        self.point = Point()
        self.refusal, self.refusals = "", 0
        self.runner = Runner([condensate.world_at(self.point)], send, notify, every=0.5)
        self._notify = notify

    @property
    def world(self) -> World:
        """The network that is running."""
        return self.runner.worlds[0]

    def go(self, name: str, value: Any) -> None:
        """Move a slider: the running network goes there with the next month, or a new one begins there."""
        before = self.point
        try:
            after = before.moved(name, value)
            if condensate.needs_new_world(before, after):
                self._begin(after)
            else:
                self.runner.act(lambda worlds: condensate.move(worlds[0], before, after))
        except UserError as error:
            self.refusal, self.refusals = str(error), self.refusals + 1
        else:
            self.point, self.refusal = after, ""
        self._notify()

    def begin(self) -> None:
        """Begin anew where the sliders stand."""
        self.refusal = ""
        self._begin(self.point)
        self._notify()

    def _begin(self, point: Point) -> None:
        playing = self.runner.playing
        self.runner.replace([condensate.world_at(point)])
        if playing:
            self.runner.play()


@solara.component
def PhaseExplorer() -> None:
    """The page: sliders, theory, the live network."""
    news, tell = use_news()
    holder, send = use_sender()
    explorer: Explorer = solara.use_memo(lambda: Explorer(send, tell), [])
    spec = solara.use_memo(lambda: client_spec(explorer.runner.worlds, PANELS), [])
    with Page("Phases", QUESTION):
        RunBar(explorer, news)
        with solara.Div(classes=["lab-phase-columns"]):
            Sliders(explorer, explorer.point, explorer.refusals)
            with solara.Div():
                Theory(explorer.point, round(condensate.measured(explorer.world), 2))
            with solara.Div():
                stage = Stage.element(spec=spec, theory=True)

    use_stage(stage, holder, explorer.runner, explorer.runner.hear, lambda: None)


@solara.component
def RunBar(explorer: Explorer, news: int) -> None:
    """The buttons of the run, and what is measured beside what is predicted."""
    runner = explorer.runner
    with solara.Div(classes=["lab-run"]):
        RunButtons(runner.busy, runner.play, runner.pause, runner.step, "phase")
        solara.Button(
            f"{AHEAD} months on", icon_name="mdi-fast-forward", outlined=True, classes=["phase-ahead"],
            on_click=lambda: runner.run_to(explorer.world.month + AHEAD),
        )  # fmt: skip
        solara.Button(
            "Begin anew",
            icon_name="mdi-restart",
            outlined=True,
            on_click=explorer.begin,
            classes=["phase-reset"],
        )
    solara.Text(condensate.sentence(explorer.world, explorer.point), classes=["lab-says", "phase-says"])
    error = explorer.refusal or runner.error
    if error:
        solara.Error(error, dense=True, classes=["lab-error"])


@solara.component
def Sliders(explorer: Explorer, point: Point, refusals: int) -> None:
    """Where the network is led: each slider with unit, range and source."""
    with solara.Div(classes=["lab-panel"]):
        v.Select(
            v_model=point.population, on_v_model=lambda value: explorer.go("population", value), items=POPULATIONS,
            dense=True, hide_details=True, label="population", class_="lab-select phase-population",
        )  # fmt: skip
        for name, bounds in RANGES.items():
            if point.population == "growth" and name in condensate.RATES:
                continue
            value = getattr(point, name)
            card = field_lines(FIELDS[name], bounds)
            Number(name, bounds, value, _going(explorer, name), card, f"{value:g}").key(f"{name}-{refusals}")
        with solara.Row(gap="4px"):
            solara.Text("What acts when", classes=["lab-muted"])
            Card(
                [
                    "Merit, churn and link failure act on the running network from the next month on.",
                    "The spread of merit and the kind of population are given once: the network begins anew.",
                    "Every contact is welcome here (link value 1), and technology stands still.",
                ]
            )


@solara.component
def Theory(point: Point, measured: float) -> None:
    """The two charts of the theory, with where the network is upon them."""
    over_merit, boundary = solara.use_memo(
        lambda: (charts.over_merit(point), charts.boundary(point)), [point]
    )
    with solara.Div(classes=["lab-phase-theory"]):
        Plot.element(
            name="over-merit", spec=charts.OVER_MERIT.spec(), data=over_merit, domain=list(charts.MERITS),
            marks=charts.here(point, measured),
        )  # fmt: skip
        Plot.element(
            name="boundary", spec=charts.BOUNDARY.spec(), data=boundary, domain=list(charts.CHURNS),
            marks=charts.place(point),
        )  # fmt: skip


def _going(explorer: Explorer, name: str) -> Callable[[float], None]:
    return lambda value: explorer.go(name, value)
