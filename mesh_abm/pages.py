"""Pages for people to read, print and hand on: HTML in one file, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesh_abm.figures.figure import Figure

NUMERIC = re.compile(r"[-<>]?\$?[\d.,]+%?( x 10\^-?\d+)?|infinite|none|", re.ASCII)


@dataclass(frozen=True)
class Table:
    """Rows of text under a head, with a note."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""

    def numeric(self, column: int) -> bool:
        """Whether all cells of a column are numbers, and there are some."""
        return any(row[column] for row in self.rows) and all(
            NUMERIC.fullmatch(row[column]) for row in self.rows
        )


def page(title: str, question: str, facts: Mapping[str, str], chapters: Sequence[tuple[str, str]]) -> str:
    """Return a page: title, question, facts, contents, then the chapters (name, HTML)."""
    return Template(files("mesh_abm").joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(title),
        question=escape(question),
        facts=html_facts(facts),
        contents=" ".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name, _ in chapters),
        body="\n".join(
            f'<section>\n<h2 id="{_anchor(name)}">{escape(name)}</h2>\n{text}\n</section>'
            for name, text in chapters
        ),
    )


def html_figure(figure: Figure) -> str:
    """Return a figure with its sentence."""
    caption = f"<figcaption>{escape(figure.sentence)}</figcaption>"
    return f'<figure id="{figure.name}">\n{figure.html()}\n{caption}\n</figure>'


def html_facts(facts: Mapping[str, str]) -> str:
    """Return facts as a grid of names and values."""
    entries = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items()
    )
    return f'<dl class="facts">{entries}</dl>'


def html_table(table: Table) -> str:
    """Return a table as HTML, its note below; columns of numbers are aligned to the right."""
    kinds = [' class="number"' if table.numeric(k) else "" for k in range(len(table.head))]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for name, kind in zip(table.head, kinds, strict=True))
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in table.rows
    )
    note = f"\n<p>{escape(table.note)}</p>" if table.note else ""
    inside = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f'<div class="scroll"><table>\n{inside}\n</table></div>{note}'


def _anchor(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())
