"""The ledger: what became of every claim, as a page to read, as data, and as a record to compare with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from mesh_abm import __version__
from mesh_abm.claims.claim import Finding, Verdict
from mesh_abm.claims.drawing import picture
from mesh_abm.claims.registry import CHAPTERS, all_claims, claims_by_chapter
from mesh_abm.errors import ResultError
from mesh_abm.results.place import write_text
from mesh_abm.wording import number

RECORD = "recorded.json"
"""The recorded ledger, beside this file: what the verdicts were when somebody last looked and agreed."""

DATA = "ledger.json"
"""The ledger as data."""

Record = dict[str, Any]
"""A finding as it is recorded."""


@dataclass(frozen=True)
class Change:
    """A claim whose verdict is not the recorded one ("" where there is none)."""

    id: str
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.id}: {self.before or 'not recorded'} -> {self.now or 'missing'}"


def record_of(finding: Finding) -> Record:
    """Return what is recorded of a finding: verdict, figures to six digits, version."""
    return {
        "verdict": str(finding.verdict),
        "figures": {name: _rounded(value) for name, value in finding.evidence.figures.items()},
        "says": finding.evidence.says,
        "version": __version__,
    }


def recorded(fast: bool) -> dict[str, Record]:
    """Return the recorded ledger of full or of reduced size, by id; empty if there is none."""
    source = files(__package__).joinpath(RECORD)
    if not source.is_file():
        return {}
    kept: dict[str, dict[str, Record]] = json.loads(source.read_text(encoding="utf-8"))
    return kept.get(_size(fast), {})


def changes(findings: Iterable[Finding], before: Mapping[str, Record], ids: Iterable[str]) -> list[Change]:
    """Return the claims among `ids` whose verdict is not that of `before`, or that one of the two does not have."""
    now = {finding.claim.id: str(finding.verdict) for finding in findings}
    then = {name: str(before[name]["verdict"]) for name in before}
    wanted = dict.fromkeys(ids)
    return [
        Change(name, then.get(name, ""), now.get(name, ""))
        for name in wanted
        if then.get(name) != now.get(name)
    ]


def differences(findings: Iterable[Finding], before: Mapping[str, Record]) -> list[str]:
    """Return a line for every verdict and figure that is not as recorded."""
    lines = []
    for finding in findings:
        old, new = before.get(finding.claim.id, {}), record_of(finding)
        if old.get("verdict") != new["verdict"]:
            lines.append(str(Change(finding.claim.id, old.get("verdict", ""), new["verdict"])))
        figures = old.get("figures", {})
        for name in dict.fromkeys([*figures, *new["figures"]]):
            then, now = figures.get(name), new["figures"].get(name)
            if then != now:
                lines.append(f"{finding.claim.id}.{name}: {then} -> {now}")
    return lines


def keep(findings: Iterable[Finding], fast: bool) -> Path:
    """Make these findings the recorded ones (others stay) and return the file."""
    source = Path(str(files(__package__).joinpath(RECORD)))
    sizes: dict[str, dict[str, Record]] = json.loads(source.read_text("utf-8")) if source.is_file() else {}
    fresh = {finding.claim.id: record_of(finding) for finding in findings}
    merged = sizes.get(_size(fast), {}) | fresh
    sizes[_size(fast)] = {name: merged[name] for name in all_claims() if name in merged}
    partial = source.with_suffix(".partial")
    write_text(partial, json.dumps(sizes, indent=1, sort_keys=False, allow_nan=False) + "\n")
    partial.replace(source)
    return source


def check_free(folder: Path, overwrite: bool = False) -> None:
    """Raise ResultError unless a ledger may be written there: nothing is there, or a ledger to `overwrite`."""
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"out = {folder}: is a file; must be a new or an empty folder")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / DATA).exists():
        raise ResultError(f"out = {folder}: holds other files; must be a new or an empty folder")
    if not overwrite:
        raise ResultError(
            f"out = {folder}: already holds a ledger; must be a new or an empty folder (--overwrite replaces it)"
        )


def write(findings: list[Finding], folder: Path) -> None:
    """Write the ledger into an empty folder: README.md, ledger.json, and a figure with its data for each claim."""
    drawn = {finding.claim.id: picture(finding) for finding in findings}
    (folder / "figures").mkdir()
    for claim in (finding.claim for finding in findings):
        figure = drawn[claim.id]
        if figure is not None:
            (folder / "figures" / f"{claim.slug}.{figure.kind}").write_bytes(figure.image)
            write_text(
                folder / "figures" / f"{claim.slug}.csv", figure.data.to_csv(index=False, float_format="%.6g")
            )
    write_text(folder / DATA, json.dumps(as_data(findings), indent=1, allow_nan=False) + "\n")
    write_text(
        folder / "README.md", as_markdown(findings, {name for name in drawn if drawn[name] is not None})
    )


def as_data(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the ledger as plain data."""
    return {
        "version": __version__,
        "claims": [
            {
                "id": finding.claim.id,
                "place": finding.claim.place,
                "says": finding.claim.says,
                "right": finding.claim.right,
                "experiment": finding.claim.experiment,
                "statistic": finding.claim.statistic,
                "criterion": finding.claim.criterion,
                "turned_by": finding.claim.turned_by,
                "assumption": finding.claim.assumption,
                "fast": finding.fast,
                **record_of(finding),
            }
            for finding in findings
        ],
    }


def as_markdown(findings: Iterable[Finding], with_figure: set[str]) -> str:
    """Return the ledger as a page: the count of verdicts, the table, then each claim."""
    found = {finding.claim.id: finding for finding in findings}
    size = "reduced" if any(finding.fast for finding in found.values()) else "full"
    parts = [
        "# The paper's claims, tested",
        f"Made by mesh_abm {__version__} with `mesh-abm claims`, simulated claims at {size} size. Each claim states "
        "its experiment and the criterion, fixed in its file before the experiment was first run; the verdict follows "
        "from the figures by that criterion and nothing else. Ids that begin with X are corrections: what is printed, "
        "what is right, and what tells them apart.",
        _counts(found.values()),
        _table(found),
    ]
    for chapter, claims in claims_by_chapter().items():
        here = [found[claim.id] for claim in claims if claim.id in found]
        if here:
            parts.append(f"## {CHAPTERS[chapter]}")
            parts += [_section(finding, finding.claim.id in with_figure) for finding in here]
    return "\n\n".join(parts) + "\n"


def figures_in_words(figures: Mapping[str, float]) -> str:
    """Return figures as "name value, name value"."""
    return ", ".join(f"{name.replace('_', ' ')} {number(float(value), 4)}" for name, value in figures.items())


def _counts(findings: Iterable[Finding]) -> str:
    verdicts = [finding.verdict for finding in findings]
    told = [f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict if verdict in verdicts]
    return f"{len(verdicts)} claims: {', '.join(told)}."


def _table(found: Mapping[str, Finding]) -> str:
    head = ["| claim | verdict | what was found |", "| --- | --- | --- |"]
    rows = [
        f"| [{name}](#{_anchor(name)}) | {finding.verdict} | {_cell(finding.evidence.says)} |"
        for name, finding in found.items()
    ]
    return "\n".join(head + rows)


def _section(finding: Finding, with_figure: bool) -> str:
    claim = finding.claim
    parts = [
        f'<a id="{_anchor(claim.id)}"></a>\n\n### {claim.id}: {finding.verdict}',
        f"*{claim.place}.* {claim.says}",
    ]
    if with_figure:
        parts.append(f"![{claim.id}](figures/{claim.slug}.svg)")
    parts.append("\n".join(f"- **{name}:** {text}" for name, text in _lines(finding) if text))
    return "\n\n".join(parts)


def _lines(finding: Finding) -> list[tuple[str, str]]:
    claim = finding.claim
    return [
        ("What is right", claim.right),
        ("Derived in", claim.derivation and f"docs/corrections/{claim.derivation}.md"),
        ("Experiment", claim.experiment),
        ("Statistic", claim.statistic),
        ("Criterion", claim.criterion),
        ("Found" if claim.measure else "Why not", finding.evidence.says),
        ("Figures", figures_in_words(finding.evidence.figures)),
        ("What would change the verdict", claim.turned_by),
        ("It rests on", claim.assumption),
    ]


def _anchor(name: str) -> str:
    return "claim-" + re.sub(r"[^a-z0-9]+", "-", name.lower())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _size(fast: bool) -> str:
    return "fast" if fast else "full"


def _rounded(value: float) -> float | str:
    number_ = float(value)
    return float(f"{number_:.6g}") if number_ == number_ and abs(number_) != float("inf") else str(number_)
