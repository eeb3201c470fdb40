"""A comparison on disk: report.html, tables as CSV, series as Parquet, the scenarios; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from mesh_abm import __version__
from mesh_abm.comparison.comparing import numbered
from mesh_abm.comparison.comparison import HEADLINES, Comparison
from mesh_abm.comparison.pictures import figures
from mesh_abm.comparison.words import amount, level, saved_in_words, sentences
from mesh_abm.errors import ResultError
from mesh_abm.figures.figure import Figure
from mesh_abm.pages import Table, html_figure, html_table, page
from mesh_abm.results.place import filling, write_table, write_text
from mesh_abm.wording import percent

LONGEST = 60
"""Letters of a scenario's name in the name of its file."""
REPORT, CARD = "report.html", "comparison.json"


def check_free(folder: Path, overwrite: bool = False) -> None:
    """Raise ResultError unless a comparison may be written there."""
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"out = {folder}: is a file; must be a new or an empty folder")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / CARD).exists():
        raise ResultError(f"out = {folder}: holds other files; must be a new or an empty folder")
    if not overwrite:
        raise ResultError(
            f"out = {folder}: already holds a comparison; must be a new or an empty folder (--overwrite replaces it)"
        )


def save(comparison: Comparison, folder: Path, overwrite: bool) -> Path:
    """Write a comparison and return its folder."""
    check_free(folder, overwrite)
    with filling(folder, replacing=overwrite) as partial:
        write(comparison, partial)
    return folder


def write(comparison: Comparison, folder: Path) -> None:
    """Write a comparison into an empty folder."""
    drawn = figures(comparison)
    write_text(folder / REPORT, build(comparison, drawn))
    write_table(folder / "series.parquet", comparison.series)
    for name in ("differences", "effects"):
        write_text(folder / f"{name}.csv", getattr(comparison, name).to_csv(index=False, float_format="%.9g"))
    for name, scenario in zip(_file_names(comparison.names), comparison.scenarios, strict=True):
        write_text(folder / f"scenario-{name}.toml", scenario.to_toml())
    card = {
        "version": __version__,
        "scenarios": comparison.names,
        "seeds": comparison.seeds,
        "months": comparison.months,
    }
    write_text(folder / CARD, json.dumps(card, indent=1) + "\n")


def build(comparison: Comparison, drawn: list[Figure]) -> str:
    """Return the report."""
    first, *others = comparison.names
    summary = "\n".join(f"<p>{text}</p>" for text in map(escape, sentences(comparison)))
    effects = comparison.effects
    chapters = [
        ("Summary", f"{summary}\n<p>{escape(saved_in_words(effects))}</p>"),
        (
            "Effects in the last year",
            "\n".join(
                f"<h3>{escape(each)}</h3>\n{html_table(_effects(comparison, each))}" for each in others
            ),
        ),
        ("Over time", "\n".join(html_figure(figure) for figure in drawn)),
        ("Where the scenarios part", html_table(_parting(comparison))),
    ]
    return page(
        title=f"{', '.join(others)} against {first}",
        question=" ".join(dict.fromkeys(each.question for each in comparison.scenarios[1:] if each.question)),
        facts={"Seeds": str(comparison.seeds), "Months": str(comparison.months), "mesh_abm": __version__},
        chapters=[(name, text) for name, text in chapters if text],
    )


def _effects(comparison: Comparison, name: str) -> Table:
    rows = comparison.effects[comparison.effects["scenario"] == name]
    head = (
        "measure",
        comparison.names[0],
        name,
        "difference",
        "+-",
        "p",
        "larger than noise",
        "variance saved",
    )
    cells = [
        (
            HEADLINES[row["measure"]],
            level(row["measure"], row["first"]),
            level(row["measure"], row["other"]),
            amount(row["measure"], row["difference"]),
            amount(row["measure"], row["half_width"], signed=False),
            f"{row['p']:.2g}",
            "yes" if row["clear"] else "no",
            percent(row["variance_saved"]),
        )
        for _, row in rows.iterrows()
    ]
    note = (
        "Means of the last twelve months; +- is half of the 95 % interval of the paired difference; p is that "
        "of a paired t test, corrected for the number of measures (Holm 1979). Variance saved: what the same random "
        "numbers save against independent ones, on these runs; below 0 they cost."
    )
    return Table(head, cells, note)


def _parting(comparison: Comparison) -> Table:
    rows = [
        (name, "never" if month != month else f"{month:.0f}")
        for name, month in comparison.first_difference.items()
    ]
    return Table(("scenario", "first month that differs"), [(str(name), month) for name, month in rows])


def _file_names(names: Sequence[str]) -> list[str]:
    """Return names that any disk takes, told apart by numbers where what is left of them would be the same."""
    found: list[str] = []
    for name in names:
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:LONGEST]
        found.append(next(free for free in numbered(safe, "-{}") if free not in found))
    return found
