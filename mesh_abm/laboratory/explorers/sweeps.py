"""The sweep viewer: phase diagrams and response curves of the stores that the server was started with."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import solara
from solara import v

from mesh_abm.errors import UserError
from mesh_abm.figures.figure import Figure
from mesh_abm.laboratory.explorers import stores
from mesh_abm.laboratory.explorers.bounds import Bounds
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.explorers.parts import Number, Page, Picture, drawing, use_job
from mesh_abm.laboratory.explorers.stores import Choice, Listed

LOOK = 2.0
"""Seconds between looks at the folder."""
LAG = 0.1
"""Seconds at most until a change of the choice is drawn."""
LAST = Bounds(1, 60, 1, "months averaged")
LAST_CARD = ("The measure is averaged over so many months at the end of each run.",)
KINDS = [
    {"text": "phase diagram: a map over two fields", "value": "phase"},
    {"text": "response curve: over one field", "value": "response"},
]


@dataclass(frozen=True)
class Shelf:
    """What the folder holds now: the stores, why there is none, and what changes when a run is added to one."""

    stores: tuple[Listed, ...] = ()
    why_none: str = ""
    versions: tuple[tuple[int, int], ...] = ()


@solara.component
def SweepViewer() -> None:
    """The page: choose a store, what to draw of it, and see it grow if it is in the making."""
    shelf = use_shelf()
    name, choose = solara.use_state("")
    with Page("Sweeps", "Many runs at once: where in the space of parameters does a mesh appear?"):
        if shelf is None:
            solara.Text("Looking for sweeps ...")
        elif not shelf.stores:
            solara.Info(shelf.why_none, icon=False, classes=["lab-hint"])
        else:
            names = [one.name for one in shelf.stores]
            at = names.index(name) if name in names else 0
            Shown(shelf.stores, at, shelf.versions[at], choose)


def use_shelf() -> Shelf | None:
    """Return what the folder holds, kept up to date; None before the first look."""
    shelf, set_shelf = solara.use_state(None)

    def watch(job: Job[None]) -> None:
        seen = None
        while True:
            now = _look()
            if now != seen:
                seen = now
                set_shelf(now)
            job.check(LOOK)

    job = use_job(watch, [])
    if job is not None and job.error:
        return Shelf(why_none=f"The folder of sweeps cannot be read. {job.error}")
    found: Shelf | None = shelf
    return found


@solara.component
def Shown(
    shelf: tuple[Listed, ...], at: int, version: tuple[int, int], choose: Callable[[str], None]
) -> None:
    """A store of the list."""
    chosen = shelf[at]
    if chosen.broken:
        with solara.Div(classes=["lab-columns"]):
            with solara.Div(classes=["lab-fixed-side"]):
                _stores(shelf, chosen, choose)
            with solara.Div(classes=["lab-main"]):
                solara.Error(f"This store cannot be shown: {chosen.says}", dense=True)
    else:
        Open(shelf, chosen, version, choose).key(chosen.name)


@solara.component
def Open(
    shelf: tuple[Listed, ...], chosen: Listed, version: tuple[int, int], choose: Callable[[str], None]
) -> None:
    """A store that can be read: what to draw at the left, the figure at the right."""
    with solara.Div(classes=["lab-columns"]):
        with solara.Div(classes=["lab-fixed-side"]):
            _stores(shelf, chosen, choose)
            solara.Text(chosen.says, classes=["lab-says", "store-progress"])
            choice = use_choice(chosen.name, version)
        with solara.Div(classes=["lab-main"]):
            if isinstance(choice, str):
                solara.Info(choice, icon=False)
            else:
                Drawn(chosen.name, choice, version)


@solara.component
def Drawn(name: str, choice: Choice, version: tuple[int, int]) -> None:
    """The figure of a choice; the last one stays until the next is ready."""
    figure, error = use_figure(name, choice, version)
    if error:
        solara.Error(error, dense=True)
        return
    if figure is None:
        solara.ProgressLinear(True)
        return
    Picture(figure.image, figure.title)
    solara.Text(figure.sentence, classes=["lab-says"])
    solara.FileDownload(
        lambda: figure.data.to_csv(index=False).encode(),
        filename=f"{name}-{figure.name}.csv",
        label="data of the figure (CSV)",
    )


def use_figure(name: str, choice: Choice, version: tuple[int, int]) -> tuple[Figure | None, str]:
    """Return the newest figure of a store that is ready, and why there is none.

    One job draws for as long as the store is looked at: a store that grows faster than it is drawn is drawn still.
    """
    wanted: Any = solara.use_ref(None)
    wanted.current = (choice, version)
    found, set_found = solara.use_state((None, ""))

    def draw(job: Job[None]) -> None:
        drawn = None
        while True:
            if wanted.current != drawn:
                drawn = wanted.current
                set_found(_drawn(name, *drawn))
            job.check(LAG)

    use_job(draw, [name])
    return found[0], found[1]


def use_choice(name: str, version: tuple[int, int]) -> Choice | str:
    """Show what can be chosen and return the choice, or why there is nothing to choose."""
    kind, set_kind = solara.use_state("phase")
    picked, set_picked = solara.use_state({})
    last, set_last = solara.use_state(12)
    fields, measures, why = solara.use_memo(lambda: _offered(name), [name, version])
    if why:
        return str(why)

    def select(role: str, label: str, items: list[str], value: str) -> None:
        v.Select(
            v_model=value, on_v_model=lambda new: set_picked({**picked, role: new}), items=items, dense=True,
            hide_details=True, label=label, class_=f"lab-select lab-axis-{role}",
        )  # fmt: skip

    kind = kind if len(fields) > 1 else "response"
    x = _one_of(fields, picked.get("x"), 0)
    y = _one_of([field for field in fields if field != x], picked.get("y"), 0)
    measure = _one_of(measures, picked.get("measure"), measures.index("s_inf") if "s_inf" in measures else 0)
    if len(fields) > 1:
        v.Select(
            v_model=kind, on_v_model=set_kind, items=KINDS, dense=True, hide_details=True, label="figure",
            class_="lab-select lab-kind",
        )  # fmt: skip
    select("x", "across", fields, x)
    if kind == "phase":
        select("y", "upwards", [field for field in fields if field != x], y)
    select("measure", "measure", measures, measure)
    Number("last", LAST, last, lambda value: set_last(round(value)), LAST_CARD, str(last))
    return Choice("phase" if kind == "phase" else "response", x, y, measure, last)


def _stores(shelf: tuple[Listed, ...], chosen: Listed, choose: Callable[[str], None]) -> None:
    """Show the list of stores."""
    items = [{"text": f"{one.name} (broken)" if one.broken else one.name, "value": one.name} for one in shelf]
    v.Select(
        v_model=chosen.name, on_v_model=choose, items=items, dense=True, hide_details=True, label="store",
        class_="lab-select lab-store",
    )  # fmt: skip


def _look() -> Shelf:
    found = tuple(stores.listed())
    return Shelf(found, stores.nothing_to_show(), tuple(stores.version(one.name) for one in found))


def _drawn(name: str, choice: Choice, version: tuple[int, int]) -> tuple[Figure | None, str]:
    try:
        return _figure(name, choice, version), ""
    except UserError as error:
        return None, str(error)
    except Exception as error:
        traceback.print_exc()
        return None, f"The figure cannot be drawn: {type(error).__name__}: {' '.join(str(error).split())}"


@lru_cache(maxsize=32)
def _figure(name: str, choice: Choice, version: tuple[int, int]) -> Figure:
    """Return the figure of a version of a store: drawn once for all who look at it."""
    with drawing:
        return stores.drawn(name, choice)


def _offered(name: str) -> tuple[list[str], list[str], str]:
    """Return the fields and measures of a store, and why there are none."""
    try:
        store = stores.opened(name)
        fields, measures = stores.fields_to_draw(store), stores.measures_to_draw(store)
    except (UserError, OSError, ValueError) as error:
        return [], [], f"This store cannot be shown: {error}"
    if not fields:
        return [], [], "This store varies no field over numbers, so there is nothing to draw over."
    if not measures:
        return [], [], "No run of this store is done yet; this page shows the first ones as they come."
    return fields, measures, ""


def _one_of(items: list[str], wanted: Any, otherwise: int) -> str:
    return str(wanted) if wanted in items else items[otherwise] if items else ""
