"""What `mesh-abm data calibrate` prints: every parameter with its rule and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mesh_abm.calibration import Calibration, Input, Step
from mesh_abm.calibration.export import sources
from mesh_abm.calibration.steps import UNSOURCED
from mesh_abm.cli.data_tables import INDENT, grid, heading
from mesh_abm.scenario import FIELDS
from mesh_abm.wording import number

SCENARIOS = {"central": "baseline", "optimist": "optimist", "pessimist": "pessimist"}
COLUMNS = ("parameter", "value", "unit", "kind")
WIDTHS = (22, 21, 32, 10)
CLASS_COLUMNS = ("share", "model", "speed", "quality", "merit", "capacity", "running_cost")


def print_calibration(console: Console, calibration: Calibration, details: bool = False) -> None:
    """Every parameter, those without source apart; classes, ranges, what nobody measured, what keeps its default."""
    title = f"{calibration.which.upper()}: what the scenario `{SCENARIOS[calibration.which]}` runs on"
    heading(console, f"{title} (one credit is one US dollar)", gap=False)
    steps = [step for step in calibration.steps if not step.kept]
    for name, group in _groups(steps).items():
        heading(console, name)
        _print_steps(console, calibration, group, details)
    _print_classes(console, calibration)
    _print_ranges(console, calibration)
    _print_assumptions(console, calibration)
    _print_kept(console, calibration)
    if not details:
        console.print("\n--details shows every input of every rule, with its kind and source", style="dim")


def _groups(steps: Sequence[Step]) -> dict[str, list[Step]]:
    return {
        "THE RUN": [step for step in steps if step.design],
        "FROM SOURCES": [step for step in steps if step.kind not in UNSOURCED],
        "RESTING ON SOMETHING RECALLED OR ASSUMED": [
            step for step in steps if step.kind in UNSOURCED and not step.design
        ],
    }


def _print_steps(console: Console, calibration: Calibration, steps: Sequence[Step], details: bool) -> None:
    """Two parts a step: parameter, value, unit and kind in columns; under them the rule and what belongs to it."""
    console.print(_columns(*(Text(title, "dim") for title in COLUMNS)))
    for step in steps:
        name = Text(step.field, "cyan") if step.sets else Text(f"({step.field})", "dim")
        console.print(_columns(name, Text(_shown(step), "bold"), Text(step.unit), Text(step.kind)))
        console.print(Padding(Text(f"{step.rule}."), INDENT, expand=False))
        for label, text in _details(calibration, step) if details else _remarks(step):
            console.print(Padding(Text.assemble((f"{label}: ", "dim"), text), INDENT, expand=False))


def _columns(*cells: Text) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    for index, width in enumerate(WIDTHS):
        made.add_column(width=width, justify="right" if index == 1 else "left", no_wrap=True)
    made.add_row(*cells)
    return made


def _remarks(step: Step) -> Iterable[tuple[str, str]]:
    for beside in step.beside:
        yield f"beside: {beside.name}", f"{_figure(beside.value)} {beside.unit}".rstrip()
    if step.note:
        yield "note", step.note
    if step.inputs:
        steps = dict.fromkeys(
            item.source.removeprefix("step ") for item in step.inputs if item.source.startswith("step ")
        )
        yield "sources", ", ".join([*sources(step), *(f"({name})" for name in steps)])


def _details(calibration: Calibration, step: Step) -> Iterable[tuple[str, str]]:
    for item in step.inputs:
        origin = "computed here" if item.source.startswith("step ") else item.source.replace(";", ", ")
        yield (
            "from",
            f"{item.name} = {_figure(item.value)} {item.unit}".rstrip() + f" ({item.kind}: {origin})",
        )
    if step.ends[calibration.which]:
        yield "range", step.ends[calibration.which]
    yield from (remark for remark in _remarks(step) if remark[0] != "sources")


def _print_classes(console: Console, calibration: Calibration) -> None:
    steps = {key: calibration[f"classes.{key}"] for key in CLASS_COLUMNS}
    bar = calibration["capable_merit"].number
    heading(console, f"DEVICE CLASSES (a merit of {_figure(bar)} or more may join at the start)")
    rows = [
        (
            name,
            *(_class_value(step, name) for step in steps.values()),
            "yes" if steps["merit"].of(name) >= bar else "no",
        )
        for name in _values(steps["share"])
    ]
    console.print(grid(("class", *CLASS_COLUMNS, "joins"), rows, right=(1, 3, 4, 5, 6, 7)))


def _print_ranges(console: Console, calibration: Calibration) -> None:
    heading(
        console,
        "RANGES: baseline takes the central value, optimist the end that favors the mesh, pessimist the other",
    )
    moving = dict.fromkeys(item for step in calibration.steps for item in step.inputs if item.ranged)
    console.print(
        grid(("figure", "range", "favors the mesh", "because", "taken here"), map(_range_row, moving))
    )


def _range_row(item: Input) -> tuple[str, ...]:
    taken = {"central": "central", "low": "low end", "high": "high end"}[item.end]
    return item.name, _range(item), f"{item.favors} end", item.why, f"{_figure(item.value)} ({taken})"


def _print_assumptions(console: Console, calibration: Calibration) -> None:
    heading(console, "WHAT NOBODY MEASURED: figures recalled or assumed, and what they enter directly")
    rows = [
        (item.name, _figure(item.value), item.unit, _range(item), item.kind, ", ".join(fields))
        for item, fields in calibration.assumptions().items()
    ]
    console.print(grid(("figure", "value", "unit", "range", "kind", "enters"), rows))


def _print_kept(console: Console, calibration: Calibration) -> None:
    heading(console, "ASSUMED: REFERENCE VALUE (no figure was found, so the default is kept)")
    kept = (
        f"{name} {'none' if FIELDS[name].default is None else FIELDS[name].default}"
        for name in calibration.kept()
    )
    console.print(Padding(Text(", ".join(kept)), INDENT, expand=False))


def _values(step: Step) -> dict[str, float] | dict[str, str]:
    return step.value if isinstance(step.value, dict) else {}


def _class_value(step: Step, name: str) -> str:
    if step.field == "classes.share":
        return f"{100 * step.of(name):.3g}%"
    return _figure(_values(step)[name], 3)


def _shown(step: Step) -> str:
    return "by class" if isinstance(step.value, dict) else _figure(step.value)


def _figure(value: float | str, digits: int = 4) -> str:
    """A text as it is, a number to so many digits without idle zeros."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "^" not in text else text


def _range(item: Input) -> str:
    return (
        "" if item.low is None or item.high is None else f"{_figure(item.low, 3)} to {_figure(item.high, 3)}"
    )
