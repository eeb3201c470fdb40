"""`report.html`: one run for a person to read, print and hand on; self-contained, nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from mesh_abm import report_tables as tables
from mesh_abm.figures import Figure, all_figures
from mesh_abm.results.result import Result
from mesh_abm.summary import sections
from mesh_abm.terms import GLOSSARY

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Who serves what", ("shares", "head_tail", "reasons")),
    ("Who takes part", ("adoption",)),
    ("The network", ("network", "giant_component", "condensate", "updates")),
    ("What it would take", ("threshold",)),
    ("Capacity, costs, prices", ("capacity", "crossing", "prices")),
    ("Division of labor", ("specialization", "division", "roles")),
    ("Hubs and wallets", ("degrees", "wallets")),
)
"""The chapters of figures, in order."""
FIGURES = tuple(figure for _, figures in GROUPS for figure in figures)
VERIFY = (
    "<p>The file <code>run.json</code> beside this report says all that is needed to make the run again; "
    "<code>mesh-abm verify</code> does, and says whether it is the same.</p>"
)


def build(result: Result, figures: Sequence[Figure] | None = None) -> str:
    """Return the report as HTML; `figures` saves drawing them again where they are drawn already."""
    drawn = {figure.name: figure for figure in (all_figures(result) if figures is None else figures)}
    chapters = _chapters(result, drawn)
    return Template(files("mesh_abm").joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(result.scenario.title or "A run of mesh_abm"),
        question=escape(result.scenario.question or ""),
        facts=_facts(tables.facts(result)),
        contents=" ".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name, _ in chapters),
        body="\n".join(
            f'<section>\n<h2 id="{_anchor(name)}">{escape(name)}</h2>\n{text}\n</section>'
            for name, text in chapters
        ),
    )


def _chapters(result: Result, drawn: dict[str, Figure]) -> list[tuple[str, str]]:
    """Return the chapters, (name, HTML), in order; one without content is left out."""
    texts = [("Summary", _summary(result))]
    for name, members in GROUPS:
        pictures = "\n".join(_figure(drawn[figure]) for figure in members if figure in drawn)
        texts.append((name, pictures + (_takes(result) if name == "What it would take" else "")))
    texts += [
        ("Theory beside this run", _table(tables.theory(result, FIGURES))),
        ("Assumptions without a source", _assumptions(result)),
        ("Terms", _terms()),
        ("Parameters", _parameters(result)),
        ("Run card", _facts(tables.card(result)) + VERIFY),
    ]
    return [(name, text) for name, text in texts if text]


def _summary(result: Result) -> str:
    """Return the summary in words, its first answer set off."""
    parts = []
    for k, (question, paragraphs) in enumerate(sections(result).items()):
        if k == 0:
            parts.append(f'<p class="short">{escape(paragraphs[0])}</p>')
        else:
            parts += [f"<h3>{escape(question)}</h3>", *(f"<p>{escape(text)}</p>" for text in paragraphs)]
    return "\n".join(parts)


def _figure(figure: Figure) -> str:
    caption = f"<figcaption>{escape(figure.sentence)}</figcaption>"
    return f'<figure id="{figure.name}">\n{figure.html()}\n{caption}\n</figure>'


def _takes(result: Result) -> str:
    """Return the tables of the closed form: single changes, sharper choices, ranges of figures."""
    parts = [
        ("Other things being equal", tables.changes(result)),
        ("If people chose more sharply", tables.scan(result)),
        ("Figures with a range, by how much they matter", tables.sensitivity(result)),
    ]
    return "".join(f"\n<h3>{title}</h3>\n{_table(table)}" for title, table in parts if table.rows)


def _assumptions(result: Result) -> str:
    table = tables.unsourced(result)
    if not table.rows:
        return (
            "<p>The figures of this scenario are chosen to show how the model behaves; none is a "
            "measurement. The source of each is in the table of parameters.</p>"
        )
    return _table(table) + f"<p>{escape(tables.kept(result))}</p>"


def _terms() -> str:
    entries = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in GLOSSARY.items()
    )
    return f'<dl class="terms">{entries}</dl>'


def _parameters(result: Result) -> str:
    parts = [_table(tables.parameters(result)), "<h3>Device classes</h3>", _table(tables.classes(result))]
    shocks = tables.shocks(result)
    if shocks.rows:
        parts += ["<h3>Shocks</h3>", _table(shocks)]
    return "\n".join(parts)


def _facts(facts: dict[str, str]) -> str:
    entries = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items()
    )
    return f'<dl class="facts">{entries}</dl>'


def _table(table: tables.Table) -> str:
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
