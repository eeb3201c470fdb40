"""What `mesh-abm data show` prints: for a person, at the width of the terminal (piped: a fixed one)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mesh_abm.calibration.tables import TABLES, raw, table

PIPED_WIDTH = 120
INDENT = (0, 0, 0, 4)
WIDEST_CELL = 44


def page() -> Console:
    """Standard output: with colors on a terminal, plain and of a fixed width for a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH, color_system=None)


def print_tables(console: Console) -> None:
    """A line per shipped table, and how well its figures are known."""
    rows = [(name, len(table(name)), what, _kinds(table(name))) for name, what in TABLES.items()]
    console.print(grid(("table", "rows", "what it holds", "kinds"), rows, right=(1,)))
    console.print(
        "\nmesh-abm data show TABLE prints one; mesh-abm data calibrate, what is computed from them",
        style="dim",
    )


def print_table(console: Console, name: str, frame: pd.DataFrame, rows: int) -> None:
    """A table, the notes on its rows, how it was collected and where it is weak, and the sources that it names."""
    heading(console, f"{name}: {TABLES[name]} ({len(frame)} rows)", gap=False)
    shown = _with_key(frame).head(rows or len(frame))
    console.print(Text(_blocks(shown.drop(columns="note", errors="ignore"), console.width)), soft_wrap=True)
    if len(shown) < len(frame):
        console.print(
            f"... {len(frame) - len(shown)} more rows: --rows 0 prints all, --csv the file as it is",
            style="dim",
        )
    _print_notes(console, shown)
    for title, text in (("HOW IT WAS COLLECTED", _collected(name)), ("KINDS", _kinds(frame))):
        if text:
            heading(console, title)
            console.print(Text(text))
    _print_sources(console, frame)


def heading(console: Console, text: str, gap: bool = True) -> None:
    """A heading, with an empty line above it."""
    if gap:
        console.print()
    console.print(Text(text, "bold"))


def grid(headings: Sequence[str], rows: Iterable[Iterable[object]], right: Sequence[int] = ()) -> Table:
    """A table without frame; the columns numbered in `right` are aligned to the right."""
    made = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, title in enumerate(headings):
        made.add_column(title, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def _with_key(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its key as its first column, dates without time."""
    keyed = frame.reset_index() if frame.index.name else frame
    return keyed.assign(**{name: keyed[name].dt.date for name in keyed.select_dtypes("datetime").columns})


def _blocks(frame: pd.DataFrame, width: int) -> str:
    """The table as text, in blocks of columns where it is wider than the page; each block starts with the key."""
    text = frame.map(_short)
    key = text.columns[0]
    widths = {
        name: max(len(name), *text[name].map(len)) + 2 if len(text) else len(name) + 2
        for name in text.columns
    }
    blocks: list[list[str]] = [[key]]
    for name in text.columns[1:]:
        if len(blocks[-1]) > 1 and sum(widths[column] for column in (*blocks[-1], name)) > width:
            blocks.append([key])
        blocks[-1].append(name)
    return "\n\n".join(_lines(text[block], widths) for block in blocks)


def _lines(text: pd.DataFrame, widths: dict[str, int]) -> str:
    rows = [list(text.columns), *text.to_numpy().tolist()]
    return "\n".join(
        "".join(str(cell).ljust(widths[name]) for name, cell in zip(text.columns, row, strict=True)).rstrip()
        for row in rows
    )


def _short(value: object) -> str:
    text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 3] + "..."


def _print_notes(console: Console, shown: pd.DataFrame) -> None:
    """Each note once, with the rows that it is about."""
    if "note" not in shown.columns or shown["note"].isna().all():
        return
    heading(console, "NOTES ON THESE ROWS")
    for note, rows in shown.dropna(subset="note").groupby("note", sort=False):
        about = list(dict.fromkeys(rows.iloc[:, 0].astype(str)))
        names = ", ".join(about[:3]) + (f" and {len(about) - 3} more" if len(about) > 3 else "")
        console.print(Padding(Text.assemble((f"{names}: ", "cyan"), str(note)), INDENT, expand=False))


def _collected(name: str) -> str:
    """The section of README.md on a table."""
    sections = re.split(r"^##+ ", raw("README.md"), flags=re.MULTILINE)
    bodies = [text.partition("\n")[2] for text in sections if f"{name}.csv" in text.partition("\n")[0]]
    return re.sub(r"(?<!\n)\n(?!\n)", " ", "\n".join(bodies)).strip()


def _kinds(frame: pd.DataFrame) -> str:
    counts = Counter(frame["kind"]) if "kind" in frame.columns else Counter()
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _print_sources(console: Console, frame: pd.DataFrame) -> None:
    if "source" not in frame.columns:
        return
    known = table("sources").fillna("")
    keys = dict.fromkeys(key for cell in frame["source"] for key in str(cell).split(";"))
    heading(console, "SOURCES")
    columns = ("title", "author_or_org", "year", "licence")
    console.print(
        grid(
            ("key", "title", "author", "year", "terms"),
            [(key, *known.loc[key, list(columns)]) for key in keys],
        )
    )
