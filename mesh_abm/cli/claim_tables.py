"""What `mesh-abm claims` prints: for a person at 100 columns; piped, plain, one line a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from mesh_abm.claims.claim import Claim, Finding, Verdict
from mesh_abm.claims.ledger import Record, figures_in_words
from mesh_abm.cli.tables import stdout

__all__ = ["print_claims", "print_findings", "stdout"]

LOOK = {
    Verdict.HOLDS: "green",
    Verdict.AS_CORRECTED: "cyan",
    Verdict.FAILS: "red",
    Verdict.UNDECIDED: "yellow",
    Verdict.NOT_TESTABLE: "dim",
}


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Claim, verdict, figures, criterion and time."""
    rows = [
        (
            finding.claim.id,
            _colored(console, finding.verdict),
            figures_in_words(finding.evidence.figures),
            finding.claim.criterion or finding.claim.reason,
            f"{finding.seconds:.1f}",
        )
        for finding in findings
    ]
    _print(console, ("claim", "verdict", "figures", "criterion", "seconds"), rows)
    console.print(_counted([finding.verdict for finding in findings]))


def print_claims(console: Console, claims: Sequence[Claim], before: Mapping[str, Record]) -> None:
    """Claim, recorded verdict, what the paper says."""
    rows = [
        (claim.id, str(before.get(claim.id, {}).get("verdict", "not recorded")), claim.says)
        for claim in claims
    ]
    _print(console, ("claim", "recorded", "the paper says"), rows)


def _print(console: Console, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table on a terminal; in a pipe a line a row, its cells set apart by tabs."""
    if not console.is_terminal:
        for row in (heads, *rows):
            console.print("\t".join(row), soft_wrap=True, markup=False)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 1, 0))
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head in ("claim", "seconds"))
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _colored(console: Console, verdict: Verdict) -> str:
    return f"[{LOOK[verdict]}]{verdict}[/]" if console.is_terminal else str(verdict)


def _counted(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(f"{verdicts.count(each)} {each}" for each in Verdict if each in verdicts)
