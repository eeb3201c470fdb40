"""Which charts the laboratory draws, and which lines stand in them: the same colors and dashes as in the report.

A line is a key, a label and what it shows of a month's record. Charts over months have a value a month for each line;
curves (wallets, degrees) are drawn anew each month from points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from math import nan
from typing import Any

from mesh_abm.figures import reasons as reason_figure
from mesh_abm.figures import style
from mesh_abm.terms import REASON_NAMES

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line: `key` is unique in the laboratory; `dash` is a pattern in pixels, empty for a solid line."""

    key: str
    label: str
    color: str
    dash: tuple[float, ...] = ()
    theory: bool = False
    of: Callable[[Record], float] | None = field(default=None, compare=False)

    def value(self, record: Record) -> float:
        """Return what the line shows in a month, NaN where there is nothing."""
        value = float(self.of(record) if self.of else record[self.key])
        return value if abs(value) < 1e30 else nan


@dataclass(frozen=True)
class Chart:
    """One chart: `help` says in a line what it shows; `low` and `high` are None where the data decide."""

    id: str
    title: str
    unit: str
    help: str
    lines: tuple[Line, ...]
    kind: str = "line"  # line | area (stacked) | curve (x is not the month)
    low: float | None = None
    high: float | None = None
    log: bool = False
    percent: bool = False
    x_label: str = "month"
    x_log: bool = False
    x_percent: bool = False

    def spec(self) -> dict[str, Any]:
        """Return what the client needs to draw it."""
        lines = [{k: v for k, v in asdict(line).items() if k != "of"} for line in self.lines]
        x: Any = (
            "month"
            if self.kind != "curve"
            else {"label": self.x_label, "log": self.x_log, "percent": self.x_percent}
        )
        return {
            "id": self.id, "title": self.title, "unit": self.unit, "help": self.help, "kind": self.kind,
            "x": x, "y": {"min": self.low, "max": self.high, "log": self.log, "percent": self.percent},
            "lines": lines,
        }  # fmt: skip


def _line(key: str, label: str, thing: str, of: Callable[[Record], float] | None = None) -> Line:
    """Return a line drawn as the report draws this thing."""
    dash = style.DASHES[thing]
    pattern = () if isinstance(dash, str) else tuple(dash[1])
    return Line(key, label, style.COLORS[thing], pattern, thing == "theory", of)


def _share(id: str, title: str, unit: str, help: str, *lines: Line, **more: Any) -> Chart:
    return Chart(id, title, unit, help, lines, low=0.0, high=1.0, percent=True, **more)


def _capability(record: Record) -> float:
    provider = record["c_cent"]
    return record["c_mesh"] / provider if provider else nan


def _critical(record: Record) -> float:
    needed = record["n_star"]
    return record["members"] / needed if needed else nan


def _one(record: Record) -> float:
    return 1.0


def _less(key: str, label: str, thing: str) -> Line:
    """Return the line of how much larger a measure is in this world than in the one that it forked from."""

    def difference(record: Record) -> float:
        other = record.get("other")
        return float(record[key] - other[key]) if other else nan

    return _line(f"less_{key}", label, thing, difference)


DIFFERENCE = Chart(
    "difference", "What the change does", "percentage points, what if less as it is",
    "Both worlds draw the same random numbers, so before the change this is exactly 0.",
    (
        _less("share_mesh", "mesh share", "mesh"), _less("share_self", "own device", "self"),
        _less("condensate", "condensate", "provider"), _less("s_inf", "S_inf", "head"),
        _less("specialization", "specialization", "tail"),
    ),
    percent=True,
)  # fmt: skip
"""The chart of a what-if; shown while there are two worlds."""

WATCHED: tuple[Chart, ...] = (
    DIFFERENCE,
    _share(
        "service", "Who serves the queries", "share of all queries",
        "Each month's questions: answered by another member's device, the asker's own, the provider, or nobody.",
        _line("share_mesh", "mesh", "mesh"), _line("share_self", "own device", "self"),
        _line("share_provider", "provider", "provider"), _line("share_unserved", "nobody", "unserved"),
    ),
    _share(
        "component", "Largest component, S_inf", "share of members",
        "The largest group of members connected through links between devices; equation (2) is what a random network "
        "with as many links would have.",
        _line("s_inf", "simulated", "mesh"), _line("s_inf_theory", "equation (2)", "theory"),
    ),
    _share(
        "condensate", "Condensate: links on provider", "share of filled slots",
        "The part of all links that point to the provider; the prediction follows from churn, link failure and merits.",
        _line("condensate", "simulated", "provider"), _line("condensate_theory", "predicted", "theory"),
    ),
    _share(
        "head_tail", "Mesh share: head, long tail", "share of their queries",
        "Head: the quarter of task types asked most; long tail: all others. Which part does the mesh win first?",
        _line("share_mesh_head", "head", "head"), _line("share_mesh_tail", "long tail", "tail"),
    ),
    Chart(
        "capability", "Capability of the mesh", "ratio, log scale",
        "Above 1 the connected devices could answer as much as the provider, counting that many types are served; "
        "N / N*: members relative to the critical size.",
        (
            _line("capability_ratio", "C_mesh / C_cent", "mesh", _capability),
            _line("critical_mass", "N / N*", "head", _critical),
            _line("parity", "parity", "theory", _one),
        ),
        log=True,
    ),
    _share(
        "roles", "Specialization and hubs", "index; share of work",
        "Specialization: 0 if a device does all types alike, 1 if one only. Hub share: part of the work done by the "
        "busiest 1 in 100 devices.",
        _line("specialization", "specialization", "head"), _line("hub_share", "hub share", "tail"),
    ),
    Chart(
        "prices", "Prices and spreads", "micro-credits a query",
        "Ask: what devices want; bid: the pay at which a typical offer ties with the provider's.",
        (
            _line("ask", "mean ask", "ask"), _line("bid", "mean bid", "bid"),
            _line("provider_price", "provider's price", "provider"),
        ),
        low=0.0,
    ),
    _share(
        "reasons", "Why devices did not serve", "share of members' queries",
        "Questions of members that neither the mesh nor their own device answered, by the reason.",
        *(
            Line(f"reason_{name}", REASON_NAMES[name], color)
            for name, color in reason_figure.FILLS.items()
        ),
        kind="area",
    ),
    _share(
        "membership", "Members", "share of owners",
        "Owners whose device is in the mesh.",
        _line("membership", "members", "mesh"),
    ),
    Chart(
        "wallets", "Wallets (Lorenz curve)", "share of the money",
        "The poorest members on the left: the further the curve sags, the more unequal the wallets.",
        (_line("lorenz", "wallets", "mesh"), _line("equal", "all alike", "theory")),
        kind="curve", low=0.0, high=1.0, percent=True, x_label="poorest share of members", x_percent=True,
    ),
    Chart(
        "degrees", "Degrees of devices", "share with at least k",
        "How many devices have at least k links to others; on these axes a power law would be a straight line.",
        (_line("degree", "simulated", "mesh"), _line("tail_fit", "best power-law tail", "theory")),
        kind="curve", log=True, x_label="links k", x_log=True,
    ),
)  # fmt: skip
"""The charts of the Watch page, in order."""


def series_keys(charts: tuple[Chart, ...]) -> list[str]:
    """Return the keys of all lines over months, in the order in which a frame carries their values."""
    return [line.key for chart in charts if chart.kind != "curve" for line in chart.lines]


def chosen(*ids: str) -> tuple[Chart, ...]:
    """Return the charts of these ids."""
    by_id = {chart.id: chart for chart in WATCHED}
    return tuple(by_id[id] for id in ids)
