"""What `mesh-abm scenarios` prints: for a person at 100 columns; piped, plain, one line per parameter."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mesh_abm.device_classes import DeviceClass
from mesh_abm.fields import FieldCard
from mesh_abm.origins import computed_by, value_sources
from mesh_abm.scenario import FIELDS, Scenario, ScenarioError, Shock, field_card
from mesh_abm.shocks import in_words
from mesh_abm.what_if import differences, generation

HEADINGS = ("parameter", "symbol", "value", "default", "range, unit")
WIDTHS = (23, 7, 15, 14, 37)  # 100 columns with the gaps of one between them
PIPED_WIDTH = 10_000  # where a program reads, no line is broken
DIGITS = 6  # shown on a terminal; all of them in a pipe and for a single field
FREE = "* may be changed during a run by a set shock"


def stdout() -> Console:
    """Standard output: with colors and wrapping on a terminal, plain and unbroken for a pipe."""
    console = Console(highlight=False)
    if console.is_terminal:
        return console
    return Console(highlight=False, width=PIPED_WIDTH, color_system=None)


def print_scenarios(console: Console, scenarios: Mapping[str, Scenario]) -> None:
    """A line per scenario, indented below its parent: its name, whom it is based on, and what it asks."""
    table = _table(console, "scenario", "based on", "question")
    for name, scenario in scenarios.items():
        indent = "  " * generation(name, scenarios)
        table.add_row(indent + name, scenario.based_on or "", Text(scenario.question or scenario.title))
    console.print(table)


def print_changes(console: Console, scenario: Scenario, parent: Scenario) -> None:
    """A line per field in which the scenario differs from the parent; then a line per shock."""
    table = _table(console, "parameter", parent.title or "parent", "value", "unit")
    for card in [card for card in differences(scenario, parent) if card.name != "shocks"]:
        was, value = (value_text(getattr(one, card.name), DIGITS) for one in (parent, scenario))
        table.add_row(card.name, Text(was), Text(value), card.unit)
    if table.row_count:
        console.print(table)
    if scenario.shocks != parent.shocks:
        lines = [in_words(shock) for shock in scenario.shocks] or ["none"]
        console.print(*(Text(f"shocks  {line}") for line in lines), sep="\n")


def print_all(console: Console, name: str, scenario: Scenario) -> None:
    """Every parameter with its value in the scenario, by the rule that it belongs to; then the device classes."""
    if console.is_terminal:
        _print_cards(console, name, scenario)
    else:
        console.print(_lines(console, scenario))
    console.print()
    print_classes(console, scenario)


def print_classes(console: Console, scenario: Scenario) -> None:
    """A line per device class of the scenario, and what the columns mean."""
    table = _table(console, *DeviceClass.cards())
    digits = 4 if console.is_terminal else 17
    for device in scenario.classes:
        table.add_row(*(value_text(value, digits) for _, value in device))
    console.print(table)
    for card in DeviceClass.cards().values():
        line = f"{card.name}: {card.meaning}" + (f" ({_range_unit(card)})" if card.range else "")
        console.print(Padding(Text(line, "dim"), (0, 0, 0, 2), expand=False))


def print_field(console: Console, name: str, scenario: Scenario, field: str) -> None:
    """All that is known of one parameter, with its value in the scenario and what that was computed from."""
    card = field_card(field)
    grid = Table.grid(padding=(0, 2))
    for label, text in _facts(name, scenario, field, card):
        if text:
            grid.add_row(Text(label, "dim"), Text(text))
    console.print(Text(f"{field}  {card.symbol}".rstrip(), "bold"))
    console.print(Padding(grid, (0, 0, 0, 2), expand=False))


def value_text(value: Any, digits: int = 17) -> str:
    """A value of a field in a few words, floats to so many digits."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(_item_text(item, digits) for item in value) or "none"
    if isinstance(value, float):
        return f"{value:.{digits}g}" if digits < 17 else str(value).removesuffix(".0")
    return str(value)


def _short(value: Any) -> str:
    """A value as it fits a column: the classes, which have a table of their own, by their number."""
    classes = isinstance(value, tuple) and value and isinstance(value[0], DeviceClass)
    return f"{len(value)}, see below" if classes else value_text(value, DIGITS)


def _item_text(item: Any, digits: int) -> str:
    """A class by its name, a shock by its kind and month, a number as it is."""
    if isinstance(item, DeviceClass):
        return item.name
    return f"{item.kind} in month {item.month}" if isinstance(item, Shock) else value_text(item, digits)


def _changed(scenario: Scenario, card: FieldCard) -> bool:
    return bool(getattr(scenario, card.name) != card.default)


def _range_unit(card: FieldCard) -> str:
    return ", ".join(part for part in (card.range, card.unit) if part)


def _starred(card: FieldCard) -> str:
    return f"{card.name} *" if card.shockable else card.name


def _print_cards(console: Console, name: str, scenario: Scenario) -> None:
    console.print(
        Text(f"{name}: {scenario.title}", "bold"), Text(scenario.question), Text(FREE, "dim"), sep="\n"
    )
    sources = value_sources(scenario)
    for group, cards in groupby(FIELDS.values(), key=lambda card: card.group):
        console.print()
        console.print(Text(group, "bold underline"))
        console.print(_row(*(Text(word, "dim") for word in HEADINGS)))
        for card in cards:
            _print_card(console, scenario, card, sources[card.name])


def _print_card(console: Console, scenario: Scenario, card: FieldCard, source: str) -> None:
    """Three lines: the numbers in columns, the meaning, the source; a value that is not the default in color."""
    style = "bold yellow" if _changed(scenario, card) else "bold"
    value = Text(_short(getattr(scenario, card.name)), style)
    default = Text(_short(card.default))
    console.print(
        _row(Text(_starred(card), "cyan"), Text(card.symbol), value, default, Text(_range_unit(card)))
    )
    words = Text(card.meaning)
    if source:
        words.append(f"\n{source}", "dim")
    console.print(Padding(words, (0, 0, 0, 2), expand=False))


def _row(*cells: Text) -> Table:
    row = Table.grid(padding=(0, 1, 0, 0))
    for width in WIDTHS:
        row.add_column(width=width, overflow="fold")
    row.add_row(*cells)
    return row


def _lines(console: Console, scenario: Scenario) -> Table:
    table = _table(console, *HEADINGS[:4], "range", "unit", "shockable", "meaning", "source", "group")
    sources = value_sources(scenario)
    for card in FIELDS.values():
        value, free = getattr(scenario, card.name), "yes" if card.shockable else "no"
        words = (
            card.name,
            card.symbol,
            value_text(value),
            value_text(card.default),
            card.range,
            card.unit,
            free,
        )
        table.add_row(*words, card.meaning, sources[card.name], card.group)
    return table


def _table(console: Console, *headings: str) -> Table:
    """A table without frame; on a terminal a rule stands under its head."""
    rule = box.SIMPLE_HEAD if console.is_terminal else None
    table = Table(box=rule, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    return table


def _facts(name: str, scenario: Scenario, field: str, card: FieldCard) -> list[tuple[str, str]]:
    return [
        ("meaning", card.meaning),
        (f"value in {name}", _field_value(scenario, field)),
        ("default", "" if field.startswith("classes.") else value_text(card.default)),
        ("allowed", card.allowed),
        ("group", card.group),
        ("source", card.source),
        ("set shocks", "may change it during a run" if card.shockable else "may not change it"),
        *_origin(scenario, field),
    ]


def _field_value(scenario: Scenario, field: str) -> str:
    """The value of a field; of a field of the classes, that of the one class named, or of each."""
    if not field.startswith("classes."):
        return value_text(getattr(scenario, field))
    _, *label, name = field.split(".")
    named = [device for device in scenario.classes if not label or device.name in label]
    if not named:
        raise ScenarioError(f"field {field!r}: must name one of {value_text(scenario.classes)}")
    return ", ".join(f"{device.name} {value_text(getattr(device, name))}" for device in named)


def _origin(scenario: Scenario, field: str) -> list[tuple[str, str]]:
    """How the calibration on data computed the value, if it did and the scenario kept it."""
    step = computed_by(scenario).get(f"classes.{field.rpartition('.')[2]}" if "." in field else field)
    if step is None:
        return []
    rests = "\n".join(
        f"{item.name} = {item.value} {item.unit} ({item.kind}: {item.source})" for item in step.inputs
    )
    return [("computed", f"{step.rule} ({step.kind})"), ("from", rests), ("note", step.note)]
