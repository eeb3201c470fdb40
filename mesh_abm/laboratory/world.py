"""A world: one running model of a visitor, what was seen of it so far, and how it looks now.

Whatever happens to it is a shock of its scenario that begins next month, so a run that was played with equals
`mesh_abm.run` of the scenario it ends with, bit for bit. Nothing here knows threads or browsers.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.comparison import forking
from mesh_abm.figures import style
from mesh_abm.laboratory import frame as picture
from mesh_abm.laboratory.charts import DIFFERENCE, WATCHED, Chart, series_keys
from mesh_abm.laboratory.glossary import explain
from mesh_abm.laboratory.layout import Layout
from mesh_abm.laboratory.limits import LimitError, limits
from mesh_abm.model import MeshModel
from mesh_abm.network import PROVIDER
from mesh_abm.phases import PHASES, phase
from mesh_abm.scenario import Scenario
from mesh_abm.shocks import Shock
from mesh_abm.state import IDLE
from mesh_abm.terms import type_names
from mesh_abm.why import Recorder
from mesh_abm.wording import percent

REMEMBERED = 600
"""Months that the charts show."""
MEMORY, PAST = 32_000_000, (24, 240)
"""Bytes for the past of devices, and for how many months it is kept, at least and at most."""


@dataclass
class Frame:
    """A month as the client gets it: a small dictionary and a buffer (see `mesh_abm.laboratory.frame`)."""

    meta: dict[str, Any]
    buffer: bytes


class World:
    """A model with its history. `charts` decide what is remembered of each month.

    Raises LimitError for a scenario that is larger than the server grants.
    """

    def __init__(self, scenario: Scenario, charts: tuple[Chart, ...] = WATCHED) -> None:
        limits().check(scenario)
        self.charts = charts
        self.model = MeshModel.from_scenario(scenario, rng=scenario.seed)
        self.layout = Layout(scenario.n_owners)
        self._lines = [line for chart in charts if chart.kind != "curve" for line in chart.lines]
        self._months: deque[int] = deque(maxlen=REMEMBERED)
        self._rows: deque[npt.NDArray[np.float32]] = deque(maxlen=REMEMBERED)
        self._tail = (np.nan, np.nan)
        self.recorder = Recorder(self.model, months=_remembered_months(self.model))
        self.recorder.see(self.model)
        self._other: World | None = None  # the world that it forked from
        self._remember()

    @property
    def month(self) -> int:
        return int(self.model.month)

    @property
    def scenario(self) -> Scenario:
        """The scenario with all that was done to it so far."""
        return self.model.spec

    @property
    def phase(self) -> str:
        """before, nucleation, crystallization or maturity (docs/model.md, phases)."""
        recorded = self.model.datacollector.model_vars
        return phase(pd.DataFrame({name: recorded[name] for name in ("month", "s_inf", "market_share")}))

    def series(self) -> pd.DataFrame:
        """Every measure, a row a month, as `mesh_abm.run` gives it."""
        series: pd.DataFrame = self.model.datacollector.get_model_vars_dataframe()
        return series

    def step(self) -> None:
        """Go on by a month. Raises LimitError at the last month that the server grants."""
        if self.month >= limits().months:
            raise LimitError(
                f"month {self.month}: this server grants runs of {limits().months} months; Reset starts anew"
            )
        self.model.step()
        self.recorder.see(self.model)
        self._remember()

    def change(self, shocks: Iterable[Shock]) -> None:
        """Let shocks happen; they begin next month or later. Raises ScenarioError or LimitError, changing nothing."""
        new = tuple(shocks)
        if early := [shock for shock in new if shock.month <= self.month]:
            raise LimitError(
                f"month = {early[0].month}: must be after month {self.month}, which has been run"
            )
        changed = self.scenario.replace(shocks=(*self.scenario.shocks, *new))
        limits().check(changed)
        self.model.spec = changed

    def fork(self) -> World:
        """Return a second world that is the same up to now, random numbers to come included.

        It is compared with this one, which must be stepped first.
        """
        other = copy.copy(self)
        other.model = forking.fork(self.model, self.scenario)
        other.layout, other.recorder = copy.deepcopy((self.layout, self.recorder))
        other._other = self
        other._months, other._rows = self._months.copy(), self._rows.copy()
        return other

    # -- what the client gets ------------------------------------------------------------------------------------

    def frame(self, world: int = 0) -> Frame:
        """Return the present month as a picture."""
        parts = picture.Parts()
        rows = picture.add_network(parts, self.model, self.layout)
        heat = picture.add_heat(parts, self.model, rows)
        curves = picture.add_curves(parts, self.model, self._tail)
        parts.add("values", self._rows[-1])
        meta = {
            "type": "frame", "world": world, "month": self.month, "phase": self.phase,
            "caption": self.caption(rows.size), "shown": int(rows.size), "members": int(self.model.members.size),
            "heat": heat, "curves": curves, "provider": self._provider(), "parts": parts.where,
        }  # fmt: skip
        return Frame(meta, parts.buffer())

    def history(self, world: int = 0) -> Frame:
        """Return all months that the charts show."""
        parts = picture.Parts()
        parts.add("month", np.array(self._months, np.float32))
        parts.add("values", np.array(self._rows, np.float32))
        return Frame({"type": "history", "world": world, "parts": parts.where}, parts.buffer())

    def caption(self, shown: int) -> str:
        """Return the state of the mesh in one line."""
        record, members = self.model.record, int(self.model.members.size)
        text = f"{members:,} of {self.scenario.n_owners:,} owners are members"
        if shown < members:
            text += f" (the picture shows a fixed sample of {shown:,} of them)"
        if members:
            text += f" · largest component {percent(record['s_inf'])} of them"
        if record["share_mesh"] == record["share_mesh"]:
            text += f" · mesh serves {percent(record['share_mesh'])} of queries"
        return text

    def device_lines(self, row: int) -> list[str]:
        """Return a device's state this month in a few lines."""
        model, state = self.model, self.model.state
        kind = model.spec.classes[state.device_class[row]].name
        if not state.member[row]:
            return [f"Owner {row} ({kind}): not a member"]
        names, task = type_names(model.spec), int(state.task[row])
        main = int(state.shares[row].argmax())
        links = int(model.network.degree[row])
        hosted = int((model.network.slots[row] == PROVIDER).sum())
        doing = f"works on {names[task]}" if task != IDLE else "is idle"
        return [
            f"Device {row} ({kind}), a member since month {state.joined[row]}",
            f"{doing}; mostly {names[main]} ({percent(state.shares[row, main])} of its work)",
            f"answered {state.load[row]} of {state.capacity[row]} possible queries, {state.delivered[row]} for others, "
            f"relayed {state.relayed[row]}",
            f"{links} links to devices, {hosted} to the provider",
            f"asks {state.ask[row]:,} micro-credits a query; wallet {state.wallet[row]:,}",
        ]

    def _provider(self) -> dict[str, Any]:
        share = float(self.model.record["share_provider"])
        known = share == share
        label = f"provider: {percent(share)} of queries" if known else "provider"
        return {"share": share if known else 1.0, "label": label}

    # -- memory --------------------------------------------------------------------------------------------------

    def _remember(self) -> None:
        record = self._record()
        self._months.append(self.month)
        self._rows.append(np.array([line.value(record) for line in self._lines], np.float32))
        if np.isfinite(record["tail_exponent"]):
            self._tail = (float(record["tail_exponent"]), float(record["tail_start"]))

    def _record(self) -> dict[str, Any]:
        """Return the month's measures and what the charts derive from the table by type."""
        rows = self.model.datacollector.tables["types"]
        last = slice(-self.scenario.task_types, None)
        offered = [(a, b) for a, b in zip(rows["mean_ask"][last], rows["bid"][last], strict=True) if a == a]
        ask, bid = (
            (float(np.mean(column)) for column in zip(*offered, strict=True)) if offered else (np.nan, np.nan)
        )
        membership = self.model.members.size / self.scenario.n_owners
        other = self._other.model.record if self._other is not None else None
        return {**self.model.record, "ask": ask, "bid": bid, "membership": membership, "other": other}


def _remembered_months(model: MeshModel) -> int:
    """Return for how many months the past of every device is kept: fewer of many devices."""
    monthly = model.state.n_owners * (18 + 6 * model.state.n_types)
    return int(np.clip(MEMORY // monthly, *PAST))


def client_spec(worlds: list[World], panels: list[str] | None = None) -> dict[str, Any]:
    """Return what the client must know before it draws: charts, keys of a frame's values, names and colors."""
    first = worlds[0]
    names = type_names(first.scenario)
    return {
        "keys": series_keys(first.charts),
        "charts": [chart.spec() for chart in first.charts],
        "tasks": [
            {"name": name, "color": style.TASK_COLORS[j % len(style.TASK_COLORS)]} for j, name in enumerate(names)
        ],
        "heat": {
            "title": "Who works on what", "rows": "devices, sorted by main type", "columns": "task types",
            "help": "Each row is a device (or a group): the darker, the larger the part of its work on that type.",
        },
        "provider": {"color": style.COLORS["provider"]},
        "worlds": len(worlds),
        "world_names": ["as it is", "what if"][: len(worlds)],
        "panels": panels or _panels(worlds),
        "phases": [] if panels else [{"name": name, "help": explain(name)} for name in PHASES],
        "question": "" if panels else first.scenario.question,
    }  # fmt: skip


def _panels(worlds: list[World]) -> list[str]:
    """Return what is shown, in order: the difference only where there is something to compare."""
    ids = [chart.id for chart in worlds[0].charts if chart.id != DIFFERENCE.id or len(worlds) > 1]
    return ["network", *ids[:4], "heat", *ids[4:]]
