"""Run a result again from its card and say whether it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mesh_abm.errors import ResultError
from mesh_abm.results import provenance
from mesh_abm.results.card import RunCard
from mesh_abm.results.fingerprints import DIGITS, Difference, first_difference
from mesh_abm.results.folder import check_result, load_result
from mesh_abm.results.result import Result, own_rules_lost
from mesh_abm.results.simulation import Progress, simulate
from mesh_abm.scenario import Scenario

Answer = Literal["identical", "same to 9 digits", "drifted"]


@dataclass(frozen=True)
class Verdict:
    """What `verify` found; as text "identical", "same to 9 digits" or "drifted: first in month k, column c".

    `changes` names what is not as it was when the result was made (versions, code, data).
    """

    answer: Answer
    difference: Difference | None = None
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.difference is None:
            return self.answer
        return f"{self.answer}: first in month {self.difference.month}, column {self.difference.column}"


def verify(folder: str | Path, *, progress: Progress | None = None) -> Verdict:
    """Run the result in `folder` again and compare every value of its series, types, devices and networks.

    Raises ResultError if `folder` holds no valid result (no card, a file missing or changed), or one of a run with
    custom shocks or rules of its own.
    """
    folder = Path(folder)
    card = check_result(folder)
    if card.own_rules:
        raise ResultError(f"{folder}: cannot be verified: {own_rules_lost(card.own_rules)}")
    stored = load_result(folder)
    again = simulate(stored.scenario, progress=progress)
    changes = tuple(_changes(card))
    if _difference(stored, again) is None:
        _check_card(folder, card, stored)
        return Verdict("identical", changes=changes)
    difference = _difference(stored, again, DIGITS)
    return Verdict("same to 9 digits" if difference is None else "drifted", difference, changes)


def _check_card(folder: Path, card: RunCard, stored: Result) -> None:
    """Raise ResultError if the card does not speak of the files beside it, although the run is the same."""
    if card.fingerprint.exact != stored.fingerprint:
        raise ResultError(
            f"{folder}: is not a valid result: the fingerprint in run.json is not that of its series"
        )
    if Scenario.load(folder / "scenario.toml") != stored.scenario:
        raise ResultError(f"{folder}: is not a valid result: scenario.toml is not the scenario of run.json")


def _difference(stored: Result, again: Result, digits: int | None = None) -> Difference | None:
    """The earliest difference between two results in any of their tables."""
    pairs = [(stored.frame, again.frame, 0), (stored.types, again.types, 0)]
    pairs.append((stored.last_devices, again.last_devices, stored.months))
    pairs += [
        (network, again.snapshots[name][1], month)
        for name, (month, network) in stored.snapshots.items()
        if name in again.snapshots
    ]
    found = [first_difference(a, b, digits=digits, month=month) for a, b, month in pairs]
    return min((one for one in found if one is not None), key=lambda one: one.month, default=None)


def _changes(card: RunCard) -> list[str]:
    """What is not as it was when the result was made."""
    now = provenance.versions()
    changed = [
        f"{name} {was}, now {now.get(name)}" for name, was in card.versions.items() if now.get(name) != was
    ]
    changed += ["the program's code"] * (card.code != provenance.code_hash())
    return changed + ["the shipped data"] * (card.data != provenance.data_hash())
