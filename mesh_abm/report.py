"""`report.html`: one run for a person to read, print and hand on; self-contained, nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mesh_abm import report_tables as tables
from mesh_abm.figures import Figure, all_figures
from mesh_abm.pages import html_facts, html_figure, html_table, page
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
    return page(
        title=result.scenario.title or "A run of mesh_abm",
        question=result.scenario.question or "",
        facts=tables.facts(result),
        chapters=_chapters(result, drawn),
    )


def _chapters(result: Result, drawn: dict[str, Figure]) -> list[tuple[str, str]]:
    """Return the chapters, (name, HTML), in order; one without content is left out."""
    texts = [("Summary", _summary(result))]
    for name, members in GROUPS:
        pictures = "\n".join(html_figure(drawn[figure]) for figure in members if figure in drawn)
        texts.append((name, pictures + (_takes(result) if name == "What it would take" else "")))
    texts += [
        ("Theory beside this run", html_table(tables.theory(result, FIGURES))),
        ("Assumptions without a source", _assumptions(result)),
        ("Terms", _terms()),
        ("Parameters", _parameters(result)),
        ("Run card", html_facts(tables.card(result)) + VERIFY),
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


def _takes(result: Result) -> str:
    """Return the tables of the closed form: single changes, sharper choices, ranges of figures."""
    parts = [
        ("Other things being equal", tables.changes(result)),
        ("If people chose more sharply", tables.scan(result)),
        ("Figures with a range, by how much they matter", tables.sensitivity(result)),
    ]
    return "".join(f"\n<h3>{title}</h3>\n{html_table(table)}" for title, table in parts if table.rows)


def _assumptions(result: Result) -> str:
    table = tables.unsourced(result)
    if not table.rows:
        return (
            "<p>The figures of this scenario are chosen to show how the model behaves; none is a "
            "measurement. The source of each is in the table of parameters.</p>"
        )
    return html_table(table) + f"<p>{escape(tables.kept(result))}</p>"


def _terms() -> str:
    entries = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in GLOSSARY.items()
    )
    return f'<dl class="terms">{entries}</dl>'


def _parameters(result: Result) -> str:
    parts = [
        html_table(tables.parameters(result)),
        "<h3>Device classes</h3>",
        html_table(tables.classes(result)),
    ]
    shocks = tables.shocks(result)
    if shocks.rows:
        parts += ["<h3>Shocks</h3>", html_table(shocks)]
    return "\n".join(parts)
