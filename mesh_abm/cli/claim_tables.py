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
    table = _table(console, "claim", "verdict", "figures", "criterion", "seconds")
    for finding in findings:
        table.add_row(
            finding.claim.id,
            _colored(console, finding.verdict),
            figures_in_words(finding.evidence.figures),
            finding.claim.criterion or finding.claim.reason,
            f"{finding.seconds:.1f}",
        )
    console.print(table)
    console.print(_counted([finding.verdict for finding in findings]))


def print_claims(console: Console, claims: Sequence[Claim], before: Mapping[str, Record]) -> None:
    """Claim, recorded verdict, what the paper says."""
    table = _table(console, "claim", "recorded", "the paper says")
    for claim in claims:
        table.add_row(claim.id, str(before.get(claim.id, {}).get("verdict", "not recorded")), claim.says)
    console.print(table)


def _table(console: Console, *heads: str) -> Table:
    lines = console.is_terminal and len(heads) > 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False, padding=(0, 2, 1 if lines else 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head in ("claim", "seconds"))
    return table


def _colored(console: Console, verdict: Verdict) -> str:
    return f"[{LOOK[verdict]}]{verdict}[/]" if console.is_terminal else str(verdict)


def _counted(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(f"{verdicts.count(each)} {each}" for each in Verdict if each in verdicts)
