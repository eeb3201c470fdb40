"""The model side of the claims page: the ledger as recorded, what is looked for in it, the recorded figures drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from mesh_abm.claims.claim import Claim, Evidence, Finding, Verdict
from mesh_abm.claims.drawing import picture
from mesh_abm.claims.ledger import Record, figures_in_words, recorded
from mesh_abm.claims.registry import CHAPTERS, claims_by_chapter
from mesh_abm.errors import UserError
from mesh_abm.figures.figure import Figure
from mesh_abm.wording import counted

LONGEST = 100
"""Letters of a text looked for."""
ALL = "all"
_PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Row:
    """A claim of the ledger with its chapter and its record."""

    chapter: str
    claim: Claim
    record: Record

    @property
    def verdict(self) -> str:
        """The recorded verdict; empty for a claim that is not recorded."""
        return str(self.record.get("verdict", ""))

    @property
    def figures(self) -> str:
        """The recorded figures in words."""
        return figures_in_words(
            {name: float(value) for name, value in self.record.get("figures", {}).items()}
        )


def rows() -> list[Row]:
    """Return all claims in the order of the ledger, with what is recorded of each at full size."""
    record = recorded(fast=False)
    return [
        Row(chapter, claim, record.get(claim.id, {}))
        for chapter, claims in claims_by_chapter().items()
        for claim in claims
    ]


def matching(ledger: Iterable[Row], chapter: str = ALL, verdict: str = ALL, text: str = "") -> list[Row]:
    """Return the claims of a chapter and verdict in which all words of a text occur (id, sentences, findings).

    Raises UserError for a chapter or a verdict that does not exist, and for a text that is too long.
    """
    if chapter not in (ALL, *CHAPTERS):
        raise UserError(f"chapter = {chapter}: must be one of {', '.join((ALL, *CHAPTERS))}")
    if verdict not in (ALL, *Verdict):
        raise UserError(f"verdict = {verdict}: must be one of {', '.join((ALL, *Verdict))}")
    if len(text) > LONGEST:
        raise UserError(f"text: has {len(text):,} letters, must have at most {LONGEST}")
    words = text.casefold().split()
    return [
        row
        for row in ledger
        if chapter in (ALL, row.chapter) and verdict in (ALL, row.verdict) and _holds_all(row, words)
    ]


def counts(found: Iterable[Row]) -> str:
    """Return how many claims there are of each verdict, in words."""
    verdicts = [row.verdict for row in found]
    told = [f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict if verdict in verdicts]
    return f"{counted(len(verdicts), 'claim')}: {', '.join(told)}" if told else "No claim matches."


@lru_cache(maxsize=128)
def recorded_figure(id: str) -> Figure | None:
    """Return the figure of a claim, drawn from its recorded table; None for a claim that has none."""
    row = next((row for row in rows() if row.claim.id == id), None)
    if row is None or row.claim.draw is None or not row.verdict:
        return None
    file = _tables() / f"{row.claim.slug}.csv"
    if not file.is_file():
        return None
    figures = {name: float(value) for name, value in row.record["figures"].items()}
    evidence = Evidence(figures, str(row.record["says"]), pd.read_csv(file))
    return picture(Finding(row.claim, Verdict(row.verdict), evidence, 0.0, fast=False))


def _holds_all(row: Row, words: list[str]) -> bool:
    claim = row.claim
    told = " ".join(
        [claim.id, claim.place, claim.says, claim.right, row.verdict, str(row.record.get("says", ""))]
    )
    return all(word in told.casefold() for word in words)


def _tables() -> Path:
    """Return the folder of the recorded tables: in an installed package, else in the source tree."""
    installed = _PACKAGE / "_claims"
    return installed if installed.is_dir() else _PACKAGE.parent / "docs" / "claims" / "figures"
