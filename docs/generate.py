"""Writes the generated tables of the documentation: `python -m docs.generate`, in the folder of the project.

A page marks where a table goes, and what stands between the two marks is replaced:

    <!-- generated: measures -->
    <!-- end of measures -->

tests/test_docs.py says whether the committed tables are up to date.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

from mesh_abm.calibration import calibrate
from mesh_abm.comparison import SWITCHES
from mesh_abm.device_classes import DeviceClass
from mesh_abm.fields import FieldCard
from mesh_abm.fits import PREDICTIONS
from mesh_abm.laboratory.limits import Limits, variable
from mesh_abm.measures import COLUMNS, REGISTRY, Measure
from mesh_abm.rules import Rules, default_rules
from mesh_abm.scenario import FIELDS, Scenario
from mesh_abm.shocks import Shock, in_words
from mesh_abm.what_if import differences, shipped

DOCS = Path(__file__).resolve().parent
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
REPEATED = "docs/model.md, "  # the page these tables stand on need not name itself


def main() -> None:
    """Rewrites every page of the documentation and tells which changed."""
    for page in pages():
        old = page.read_text("utf-8")
        new = rewritten(old)
        if new != old:
            page.write_text(new, "utf-8")
        print(f"{page.name}: {'rewritten' if new != old else 'up to date'}")


def pages() -> list[Path]:
    """The pages of the documentation."""
    return sorted(DOCS.glob("*.md"))


def rewritten(text: str) -> str:
    """The text with every marked block filled; KeyError for a mark that names no block."""
    return MARKED.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def limits_block() -> str:
    """What a server of the laboratory grants."""
    rows = (
        (f"`{variable(limit.name)}`", f"{limit.default:,.0f}", limit.metadata["meaning"])
        for limit in dataclass_fields(Limits)
    )
    return table(("variable", "default", "how much"), rows)


def rules_block() -> str:
    """The rules of a month in order: name in `Rules`, class, file, and what the class says of itself."""
    rules = default_rules()
    rows = []
    for part in dataclass_fields(Rules):
        rule = type(getattr(rules, part.name))
        file = f"{rule.__module__.replace('.', '/')}.py"
        rows.append((f"`{part.name}`", f"[`{rule.__name__}`](../{file})", first_sentence(rule)))
    return table(("name", "class", "what it does"), rows)


def fields_block() -> str:
    """Every field of a scenario, in a table per group, in the order of declaration."""
    groups: dict[str, list[FieldCard]] = {}
    for card in FIELDS.values():
        groups.setdefault(card.group, []).append(card)
    return "\n\n".join(f"**{capital(group)}**\n\n{cards_table(cards)}" for group, cards in groups.items())


def classes_block() -> str:
    """What a device class is described by, and the classes of `reference`."""
    names = list(DeviceClass.cards())
    rows = [[shown(getattr(device, name)) for name in names] for device in FIELDS["classes"].default]
    return f"{cards_table(DeviceClass.cards().values(), defaults=False)}\n\n{table(names, rows)}"


def shocks_block() -> str:
    """What a shock is described by."""
    return cards_table(Shock.cards().values(), defaults=False)


def measures_block() -> str:
    """Every measure, in a table per file: name, unit, meaning, and whether it tells what happened in a month."""
    files: dict[str, list[Measure]] = {}
    for measure in (REGISTRY[name] for name in COLUMNS):
        files.setdefault(measure.of.__module__.replace(".", "/") + ".py", []).append(measure)
    return "\n\n".join(
        f"[{Path(file).name}](../{file})\n\n{measures_table(measures)}" for file, measures in files.items()
    )


def predictions_block() -> str:
    """Every prediction that is shown beside a run: of which measure, what it says, and when a run agrees."""
    rows = (
        (
            prediction.title,
            prediction.source,
            f"`{prediction.measure}`" if prediction.measure else "thresholds",
            f"`{prediction.figure}`",
            prediction.meaning,
            str(prediction.criterion),
        )
        for prediction in PREDICTIONS.values()
    )
    return table(("prediction", "source", "measure", "figure", "what it says", "agrees if"), rows)


def calibration_block() -> str:
    """The rule by which `baseline` gets each value that it does not keep from `reference`."""
    calibration = calibrate()
    rows = [
        (f"`{step.field}`", step.unit, capital(step.rule), "" if step.design else step.kind)
        for step in calibration.steps
        if not step.kept
    ]
    kept = ", ".join(f"`{name}`" for name in calibration.kept())
    rules = table(("value", "unit", "rule", "weakest input"), rows)
    return f"{rules}\n\nNo figure was found for these, which keep the value of `reference`: {kept}."


def whatifs_block() -> str:
    """The shipped scenarios that are based on another: what each changes, and what it asks."""
    rows = (
        (
            f"[`{name}`](../runs/{name}.toml)",
            f"`{scenario.based_on}`",
            scenario.question,
            "; ".join(changes(scenario, Scenario.load(scenario.based_on))),
        )
        for name, scenario in shipped().items()
        if scenario.based_on
    )
    return table(("scenario", "based on", "question", "what differs"), rows)


def switches_block() -> str:
    """The causal links that `mesh-abm switches` cuts: what leads to what, and the fields that cut it."""
    rows = (
        (switch.name, switch.cause, switch.effect, ", ".join(f"`{one}`" for one in switch.fields.split(", ")))
        for switch in SWITCHES
    )
    return table(("switch", "what leads", "to what", "cut by"), rows)


def changes(scenario: Scenario, parent: Scenario) -> Iterator[str]:
    """What differs from the parent: fields, then shocks, one after another."""
    for card in differences(scenario, parent):
        if card.name != "shocks":
            yield f"`{card.name}` = {named(getattr(scenario, card.name))}"
    if scenario.shocks != parent.shocks:
        yield from map(in_words, scenario.shocks)


def named(value: Any) -> str:
    """A value as a cell; classes by their names."""
    classes = isinstance(value, tuple) and value and isinstance(value[0], DeviceClass)
    return ", ".join(device.name for device in value) if classes else shown(value)


BLOCKS: dict[str, Callable[[], str]] = {
    "rules": rules_block,
    "fields": fields_block,
    "classes": classes_block,
    "shocks": shocks_block,
    "measures": measures_block,
    "predictions": predictions_block,
    "calibration": calibration_block,
    "whatifs": whatifs_block,
    "switches": switches_block,
    "limits": limits_block,
}


def measures_table(measures: Iterable[Measure]) -> str:
    """A table of measures."""
    rows = (
        (
            f"`{measure.name}`",
            measure.unit,
            measure.meaning,
            "yes" if measure.flow else "",
            ", ".join(PREDICTIONS[name].title for name in measure.predictions),
        )
        for measure in measures
    )
    return table(("name", "unit", "meaning", "flow", "predicted by"), rows)


def cards_table(cards: Iterable[FieldCard], defaults: bool = True) -> str:
    """A table of parameters; a star marks what a `set` shock may change."""
    heads = ["name", "symbol", "unit", "range", "meaning", "source"]
    if defaults:
        heads.insert(4, "default")
    described = map(card_row, cards)
    return table(heads, ([row[head] for head in heads] for row in described))


def card_row(card: FieldCard) -> dict[str, str]:
    """One parameter as cells by head."""
    return {
        "name": f"`{card.name}`{' *' if card.shockable else ''}",
        "symbol": card.symbol,
        "unit": card.unit,
        "range": card.range,
        "default": shown(card.default),
        "meaning": card.meaning,
        "source": card.source.replace(REPEATED, ""),
    }


def shown(value: Any) -> str:
    """A default as a cell: numbers short, nothing for empty texts, lists of records by a word."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return "see below" if value else "none"
    if isinstance(value, float):
        return "inf" if math.isinf(value) else f"{value:g}"
    return str(value)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; what Markdown would read as markup within cells is escaped."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells(line))} |" for line in lines)


def cells(line: Iterable[str]) -> Iterator[str]:
    """The cells of a row, as they may stand in a table."""
    for cell in line:
        yield cell.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("\n", " ")


def first_sentence(thing: type) -> str:
    """The first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def capital(text: str) -> str:
    """The text with a capital letter at its start, unless it starts with a unit such as tokens/s."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


if __name__ == "__main__":
    main()
