"""`mesh-abm claims`: the paper's claims as experiments, and what becomes of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh_abm.cli.run import DEFAULT_PLACE, stopping_cleanly

if TYPE_CHECKING:
    from mesh_abm.claims.claim import Claim, Finding

CLAIMS_EXAMPLE = "Example: mesh-abm claims E2 P2 --fast"
CHANGED = 1
TASKS_PER_WORKER = 500
"""Many experiments are thousands of tasks of milliseconds: a new worker takes seconds."""


def claims(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of claims, such as E2; left out: all of them."),
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Simulated claims at reduced size: all within five minutes.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the ledger; left out: runs/out/claims.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes; left out: one for each core.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the ledger that DIR holds.")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Make the findings the recorded ones, and show what changed.")
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only list the claims and the recorded verdicts.")
    ] = False,
) -> None:
    """Test the paper's claims and write the ledger; exit code 1 if a verdict is not the recorded one."""
    from mesh_abm.claims import ledger, registry

    wanted = registry.chosen(ids or [])
    if list_only:
        _list(wanted)
        return

    from mesh_abm.results.place import filling

    folder = out or DEFAULT_PLACE / "claims"
    ledger.check_free(folder, overwrite or out is None)
    with stopping_cleanly(), filling(folder, replacing=overwrite or out is None) as partial:
        findings = _examine(wanted, fast, workers)
        ledger.write(findings, partial)
    before = ledger.recorded(fast)
    _tell(findings)
    typer.echo(f"\n{folder / 'README.md'}")
    if record:
        for line in ledger.differences(findings, before):
            typer.echo(line)
        typer.echo(f"recorded: {ledger.keep(findings, fast)}")
        return
    changed = ledger.changes(findings, before, [claim.id for claim in wanted])
    for change in changed:
        typer.echo(f"changed from the recorded ledger: {change}", err=True)
    if changed:
        raise typer.Exit(CHANGED)


def _examine(wanted: list[Claim], fast: bool, workers: int | None) -> list[Finding]:
    from mesh_abm.claims.claim import examine
    from mesh_abm.claims.lab import Lab
    from mesh_abm.cli.progress import counting_bar
    from mesh_abm.engines import LocalProcesses

    findings = []
    with LocalProcesses(workers, TASKS_PER_WORKER) as engine, counting_bar("claims", len(wanted)) as bar:
        lab = Lab(fast=fast, engine=engine)
        for claim in wanted:
            bar.say(claim.id)
            findings.append(examine(claim, lab, time.perf_counter))
            bar.advance()
    return findings


def _tell(findings: list[Finding]) -> None:
    from mesh_abm.cli.claim_tables import print_findings, stdout

    print_findings(stdout(), findings)


def _list(wanted: list[Claim]) -> None:
    from mesh_abm.claims.ledger import recorded
    from mesh_abm.cli.claim_tables import print_claims, stdout

    print_claims(stdout(), wanted, recorded(fast=False))
